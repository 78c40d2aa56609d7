import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TimelineArguments, TimelineBody, TimelineRow } from "../../debug-adapter/views-protocol.ts";
import { DapClient, SCRIPT } from "./dap-client.ts";
import { Transcript } from "./transcript.ts";

/** The whole page of a question, once all lines are looked through. */
async function ask(dap: DapClient, wanted: Partial<TimelineArguments> = {}): Promise<TimelineBody> {
  for (;;) {
    const body = await dap.request("gic/timeline", { text: "", failed: false, from: 0, count: 500, ...wanted });
    if (body.searched === body.lines) return body;
  }
}

/** A row in short: its moment, its place, what it is, what came of it and why the session stopped there. */
function short({ key, moment, kind, text, outcome, stop }: TimelineRow): string {
  const mark = { past: " ", next: ">", future: "~" }[moment];
  const came = outcome === undefined ? "" : ` = ${outcome.kind} ${outcome.text}${outcome.good ? "" : " !"}`;
  return `${mark}${key} ${kind === "statement" ? "" : `(${kind}) `}${text}${came}${stop === undefined ? "" : ` [${stop}]`}`;
}

async function rows(dap: DapClient, wanted: Partial<TimelineArguments> = {}): Promise<string[]> {
  return (await ask(dap, wanted)).rows.map(short);
}

async function goTo(dap: DapClient, line: number, command?: number): Promise<string> {
  await dap.request("gic/goTo", { line, command });
  return dap.where((await dap.event("stopped")).body.reason);
}

const SMALL = `let nic = 0x10
MAPC ICID=1, RDbase=0
MAPD DeviceID=nic, Size=4, ITT_addr=0x43f00000

MAPTI DeviceID=nic, EventID=1, pINTID=8193, ICID=1
MAPTI DeviceID=nic, EventID=99, pINTID=8194, ICID=1 => MAPTI_ID_OOR
msi DeviceID=nic, EventID=1
read GITS_CTLR
INT DeviceID=nic, EventID=7
`;

/** Commands that are taken at once by the store to GITS_CWRITER, and a last one. */
const QUEUED = `machine { setup = ready }
fill 0x43f00000, 0x1000, 0
let queue = GITS_CBASER.Physical_Address
mem64[queue] = 0x9
mem64[queue + 16] = 0x8000000000000001
mem64[queue + 32] = 0x1000000008
mem64[queue + 40] = 0x3
mem64[queue + 48] = 0x8000000043f00000
mem64[queue + 64] = 0x100000000a
mem64[queue + 72] = 0x200100000001
mem64[queue + 80] = 0x1
write GITS_CWRITER = 0x60
INT DeviceID=0x10, EventID=1
read GITS_CREADR
`;

