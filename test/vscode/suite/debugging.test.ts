import assert from "node:assert/strict";
import * as vscode from "vscode";
import { breakOn, debuggingInEachTest } from "../debugging.ts";
import { until } from "../until.ts";
import { openFile, workspaceFile, writeFile } from "../workspace.ts";

describe("a debug session", () => {
  const debugging = debuggingInEachTest();

  it("starts with F5 without a launch.json, stops at a breakpoint, and goes back exactly", async () => {
    const { document } = await openFile("examples", "first-msi.itscmd");
    const line = document.getText().slice(0, document.getText().indexOf("EventID=1, pINTID")).split("\n").length;
    breakOn(document.uri, line);
    await vscode.commands.executeCommand("workbench.action.debug.start");
    assert.equal(await debugging.stopped(), line);
    assert.equal(debugging.reason, "breakpoint");
    const before = await debugging.everything();
    assert.match(before, /GITS_CREADR = 0x[0_]*80\b/, "four commands of 32 bytes have run");
    assert.match(await debugging.evaluate("dte[nic].valid"), /^(0x)?1\b/);

    assert.equal(await debugging.press("stepOver"), line + 1);
    const after = await debugging.everything();
    assert.match(after, /GITS_CREADR = 0x[0_]*a0\b/);
    assert.notEqual(after, before);

    assert.equal(await debugging.press("stepBack"), line);
    assert.equal(await debugging.everything(), before);
  });

  it("is about one test where a lens over it begins it", async () => {
    const text = 'test "first" {\n  print "first"\n}\ntest "second" {\n  print "second"\n}\n';
    const uri = await writeFile(text, "tests.itscmd");
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    const lens = await until("the lens", async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri);
      return lenses.filter(({ command }) => command?.title === "Debug Test")[1];
    });
    breakOn(uri, 2);
    breakOn(uri, 5);
    await vscode.commands.executeCommand(lens.command?.command ?? "", ...(lens.command?.arguments ?? []));
    assert.equal(await debugging.stopped(), 5, "the other test's breakpoint is passed over");
  });

  it("works for a file whose path has spaces and letters beyond ASCII, and lines that end in \\r\\n", async () => {
    const lines = ["# Gerät", "let device = 0x10", "MAPC ICID=1, RDbase=0", "SYNC RDbase=0", ""];
    const uri = await writeFile(lines.join("\r\n"), "ein Ordner", "скрипт é 中.itscmd");
    breakOn(uri, 4);
    const folder = vscode.workspace.workspaceFolders?.[0];
    const configuration = { type: "gic", request: "launch", name: "test", program: uri.fsPath };
    assert.ok(await vscode.debug.startDebugging(folder, configuration));
    assert.equal(await debugging.stopped(), 4);
    const { source } = await debugging.frame();
    // In a remote window the editor answers with a URI where the adapter has named a path.
    assert.ok(decodeURIComponent(source?.path ?? "").endsWith(uri.path), source?.path);
    assert.equal(await debugging.press("stepBack"), 3);
  });

  it("stops at the end of a script that nothing has stopped, and at a watched value", async () => {
    const lines = [
      "let device = 0x10",
      "MAPC ICID=1, RDbase=0",
      "MAPC ICID=1, RDbase=1",
      "expect cte[1].RDbase == 1",
      "",
    ];
    const uri = await writeFile(lines.join("\n"), "to-the-end.itscmd");
    const folder = vscode.workspace.workspaceFolders?.[0];
    const configuration = { type: "gic", request: "launch", name: "test", program: uri.fsPath };
    assert.ok(await vscode.debug.startDebugging(folder, configuration));
    await debugging.stopped();
    assert.equal(debugging.reason, "end");
    const { dataId } = await debugging.session.customRequest("dataBreakpointInfo", { name: "cte[1].RDbase" });
    await debugging.session.customRequest("setDataBreakpoints", { breakpoints: [{ dataId }] });
    // Before the line that wrote the value.
    assert.equal(await debugging.press("reverseContinue"), 3);
    assert.equal(debugging.reason, "data breakpoint");
  });

  it("takes a path that is relative to the folder", async () => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    const program = "one-command.itscmd";
    const configuration = { type: "gic", request: "launch", name: "test", program, stopOnEntry: true };
    assert.ok(await vscode.debug.startDebugging(folder, configuration));
    assert.equal(await debugging.stopped(), 2);
  });

  it("refuses what it cannot do with a sentence in which nothing is a link", async () => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    const program = "one-command.itscmd";
    const configuration = { type: "gic", request: "launch", name: "test", program, stopOnEntry: true };
    assert.ok(await vscode.debug.startDebugging(folder, configuration));
    await debugging.stopped();
    const refused = debugging.session.customRequest("[a](command:b)");
    await assert.rejects(Promise.resolve(refused), /no request "\[a\] \(command:b\)"/);
  });

  it("runs a script that was never saved, with its breakpoints, and follows its text", async () => {
    const content = "MAPC ICID=1, RDbase=0\nSYNC RDbase=0\nMAPC ICID=2, RDbase=0\n";
    const document = await vscode.workspace.openTextDocument({ language: "itscmd", content });
    await vscode.window.showTextDocument(document);
    assert.equal(document.uri.scheme, "untitled");
    breakOn(document.uri, 2);
    await vscode.commands.executeCommand("workbench.action.debug.start");
    assert.equal(await debugging.stopped(), 2);
    assert.equal(document.isUntitled, true, "it was not saved for that");
    const { source } = await debugging.frame();
    assert.equal(source?.name, document.uri.path);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, document.lineAt(2).range, "MAPC ICID=3, RDbase=0");
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal(await debugging.press("stepOver"), 3);
    await debugging.press("stepOver");
    assert.match(await debugging.evaluate("cte[3].valid"), /^(0x)?1\b/);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  for (const [what, program] of [
    ["a script that is not there", "no such.itscmd"],
    ["a folder", "examples"],
    ["a number", 5],
  ] as const) {
    it(`refuses ${what} before a session begins`, async () => {
      const folder = vscode.workspace.workspaceFolders?.[0];
      const path = typeof program === "string" ? workspaceFile(program).fsPath : program;
      const configuration = { type: "gic", request: "launch", name: "test", program: path };
      assert.equal(await vscode.debug.startDebugging(folder, configuration), false);
      assert.equal(vscode.debug.activeDebugSession, undefined);
    });
  }
});
