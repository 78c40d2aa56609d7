import assert from "node:assert/strict";
import * as vscode from "vscode";
import { debuggingInEachTest } from "../debugging.ts";
import { until } from "../until.ts";
import { workspaceFile } from "../workspace.ts";

const lines = [
  "let nic = 0x10",
  "MAPC ICID=0, RDbase=0",
  "MAPC ICID=1, RDbase=1",
  "MAPD DeviceID=nic, ITT_addr=0x43f00000, Size=4",
  "MAPTI DeviceID=nic, EventID=0, pINTID=8192, ICID=0",
  "MAPTI DeviceID=nic, EventID=1, pINTID=8193, ICID=1",
  "MOVI DeviceID=nic, EventID=1, ICID=0",
  "INT DeviceID=nic, EventID=1",
  "read64 0x43000000",
  "MAPC ICID=2, RDbase=2",
  "let end = 1",
];
const END = 11;
const script = `${lines.join("\n")}\n`;

/** What the box asks for that F9 opens: `mode` is in the editor, not in its interface for extensions yet. */
interface LineOptions {
  readonly condition?: string;
  readonly hitCondition?: string;
  readonly logMessage?: string;
  readonly mode?: "before" | "after";
}

describe("a debug session stops", () => {
  const debugging = debuggingInEachTest();
  const name = "stops";

  function onLine(line: number, { condition, hitCondition, logMessage, mode }: LineOptions = {}): void {
    const location = new vscode.Location(workspaceFile(`${name}.itscmd`), new vscode.Position(line - 1, 0));
    const WithMode = vscode.SourceBreakpoint as new (...args: readonly unknown[]) => vscode.SourceBreakpoint;
    vscode.debug.addBreakpoints([new WithMode(location, true, condition, hitCondition, logMessage, mode)]);
  }

  function onCommand(pattern: string, condition?: string, hitCondition?: string): void {
    vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint(pattern, true, condition, hitCondition)]);
  }

  /** All stops to the end, where there is a breakpoint, and then all on the way back to the start, as the editor shows them. */
  async function thereAndBack(): Promise<string> {
    const seen: string[] = [];
    const end = `breakpoint ${END}`;
    for (let at = await debugging.shown(); at !== end; at = await debugging.goes("continue")) seen.push(at);
    seen.push("|");
    for (;;) {
      const at = await debugging.goes("reverseContinue");
      if (at.startsWith("entry")) return seen.join(" ");
      seen.push(at);
    }
  }

  /** The same from a stop before the first line on, when everything is set that can be set in a session alone. */
  async function fromEntry(): Promise<string> {
    await vscode.commands.executeCommand("workbench.action.debug.continue");
    return thereAndBack();
  }

  beforeEach(() => onLine(END));

  it("at lines with a condition, where it holds", async () => {
    onLine(3, { condition: "cte[1].valid" });
    onLine(4, { condition: "cte[1].valid" });
    await debugging.start(script, name);
    assert.equal(await thereAndBack(), "breakpoint 4 | breakpoint 4");
  });

  it("at lines with a hit count, once it is reached", async () => {
    onLine(5, { hitCondition: "1" });
    onLine(6, { hitCondition: "> 1" });
    await debugging.start(script, name);
    assert.equal(await thereAndBack(), "breakpoint 5 | breakpoint 5");
  });

  it("behind a line, where that is the mode", async () => {
    onLine(3, { condition: "cte[1].valid", mode: "before" });
    onLine(6, { condition: "ite[nic, 1].pINTID == 8193", mode: "after" });
    await debugging.start(script, name);
    assert.equal(await thereAndBack(), "breakpoint 7 | breakpoint 7");
  });

  it("nowhere for a log point, which says its message with its values", async () => {
    onLine(5, { logMessage: "CREADR is {GITS_CREADR} for {nic}" });
    onLine(6, { logMessage: "never", condition: "nic == 0x11" });
    await debugging.start(script, name);
    assert.equal(await debugging.shown(), `breakpoint ${END}`);
    assert.match(debugging.said, /^CREADR is 0x60 \(96\) for 0x10 /m);
    assert.doesNotMatch(debugging.said, /never/);
  });

  it("before commands of a kind, and of a pattern, in both directions", async () => {
    onCommand("MAPC");
    onCommand("MAPTI DeviceID == 0x10 && EventID == 1");
    onCommand("MAPTI", "pINTID == 8192");
    onCommand("MAPT");
    await debugging.start(script, name);
    const stops = [2, 3, 5, 6, 10].map((line) => `function breakpoint ${line}`);
    assert.equal(await thereAndBack(), [...stops, "|", ...stops.toReversed()].join(" "));
  });

  it("before a command with a hit count, and at a condition that cannot be computed, and says why", async () => {
    onCommand("MAPTI", undefined, "2");
    onCommand("MAPD", "ite[nic, 1].pINTID == 1");
    await debugging.start(script, name);
    assert.equal(await debugging.shown(), "function breakpoint 4");
    assert.match(debugging.said, /The condition of "MAPD" cannot be computed: DeviceID 0x10 is not mapped/);
    assert.equal(await debugging.goes("continue"), "function breakpoint 6");
  });

  it("inside of a line, before the command in a slot that was marked in the Disassembly view", async () => {
    await debugging.start(script, name, { stopOnEntry: true });
    await debugging.shown();
    await debugging.press("stepOver");
    // Only inside of a line a frame has an instruction to disassemble.
    await debugging.press("stepInto");
    await vscode.commands.executeCommand("debug.action.openDisassemblyView");
    await until("the slot of line 5 to be marked", async () => {
      await vscode.commands.executeCommand("workbench.action.focusActiveEditorGroup");
      await vscode.commands.executeCommand("list.focusDown");
      await vscode.commands.executeCommand("editor.debug.action.toggleBreakpoint");
      return debugging.slots.at(-1) === "0x40000060";
    });
    const marked = debugging.slots.length;
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    const where = async () => `${debugging.reason}: ${(await debugging.frame()).name}`;
    const before = "instruction breakpoint: MAPTI DeviceID=0x10, EventID=0x0, pINTID=8192, ICID=0 at 0x40000060";
    for (let slot = 1; slot < marked && !(await where()).startsWith(before); slot++) await debugging.press("continue");
    assert.ok((await where()).startsWith(before), await where());
    assert.match(await debugging.evaluate("GITS_CREADR"), /^0x[0_]*60$/);
    assert.equal(await debugging.press("continue"), END);
    assert.equal(await debugging.press("reverseContinue"), 5);
    assert.ok((await where()).startsWith(before), await where());
  });

  for (const [accessType, dataId, stops] of [
    ["write", "ite[nic, 1].ICID", "7 8 | 7 6"],
    ["read", "ite[nic, 1]", "7 8 9 | 8 7 6"],
    ["read", "0x43000000 + 8 bytes", "10 | 9"],
    ["readWrite", "ite[nic, 1].ICID", "7 8 9 | 8 7 6"],
  ] as const) {
    it(`at a watched value, ${accessType} of ${dataId}, in both directions`, async () => {
      await debugging.start(script, name, { stopOnEntry: true });
      await debugging.shown();
      // The editor sets these from the menu of a variable, which only a mouse opens: see scripts/pictures.
      await debugging.session.customRequest("setDataBreakpoints", { breakpoints: [{ dataId, accessType }] });
      assert.equal((await fromEntry()).replaceAll("data breakpoint ", ""), stops);
    });
  }
});
