import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { EntryLink, Report } from "../../../server/tables-protocol.ts";
import { debuggingInEachTest } from "../debugging.ts";
import { until } from "../until.ts";
import { extensionApi, openFile, workspaceFile, writeFile } from "../workspace.ts";

const LINUX = ["examples", "captures", "linux-6.1-qemu-gicv3"] as const;
const STATE = ["examples", "saved-guest.gicstate.json"] as const;

/** The report that a command has made, once its window is there. */
async function reportOf(command: string, ...args: unknown[]): Promise<{ title: string; report: Report }> {
  const api = await extensionApi();
  const before = api.reports().length;
  await vscode.commands.executeCommand(command, ...args);
  return until("the report", () => (api.reports().length > before ? api.reports().at(-1) : undefined));
}

function cells(report: Report, title: string): string[][] {
  const table = report.tables.find((one) => one.title === title);
  return (table?.rows ?? []).map((row) => row.map(({ text }) => text));
}

/** A place of a report that leads to an entry. */
function linkOf({ tables }: Report, title: string, text: RegExp): EntryLink {
  const found = tables
    .find((table) => table.title === title)
    ?.rows.flat()
    .find((cell) => text.test(cell.text) && cell.link !== undefined);
  assert.ok(found?.link !== undefined, `a link ${text} in ${title}`);
  return found.link;
}

/** The example state with its tables as a dump of text, and one entry changed. */
async function dumpWith(change: (text: string) => string, name: string): Promise<vscode.Uri> {
  const file = workspaceFile(...STATE);
  await vscode.commands.executeCommand("gicWorkbench.decode", file);
  const dump = await until("the dump", () =>
    vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "gicstate" && uri.path.includes("saved-guest")),
  );
  return writeFile(change(dump.getText()), "examples", name);
}

