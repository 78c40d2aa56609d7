import assert from "node:assert/strict";
import * as vscode from "vscode";
import { breakOn, Debugging } from "../debugging.ts";
import { focus, shows } from "../live-view.ts";
import { until } from "../until.ts";
import { extensionApi, openFile, writeFile } from "../workspace.ts";

const change = (field: string, value: string) =>
  vscode.commands.executeCommand("gicWorkbench.bits.change", { field }, value);

describe("the fields of the live view Bits", () => {
  let debugging: Debugging;
  let editor: vscode.TextEditor;
  const select = (line: number, column: number): void => {
    const at = new vscode.Position(line - 1, column);
    editor.selection = new vscode.Selection(at, at);
  };
  before(async () => {
    debugging = new Debugging();
    editor = await openFile("examples", "first-msi.itscmd");
    breakOn(editor.document.uri, 28);
    await vscode.commands.executeCommand("workbench.action.debug.start");
    await debugging.stopped();
    await focus("bits");
    editor = await vscode.window.showTextDocument(editor.document);
  });
  after(async () => {
    await debugging.stop();
    debugging.dispose();
  });

  it("of a table entry are given another value by a command", async () => {
    const line = editor.document
      .getText()
      .split("\n")
      .findIndex((one) => one.startsWith("expect ite[nic, 1]"));
    select(line + 1, "expect it".length);
    await shows("bits", /\|ICID\|1/);
    await change("pINTID", "8200");
    await shows("bits", /\|pINTID\|8200/);
    assert.equal(await debugging.evaluate("ite[nic, 1].pINTID"), "8200");
    // What the ITS does not take is said, and nothing has changed: collection 0 has no PE yet.
    await change("ICID", "0");
    await shows("bits", /MOVI_UNMAPPED_COLLECTION/);
    assert.equal(await debugging.evaluate("ite[nic, 1].ICID"), "1");
  });

  it("of a command are changed in the script's line, which can be undone", async () => {
    const { document } = editor;
    select(32, 0);
    const before = document.lineAt(31).text;
    assert.match(before, /^MOVI DeviceID=nic, EventID=1, ICID=0/);
    await shows("bits", /\|ICID\|0/);
    await shows("bits", /^MOVI /);
    await change("ICID", "1");
    await until("the line to change", () => document.lineAt(31).text !== before);
    assert.equal(document.lineAt(31).text, before.replace("ICID=0", "ICID=1"));
    // The session has the line as it was; the view has it as it is written, for the next change.
    await shows("bits", /\|ICID\|1/);
    await change("EventID", "0");
    await until("the line to change again", () => document.lineAt(31).text.includes("EventID=0, ICID=1"));
    await shows("bits", /\|EventID\|0/);
    await vscode.commands.executeCommand("workbench.action.focusActiveEditorGroup");
    await vscode.commands.executeCommand("undo");
    await vscode.commands.executeCommand("undo");
    await until("the line to be as it was", () => document.lineAt(31).text === before);
  });
});

describe("the live view Bits without a session", () => {
  afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  it("shows the entry that is selected in the table editor, and follows it", async () => {
    const text = "# gic: table=itt layout=kvm-rev0\n40400000: 0001000020010001 0000000020020007\n";
    const uri = await writeFile(text, "bits.gicdump");
    await focus("bits");
    await shows("bits", /while a command script/);
    await vscode.commands.executeCommand("vscode.openWith", uri, "gicWorkbench.tables");
    const { decodedRows } = await extensionApi();
    await until("the table to show", async () => (await decodedRows(uri, 0, 2))?.length === 2);
    await vscode.commands.executeCommand("gicWorkbench.tables.goTo", uri, "EventID 1");
    await shows("bits", /\|pINTID\|8194/);
    await vscode.commands.executeCommand("gicWorkbench.tables.goTo", uri, "EventID 0");
    await shows("bits", /\|pINTID\|8193/);
  });
});
