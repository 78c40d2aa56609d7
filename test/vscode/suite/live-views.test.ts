import assert from "node:assert/strict";
import * as vscode from "vscode";
import { debuggingTheExample } from "../debugging.ts";
import { focus, shows } from "../live-view.ts";
import { extensionApi, workspaceFile } from "../workspace.ts";

describe("live views", () => {
  const debugging = debuggingTheExample();
  after(() => vscode.commands.executeCommand("workbench.action.closePanel"));

  describe("Interrupts", () => {
    before(async () => {
      await focus("interrupts");
    });
    afterEach(() => vscode.commands.executeCommand("gicWorkbench.interrupts.filter", ""));

    it("lists interrupts from SGI 0 of PE 0 on", async () => {
      const lines = await shows("interrupts", /^0\|SGI\|no\|no\|/);
      assert.ok(
        lines.some((line) => /^INTID↑\|Kind\|Pending/.test(line)),
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
      await debugging().press("stepBack");
      await shows("interrupts", /^8193\|LPI\|yes/);
      while ((await debugging().evaluate("pending[8193]")) === "1") await debugging().press("stepBack");
      await shows("interrupts", /^8193\|LPI\|no\*/);
      await debugging().press("stepOver");
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
      await debugging().press("continue");
      assert.equal(debugging().reason, "data breakpoint");
      // CLEAR is the next line that changes it.
      assert.equal(await debugging().evaluate("pending[8193]"), "0");
      await vscode.commands.executeCommand("gicWorkbench.live.breakOnChange", { watch: "pending[8193]" });
      await debugging().press("reverseContinue");
    });
  });

  describe("Registers", () => {
    before(async () => {
      await focus("registers");
    });
    afterEach(() => vscode.commands.executeCommand("gicWorkbench.registers.filter", ""));

    it("has the groups of the machine with what they come to, and the registers of the first", async () => {
      const lines = await shows("registers", /^GITS_CTLR\|/);
      assert.ok(
        lines.some((line) => /^GITS, ITS 0\|ITS enabled/.test(line)),
        lines.join("\n"),
      );
      assert.match(lines.join("\n"), /KVM of Linux 7\.2/);
      await vscode.commands.executeCommand("gicWorkbench.registers.open", "GITS0");
      const closed = await shows("registers", /^GICR, PE 2\|LPIs enabled/);
      assert.ok(
        closed.some((line) => /^GICR, PE 2\|LPIs enabled$/.test(line)),
        closed.join("\n"),
      );
      await vscode.commands.executeCommand("gicWorkbench.registers.open", "GITS0");
    });

    it("shows 64 bits with the digits that count, and fields with what they mean", async () => {
      const all = await shows("registers", /^GITS_CREADR\|/);
      // However low the view is that other suites have left.
      await vscode.commands.executeCommand("gicWorkbench.registers.filter", "gits_baser0");
      await vscode.commands.executeCommand("gicWorkbench.registers.open", "GITS0/GITS_BASER0");
      const lines = await shows("registers", /^Type( \[58:56\])?\|1/);
      const baser = lines.find((line) => line.startsWith("GITS_BASER0|")) ?? "";
      assert.match(baser, /^GITS_BASER0\|0xb907(_0000_4010_0607|000040100607)/);
      assert.match(
        all.find((line) => line.startsWith("GITS_CREADR|")) ?? "",
        /\|0x(0000_0000_0000_00|00000000000000|…)[0-9a-f]{2}/,
      );
      assert.ok(lines.some((line) => /^Valid( \[63\])?\|1/.test(line)));
      await vscode.commands.executeCommand("gicWorkbench.registers.open", "GITS0/GITS_BASER0");
      await vscode.commands.executeCommand("gicWorkbench.registers.filter", "");
    });

    it("finds registers by their names in all groups, those of one interrupt among them", async () => {
      await vscode.commands.executeCommand("gicWorkbench.registers.filter", "irouter35");
      await shows("registers", /^GICD_IROUTER35\|/);
      await vscode.commands.executeCommand("gicWorkbench.registers.filter", "gicr_ctlr");
      const lines = await shows("registers", /^registers: 4$/);
      assert.equal(lines.filter((line) => line.startsWith("GICR_CTLR|")).length, 4);
    });

    it("marks what a step has changed, also when it was not open before", async () => {
      await debugging().press("stepOver");
      const { seen } = await extensionApi();
      const isAtCommand = async () => (await debugging().frame()).name.startsWith("MAPC ICID=0");
      while (!(await isAtCommand())) await debugging().press("stepOver");
      await debugging().press("stepOver");
      const lines = await shows("registers", /^GITS_CREADR\|.*\*/);
      assert.ok(
        lines.some((line) => /^GITS_CBASER\|[^*]*$/.test(line)),
        (await seen("registers"))?.join("\n"),
      );
    });

    it("writes a value as software does, and says why one is not taken", async () => {
      const session = debugging().session;
      await session.customRequest("setExpression", { expression: "GICD_IPRIORITYR9", value: "0x40302010" });
      await vscode.commands.executeCommand("gicWorkbench.registers.filter", "GICD_IPRIORITYR9");
      await shows("registers", /^GICD_IPRIORITYR9\|0x40302010\*/);
      await assert.rejects(
        Promise.resolve(session.customRequest("setExpression", { expression: "GITS_TYPER", value: "0" })),
        /read-only/,
      );
    });

    it("keeps on top what is pinned, in the radix that was chosen", async () => {
      await vscode.commands.executeCommand("gicWorkbench.registers.pin", { pin: "GITS0/GITS_CWRITER" });
      await vscode.commands.executeCommand("gicWorkbench.registers.showAs", { radix: "GITS_CWRITER" }, "dec");
      const lines = await shows("registers", /^GITS_CWRITER\|\d+\b/);
      const pinned = lines.findIndex((line) => line.startsWith("Pinned|"));
      assert.match(lines[pinned + 1], /^GITS_CWRITER\|/);
      await vscode.commands.executeCommand("gicWorkbench.registers.showAs", { radix: "GITS_CWRITER" }, "default");
      await vscode.commands.executeCommand("gicWorkbench.registers.pin", { pin: "GITS0/GITS_CWRITER" });
    });

    it("is copied as JSON", async () => {
      await shows("registers", /^GITS_CTLR\|/);
      await vscode.commands.executeCommand("gicWorkbench.registers.copyTable", "json");
      const rows: { Register: string; Value: string }[] = JSON.parse(await vscode.env.clipboard.readText());
      assert.match(rows.find(({ Register }) => Register === "GITS_BASER0")?.Value ?? "", /^0xb907_0000_4010_0607$/);
    });
  });

  describe("Command Queue", () => {
    before(async () => {
      await focus("queue");
    });

    it("shows what each slot holds, what became of it, and where the pointers are", async () => {
      const lines = await shows("queue", /\|MAPTI (DeviceID=)?0x10, (EventID=)?0x1, (pINTID=)?8193, (ICID=)?1/);
      assert.ok(
        lines.some((line) => /GITS_CREADR: slot \d+, GITS_CWRITER: slot \d+ of \d+ · no command waits/.test(line)),
      );
    });

    it("is copied without its empty slots", async () => {
      await vscode.commands.executeCommand("gicWorkbench.queue.copyTable", "csv");
      const lines = (await vscode.env.clipboard.readText()).trimEnd().split("\r\n");
      assert.match(lines[1], /^0,.*MAPC.*,consumed,done,12,0x[0-9a-f]+$/);
      assert.ok(lines.length < 20);
    });

    it("leads to the line at which a slot was taken", async () => {
      await vscode.commands.executeCommand("gicWorkbench.live.goToLine", { mapped: true, line: 12 });
      const { activeTextEditor: editor } = vscode.window;
      assert.match(editor?.document.lineAt(editor.selection.active.line).text ?? "", /^MAPC ICID=1/);
    });
  });

  describe("Bits", () => {
    before(async () => {
      await focus("bits");
    });

    it("follow the cursor: the command of its line, and the register under it", async () => {
      const { activeTextEditor: editor } = vscode.window;
      assert.ok(editor !== undefined);
      const select = (line: number, column: number) => {
        const at = new vscode.Position(line - 1, column);
        editor.selection = new vscode.Selection(at, at);
      };
      select(18, 0);
      const lines = await shows("bits", /^MAPTI DeviceID=0x10, EventID=0x1/);
      assert.ok(
        lines.some((line) => /^\[127:96\]\|pINTID\|8193/.test(line)),
        lines.join("\n"),
      );
      const text = editor.document.getText().split("\n");
      const line = text.findIndex((one) => one.startsWith("expect GITS_CREADR"));
      select(line + 1, 10);
      await shows("bits", /^\[19:5\]\|Offset\|0x/);
    });
  });

  describe("the map of the session", () => {
    it("shows events with their ways, and what matches", async () => {
      await vscode.commands.executeCommand("gicWorkbench.liveMap");
      await shows("map", /^events: 2$/);
      const lines = await shows("map", /EventID 0x1/);
      assert.ok(
        lines.some((line) => /LPI 8193/.test(line)),
        lines.join("\n"),
      );
    });
  });

  describe("without a session", () => {
    it("say that there is none, and how to begin one", async () => {
      await debugging().stop();
      await focus("registers");
      await shows("registers", /^This shows here while a command script/);
    });
  });
});
