import assert from "node:assert/strict";
import * as vscode from "vscode";
import { debuggingTheExample } from "../debugging.ts";
import { FullDisk } from "../full-disk.ts";
import { focus, shows } from "../live-view.ts";
import { until } from "../until.ts";
import { extensionApi, workspaceFile, writeFile } from "../workspace.ts";

const ITT = "# gic: table=itt layout=kvm-rev0\n40400000: 0001000020010001 0000000020020001\n";
const SCHEME = "gicfulldisk";
const at = (name: string) => vscode.Uri.from({ scheme: SCHEME, path: `/${name}` });

const disk = new FullDisk();
let registration: vscode.Disposable;
before(() => {
  registration = vscode.workspace.registerFileSystemProvider(SCHEME, disk, { isCaseSensitive: true });
});
after(() => registration.dispose());

/** What a command refuses with. */
async function refusal(command: string, ...args: unknown[]): Promise<string> {
  try {
    await vscode.commands.executeCommand(`gicWorkbench.${command}`, ...args);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return assert.fail("nothing was refused");
}

/** What both kinds of exports do where a disk is full or read-only. @param write a form by its name */
function exportsWhole(write: (form: string, to: vscode.Uri) => Promise<string>): void {
  for (const form of ["JSON", "CSV"]) {
    const target = at(`some.${form.toLowerCase()}`);
    const path = `“${target.toString(true)}”`;

    it(`leave no half-made file where the disk is full (${form})`, async () => {
      Object.assign(disk, { room: 4, readOnly: false });
      assert.equal(
        await write(form, target),
        `${path} was not written: ENOSPC. What stood there is as it was. Choose another place, or make room. [GIC-FILE-WRITE]`,
      );
      assert.equal(disk.text(target), undefined);
    });

    it(`leave what stood there where the disk is full (${form})`, async () => {
      disk.files.set(target.path, new TextEncoder().encode("mine"));
      Object.assign(disk, { room: 4, readOnly: false });
      assert.match(await write(form, target), /was not written: ENOSPC\. What stood there is as it was/);
      assert.equal(disk.text(target), "mine");
    });

    it(`say that what stood there is lost where it cannot be put back (${form})`, async () => {
      disk.files.set(target.path, new TextEncoder().encode("more than four bytes"));
      Object.assign(disk, { room: 4, readOnly: false });
      assert.match(
        await write(form, target),
        /was not written whole: ENOSPC\. What stood there before could not be put back\..*\[GIC-FILE-HALF\]/,
      );
    });

    it(`say that a file is read-only, and leave it (${form})`, async () => {
      disk.files.set(target.path, new TextEncoder().encode("mine"));
      Object.assign(disk, { room: undefined, readOnly: true });
      assert.ok(
        (await write(form, target)).startsWith(`${path} was not written: EROFS. What stood there is as it was.`),
      );
      assert.equal(disk.text(target), "mine");
    });
  }

  it("say that there is a folder", async () => {
    const folder = workspaceFile("examples");
    assert.match(await write("CSV", folder), new RegExp(`“${folder.fsPath}” was not written: `));
    assert.ok((await vscode.workspace.fs.readDirectory(folder)).length > 5);
  });
}

describe("exports of a table", () => {
  beforeEach(() => disk.files.clear());
  afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  exportsWhole(async (form, to) => {
    const uri = await writeFile(ITT, "exported-to-a-full-disk.gicdump");
    await vscode.commands.executeCommand("vscode.openWith", uri, "gicWorkbench.tables");
    const { decodedRows } = await extensionApi();
    await until("the table", () => decodedRows(uri, 0, 10));
    return refusal("tables.export", uri, form, to);
  });
});

describe("exports of a view", () => {
  beforeEach(() => disk.files.clear());
  debuggingTheExample();

  exportsWhole(async (form, to) => {
    await focus("registers");
    await shows("registers", /GITS_CREADR/);
    return refusal("registers.exportTable", form.toLowerCase(), to);
  });
});

describe("a raw memory on a full disk", () => {
  afterEach(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("is as it was, and its change is there to be saved when there is room", async () => {
    const uri = at("memory.bin");
    const bytes = new Uint8Array(0x100);
    bytes.set([0x04, 0x00, 0x08, 0x08, 0, 0, 0, 0x80], 0x40);
    disk.files.set(uri.path, bytes.slice());
    Object.assign(disk, { room: undefined, readOnly: true });
    await vscode.commands.executeCommand("gicWorkbench.decode", uri, "device-table");
    const { decodedRows } = await extensionApi();
    await until("the table", () => decodedRows(uri, 0, 10));
    await vscode.commands.executeCommand("gicWorkbench.tables.edit", uri, 0, "Size", "8");
    const isDirty = () => vscode.window.tabGroups.activeTabGroup.activeTab?.isDirty === true;
    await until("an unsaved change", isDirty);
    await vscode.commands.executeCommand("workbench.action.files.save");
    assert.deepEqual(disk.files.get(uri.path), bytes);
    assert.ok(isDirty());
    disk.readOnly = false;
    await vscode.commands.executeCommand("workbench.action.files.save");
    await until("the file", () => disk.files.get(uri.path)?.[0x40] === 7);
    await until("no unsaved change", () => !isDirty());
  });
});
