import assert from "node:assert/strict";
import * as vscode from "vscode";
import { until } from "../until.ts";
import { openFile, writeFile } from "../workspace.ts";

describe("tasks of gicwb", () => {
  const settings = () => vscode.workspace.getConfiguration("task");
  // The host of these tests has it off, for it is quiet; users have it on.
  before(() => settings().update("autoDetect", "on", vscode.ConfigurationTarget.Global));
  after(() => settings().update("autoDetect", "off", vscode.ConfigurationTarget.Global));
  afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  it("are offered for the scripts of the folder and the open one", async () => {
    const tasks = await vscode.tasks.fetchTasks({ type: "gicwb" });
    const names = tasks.map(({ name }) => name);
    for (const name of ["test all scripts", "test the open script", "run the open script"])
      assert.ok(names.includes(name), names.join(", "));
  });

  it("run on the editor's own Node, with their problems underlined, in a folder with a space in its name", async () => {
    const uri = await writeFile('test "a" {\r\n  expect 1 == 2\r\n}\r\n', "Tests für Treiber", "ein Test.itscmd");
    await writeFile('test "b" {\n  expect 1 == 1\n}\n', "Tests für Treiber", "-noch einer.itscmd");
    const task = await configured({ command: "test", files: "Tests für Treiber/*.itscmd", model: "kvm,arch" });
    assert.equal(await exitCode(task), 1);
    const [problem] = await until("the problem", () => {
      const found = vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "gicwb");
      return found.length > 0 && found;
    });
    assert.equal(problem.message, "expected == 0x2, found 0x1.");
    assert.equal(problem.range.start.line, 1);
    assert.equal(problem.code, "ITS0510");
  });

  it("run on the script in the editor", async () => {
    await openFile("three-tests.itscmd");
    const tasks = await vscode.tasks.fetchTasks({ type: "gicwb" });
    const task = tasks.find(({ name }) => name === "run the open script");
    assert.ok(task);
    assert.equal(await exitCode(task), 1);
  });

  it("say what is wrong with them where they are run", async () => {
    assert.equal(await exitCode(await configured({ command: "decode", files: "a" })), 1);
    assert.equal(await exitCode(await configured({ command: "test", files: "no such/*.itscmd" })), 1);
  });
});

/** A task as tasks.json has it, once VS Code knows it. */
async function configured(attributes: object): Promise<vscode.Task> {
  const label = `task ${JSON.stringify(attributes)}`;
  const file = { version: "2.0.0", tasks: [{ type: "gicwb", label, ...attributes }] };
  await writeFile(JSON.stringify(file), ".vscode", "tasks.json");
  return until(label, async () => {
    const tasks = await vscode.tasks.fetchTasks({ type: "gicwb" });
    return tasks.find(({ name }) => name === label);
  });
}

/** The exit code of a task's process; undefined when it had none. */
async function exitCode(task: vscode.Task): Promise<number | undefined> {
  let code: number | undefined;
  let ended = false;
  const listening = [
    vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      if (execution.task.name === task.name) code = exitCode;
    }),
    vscode.tasks.onDidEndTask(({ execution }) => {
      if (execution.task.name === task.name) ended = true;
    }),
  ];
  try {
    await vscode.tasks.executeTask(task);
    await until(`the end of ${task.name}`, () => ended, 30_000);
    return code;
  } finally {
    for (const one of listening) one.dispose();
  }
}
