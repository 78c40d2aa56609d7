import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { LiveViewName } from "../../../client/shared/view-ids.ts";
import { debuggingTheExample } from "../debugging.ts";
import { focus, shows } from "../live-view.ts";
import { until } from "../until.ts";
import { extensionApi, openFile, workspaceFile } from "../workspace.ts";

/** Has a page shown as text. @returns the text */
async function asText(key: string): Promise<string> {
  await vscode.commands.executeCommand("gicWorkbench.showText", key);
  const document = vscode.window.activeTextEditor?.document;
  assert.equal(document?.uri.scheme, "gic-text");
  assert.ok(vscode.workspace.fs.isWritableFileSystem(document.uri.scheme) !== true, "it is not to be changed");
  const text = document.getText();
  await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
  return text;
}

describe("show as text", () => {
  describe("in a session", () => {
    debuggingTheExample();

    const views: readonly (readonly [LiveViewName, RegExp, RegExp])[] = [
      ["registers", /CREADR/, /^GITS, ITS 0[\s\S]*^ICH, PE 3 /m],
      ["interrupts", /^0\|SGI/, /^INTID +Kind +[\s\S]*^8193 +LPI +yes/m],
      ["queue", /MAPTI/, /^4 +MAPTI DeviceID=0x10, EventID=0x1, pINTID=8193, ICID=1 +consumed/m],
      ["timeline", /expect/, /^18 +MAPTI [\s\S]*msi DeviceID.*MSI delivered[\s\S]*^28 .* runs next/m],
    ];
    for (const [view, shown, text] of views) {
      it(`has all of ${view}`, async () => {
        await focus(view);
        await shows(view, shown);
        assert.match(await asText(view), text);
      });
    }

    it("has more interrupts than are in sight", async () => {
      await focus("interrupts");
      const seen = await shows("interrupts", /^0\|SGI/);
      const lines = (await asText("interrupts")).trimEnd().split("\n");
      assert.ok(lines.length > seen.length, `${lines.length} lines of text, ${seen.length} in sight`);
    });

    it("has the fields of what bits are of", async () => {
      const editor = await openFile("examples", "first-msi.itscmd");
      await focus("bits");
      const line = editor.document
        .getText()
        .split("\n")
        .findIndex((text) => text.startsWith("MAPTI"));
      await vscode.window.showTextDocument(editor.document);
      editor.selection = new vscode.Selection(line, 0, line, 0);
      await shows("bits", /pINTID/);
      assert.match(await asText("bits"), /^\[127:96\] +pINTID +8192 .*the physical LPI/m);
    });

    it("has the map as lines that stand for themselves", async () => {
      await vscode.commands.executeCommand("gicWorkbench.liveMap");
      await shows("map", /8193/);
      assert.match(
        await asText("map"),
        /^DeviceID 0x10, events: 2\n {2}EventID 0x0, LPI 8192, ICID 0x1, PE \d, .*enabled/m,
      );
    });
  });

  describe("of dumps", () => {
    afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

    it("has a report", async () => {
      const { reports } = await extensionApi();
      const target = { deviceId: "0x10", eventId: "1" };
      await vscode.commands.executeCommand(
        "gicWorkbench.traceMsi",
        workspaceFile("damaged-tables.gicdump"),
        undefined,
        target,
      );
      await until("the report", () => reports().at(-1));
      assert.match(await asText("report"), /Broken at INTID: INTID 2 is no LPI[\s\S]*state +link +read/);
    });

    it("has an interrupt map", async () => {
      const { interruptMaps } = await extensionApi();
      await vscode.commands.executeCommand("gicWorkbench.interruptMap", workspaceFile("damaged-tables.gicdump"));
      await until("the map", () => interruptMaps().at(-1));
      assert.match(
        await asText("interruptMap"),
        /^DeviceID 0x64, events: 1\n {2}EventID 0x5, LPI 8199, ICID 0x1, PE 1, pending/m,
      );
    });

    it("has a table, with what is said above it", async () => {
      const dump = workspaceFile("tables-with-remarks.gicdump");
      await vscode.commands.executeCommand("gicWorkbench.decode", dump);
      const { decodedRows } = await extensionApi();
      await until("its rows", () => decodedRows(dump, 0, 10));
      const text = await asText("tables");
      assert.match(text, /^4 valid entries/);
      assert.match(text, /How it was read[\s\S]*# device-table[\s\S]*0x40400000/);
    });

    it("says that nothing is open, and opens nothing", async () => {
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
      await vscode.commands.executeCommand("gicWorkbench.showText");
      assert.equal(vscode.window.activeTextEditor, undefined);
    });
  });
});