describe("commands over whole captures and dumps", () => {
  afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  it("compare two files that are selected, and show an entry in its file", async () => {
    const before = await dumpWith((text) => text, "before.gicdump");
    // EventID 1 of DeviceID 0x10 goes as another LPI.
    const after = await dumpWith((text) => text.replace("0001000020020001", "0001000020050001"), "after.gicdump");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    const { title, report } = await reportOf("gicWorkbench.compareDumps", before, [before, after]);
    assert.equal(title, "before.gicdump ↔ after.gicdump");
    assert.deepEqual(cells(report, "Events"), [
      ["0x10", "0x1", "changed", "LPI 8194, ICID 0x1, PE 1", "LPI 8197, ICID 0x1, PE 1"],
    ]);
    const api = await extensionApi();
    await api.followLink(title, linkOf(report, "Events", /8197/));
    const editor = await until("the dump of B", () => {
      const { activeTextEditor } = vscode.window;
      return activeTextEditor?.document.uri.path.endsWith("after.gicdump") ? activeTextEditor : undefined;
    });
    assert.equal(editor.document.getText(editor.selection), "0001000020050001");
  });

  it("say what each kernel does with the tables, as they stand in the editor", async () => {
    const file = await dumpWith((text) => text, "checked.gicdump");
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    const at = document.getText().indexOf("0001000020020001");
    // INTID 2 is no LPI.
    edit.replace(file, new vscode.Range(document.positionAt(at), document.positionAt(at + 16)), "0001000000020001");
    await vscode.workspace.applyEdit(edit);
    const { title, report } = await reportOf("gicWorkbench.checkTables", file);
    assert.equal(report.result.tone, "bad");
    const kernels = cells(report, "RESTORE_TABLES");
    assert.deepEqual(
      kernels.map((row) => row.slice(0, 2)),
      [["kvm-5.10 to kvm-7.3", "refused"]],
    );
    assert.match(kernels[0][2], /^EINVAL: .*INTID 2 is no LPI/);
    const api = await extensionApi();
    await api.followLink(title, linkOf(report, "RESTORE_TABLES", /EINVAL/));
    const { activeTextEditor } = vscode.window;
    assert.equal(activeTextEditor?.document.getText(activeTextEditor.selection), "0001000000020001");
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  it("trace an MSI by the PCI address of its device", async () => {
    const ids = { deviceId: "01:00.0", eventId: "1" };
    const { report } = await reportOf("gicWorkbench.traceMsi", workspaceFile(...LINUX), undefined, ids);
    const way = cells(report, "The way of the MSI");
    const dte = way.find(([, link]) => link === "DTE");
    assert.ok(dte !== undefined && dte[0] === "ok" && dte[3].includes("DeviceID 0x100"), JSON.stringify(way));
    const [state, , , pending] = way.find(([, link]) => link === "pending bit") ?? [];
    assert.equal(state, "ok");
    assert.match(pending, /^LPI 8208/);
  });

  it("show the map of a capture's interrupts", async () => {
    await vscode.commands.executeCommand("gicWorkbench.interruptMap", workspaceFile(...LINUX));
    const api = await extensionApi();
    const map = await until("the map", () => api.interruptMaps().at(-1));
    assert.equal(map.devices.length, 6);
    assert.equal(map.pes, 4);
    const nvme = map.devices.find(({ deviceId }) => deviceId === 0x100);
    assert.deepEqual(nvme?.events.map(({ intid, target, name }) => [intid, target, name]).at(1), [8208, 0, "nvme0q1"]);
  });
});

describe("windows of reports and maps after a reload of the editor", () => {
  // A window that comes back wakes the extension.
  before(() => vscode.extensions.getExtension("gic-workbench.gic-workbench")?.activate());
  afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  /** A window as the editor brings it back: empty, of the type that the extension has given it. */
  function windowAgain(type: "report" | "interruptMap"): vscode.WebviewPanel {
    return vscode.window.createWebviewPanel(`gicWorkbench.${type}`, "again", vscode.ViewColumn.Active);
  }

  it("ask again what was asked, by what their pages kept", async () => {
    const api = await extensionApi();
    const file = await dumpWith((text) => text, "kept.gicdump");
    const { title, report } = await reportOf("gicWorkbench.checkTables", file);
    const kept = JSON.parse(JSON.stringify(api.reports().at(-1)?.kept));
    assert.deepEqual(kept, { kind: "check", source: { name: "examples/kept.gicdump", uris: [file.toString()] } });
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await until("the window to go", () => api.reports().length === 0);
    await api.restoreWindow(windowAgain("report"), kept);
    const again = await until("the report", () => api.reports().at(-1));
    assert.deepEqual([again.title, again.report.result], [title, report.result]);
    assert.equal(again.report.tables.length, report.tables.length);
  });

  it("show the map of a capture again", async () => {
    const api = await extensionApi();
    const folder = workspaceFile(...LINUX);
    await api.restoreWindow(windowAgain("interruptMap"), {
      kind: "map",
      source: { name: "linux", uris: [folder.toString()] },
    });
    const map = await until("the map", () => api.interruptMaps().at(-1));
    assert.equal(map.devices.length, 6);
  });

  it("stay without an answer when a file is gone, and go away when nothing is known of them", async () => {
    const api = await extensionApi();
    const gone = workspaceFile("examples", "no such.gicdump").toString();
    const panel = windowAgain("report");
    await api.restoreWindow(panel, { kind: "check", source: { name: "gone", uris: [gone] } });
    const [failure] = await until("the sentence", () => api.reportFailures().length > 0 && api.reportFailures());
    assert.match(failure, /^This window could not be filled again\. .*no such\.gicdump/);
    const unknown = windowAgain("report");
    let isGone = false;
    unknown.onDidDispose(() => {
      isGone = true;
    });
    await api.restoreWindow(unknown, { kind: "nothing" });
    assert.ok(isGone);
    assert.deepEqual(api.reports(), []);
    panel.dispose();
  });
});

describe("a session beside captures and dumps", () => {
  const debugging = debuggingInEachTest();

  it("begins on the tables of a dump", async () => {
    const file = await dumpWith((text) => text, "debugged.gicdump");
    await vscode.commands.executeCommand("gicWorkbench.debugDump", file);
    await debugging.stopped();
    assert.equal(await debugging.evaluate("ite[0x10, 1].pINTID"), "8194");
    // The ITS is on, and takes commands.
    assert.match(await debugging.evaluate("GITS_CTLR.Enabled"), /^1/);
  });

  it("gives the machine of its moment, to be compared with a file", async () => {
    await openFile(...STATE);
    await vscode.commands.executeCommand("gicWorkbench.debugState");
    await debugging.stopped();
    const session = vscode.debug.activeDebugSession;
    assert.ok(session);
    const { json } = await session.customRequest("gic/savedMachine");
    const moment = await writeFile(json, "examples", "moment.gicstate.json");
    const { report } = await reportOf("gicWorkbench.compareDumps", moment, [workspaceFile(...STATE), moment]);
    assert.match(report.result.text, /^A and B differ|^What is mapped is the same/);
    assert.deepEqual(cells(report, "Devices"), []);
    assert.deepEqual(cells(report, "Events"), []);
  });
});
