import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LayoutName } from "../../architecture/index.ts";
import { fileSource } from "../../debug-adapter/sources/file-source.ts";
import { createMachine, encodeState, saveState } from "../../emulator/index.ts";
import { ScriptDocument } from "../../language/index.ts";
import { EmulatorTarget, ScriptRun, setUpTarget } from "../../runner/index.ts";
import { DapClient } from "./dap-client.ts";

const script = `MAPC ICID=0, RDbase=0
MAPC ICID=3, RDbase=1
MAPD DeviceID=2, ITT_addr=0x43000000, Size=7
MAPTI DeviceID=2, EventID=20, pINTID=8195, ICID=3
`;

/** A session on a saved machine of `arch` whose tables have a layout. */
async function restored(layout: LayoutName): Promise<DapClient> {
  const machine = createMachine({ model: "arch", cpus: 2, layout });
  const target = new EmulatorTarget(machine);
  assert.equal(setUpTarget(target, 0x4000_0000, 0x400_0000), undefined);
  const run = new ScriptRun(new ScriptDocument(script), target);
  for (let done = run.step(); done !== undefined; done = run.step()) assert.deepEqual(done.result.problems, []);
  const saved = saveState(machine);
  if ("failure" in saved) assert.fail(saved.failure.message);
  const { json: text, raw } = encodeState(saved.state);
  const dap = new DapClient({ ...fileSource, readState: () => Promise.resolve({ text, raw }), name: () => "m" });
  await dap.initialize();
  await dap.request("launch", { state: "m" });
  await dap.event("initialized");
  await dap.request("configurationDone");
  await dap.event("stopped");
  return dap;
}

/** What a session shows of an entry: its value, and its fields. */
async function shown(dap: DapClient, expression: string): Promise<string[]> {
  const { result, variablesReference } = await dap.request("evaluate", { expression, context: "watch" });
  if (variablesReference === 0) return [result];
  const { variables } = await dap.request("variables", { variablesReference });
  return [result, ...variables.map(({ name, value }) => `${name}=${value}`)];
}

/** In each layout: the DTE, the ITE, the CTE of ICID 0, and the event's line in the tree. */
const layouts: Readonly<Record<LayoutName, readonly [string[], string[], string[], string]>> = {
  qemu: [
    ["0x0000_0000_10c0_000f", "ITT_addr=0x43000000", "Size=7 (8 EventID bits)", "V=1"],
    [
      "0x0000_03ff_0000_0003_0000_800f",
      "doorbell=1023 (None)",
      "vPEID=0",
      "ICID=3",
      "INTID=8195",
      "type=1 (Physical)",
      "V=1",
    ],
    ["0x0000_0000_0000_0001", "RDbase=0", "V=1"],
    "EventID 0x14 = INTID 8195, ICID 0x3 → PE 1",
  ],
  gem5: [
    ["0x00e0_0000_8600_0001", "Size=7 (8 EventID bits)", "ITT_addr=0x43000000", "V=1"],
    ["0x0000_0000_c3ff_800f", "vPEID=0", "ICID=3", "doorbell=1023", "INTID=8195", "type=1 (Physical)", "V=1"],
    ["0x0000_0000_0000_0001", "RDbase=0", "V=1"],
    "EventID 0x14 = INTID 8195, ICID 0x3 → PE 1",
  ],
  xen: [
    ["0x0000_0000_4300_0007", "ITT_addr=0x43000000", "Size=7 (8 EventID bits)"],
    ["0x0000_0003_0000_2003", "ICID=3", "vLPI=8195"],
    ["0x0000", "RDbase=0"],
    "EventID 0x14 = vLPI 8195, ICID 0x3 → PE 1",
  ],
  "kvm-rev0": [
    ["0x8000_0000_0860_0007", "V=1", "next=0 (0 DeviceIDs)", "ITT_addr=0x43000000", "Size=7 (8 EventID bits)"],
    ["0x0000_0000_2003_0003", "next=0 (0 EventIDs)", "pINTID=8195", "ICID=3"],
    ["0x8000_0000_0000_0000", "V=1", "RDbase=0", "ICID=0"],
    "EventID 0x14 = pINTID 8195, ICID 0x3 → PE 1",
  ],
};

describe("a restored machine of arch is shown in the layout of its tables", () => {
  for (const [layout, [dte, ite, cte, line]] of Object.entries(layouts)) {
    it(layout, async () => {
      const dap = await restored(layout as LayoutName);
      assert.deepEqual(await shown(dap, "dte[2]"), dte);
      assert.deepEqual(await shown(dap, "ite[2, 20]"), ite);
      assert.deepEqual(await shown(dap, "cte[0]"), cte);
      assert.deepEqual(
        (await dap.tree()).filter((entry) => /EventID 0x14 =/.test(entry)).map((entry) => entry.split(" / ").at(-1)),
        [line],
      );
    });
  }
});