describe("the timeline", () => {
  it("has each statement with what came of it, and what is next", async () => {
    const dap = await DapClient.stopped(SMALL, 8);
    assert.deepEqual(await rows(dap), [
      " 1 let nic = 0x10",
      " 2 MAPC ICID=1, RDbase=0 = outcome done",
      " 3 MAPD DeviceID=nic, Size=4, ITT_addr=0x43f00000 = outcome done",
      " 5 MAPTI DeviceID=nic, EventID=1, pINTID=8193, ICID=1 = outcome done",
      " 6 MAPTI DeviceID=nic, EventID=99, pINTID=8194, ICID=1 => MAPTI_ID_OOR = outcome ignored, MAPTI_ID_OOR !",
      " 7 msi DeviceID=nic, EventID=1 = sent ",
      ">8 read GITS_CTLR [breakpoint]",
    ]);
    await dap.request("setExceptionBreakpoints", { filters: [] });
    await dap.request("next", { threadId: 1 });
    await dap.event("stopped");
    await dap.request("next", { threadId: 1 });
    await dap.event("stopped");
    const { rows: all, present, matching } = await ask(dap, { from: 6 });
    assert.deepEqual(all.map(short), [
      " 8 read GITS_CTLR = value 0x80000001 [breakpoint]",
      " 9 INT DeviceID=nic, EventID=7 = outcome ignored, INT_UNMAPPED_INTERRUPT !",
      ">end (end) ",
    ]);
    assert.deepEqual([present, matching], [8, 9]);
  });

  it("keeps what was taken back, and goes there: back, forwards, and to the end", async () => {
    const dap = await DapClient.stopped(SMALL, 8);
    assert.equal(await goTo(dap, 3), "goto 3");
    assert.deepEqual((await rows(dap)).slice(1), [
      " 2 MAPC ICID=1, RDbase=0 = outcome done",
      ">3 MAPD DeviceID=nic, Size=4, ITT_addr=0x43f00000 = outcome done",
      "~5 MAPTI DeviceID=nic, EventID=1, pINTID=8193, ICID=1 = outcome done",
      "~6 MAPTI DeviceID=nic, EventID=99, pINTID=8194, ICID=1 => MAPTI_ID_OOR = outcome ignored, MAPTI_ID_OOR !",
      "~7 msi DeviceID=nic, EventID=1 = sent ",
      "~8 read GITS_CTLR [breakpoint]",
    ]);
    assert.equal(await dap.evaluate("dte[0x10]"), "not mapped");
    assert.equal(await goTo(dap, 7), "goto 7");
    assert.equal(await dap.evaluate("pending[8193]"), "0");
    assert.equal((await ask(dap)).present, 5);
    assert.equal(await goTo(dap, 8), "goto 8");
    assert.equal(await dap.evaluate("pending[8193]"), "1");
    assert.match(await dap.failure("gic/goTo", { line: 9 }), /Line 9 has not run/);
  });

  it("offers a line that has run and was taken back as a target of goto", async () => {
    const dap = await DapClient.stopped(SMALL, 8);
    await goTo(dap, 2);
    const { targets } = await dap.request("gotoTargets", { source: { path: SCRIPT }, line: 6 });
    assert.equal(targets[0].label, "Forward to line 6");
    await dap.request("goto", { threadId: 1, targetId: targets[0].id });
    assert.equal(await dap.where((await dap.event("stopped")).body.reason), "goto 6");
  });

  it("drops the future when something is changed by hand in the past, and says so", async () => {
    const dap = await DapClient.stopped(SMALL, 8);
    await goTo(dap, 7);
    await dap.request("gic/setInterrupt", { key: "LPI 8193 0/16/1", piece: "pending", value: 1 });
    assert.match(dap.text("console"), /Line 7 had run\. With this change what came of that is gone/);
    assert.deepEqual((await rows(dap)).slice(-1), [">7 msi DeviceID=nic, EventID=1"]);
    assert.match(await dap.failure("gic/goTo", { line: 8 }), /Line 8 has not run/);
  });

  it("finds errors, and commands by name, DeviceID, EventID, INTID and line, with the values that names had", async () => {
    const dap = await DapClient.stopped(SMALL, 8);
    const lines = async (wanted: Partial<TimelineArguments>) => (await ask(dap, wanted)).rows.map(({ line }) => line);
    assert.deepEqual(await lines({ failed: true }), [6]);
    assert.deepEqual(await lines({ text: "mapti" }), [5, 6]);
    assert.deepEqual(await lines({ text: "device:0x10" }), [3, 5, 6, 7]);
    assert.deepEqual(await lines({ text: "event:1" }), [5, 7]);
    assert.deepEqual(await lines({ text: "8193" }), [5]);
    assert.deepEqual(await lines({ text: "intid:8194 errors" }), [6]);
    assert.deepEqual(await lines({ text: "line:7" }), [7]);
    const { unknownWords, matching } = await ask(dap, { text: "colour:1" });
    assert.deepEqual([unknownWords, matching], [["colour:1"], 0]);
  });

  it("marks the stops of a run, and finds them", async () => {
    const dap = await DapClient.stopped(SMALL, 3);
    await dap.request("setBreakpoints", { source: { path: SCRIPT }, breakpoints: [{ line: 3 }, { line: 7 }] });
    assert.equal(await dap.move("continue"), "breakpoint 7");
    assert.deepEqual(
      (await ask(dap, { text: "stops" })).rows.map(({ line, stop }) => [line, stop]),
      [[3, "breakpoint"]],
    );
    await goTo(dap, 2);
    const { rows: found, present } = await ask(dap, { text: "stops" });
    assert.deepEqual([found.length, present], [1, 0]);
  });

  it("has commands that a queue held below the statement that started it, and goes to before one of them", async () => {
    const dap = await DapClient.stopped(QUEUED, 14);
    const transcript = new Transcript(dap);
    transcript.say("Three commands are taken at once");
    await transcript.ask("gic/timeline", { text: "mapti", failed: false, from: 0, count: 10 });
    transcript.say("To before the last of them, in the middle of the line");
    await transcript.ask("gic/goTo", { line: 12, command: 2 });
    await dap.event("stopped");
    await transcript.where();
    await transcript.ask("gic/timeline", { text: "", failed: false, from: 11, count: 4 });
    await transcript.ask("evaluate", { expression: "dte[0x10].Valid", context: "watch" });
    await transcript.ask("evaluate", { expression: "ite[0x10, 1]", context: "watch" });
    transcript.say("By their ids, which are read from the queue as it was; on to the end");
    await transcript.ask("gic/timeline", { text: "device:0x10 event:1", failed: false, from: 0, count: 10 });
    await transcript.ask("gic/goTo", { line: 14 });
    await dap.event("stopped");
    await transcript.where();
    transcript.say("What there is not");
    await transcript.ask("gic/goTo", { line: 99 });
    await transcript.ask("gic/timeline", { text: "pe:1", failed: false, from: 0, count: 10 });
    transcript.matches("timeline");
  });

  it("answers pages of a long session, and looks through it some lines a request", async () => {
    const lines = 60_000;
    const text = Array.from({ length: lines }, (_, at) => `MAPC ICID=${at % 100}, RDbase=0\n`).join("");
    const dap = await DapClient.stopped(`machine { cpus = 1 }\n${text}read GITS_CTLR\n`, lines + 2);
    const one = { text: "icid:7", failed: false, from: 0, count: 1000 };
    const first = await dap.request("gic/timeline", one);
    assert.deepEqual([first.lines, first.searched, first.matching], [lines, 20_000, 200]);
    const all = await ask(dap, one);
    assert.deepEqual([all.searched, all.matching, all.rows.length], [lines, 600, 500]);
    const { rows: page, present } = await ask(dap, { from: 40_000, count: 3 });
    assert.deepEqual([page.map(({ line }) => line), present], [[40_002, 40_003, 40_004], lines]);
    await goTo(dap, 30_000);
    const back = await ask(dap, { from: lines - 1, count: 5 });
    assert.deepEqual(back.rows.map(short), [
      `~${lines + 1} MAPC ICID=99, RDbase=0 = outcome done`,
      `~${lines + 2} read GITS_CTLR [breakpoint]`,
    ]);
    assert.equal(back.present, 29_998);
  });
});
