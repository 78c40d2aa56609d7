import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient, SCRIPT } from "./dap-client.ts";
import { Transcript } from "./transcript.ts";

const script = (model: string) => `machine { model = ${model} }
MAPC ICID=0, RDbase=1
MAPD DeviceID=1, ITT_addr=0x43f00000, Size=4
MAPTI DeviceID=1, EventID=3, pINTID=8195, ICID=0
MAPTI DeviceID=1, EventID=4, pINTID=8196, ICID=0
INT DeviceID=1, EventID=4
msi DeviceID=1, EventID=3
read64 0x43000000
read GICD_CTLR
expect mem64[0x43000000] == 0
DISCARD DeviceID=1, EventID=3
let end = 1
`;

/** Lines that a run stops at forwards, and then on its way back. */
async function stops(
  text: string,
  breakpoints: readonly object[],
  request: "setDataBreakpoints" | "setInstructionBreakpoints",
) {
  const dap = await DapClient.launch(text);
  const set = await dap.request(request, { breakpoints });
  assert.deepEqual(
    set.breakpoints.map(({ verified }) => verified),
    breakpoints.map(() => true),
  );
  const last = text.trimEnd().split("\n").length;
  await dap.request("setBreakpoints", { source: { path: SCRIPT }, breakpoints: [{ line: last, mode: "after" }] });
  const seen: string[] = [];
  await dap.request("configurationDone");
  for (
    let at = await dap.where((await dap.event("stopped")).body.reason);
    !at.startsWith("breakpoint");
    at = await dap.move("continue")
  ) {
    seen.push(at);
  }
  seen.push("|");
  for (let at = await dap.move("reverseContinue"); !at.startsWith("entry"); at = await dap.move("reverseContinue"))
    seen.push(at);
  return seen.map((at) => at.replace(/^(data|instruction) breakpoint /, "")).join(" ");
}

