import assert from "node:assert/strict";
import { open, rm, truncate } from "node:fs/promises";
import * as vscode from "vscode";
import { until } from "../until.ts";
import { extensionApi, openFile, workspaceFile, writeFile } from "../workspace.ts";

const ITT = "# gic: table=itt layout=kvm-rev0\n40400000: 0001000020010001 0000000020020001\n";
const STARS =
  "# gic: table=itt layout=kvm-rev0\n0: 0001000020000000 0001000020000000\n*\n20: 0001000020000001 0001000020000001\n";

describe("the table editor", () => {
  afterEach(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("is what “Open With…” offers for a dump, in the place of its text", async () => {
    const uri = await writeFile(ITT, "opened.gicdump");
    await vscode.commands.executeCommand("vscode.openWith", uri, "gicWorkbench.tables");
    assert.equal((await shown(uri)).length, 2);
    assert.equal(vscode.window.tabGroups.all.length, 1);
  });

  it("changes a field as a change of the text: unsaved, undone and saved as the editor does it", async () => {
    const uri = await writeFile(ITT, "edited.gicdump");
    await vscode.commands.executeCommand("vscode.openWith", uri, "gicWorkbench.tables");
    await shown(uri);
    await vscode.commands.executeCommand("gicWorkbench.tables.edit", uri, 1, "ICID", "3");
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.getText(), ITT.replace("0000000020020001", "0000000020020003"));
    assert.ok(document.isDirty);
    assert.equal(await fileText(uri), ITT, "the file is as it was");
    assert.equal((await shown(uri))[1][2], "3");
    await vscode.commands.executeCommand("undo");
    await until("the text as it was", () => document.getText() === ITT);
    await until("the row as it was", async () => (await rowsOf(uri))?.[1]?.[2] === "1");
    await vscode.commands.executeCommand("gicWorkbench.tables.edit", uri, 0, "pINTID", "0x3000");
    await vscode.commands.executeCommand("workbench.action.files.save");
    assert.match(await fileText(uri), /40400000: 0001000030000001 /);
  });

  it("offers what another program has written meanwhile where saving has replaced it, though it is as long", async () => {
    const uri = await writeFile(ITT, "two-writers.gicdump");
    const others = ITT.replace("0000000020020001", "0000000020020009");
    await vscode.commands.executeCommand("vscode.openWith", uri, "gicWorkbench.tables");
    await shown(uri);
    await vscode.commands.executeCommand("gicWorkbench.tables.edit", uri, 1, "ICID", "3");
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(others));
    await vscode.commands.executeCommand("workbench.action.files.save");
    await until("the file as the table has it", async () => (await fileText(uri)).includes("0000000020020003"));
    const diff = await until("what was replaced beside it", async () => {
      await vscode.commands.executeCommand("notification.acceptPrimaryAction");
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputTextDiff && input;
    });
    assert.equal(diff.modified.toString(), uri.toString());
    assert.equal((await vscode.workspace.openTextDocument(diff.original)).getText(), others);
  });

  it("takes its own saves, one behind the other, for no other program's", async () => {
    const uri = await writeFile(ITT, "many-saves.gicdump");
    await vscode.commands.executeCommand("vscode.openWith", uri, "gicWorkbench.tables");
    await shown(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    for (const icid of ["2", "3", "4", "5"]) {
      await vscode.commands.executeCommand("gicWorkbench.tables.edit", uri, 1, "ICID", icid);
      await document.save();
    }
    assert.match(await fileText(uri), /0000000020020005/);
    await vscode.commands.executeCommand("notification.acceptPrimaryAction");
    assert.ok(vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputCustom);
  });

  it("changes nothing where a star stands for the entry", async () => {
    const uri = await writeFile(STARS, "stars.gicdump");
    await vscode.commands.executeCommand("vscode.openWith", uri, "gicWorkbench.tables");
    await shown(uri);
    for (const row of [0, 2]) await vscode.commands.executeCommand("gicWorkbench.tables.edit", uri, row, "ICID", "7");
    const document = await vscode.workspace.openTextDocument(uri);
    assert.deepEqual([document.getText(), document.isDirty], [STARS, false]);
  });

  it("selects in the text what is gone to in the table", async () => {
    const editor = await openFile("examples", "kvm-6.1-device-table.gicdump");
    const { uri } = editor.document;
    await vscode.commands.executeCommand("gicWorkbench.decode", uri);
    await shown(uri);
    await vscode.commands.executeCommand("gicWorkbench.tables.goTo", uri, "DeviceID 0x9");
    const selected = () =>
      vscode.window.visibleTextEditors
        .filter(({ document }) => document.uri.toString() === uri.toString())
        .map(({ document, selection }) => document.getText(selection))[0];
    await until("the selection", () => selected() === "80b6000008090000");
    // What was selected in the text for the row leaves the row selected.
    await vscode.commands.executeCommand("gicWorkbench.tables.edit", uri, undefined, "Size", "2");
    assert.match(editor.document.getText(), /80b6000008090001/);
    await vscode.commands.executeCommand("workbench.action.files.revert");
  });

  it("selects in the table what the cursor of the text is in", async () => {
    const uri = await writeFile(ITT, "followed.gicdump");
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    await vscode.commands.executeCommand("gicWorkbench.decode", uri);
    await shown(uri);
    await vscode.commands.executeCommand("gicWorkbench.tables.goTo", uri, "0");
    const place = new vscode.Position(1, 10 + 17);
    editor.selection = new vscode.Selection(place, place);
    await until("the other row", async () => {
      await vscode.commands.executeCommand("gicWorkbench.tables.edit", uri, undefined, "ICID", "5");
      return editor.document.getText().includes("0000000020020005");
    });
    assert.ok(editor.document.isDirty);
  });

  it("copies an entry and writes a table to a file, in the form that is asked for", async () => {
    const uri = await writeFile(ITT, "copied.gicdump");
    await vscode.commands.executeCommand("vscode.openWith", uri, "gicWorkbench.tables");
    await shown(uri);
    await vscode.commands.executeCommand("gicWorkbench.tables.goTo", uri, "1");
    await vscode.commands.executeCommand("gicWorkbench.tables.copy", uri, "C");
    const copied = await vscode.env.clipboard.readText();
    assert.equal(copied, "[1] = 0x20020001ULL, /* next 0 EventIDs, pINTID 8194, ICID 1 */\n");
    const target = workspaceFile("exported.csv");
    await vscode.commands.executeCommand("gicWorkbench.tables.export", uri, "CSV", target);
    const lines = (await fileText(target)).trimEnd().split("\n");
    assert.deepEqual([lines.length, lines[2].split(",").slice(0, 3)], [3, ["0x1", "8194", "1"]]);
    assert.equal(await fileText(uri), ITT);
  });

  it("shows raw memory and changes its bytes, which the file has when it is saved", async () => {
    const uri = workspaceFile("memory.bin");
    const bytes = new Uint8Array(0x100);
    bytes.set([0x04, 0x00, 0x08, 0x08, 0, 0, 0, 0x80], 0x40);
    await vscode.workspace.fs.writeFile(uri, bytes);
    await vscode.commands.executeCommand("gicWorkbench.decode", uri, "device-table");
    assert.deepEqual(
      (await shown(uri)).map((cells) => cells.slice(0, 3)),
      [["0x8", "0x40400000", "5"]],
    );
    await vscode.commands.executeCommand("gicWorkbench.tables.edit", uri, 0, "Size", "8");
    assert.equal((await vscode.workspace.fs.readFile(uri))[0x40], 4);
    await until("an unsaved change", () => vscode.window.tabGroups.activeTabGroup.activeTab?.isDirty);
    await vscode.commands.executeCommand("undo");
    await until("no change", () => vscode.window.tabGroups.activeTabGroup.activeTab?.isDirty === false);
    await until("the row as it was", async () => (await rowsOf(uri))?.[0]?.[2] === "5");
    await vscode.commands.executeCommand("redo");
    await vscode.commands.executeCommand("workbench.action.files.save");
    await until("the file", async () => (await vscode.workspace.fs.readFile(uri))[0x40] === 7);
  });

  it("saves no change of raw memory over what another program has written meanwhile, and does over a file that is gone", async () => {
    const uri = workspaceFile("shared-memory.bin");
    const bytes = new Uint8Array(0x100);
    bytes.set([0x04, 0x00, 0x08, 0x08, 0, 0, 0, 0x80], 0x40);
    await vscode.workspace.fs.writeFile(uri, bytes);
    await vscode.commands.executeCommand("gicWorkbench.decode", uri, "device-table");
    await shown(uri);
    await vscode.commands.executeCommand("gicWorkbench.tables.edit", uri, 0, "Size", "8");
    const isDirty = () => vscode.window.tabGroups.activeTabGroup.activeTab?.isDirty;
    await until("an unsaved change", isDirty);
    bytes[0] = 0xaa;
    const others = new Uint8Array([...bytes, 1]);
    await vscode.workspace.fs.writeFile(uri, others);
    await vscode.commands.executeCommand("workbench.action.files.save");
    assert.deepEqual([...(await vscode.workspace.fs.readFile(uri))], [...others]);
    assert.equal(isDirty(), true);
    await vscode.workspace.fs.delete(uri);
    await vscode.commands.executeCommand("workbench.action.files.save");
    await until("the file", async () => {
      const there = await vscode.workspace.fs.stat(uri).then(
        () => true,
        () => false,
      );
      return there && (await vscode.workspace.fs.readFile(uri))[0x40] === 7;
    });
  });

  it("shows the tables of a capture, which cannot be changed there", async () => {
    const folder = workspaceFile("examples", "captures", "linux-6.1-qemu-gicv3");
    await vscode.commands.executeCommand("gicWorkbench.decode", folder);
    const dump = await until("the dump", () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "gictables"),
    );
    assert.equal(dump.languageId, "gicdump");
    const rows = await shown(dump.uri);
    assert.deepEqual(
      rows.map(([id]) => id),
      ["0x8", "0x10", "0x18", "0x100", "0x200", "0x300"],
    );
    const before = dump.getText();
    await vscode.commands.executeCommand("gicWorkbench.tables.edit", dump.uri, 0, "Size", "8");
    assert.equal(dump.getText(), before);
    assert.equal(dump.isDirty, false);
  });

  it("shows raw memory that is too large to be held, and changes nothing of it", async () => {
    const uri = workspaceFile("large-memory.bin");
    const entry = new Uint8Array([0x04, 0x00, 0x08, 0x08, 0, 0, 0, 0x80]);
    await writeFileAt(uri.fsPath, entry, 0x40);
    await truncate(uri.fsPath, 3 * 2 ** 30);
    try {
      await vscode.commands.executeCommand("gicWorkbench.decode", uri, "device-table");
      assert.deepEqual(
        (await shown(uri)).map((cells) => cells.slice(0, 3)),
        [["0x8", "0x40400000", "5"]],
      );
      await vscode.commands.executeCommand("gicWorkbench.tables.edit", uri, 0, "Size", "8");
      assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab?.isDirty, false);
      assert.equal((await rowsOf(uri))?.[0]?.[2], "5");
    } finally {
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
      await rm(uri.fsPath);
    }
  });
});

async function writeFileAt(file: string, bytes: Uint8Array, offset: number): Promise<void> {
  const handle = await open(file, "w");
  await handle.write(bytes, 0, bytes.length, offset);
  await handle.close();
}

async function rowsOf(uri: vscode.Uri): Promise<readonly (readonly string[])[] | undefined> {
  return (await extensionApi()).decodedRows(uri, 0, 500)?.map(({ cells }) => cells);
}

/** Rows of the editor, once its page has come up. */
function shown(uri: vscode.Uri): Promise<readonly (readonly string[])[]> {
  return until("the table", () => rowsOf(uri));
}

async function fileText(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}
