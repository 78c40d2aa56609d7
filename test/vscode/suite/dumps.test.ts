import assert from "node:assert/strict";
import * as vscode from "vscode";
import { until } from "../until.ts";
import { extensionApi, openFile, writeFile } from "../workspace.ts";

describe("a dump in the editor", () => {
  afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  it("explains the entry under the pointer", async () => {
    const { document } = await openFile("examples", "kvm-6.1-device-table.gicdump");
    const position = document.positionAt(document.getText().indexOf("80b6000008090000") + 3);
    const text = await until("a hover", async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        "vscode.executeHoverProvider",
        document.uri,
        position,
      );
      return hovers.length > 0 && (hovers[0].contents[0] as vscode.MarkdownString).value;
    });
    assert.match(text, /DTE of DeviceID 0x9/);
    assert.match(text, /0x40480000/);
  });

  it("is decoded beside its text by the command", async () => {
    const { document } = await openFile("examples", "kvm-6.1-device-table.gicdump");
    const rows = await decode(document.uri);
    assert.deepEqual(
      rows.map((cells) => cells.slice(0, 4)),
      [
        ["0x8", "0x40400000", "5", "1"],
        ["0x9", "0x40480000", "1", "91"],
        ["0x64", "0x40500000", "8", "0"],
      ],
    );
    const groups = vscode.window.tabGroups.all;
    assert.equal(groups.length, 2, "the table stands beside the text");
    const input = groups[1].activeTab?.input;
    assert.ok(input instanceof vscode.TabInputCustom);
    assert.equal(input.viewType, "gicWorkbench.tables");
  });

  it("follows the text while it is edited", async () => {
    const uri = await writeFile("# gic: table=itt layout=kvm-rev0\r\n0: 0001000020000001\r\n", "edited.txt");
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document);
    assert.equal((await decode(uri)).length, 1);
    await editor.edit((builder) =>
      builder.insert(document.positionAt(document.getText().length), "8: 0000000020010001\r\n"),
    );
    await until("two rows", async () => (await rowsOf(uri))?.length === 2);
  });

  it("has the lines underlined that are no hex lines, until they are corrected", async () => {
    const uri = await writeFile("# gic: table=itt levels=3\n0: 0001000020000001\nnot a line\n", "wrong lines.gicdump");
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document);
    const problems = await until("problems", () => {
      const found = vscode.languages.getDiagnostics(uri);
      return found.length > 0 && found;
    });
    const places = problems.map(({ code, range }) => `${range.start.line + 1} ${code}`);
    assert.deepEqual(places.sort(), ["1 GIC-DUMP-HINT", "3 GIC-DUMP-LINE"]);
    await editor.edit((builder) => builder.delete(new vscode.Range(2, 0, 3, 0)));
    await until("one problem", () => vscode.languages.getDiagnostics(uri).length === 1);
  });

  it("opens no window for a text without a dump", async () => {
    const uri = await writeFile("This is a letter.\n", "letter.txt");
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    await vscode.commands.executeCommand("gicWorkbench.decode", uri);
    assert.equal(await rowsOf(uri), undefined);
    assert.equal(vscode.window.tabGroups.all.length, 1);
  });
});

async function rowsOf(uri: vscode.Uri): Promise<readonly (readonly string[])[] | undefined> {
  return (await extensionApi()).decodedRows(uri, 0, 500)?.map(({ cells }) => cells);
}

/** Gives the command and waits until the window's page has come up. */
async function decode(uri: vscode.Uri): Promise<readonly (readonly string[])[]> {
  await vscode.commands.executeCommand("gicWorkbench.decode", uri);
  return until("the decoded table", () => rowsOf(uri));
}
