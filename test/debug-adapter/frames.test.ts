import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient } from "./dap-client.ts";
import { Transcript } from "./transcript.ts";

const lines = `MAPC ICID=0, RDbase=1
MAPD DeviceID=1, ITT_addr=0x43f00000, Size=4
MAPTI DeviceID=1, EventID=3, pINTID=8195, ICID=0
INT DeviceID=1, EventID=3
msi DeviceID=1, EventID=3
DISCARD DeviceID=1, EventID=3
INT DeviceID=1, EventID=3
`;

/** A queue that is filled while the ITS is off, and started at once. */
const queued = `write GITS_CTLR = 0
MAPC ICID=1, RDbase=2
MAPC ICID=2, RDbase=9
write GITS_CTLR.Enabled = 1
MAPC ICID=3, RDbase=3
`;

async function frames(dap: DapClient): Promise<string[]> {
  const { stackFrames } = await dap.request("stackTrace", { threadId: 1 });
  return stackFrames.map(({ name }) => name);
}

async function moved(dap: DapClient, command: "next" | "stepIn" | "stepOut" | "stepBack", granularity?: string) {
  await dap.request(command, { threadId: 1, granularity });
  const { event } = await dap.event("stopped", "terminated");
  return event === "stopped" ? frames(dap) : [event];
}

describe("frames and micro-steps", () => {
  for (const model of ["kvm-7.2", "qemu-7.2", "arch"]) {
    it(`of every line on ${model}`, async () => {
      const dap = await DapClient.stopped(`machine { model = ${model} }\n${lines}`);
      const transcript = new Transcript(dap);
      for (let steps = 0; steps < 80; steps++) {
        await transcript.move("next", { threadId: 1, granularity: "instruction" });
        if (dap.events.some(({ event }) => event === "terminated")) break;
        const { stackFrames } = await dap.request("stackTrace", { threadId: 1 });
        if (stackFrames.length === 3) await transcript.scope("Micro-step", stackFrames[0].id);
      }
      transcript.matches(`micro-steps-${model}`);
    });
  }

  it("go into a line, into a command, and out of both", async () => {
    const dap = await DapClient.stopped(queued);
    assert.deepEqual(await moved(dap, "next"), ["MAPC ICID=1, RDbase=2"]);
    // Nothing is carried out while the ITS is off.
    await moved(dap, "next");
    assert.deepEqual(await moved(dap, "stepIn"), ["write GITS_CTLR.Enabled = 1"]);
    const line = "in the middle of write GITS_CTLR.Enabled = 1";
    const first = "MAPC ICID=1, RDbase=2 at 0x40000000 → done (1 of 2)";
    const second = "MAPC ICID=2, RDbase=9 at 0x40000020 → ignored, MAPC_PROCNUM_OOR (2 of 2)";
    assert.deepEqual(await moved(dap, "stepIn"), [first, line]);
    assert.equal(await dap.evaluate("cte[1].valid"), "0");
    assert.equal(await dap.evaluate("GITS_CREADR"), "0x0000_0000_0000_0000");
    assert.deepEqual((await moved(dap, "stepIn")).slice(1), [first, line]);
    assert.deepEqual(await moved(dap, "stepOut"), [second, line]);
    assert.equal(await dap.evaluate("cte[1].valid"), "1");
    assert.deepEqual(await moved(dap, "stepBack"), [first, line]);
    assert.equal(await dap.evaluate("cte[1].valid"), "0");
    assert.deepEqual(await moved(dap, "next"), [second, line]);
    assert.deepEqual(await moved(dap, "next"), ["MAPC ICID=3, RDbase=3"]);
    assert.match(dap.text("stdout"), /line 4 {2}write GITS_CTLR.Enabled = 1 {2}→ 2 commands from the queue/);
    assert.equal((await moved(dap, "stepBack", "instruction")).length, 3);
    // Its fetch, and the CTE that it looks for; then those of the first one.
    assert.deepEqual((await moved(dap, "stepBack", "instruction")).slice(1), [second, line]);
    assert.deepEqual((await moved(dap, "stepBack", "instruction")).slice(1), [first, line]);
  });

  it("show the machine between two changes of one command, and nothing may be changed there", async () => {
    const dap = await DapClient.stopped(`machine { model = qemu-7.2 }\n${lines}`, 4);
    const seen: string[] = [];
    for (let step = 0; step < 3; step++) {
      const [top] = await moved(dap, "next", "instruction");
      seen.push(`${top.split(" at ")[0]}: ${await dap.evaluate("mem64[0x43f00024]")}`);
    }
    assert.deepEqual(seen, [
      "read command fetch: 0x0000_0000_0000_0000",
      "read DTE: 0x0000_0000_0000_0000",
      "write ITE: 0x0000_0000_0000_800f",
    ]);
    assert.match(
      await dap.failure("setExpression", { expression: "mem64[0x43000000]", value: "1" }),
      /Line 4 is in the middle/,
    );
    assert.equal((await moved(dap, "stepOut")).length, 1);
    await dap.request("setExpression", { expression: "mem64[0x43000000]", value: "1" });
  });

  it("leave the line with continue: its problem stops the run as ever", async () => {
    const dap = await DapClient.stopped(lines, 7);
    await moved(dap, "stepIn");
    assert.equal(await dap.move("continue"), "exception 7");
  });
});

describe("threads", () => {
  it("are ITSs and PEs, each with a frame and scopes of its own", async () => {
    const dap = await DapClient.stopped(`machine { cpus = 2 }\n${lines}`, 6);
    const transcript = new Transcript(dap);
    await transcript.ask("threads");
    await transcript.ask("stackTrace", { threadId: 1001 });
    await transcript.ask("stackTrace", { threadId: 1002 });
    await transcript.ask("scopes", { frameId: 1002 });
    await transcript.ask("stackTrace", { threadId: 1, startFrame: 0, levels: 1 });
    await transcript.ask("stackTrace", { threadId: 1, startFrame: 1, levels: 19 });
    transcript.matches("threads");
  });

  it("of a GICv2 are its PEs", async () => {
    const dap = await DapClient.stopped("machine { gic = 2\ncpus = 2 }\nread GICD_CTLR\n");
    const { threads } = await dap.request("threads");
    assert.deepEqual(
      threads.map(({ name }) => name),
      ["PE 0", "PE 1"],
    );
    assert.equal(dap.events.find(({ event }) => event === "stopped")?.body.threadId, 1001);
  });
});

describe("an MSI that comes to no entry", () => {
  const script = `machine { model = kvm-draft-2017-revisions  ram = 0x40000000, 64K  setup = reset }
msi DeviceID=0x2, EventID=0x5
let behind = 1
`;

  it("has no micro-steps: by them it is gone into, behind it, and back", async () => {
    const dap = await DapClient.stopped(script);
    const move = async (command: string): Promise<string> => {
      await dap.request(command as "next", { threadId: 1, granularity: "instruction" });
      await dap.event("stopped");
      return (await dap.request("stackTrace", { threadId: 1 })).stackFrames.map(({ name }) => name).join(" < ");
    };
    const into = await move("next");
    assert.match(into, /^MSI of DeviceID 0x2, EventID 0x5 < in the middle of msi /);
    assert.match(await move("next"), /^failed: msi /);
    assert.equal(await move("stepBack"), into);
    assert.match(await move("stepBack"), /^msi /);
  });
});
