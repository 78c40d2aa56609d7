import assert from "node:assert/strict";
import * as vscode from "vscode";
import {
  alternatingPendingBits,
  levelOneByRepeats,
  manySections,
  repeatedAddress,
  sharedAddress,
} from "../../dumps/hostile-dumps.ts";
import { until } from "../until.ts";
import { extensionApi, writeFile } from "../workspace.ts";

describe("a dump that stands for more than it has lines", () => {
  afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  for (const [what, text, codes] of [
    ["level-1 tables made with stars", () => levelOneByRepeats(64, 0x20_0000), ["GIC-DUMP-LIMIT"]],
    ["every second LPI pending", () => alternatingPendingBits(16 << 20), []],
    ["30,000 sections", () => manySections(30_000), ["GIC-DUMP-LIMIT"]],
    ["one address many times", () => repeatedAddress(200_000), ["GIC-DUMP-OVERLAP"]],
    ["sections with the same addresses", () => sharedAddress(), ["GIC-DUMP-OVERLAP"]],
  ] as const) {
    it(`is explained, underlined and decoded: ${what}`, async function () {
      this.timeout(120_000);
      const uri = await writeFile(text(), `${what.replace(/\W+/g, "-")}.gicdump`);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
      assert.ok((await hoverAt(uri, new vscode.Position(1, 12))).length > 0);
      // What a check of its tables says is not what was left out in reading.
      const read = () => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "gicdump");
      const found = () => new Set(read().map(({ code }) => code));
      if (codes.length > 0) await until("its diagnostics", () => found().size > 0);
      assert.deepEqual([...found()], codes);
      await vscode.commands.executeCommand("gicWorkbench.decode", uri);
      const { decodedRows, decodeFailure } = await extensionApi();
      const rows = await until("its rows", () => decodedRows(uri, 0, 10), 60_000);
      assert.ok(rows.length > 0);
      assert.equal(decodeFailure(uri), undefined);
    });
  }
});

async function hoverAt(uri: vscode.Uri, position: vscode.Position): Promise<vscode.Hover[]> {
  return until(
    "a hover",
    async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", uri, position);
      return hovers.length > 0 && hovers;
    },
    60_000,
  );
}
