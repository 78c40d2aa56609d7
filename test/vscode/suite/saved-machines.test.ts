import assert from "node:assert/strict";
import * as vscode from "vscode";
import { debuggingInEachTest } from "../debugging.ts";
import { until } from "../until.ts";
import { extensionApi, openFile, workspaceFile, writeFile } from "../workspace.ts";

const EXAMPLE = ["examples", "saved-guest.gicstate.json"] as const;

/** Files as other programs and users leave them; nothing of this is in the editor. */
async function copyWith(change: (text: string) => string, name: string): Promise<vscode.Uri> {
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(workspaceFile(...EXAMPLE)));
  return writeFile(change(text), "examples", name);
}

/** The dump of a saved machine, once the editor has it. */
function dumpOf(file: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(
    ({ uri }) => uri.scheme === "gicstate" && uri.path === `${file.path}.gicdump`,
  );
}

async function decoded(file: vscode.Uri): Promise<{ dump: vscode.TextDocument; rows: readonly (readonly string[])[] }> {
  await vscode.commands.executeCommand("gicWorkbench.decode", file);
  const dump = await until("the dump", () => dumpOf(file));
  const api = await extensionApi();
  const rows = await until("the decoded table", () => api.decodedRows(dump.uri, 0, 500));
  return { dump, rows: rows.map(({ cells }) => cells) };
}

describe("a saved machine that is decoded", () => {
  afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  it("shows its tables, with the memory that is beside it", async () => {
    const { dump, rows } = await decoded(workspaceFile(...EXAMPLE));
    assert.deepEqual(
      rows.map((cells) => cells.slice(0, 3)),
      [
        ["0x8", "0x40060000", "2"],
        ["0x10", "0x40060100", "5"],
        ["0x64", "0x40060200", "5"],
      ],
    );
    assert.equal(dump.languageId, "gicdump");
    const position = dump.positionAt(dump.getText().indexOf("0x0001000020020001") + 3);
    const text = await until("a hover", async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        "vscode.executeHoverProvider",
        dump.uri,
        position,
      );
      return hovers.length > 0 && (hovers[0].contents[0] as vscode.MarkdownString).value;
    });
    assert.match(text, /ITE of EventID 0x1/);
    assert.match(text, /8194/);
    // Three LPIs of the guest are enabled and are no event's, which is a note.
    const problems = vscode.languages.getDiagnostics(dump.uri);
    assert.deepEqual(
      problems.filter(({ severity }) => severity < vscode.DiagnosticSeverity.Information),
      [],
    );
  });

  it("is decoded anew when its file has changed", async () => {
    const file = await copyWith((text) => text, "changing.gicstate.json");
    const { dump } = await decoded(file);
    assert.match(dump.getText(), /DeviceID 0x64/);
    await copyWith(
      (text) => text.replace(/"GITS_BASER0": ".*"/, '"GITS_BASER0": "0x107000000000000"'),
      "changing.gicstate.json",
    );
    await until("the refusal", () => /checksum is .*, but the contents give/.test(dump.getText()));
  });

  for (const [what, change] of [
    ["of a newer version", (text: string) => text.replace('"version": 1', '"version": 9')],
    ["that is cut off", (text: string) => text.slice(0, 500)],
    ["whose memory is elsewhere", (text: string) => text.replace('"saved-guest.', '"../saved-guest.')],
    ["whose memory is gone", (text: string) => text.replace('"saved-guest.', '"gone.')],
  ] as const) {
    it(`opens no document for one ${what}`, async () => {
      const file = await copyWith(change, "refused.gicstate.json");
      await vscode.commands.executeCommand("gicWorkbench.decode", file);
      assert.equal(dumpOf(file), undefined);
      assert.equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 0);
    });
  }
});

describe("a saved machine that is debugged", () => {
  const debugging = debuggingInEachTest();

  it("stands still for its views and its console, from the command on the file in the editor", async () => {
    await openFile(...EXAMPLE);
    await vscode.commands.executeCommand("gicWorkbench.debugState");
    await debugging.stopped();
    assert.equal((await debugging.frame()).name, "saved machine saved-guest.gicstate.json");
    assert.equal(await debugging.evaluate("pending[8194, 1]"), "1");
    const item = await until("a stack frame", () => vscode.debug.activeStackItem);
    assert.ok(item instanceof vscode.DebugStackFrame, "the frame is the one that views show");
    const shown = await until("the description", () =>
      vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === "debug"),
    );
    assert.match(shown.document.getText(), /DeviceID 0x64, ITT 0x40060200, 5 EventID bits/);
    await vscode.commands.executeCommand("workbench.action.debug.continue");
    await until("the end", () => vscode.debug.activeDebugSession === undefined);
  });

  it("is what a script begins on, by a path that is relative to the folder", async () => {
    const script = await writeFile("expect pending[8194] == 1\nCLEAR DeviceID=0x10, EventID=1\n", "on-saved.itscmd");
    const folder = vscode.workspace.workspaceFolders?.[0];
    const configuration = { type: "gic", request: "launch", name: "test", stopOnEntry: true };
    const state = EXAMPLE.join("/");
    assert.ok(await vscode.debug.startDebugging(folder, { ...configuration, program: script.fsPath, state }));
    assert.equal(await debugging.stopped(), 1);
    assert.equal(await debugging.press("stepOver"), 2);
    assert.equal(debugging.reason, "step");
  });

  for (const [what, state] of [
    ["a file that is not there", "no such.json"],
    ["a folder", "examples"],
    ["a number", 5],
  ] as const) {
    it(`refuses ${what} before a session begins`, async () => {
      const folder = vscode.workspace.workspaceFolders?.[0];
      const configuration = { type: "gic", request: "launch", name: "test", state };
      assert.equal(await vscode.debug.startDebugging(folder, configuration), false);
      assert.equal(vscode.debug.activeDebugSession, undefined);
    });
  }
});
