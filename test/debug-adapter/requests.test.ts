import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { DapClient } from "./dap-client.ts";
import { Transcript } from "./transcript.ts";

const script = `machine { ram = 0x40000000, 64M }
MAPC ICID=0, RDbase=1
MAPD DeviceID=1, ITT_addr=0x43f00000, Size=4
INT DeviceID=1, EventID=0
`;

describe("requests about the machine as a whole", () => {
  it("give sources with checksums, modules, commands of a queue and of the edges of memory", async () => {
    const dap = await DapClient.stopped(script, 4);
    const transcript = new Transcript(dap);
    await transcript.ask("loadedSources");
    await transcript.ask("modules");
    await transcript.ask("modules", { startModule: 1, moduleCount: 5 });
    transcript.say("commands of the queue, one before it and one behind those that have run");
    await transcript.ask("disassemble", { memoryReference: "0x40000000", instructionOffset: -1, instructionCount: 4 });
    transcript.say("the last slot of RAM, and the one behind it");
    await transcript.ask("disassemble", { memoryReference: "0x43ffffe0", instructionCount: 2 });
    transcript.say("no addresses");
    await transcript.ask("disassemble", { memoryReference: "0x20", instructionOffset: -2, instructionCount: 2 });
    transcript.say("memory at the end of RAM, behind it, and at the edge of a page");
    await transcript.ask("readMemory", { memoryReference: "0x43fffffc", count: 8 });
    await transcript.ask("readMemory", { memoryReference: "0x44000000", count: 4 });
    await transcript.ask("readMemory", { memoryReference: "0x40000000", offset: 4094, count: 4 });
    await transcript.ask("readMemory", { memoryReference: "0x40000000", count: 0 });
    await transcript.ask("writeMemory", { memoryReference: "0x43fffffe", data: "AQIDBA==" });
    await transcript.ask("writeMemory", { memoryReference: "0x43fffffe", data: "AQIDBA==", allowPartial: true });
    await transcript.ask("readMemory", { memoryReference: "0x43fffffc", count: 4 });
    await transcript.ask("writeMemory", { memoryReference: "0x40000ffe", data: "AQIDBA==" });
    await transcript.ask("readMemory", { memoryReference: "0x40000ffc", count: 8 });
    transcript.say("what the console can do");
    await transcript.ask("evaluate", { expression: "help", context: "repl" });
    const { targets } = await dap.request("completions", { text: "", column: 1 });
    for (const word of ["help", "who", "back", "trace-msi", "rerun", "other"]) {
      assert.ok(
        targets.some(({ label }) => label === word),
        word,
      );
    }
    transcript.matches("whole-machine");
  });

  it("have the checksum that everybody computes", async () => {
    const dap = await DapClient.stopped(script);
    const { sources } = await dap.request("loadedSources");
    assert.equal(sources[0].checksums?.[0].checksum, createHash("sha256").update(script).digest("hex"));
  });
});

describe("cancel", () => {
  it("takes back a statement of the console that is being carried out", async () => {
    const dap = await DapClient.stopped("machine { ram = 0x40000000, 2048M }\nread GITS_CTLR\n");
    const seq = dap.nextSeq;
    const long = dap.send("evaluate", { expression: "fill 0x41000000, 0x70000000, 7", context: "repl" });
    const cancelled = dap.send("cancel", { requestId: seq });
    assert.equal((await long).success, false);
    assert.equal((await cancelled).success, true);
    assert.equal(await dap.evaluate("mem8[0x41000000]"), "0x00");
  });

  it("answers a request that waits behind another one as cancelled", async () => {
    const dap = await DapClient.stopped("machine { ram = 0x40000000, 2048M }\nread GITS_CTLR\n");
    const first = dap.send("evaluate", { expression: "fill 0x41000000, 0x10000000, 7", context: "repl" });
    const seq = dap.nextSeq;
    const second = dap.send("evaluate", { expression: "fill 0x60000000, 0x10000000, 7", context: "repl" });
    await dap.send("cancel", { requestId: seq });
    assert.equal((await first).success, true);
    assert.equal((await second).message, "cancelled");
    assert.equal(await dap.evaluate("mem8[0x60000000]"), "0x00");
  });
});
