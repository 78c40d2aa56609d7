import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient } from "./dap-client.ts";
import { Transcript } from "./transcript.ts";

const kinds = [
  "command-errors",
  "stalls",
  "host-crashes",
  "memory-faults",
  "failed-expectations",
  "lost-interrupts",
  "ignored-writes",
  "model-differences",
];

/** Each line with a problem of another kind, on a model that goes on behind it. */
const script = `machine { model = kvm-7.2 }
MAPC ICID=0, RDbase=0
MAPC ICID=1, RDbase=9
INT DeviceID=1, EventID=3
msi DeviceID=1, EventID=3
write GITS_CBASER = 0
write32 0x1000 = 1
expect cte[0].valid == 0
INT DeviceID=1, EventID=4 => ignored
`;

async function launched(text: string, options: readonly { filterId: string; condition?: string }[]) {
  const dap = await DapClient.launch(text);
  const answer = await dap.request("setExceptionBreakpoints", { filters: [], filterOptions: options });
  await dap.request("configurationDone");
  return { dap, breakpoints: answer.breakpoints ?? [] };
}

/** Lines that a run stops at, with what exceptionInfo says of each. */
async function stops(dap: DapClient): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const { event } = await dap.event("stopped", "terminated");
    if (event === "terminated") return found;
    const { stackFrames } = await dap.request("stackTrace", { threadId: 1 });
    const { exceptionId, details } = await dap.request("exceptionInfo", { threadId: 1 });
    found.push(`${stackFrames[0].line} ${exceptionId} ${details?.typeName}`);
    await dap.request("continue", { threadId: 1 });
  }
}

describe("exception filters", () => {
  it("are offered with conditions, each on or off as most people want it", async () => {
    const dap = await DapClient.unlaunched(script);
    const { exceptionBreakpointFilters = [] } = await dap.initialize();
    assert.deepEqual(
      exceptionBreakpointFilters.map(({ filter, supportsCondition }) => [filter, supportsCondition]),
      kinds.map((kind) => [kind, true]),
    );
    assert.deepEqual(
      exceptionBreakpointFilters.filter((one) => one.default !== true).map(({ filter }) => filter),
      ["ignored-writes", "model-differences"],
    );
  });

  const expected: Readonly<Record<string, readonly string[]>> = {
    "command-errors": ["3 ITS0501 MAPC_PROCNUM_OOR"],
    "memory-faults": ["7 ITS0525 ITS0525"],
    "failed-expectations": ["8 ITS0510 ITS0510"],
    "lost-interrupts": ["4 ITS0501 INT_UNMAPPED_INTERRUPT", "5 ITS0515 ITS0515"],
    "ignored-writes": ["6 ignored-write ignored-write"],
    stalls: [],
  };
  for (const [kind, lines] of Object.entries(expected)) {
    it(`${kind} alone stops at its lines`, async () => {
      const { dap } = await launched(script, [{ filterId: kind }]);
      assert.deepEqual(await stops(dap), lines);
    });
  }

  it("stalls stop where the queue does", async () => {
    const { dap } = await launched("machine { model = arch }\nMAPC ICID=1, RDbase=9\n", [{ filterId: "stalls" }]);
    assert.deepEqual(await stops(dap), ["2 ITS0501 MAPC_PROCNUM_OOR"]);
  });

  it("take names of errors, commands and codes as conditions, and expressions", async () => {
    const text =
      "MAPC ICID=1, RDbase=9\nMOVI DeviceID=1, EventID=1, ICID=1\nMAPC ICID=0, RDbase=0\nMAPC ICID=2, RDbase=9\n";
    const lines = async (condition: string) => {
      const { dap } = await launched(text, [{ filterId: "command-errors", condition }]);
      return (await stops(dap)).map((stop) => Number(stop.split(" ")[0]));
    };
    assert.deepEqual(await lines("MAPC"), [1, 4]);
    assert.deepEqual(await lines("MOVI_*, x"), [2]);
    assert.deepEqual(await lines("0x010901"), []);
    assert.deepEqual(await lines("*_OOR if cte[0].valid"), [4]);
    assert.deepEqual(await lines("if cte[0].valid"), [4]);
  });

  it("with conditions that mean nothing are not verified, and say why", async () => {
    const { breakpoints } = await launched(script, [
      { filterId: "stalls", condition: "if 1 +" },
      { filterId: "stalls", condition: "a b" },
      { filterId: "typo" },
      { filterId: "stalls", condition: "MAPC" },
    ]);
    assert.deepEqual(
      breakpoints.map(({ verified }) => verified),
      [false, false, false, true],
    );
    assert.match(breakpoints[1].message ?? "", /"a b" is no name of an error/);
    assert.match(breakpoints[2].message ?? "", /no exception filter "typo"/);
  });

  it("cite the rule and the offending words", async () => {
    const { dap } = await launched(script, [
      { filterId: "command-errors" },
      { filterId: "ignored-writes" },
      { filterId: "lost-interrupts" },
    ]);
    await dap.event("stopped");
    const transcript = new Transcript(dap);
    await transcript.ask("exceptionInfo", { threadId: 1 });
    await transcript.move("continue");
    await transcript.ask("exceptionInfo", { threadId: 1 });
    await transcript.move("continue");
    await transcript.move("continue");
    await transcript.ask("exceptionInfo", { threadId: 1 });
    transcript.matches("exception-info");
  });

  it("stop before a command that other models carry out differently, once", async () => {
    const text = "machine { model = kvm-7.2 }\nMAPC ICID=0, RDbase=0\nMAPC ICID=1, RDbase=9\nMAPC ICID=2, RDbase=1\n";
    const { dap } = await launched(text, [{ filterId: "model-differences", condition: "arch, qemu-7.2" }]);
    await dap.event("stopped");
    const transcript = new Transcript(dap);
    await transcript.where();
    await transcript.ask("exceptionInfo", { threadId: 1 });
    await transcript.move("continue");
    transcript.matches("model-differences");
  });
});