describe("watched reads", () => {
  const cases: readonly (readonly [dataId: string, model: string, lines: string])[] = [
    // Forwards it stops behind the line, backwards before it.
    ["ite[1, 3]", "qemu-7.2", "8 12 | 11 7"],
    // vgic_its_cmd_handle_mapi looks for the event before it maps it.
    ["ite[1, 3].ICID", "kvm-7.2", "5 8 12 | 11 7 4"],
    ["dte[1]", "arch", "5 6 7 8 12 | 11 7 6 5 4"],
    ["mem64[0x43f00030]", "qemu-7.2", "7 | 6"],
    ["mem64[0x43000000]", "kvm-7.2", "9 | 8"],
    ["0x42ffffff + 2 bytes", "kvm-7.2", "9 | 8"],
    ["GICD_CTLR.ARE_NS", "kvm-7.2", "10 | 9"],
    // vgic_add_lpi reads the configuration and the pending bit of an LPI that is new.
    ["enabled[8196]", "kvm-7.2", "6 7 | 6 5"],
    ["pending[8196]", "kvm-7.2", "6 7 | 6 5"],
    ["enabled[8196]", "qemu-7.2", "7 | 6"],
  ];
  for (const [dataId, model, lines] of cases) {
    it(`of ${dataId} on ${model}`, async () => {
      assert.equal(await stops(script(model), [{ dataId, accessType: "read" }], "setDataBreakpoints"), lines);
    });
  }

  const collections = (model: string) => `machine { model = ${model} }
MAPC ICID=0, RDbase=1
MAPC ICID=1, RDbase=0
MAPD DeviceID=1, ITT_addr=0x43f00000, Size=4
MAPTI DeviceID=1, EventID=3, pINTID=8195, ICID=0
MAPTI DeviceID=1, EventID=3, pINTID=8195, ICID=0
${model === "arch" ? "let stalled = 1" : "MAPTI DeviceID=1, EventID=4, pINTID=5, ICID=0 => ignored"}
MOVI DeviceID=1, EventID=3, ICID=1
INV DeviceID=1, EventID=3
INVALL ICID=1
let end = 1
`;
  // What each of them looks up in the handlers of its commands; arch as IHI0069 has it.
  const ofCollections: readonly (readonly [dataId: string, model: string, lines: string])[] = [
    // A mapped event, and an INTID that is no LPI (on which arch stalls), are answered before the collection is looked for.
    ["cte[0]", "kvm-7.2", "3 6 9 | 8 5 2"],
    ["cte[1]", "kvm-7.2", "4 9 11 | 10 8 3"],
    ["cte[0]", "qemu-7.2", "9 | 8"],
    ["cte[1]", "qemu-7.2", "9 10 | 9 8"],
    ["cte[1]", "arch", "9 10 11 | 10 9 8"],
  ];
  for (const [dataId, model, lines] of ofCollections) {
    it(`of ${dataId} on ${model}`, async () => {
      assert.equal(await stops(collections(model), [{ dataId, accessType: "read" }], "setDataBreakpoints"), lines);
    });
  }

  it("of an LPI's configuration by KVM's INV, though its collection is not mapped", async () => {
    const text = `MAPD DeviceID=1, ITT_addr=0x43f00000, Size=4
MAPTI DeviceID=1, EventID=3, pINTID=8195, ICID=0
MAPTI DeviceID=1, EventID=4, pINTID=8195, ICID=0
INV DeviceID=1, EventID=3
let end = 1
`;
    // The second event has an LPI that is there already; the pending bit of one without a PE is not looked for.
    assert.equal(
      await stops(text, [{ dataId: "enabled[8195]", accessType: "read" }], "setDataBreakpoints"),
      "3 5 | 4 2",
    );
    assert.equal(await stops(text, [{ dataId: "pending[8195]", accessType: "read" }], "setDataBreakpoints"), "|");
  });

  it("of loads in expressions, but not of what expressions look at", async () => {
    const text = `let kept = read GICD_CTLR
let sum = 1 + (read32 GICD_CTLR & 1)
expect read GICD_CTLR != 0xff
expect GICD_CTLR != 0xff
if read GICD_CTLR == 0 {
  let never = 1
}
macro stores value=0 {
  mem32[0x43000000] = value
}
stores value=read GICD_CTLR
let end = 1
`;
    const entry = { dataId: "GICD_CTLR", accessType: "read" };
    assert.equal(await stops(text, [entry], "setDataBreakpoints"), "2 3 4 11 9 | 11 5 3 2 1");
  });

  it("of an MSI whose outcome a let keeps, by the ITS that it is sent to", async () => {
    const text = `machine { model = qemu-7.2  its = 0x08070000  its = 0x08040000 }
MAPC@1 ICID=0, RDbase=1
MAPD@1 DeviceID=8, ITT_addr=0x43f00000, Size=4
MAPTI@1 DeviceID=8, EventID=0, pINTID=8192, ICID=0
let sent = msi@1 DeviceID=8, EventID=0
let end = 1
`;
    const entry = { dataId: "0x43f00000 + 8 bytes", accessType: "read" };
    assert.equal(await stops(text, [entry], "setDataBreakpoints"), "6 | 5");
  });

  it("and writes, both", async () => {
    const both = [{ dataId: "ite[1, 3].valid", accessType: "readWrite" }];
    assert.equal(await stops(script("kvm-7.2"), both, "setDataBreakpoints"), "5 8 12 | 11 7 4");
  });

  it("of bytes are offered, and what cannot be seen is refused with its reason", async () => {
    const dap = await DapClient.stopped(script("kvm-7.2"));
    const transcript = new Transcript(dap);
    await transcript.ask("dataBreakpointInfo", { name: "ite[1, 3].ICID" });
    await transcript.ask("dataBreakpointInfo", { name: "0x43000000", asAddress: true, bytes: 8 });
    await transcript.ask("dataBreakpointInfo", { name: "0x43000000", asAddress: true, bytes: 100 });
    await transcript.ask("dataBreakpointInfo", { name: "0x43000000", asAddress: true, bytes: 5000 });
    await transcript.ask("dataBreakpointInfo", { name: "1 + 1" });
    await transcript.ask("setDataBreakpoints", {
      breakpoints: [
        { dataId: "1 + 1", accessType: "read" },
        { dataId: "0x43000000 + 0 bytes", accessType: "write" },
        { dataId: "0x43000000 + 16 bytes", accessType: "readWrite" },
      ],
    });
    await transcript.ask("setDataBreakpoints", { breakpoints: [{ dataId: "dte[1]", accessType: "execute" }] });
    transcript.matches("data-breakpoint-info");
  });
});

