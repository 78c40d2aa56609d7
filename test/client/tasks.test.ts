import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { argumentsOf, isGlob, readTask } from "../../client/tasks/task-command.ts";
import manifest from "../../package.json" with { type: "json" };

const root = path.join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(path.join(tmpdir(), "gicwb tasks "));
after(() => rmSync(folder, { recursive: true, force: true }));

function task(definition: Readonly<Record<string, unknown>>) {
  const read = readTask(definition);
  assert.ok(!("problem" in read), JSON.stringify(read));
  return read;
}

function problem(found: object): string {
  assert.ok("problem" in found, JSON.stringify(found));
  return String(found.problem);
}

describe("a gicwb task", () => {
  it("is the command line that a user would type", () => {
    const read = task({
      command: "test",
      files: ["a b.itscmd", "tests/*.itscmd"],
      model: "kvm, arch",
      args: ["--quiet"],
    });
    assert.deepEqual(argumentsOf(read, ["tests/c.itscmd", "-d.itscmd"]), [
      "test",
      "--model",
      "kvm, arch",
      "--quiet",
      "a b.itscmd",
      "tests/c.itscmd",
      "./-d.itscmd",
    ]);
  });

  it("says what is wrong in tasks.json", () => {
    assert.match(problem(readTask({ command: "decode", files: "a" })), /“run” or “test”, not "decode"/);
    assert.match(problem(readTask({ command: "run" })), /“files” .* it is nothing/);
    assert.match(problem(readTask({ command: "run", files: [1] })), /it is \[1\]/);
    assert.match(problem(readTask({ command: "run", files: "a", model: "kvn" })), /"kvn" is none\. Models are kvm/);
    assert.match(problem(readTask({ command: "run", files: "a", model: "kvm,arch" })), /is none/);
    assert.match(problem(readTask({ command: "run", files: "a", args: "-x" })), /“args”/);
  });

  it("says when nothing is found, and when too much is", () => {
    const read = task({ command: "test", files: "tests/*.itscmd" });
    assert.match(problem(argumentsOf(read, [])), /No script is called tests\/\*\.itscmd/);
    const many = Array.from({ length: 900 }, (_one, at) => `a-folder-with-a-long-name/script-${at}.itscmd`);
    assert.match(problem(argumentsOf(read, many)), /900 files are more than a command line can name/);
  });

  it("lets no name of a file be a variable of VS Code, one of which runs commands", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a name as VS Code reads it
    const name = "${command:workbench.action.terminal.new}.itscmd";
    const read = task({ command: "test", files: "*.itscmd" });
    assert.match(problem(argumentsOf(read, ["a.itscmd", name])), /would take for a variable/);
  });

  it("takes the variable of the open file and names with brackets for what they are", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of VS Code
    assert.equal(isGlob("${file}"), false);
    assert.equal(isGlob("a b.itscmd"), false);
    for (const glob of ["*.itscmd", "t?.itscmd", "{a,b}.itscmd", "[ab].itscmd"]) assert.ok(isGlob(glob), glob);
  });
});

describe("the problem matcher", () => {
  const [{ pattern }] = manifest.contributes.problemMatchers;
  const regexp = new RegExp(pattern.regexp);
  const read = (line: string) => {
    const found = regexp.exec(line);
    const { file, line: at, column, severity, code, message } = pattern;
    return found && [file, at, column, severity, code, message].map((group) => found[group]);
  };

  it("reads what gicwb test and gicwb run print, in a folder with a space in its name", () => {
    mkdirSync(path.join(folder, "ein Ordner"));
    const name = path.join("ein Ordner", "Gerät 1.itscmd");
    writeFileSync(
      path.join(folder, name),
      'test "a" {\r\n  expect 1 == 2\r\n  MAPD DeviceID=1, Size=3, ITT_addr=8\r\n}\r\n',
    );
    for (const command of ["test", "run"]) {
      const args = [path.join(root, "cli", "main.ts"), command, name];
      const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
      const lines = `${stdout}${stderr}`.split("\n");
      const found = lines.map(read).filter((one) => one !== null);
      assert.ok(
        found.some((one) => one.slice(0, 5).join() === [name, 3, 37, "error", "ITS0307"].join()),
        lines.join("\n"),
      );
      assert.deepEqual(
        found.find((one) => one[4] === "ITS0510"),
        [name, "2", "3", "error", "ITS0510", "expected == 0x2, found 0x1."],
      );
    }
  });

  it("reads paths of Windows, ends of its lines, and every severity", () => {
    assert.deepEqual(read("      C:\\a b\\c.itscmd:3:5: error ITS0510: expected == 0x1, found 0x0.\r"), [
      "C:\\a b\\c.itscmd",
      "3",
      "5",
      "error",
      "ITS0510",
      "expected == 0x1, found 0x0.",
    ]);
    assert.deepEqual(read("a.itscmd:1:1: warning L-11: a: b")?.slice(3), ["warning", "L-11", "a: b"]);
    assert.equal(read("a.itscmd:1:1: information ITS0526: a")?.[3], "info");
    assert.equal(read("a.itscmd:1:1: hint L-30: a")?.[3], "hint");
  });

  it("takes nothing else for a problem", () => {
    for (const line of ["ok    a.itscmd:2: maps", "a.itscmd:12: GITS_CREADR = 0x20", "2 tests, 1 passed, 1 failed"])
      assert.equal(read(line), null, line);
  });
});
