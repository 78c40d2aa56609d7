import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { LiveViewName } from "../../../client/shared/view-ids.ts";
import { breakOn, Debugging } from "../debugging.ts";
import { until } from "../until.ts";
import { extensionApi, openFile, workspaceFile } from "../workspace.ts";

/** Waits until a live view shows a line, and gives all that show. */
async function shows(view: LiveViewName, wanted: RegExp): Promise<readonly string[]> {
  const { seen } = await extensionApi();
  let last: readonly string[] | undefined;
  try {
    return await until(`${wanted} in ${view}`, async () => {
      last = await seen(view);
      return last?.some((line) => wanted.test(line)) === true ? last : undefined;
    });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}; it shows:\n${last?.join("\n")}`);
  }
}

const focus = (view: LiveViewName) => vscode.commands.executeCommand(`gicWorkbench.${view}.focus`);

describe("live views", () => {
  let debugging: Debugging;
  before(async () => {
    debugging = new Debugging();
    const { document } = await openFile("examples", "first-msi.itscmd");
    // Behind the MSI of EventID 1.
    breakOn(document.uri, 28);
    await vscode.commands.executeCommand("workbench.action.debug.start");
    await debugging.stopped();
  });
  after(async () => {
    await debugging.stop();
    debugging.dispose();
    await vscode.commands.executeCommand("workbench.action.closePanel");
  });

  describe("Interrupts", () => {
    before(async () => {
      await focus("interrupts");
    });
    afterEach(() => vscode.commands.executeCommand("gicWorkbench.interrupts.filter", ""));

    it("lists interrupts from SGI 0 of PE 0 on", async () => {
      const lines = await shows("interrupts", /^0\|SGI\|no\|no\|/);
      assert.ok(
        lines.some((line) => /^INTID ↑\|Kind\|Pending/.test(line)),
        lines.join("\n"),
      );
      assert.ok(lines.some((line) => /PE 3/.test(line)));
    });

    it("shows an LPI with its way, found by what its filter takes", async () => {
      await vscode.commands.executeCommand("gicWorkbench.interrupts.filter", "lpi pending");
      const lines = await shows("interrupts", /^8193\|LPI\|yes/);
      const lpi = lines.find((line) => line.startsWith("8193")) ?? "";
      for (const part of ["0xa0", "PE 2"]) assert.ok(lpi.split("|").includes(part), lpi);
      assert.ok(
        lines.some((line) => /^1 of [\d,]+$/.test(line)),
        lines.join("\n"),
      );
    });

    it("says which word of a filter means nothing", async () => {
      await vscode.commands.executeCommand("gicWorkbench.interrupts.filter", "sideways");
      await shows("interrupts", /“sideways” means nothing here/);
    });

    it("marks what a step has changed, and follows a step back", async () => {
      await vscode.commands.executeCommand("gicWorkbench.interrupts.filter", "lpi");
      await shows("interrupts", /^8193\|LPI\|yes/);
      await debugging.press("stepBack");
      await shows("interrupts", /^8193\|LPI\|yes/);
      while ((await debugging.evaluate("pending[8193]")) === "1") await debugging.press("stepBack");
      await shows("interrupts", /^8193\|LPI\|no\*/);
      await debugging.press("stepOver");
      await shows("interrupts", /^8193\|LPI\|yes\*/);
    });

    it("is copied as Markdown, CSV and JSON, all rows that match", async () => {
      await vscode.commands.executeCommand("gicWorkbench.interrupts.filter", "lpi");
      await shows("interrupts", /^8193/);
      const copied = async (form: string) => {
        await vscode.commands.executeCommand("gicWorkbench.interrupts.copyTable", form);
        return vscode.env.clipboard.readText();
      };
      assert.match(await copied("markdown"), /^\| INTID \| Kind \|.*\n\| --- \|.*\n\| 8192 \| LPI \|/);
      assert.match(await copied("csv"), /^INTID,Kind,Pending.*\r\n8192,LPI,no/);
      assert.equal(JSON.parse(await copied("json")).length, 2);
      const file = workspaceFile("interrupts.csv");
      await vscode.commands.executeCommand("gicWorkbench.interrupts.exportTable", "csv", file);
      assert.match(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)), /8193,LPI,yes/);
    });

    it("leads to the line that mapped an LPI, and to the one that changed a value", async () => {
      await vscode.commands.executeCommand("gicWorkbench.live.goToLine", { its: 0, device: 0x10, event: 1 });
      const lineShown = () => vscode.window.activeTextEditor?.selection.active.line;
      const text = vscode.window.activeTextEditor?.document.lineAt(lineShown() ?? 0).text;
      assert.match(text ?? "", /^MAPTI DeviceID=nic, EventID=1/);
      await vscode.commands.executeCommand("gicWorkbench.live.whoChanged", { watch: "pending[8193]" });
      assert.match(vscode.window.activeTextEditor?.document.lineAt(lineShown() ?? 0).text ?? "", /^msi /);
    });

    it("stops the session when a bit changes that is watched", async () => {
      await vscode.commands.executeCommand("gicWorkbench.live.breakOnChange", { watch: "pending[8193]" });
      vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
      await debugging.press("continue");
      assert.equal(debugging.reason, "data breakpoint");
      // CLEAR is the next line that changes it.
      assert.equal(await debugging.evaluate("pending[8193]"), "0");
      await vscode.commands.executeCommand("gicWorkbench.live.breakOnChange", { watch: "pending[8193]" });
      await debugging.press("reverseContinue");
    });
  });
});
