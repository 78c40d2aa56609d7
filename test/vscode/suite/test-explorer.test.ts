import assert from "node:assert/strict";
import * as vscode from "vscode";
import { breakOn, debuggingInEachTest } from "../debugging.ts";
import { itemOf, outcomeOf, runBy, shownTests, startBy, told } from "../test-explorer.ts";
import { until } from "../until.ts";
import { openFile, workspaceFile, writeFile } from "../workspace.ts";

const script = () => workspaceFile("three-tests.itscmd");

describe("the Test Explorer", () => {
  const debugging = debuggingInEachTest();

  it("shows the scripts of the workspace that test something, with their blocks in order", async () => {
    const { controller } = await shownTests();
    await vscode.commands.executeCommand("testing.refreshTests");
    const item = await itemOf(script());
    assert.deepEqual(
      [...item.children].map(([, child]) => [child.label, child.range?.start.line]),
      [
        ["arrives", 2],
        ["goes elsewhere", 8],
        ["is empty", 16],
      ],
    );
    assert.ok((await itemOf(workspaceFile("examples", "driver-tests", "its-trigger.itscmd"))).children.size > 3);
    assert.equal(controller.items.get(workspaceFile("shared-steps.itscmd").toString()), undefined, "macros alone");
    assert.equal(controller.items.get(workspaceFile("one-command.itscmd").toString()), undefined, "expects nothing");
  });

  it("runs the tests of the file that is open, and tells what fails where, what was expected, and from where it came there", async () => {
    await openFile("three-tests.itscmd");
    const arrives = await itemOf(script(), "arrives");
    const elsewhere = await itemOf(script(), "goes elsewhere");
    const empty = await itemOf(script(), "is empty");
    await vscode.commands.executeCommand("testing.runCurrentFile");
    assert.deepEqual(told(await outcomeOf(arrives)), ["passed"]);
    assert.deepEqual(told(await outcomeOf(elsewhere)), [
      "failed",
      "shared-steps.itscmd:5:3 only the first LPI: expected < 0x2001, found 0x2001. [ITS0510]" +
        " ITS0510@5 / map_event event=event, lpi=8192 + event@11 / for event in 0..1: event = 1@10",
      "three-tests.itscmd:13:3 the second event: expected == 0x1, found 0x0. [ITS0510] <0x1|0x0>",
    ]);
    assert.deepEqual(told(await outcomeOf(empty)), ["skipped"]);
  });

  it("runs the test at the cursor alone", async () => {
    const editor = await openFile("three-tests.itscmd");
    const { outcomeOf: last } = await shownTests();
    const arrives = await itemOf(script(), "arrives");
    const before = [last(arrives), last(await itemOf(script(), "goes elsewhere"))];
    editor.selection = new vscode.Selection(4, 0, 4, 0);
    await vscode.commands.executeCommand("testing.runAtCursor");
    await outcomeOf(arrives, before[0]);
    assert.equal(last(await itemOf(script(), "goes elsewhere")), before[1]);
  });

  it("runs on another model, whatever the script says", async () => {
    const uri = await writeFile('test "whose" {\n  expect GITS_IIDR.ProductID == 0x4b\n}\n', "whose.itscmd");
    const item = await itemOf(uri, "whose");
    await runBy("Run on arch", [item]);
    const there = await outcomeOf(item);
    assert.equal(there.state, "failed");
    assert.equal(there.run, "arch");
    await runBy("Run", [item]);
    assert.equal((await outcomeOf(item, there)).state, "passed");
  });

  it("tells a script that cannot be carried out from a test that fails", async () => {
    const uri = await writeFile(
      'test "unreadable" {\n  MAPC ICID=\n}\ntest "other" {\n  MAPC ICID=0, RDbase=0 => done\n}\nexpect 1 == 2\n',
      "broken.itscmd",
    );
    const item = await itemOf(uri);
    const unreadable = await itemOf(uri, "unreadable");
    await runBy("Run", [item]);
    const [state, sentence] = told(await outcomeOf(unreadable));
    assert.equal(state, "errored");
    assert.match(sentence, /^broken\.itscmd:2:\d+ .*\[ITS01\d\d\]$/);
    assert.equal((await outcomeOf(await itemOf(uri, "other"))).state, "passed");
    assert.match(told(await outcomeOf(item)).join(), /^failed,broken\.itscmd:7:1 /);
    const none = await writeFile(
      'machine {\n  ram = 0x40000000, 64K\n}\ntest "no machine" {\n  SYNC RDbase=0\n}\n',
      "none.itscmd",
    );
    const machineless = await itemOf(none, "no machine");
    await runBy("Run", [machineless]);
    assert.match(told(await outcomeOf(machineless)).join(), /^errored,none\.itscmd:/);
  });

  it("tests a text that was never saved, and forgets it with its editor", async () => {
    const document = await vscode.workspace.openTextDocument({
      language: "itscmd",
      content: 'test "unsaved" {\n  expect 1 == 1\n}\n',
    });
    const editor = await vscode.window.showTextDocument(document);
    const item = await itemOf(document.uri, "unsaved");
    // By the editor's own command it would be asked where to save it first.
    await runBy("Run", [item]);
    const first = await outcomeOf(item);
    assert.equal(first.state, "passed");
    await editor.edit((edit) => edit.replace(new vscode.Range(1, 9, 1, 15), "1 == 2"));
    await runBy("Run", [item]);
    assert.equal((await outcomeOf(item, first)).state, "failed");
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    const { controller } = await shownTests();
    await until("the item to go", () => controller.items.get(document.uri.toString()) === undefined);
  });

  it("follows files that come, change and go", async () => {
    const uri = await writeFile('test "first" {\n}\n', "ein Ordner", "Gerät 1.itscmd");
    await itemOf(uri, "first");
    await writeFile('# Gerät\r\n\r\ntest "second" {\r\n  expect 1 == 1\r\n}\r\n', "ein Ordner", "Gerät 1.itscmd");
    const second = await itemOf(uri, "second");
    assert.equal(second.range?.start.line, 2);
    assert.equal(second.parent?.children.size, 1);
    assert.equal(second.parent?.description, "ein Ordner");
    await runBy("Run", [second]);
    assert.equal((await outcomeOf(second)).state, "passed");
    await vscode.workspace.fs.delete(uri);
    const { controller } = await shownTests();
    await until("the item to go", () => controller.items.get(uri.toString()) === undefined);
  });

  it("runs again when a script is saved, or a file that it includes, until it is turned off", async () => {
    const uri = await writeFile('include "saved-lib.itscmd"\ntest "again" {\n  check\n}\n', "saved.itscmd");
    const lib = await writeFile("macro check {\n  expect 1 == 1\n}\n", "saved-lib.itscmd");
    const item = await itemOf(uri, "again");
    await runBy("Run", [item]);
    const passed = await outcomeOf(item);
    assert.equal(passed.state, "passed");
    const { cancel } = await runBy("Run", [item], true);
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(lib));
    await editor.edit((edit) => edit.replace(new vscode.Range(1, 9, 1, 15), "1 == 2"));
    await editor.document.save();
    const failed = await until("the failure", async () => {
      const now = await outcomeOf(item);
      return now.state === "failed" && now;
    });
    assert.match(told(failed).join(), /saved-lib\.itscmd:2:3/);
    cancel();
  });

  it("has the coverage of a script and of what it includes", async () => {
    await openFile("three-tests.itscmd");
    const { coverage } = await shownTests();
    await vscode.commands.executeCommand("testing.coverageCurrentFile");
    const files = await until("coverage", () => coverage().length > 0 && coverage());
    assert.deepEqual(
      files.map(({ uri, statementCoverage: { covered, total } }) => [uri.path.split("/").at(-1), covered, total]),
      [
        ["three-tests.itscmd", 11, 11],
        ["shared-steps.itscmd", 5, 6],
      ],
    );
    const { profiles } = await shownTests();
    const profile = profiles.find(({ kind }) => kind === vscode.TestRunProfileKind.Coverage);
    const run = (await shownTests()).controller.createTestRun(new vscode.TestRunRequest());
    const details = await profile?.loadDetailedCoverage?.(run, files[1], new vscode.CancellationTokenSource().token);
    run.end();
    assert.deepEqual(
      details?.map(({ executed, location }) => [
        executed,
        location instanceof vscode.Range ? `${location.start.line + 1}:${location.start.character + 1}` : "",
      ]),
      [
        [3, "2:3"],
        [3, "3:3"],
        [3, "4:3"],
        [3, "5:3"],
        [1, "9:3"],
        [0, "10:5"],
      ],
    );
  });

  it("debugs a test, stops in it, and has its verdict when the session is over", async () => {
    const editor = await openFile("three-tests.itscmd");
    const item = await itemOf(script(), "goes elsewhere");
    const { outcomeOf: last } = await shownTests();
    const before = last(item);
    breakOn(script(), 5);
    breakOn(script(), 13);
    editor.selection = new vscode.Selection(9, 0, 9, 0);
    // It settles with the session.
    const debugged = vscode.commands.executeCommand("testing.debugAtCursor");
    await debugging.stopped();
    while ((await debugging.frame()).line !== 13) await debugging.press("continue");
    assert.equal(last(item), before, "no verdict yet");
    // It stops once more, behind the expectation that fails; then nothing is left.
    await debugging.press("continue");
    await vscode.commands.executeCommand("workbench.action.debug.continue");
    await until("the end of the session", () => vscode.debug.activeDebugSession === undefined);
    await debugged;
    assert.equal((await outcomeOf(item, before)).state, "failed");
  });

  it("is answered in the editor while 500 scripts are tested, and gives them up when it is told to", async () => {
    const names = Array.from({ length: 500 }, (_one, at) => `script-${at}.itscmd`);
    for (const name of names) await writeFile('test "one" {\n  expect 1 == 1\n}\n', "many", name);
    await vscode.commands.executeCommand("testing.refreshTests");
    const items = await Promise.all(names.map((name) => itemOf(workspaceFile("many", name), "one")));
    const { document } = await openFile("examples", "first-msi.itscmd");
    const { outcomeOf: last } = await shownTests();
    const count = () => items.filter((item) => last(item) !== undefined).length;
    let over = false;
    const { cancel, ended } = await startBy("Run", items);
    void ended.then(() => {
      over = true;
    });
    await until("the first outcomes", () => count() > 0);
    const position = document.positionAt(document.getText().indexOf("MAPC"));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      document.uri,
      position,
    );
    assert.ok(hovers.length > 0);
    assert.equal(over, false, "the tests still run");
    cancel();
    await ended;
    assert.ok(count() < 500, `${count()} were told`);
    await vscode.workspace.fs.delete(workspaceFile("many"), { recursive: true });
    const { controller } = await shownTests();
    await until("the items to go", () => items.every(({ uri }) => controller.items.get(String(uri)) === undefined));
  });
});