describe("breakpoints on slots of a queue", () => {
  it("stop before the command, forwards and backwards, also in the middle of a queue that is started at once", async () => {
    const lines = Array.from({ length: 400 }, (_, n) => `MAPC ICID=${n % 50}, RDbase=${n % 4}`);
    const text = `write GITS_CTLR = 0\n${lines.join("\n")}\nwrite GITS_CTLR = 1\nread GITS_CREADR\n`;
    const dap = await DapClient.launch(text);
    const { breakpoints } = await dap.request("setInstructionBreakpoints", {
      breakpoints: [
        { instructionReference: "0x40000000", offset: 0x20 },
        { instructionReference: "0x40002580" },
        { instructionReference: "0x40000010" },
        { instructionReference: "0x50000000" },
      ],
    });
    assert.deepEqual(
      breakpoints.map(({ verified, message }) => [verified, message]),
      [
        [true, undefined],
        [true, undefined],
        [false, "A command begins at a multiple of 32 bytes."],
        [true, "No command queue has a slot there now. It stops once one has."],
      ],
    );
    await dap.request("configurationDone");
    const transcript = new Transcript(dap);
    await dap.event("stopped");
    await transcript.where();
    assert.equal(await dap.evaluate("GITS_CREADR"), "0x0000_0000_0000_0020");
    await transcript.move("continue");
    assert.equal(await dap.evaluate("GITS_CREADR"), "0x0000_0000_0000_2580");
    await transcript.move("reverseContinue");
    await transcript.move("next");
    await transcript.move("reverseContinue");
    await transcript.move("reverseContinue");
    transcript.matches("queue-slots");
  });
});

describe("breakpoints behind a line", () => {
  it("ask their condition once it has run, in both directions", async () => {
    const dap = await DapClient.launch("let x = 1\nMAPC ICID=0, RDbase=1\nMAPC ICID=1, RDbase=1\n");
    const source = { path: SCRIPT };
    await dap.request("setBreakpoints", {
      source,
      breakpoints: [
        { line: 2, condition: "cte[0].valid" },
        { line: 2, condition: "cte[0].valid", mode: "after" },
        { line: 3, condition: "cte[1].valid", mode: "after" },
      ],
    });
    await dap.request("configurationDone");
    const { body } = await dap.event("stopped");
    assert.deepEqual([body.reason, body.description, body.hitBreakpointIds], ["breakpoint", "After line 2", [2]]);
    assert.equal(await dap.where(body.reason), "breakpoint 3");
    assert.equal(await dap.move("continue"), "breakpoint 3");
    assert.equal(
      (await dap.request("stackTrace", { threadId: 1 })).stackFrames[0].name,
      "end of the script, after MAPC ICID=1, RDbase=1",
    );
    assert.equal(await dap.move("reverseContinue"), "breakpoint 3");
    assert.equal(await dap.move("reverseContinue"), "entry 1");
    assert.match(
      await dap.failure("setBreakpoints", { source, breakpoints: [{ line: 2, mode: "sideways" }] }),
      /breakpoints\[0\]\.mode.*"before" or "after", but is "sideways"/,
    );
  });
});
