import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readRuleSettings, ScriptDocument } from "../../../language/index.ts";
import { Simulation } from "../../../runner/index.ts";

/** Runs a script to its end; the codes of what it has found. */
function codes(text: string): string[] {
  const simulation = new Simulation(new ScriptDocument(text), () => 0, undefined, readRuleSettings({}).settings);
  while (!simulation.advance(1000));
  return simulation.problems().list.map(({ code }) => code);
}

describe("rules look at the ITS that a statement is for", () => {
  const event = (unit: string, intid: number) =>
    `MAPC${unit} ICID=0, RDbase=0\nMAPD${unit} DeviceID=8, Size=4, ITT_addr=0x43f${unit.length}0000\n` +
    `MAPTI${unit} DeviceID=8, EventID=0, pINTID=${intid}, ICID=0\nSYNC${unit} RDbase=0\nINV${unit} DeviceID=8, EventID=0\nSYNC${unit} RDbase=0`;
  const machine = "machine { its = 0x08080000  its = 0x08060000 }";
  test("an MSI by the one that it goes to", () => {
    const both = `${machine}\n${event("", 8192)}\n${event("@1", 8193)}\n`;
    const again = (unit: string) =>
      `DISCARD${unit} DeviceID=8, EventID=0\nMAPTI${unit} DeviceID=8, EventID=0, pINTID=8194, ICID=0\n`;
    const msi = (unit: string) => `msi${unit} DeviceID=8, EventID=0`;
    assert.deepEqual(codes(`${both}${msi("")}\n${msi("@1")}`), []);
    assert.deepEqual(codes(`${both}${again("@1")}${msi("")}`), []);
    assert.deepEqual(codes(`${both}${again("@1")}${msi("@1")}`), ["L-14"]);
    assert.deepEqual(codes(`${both}${again("")}${msi("@1")}`), []);
  });
  test("a configuration that no ITS has read again is stale, whichever ITS has the LPI", () => {
    const store = "mem8[0x40020001] = 0x41\n";
    assert.deepEqual(codes(`${machine}\n${event("@1", 8193)}\n${store}msi@1 DeviceID=8, EventID=0`), ["L-16"]);
  });
  test("a restore into one that is enabled, and one whose table is not there", () => {
    const off = "write GITS_CTLR.Enabled = 0\n";
    assert.deepEqual(codes(`${machine}\n${off}restore`), []);
    assert.deepEqual(codes(`${machine}\n${off}restore@1`), ["L-34"]);
    assert.deepEqual(codes(`${machine}\n${off}set-attr VGIC_ITS@1, CTRL, RESTORE_TABLES`), ["L-34"]);
    assert.deepEqual(codes(`${machine}\n${event("", 8192)}\nuser-write GITS_IIDR@1 = 0x1000043b`), []);
    assert.deepEqual(codes(`${machine}\n${event("@1", 8192)}\nuser-write GITS_IIDR@1 = 0x1000043b`), ["L-34"]);
  });
  test("none of one that is not there", () => {
    for (const [line, code] of [
      ["restore@2", "ITS0522"],
      ["set-attr VGIC_ITS@2, CTRL, RESTORE_TABLES", "ITS0521"],
      ["write GITS_CBASER@2 = 0", "ITS0522"],
      ["user-write GITS_IIDR@2 = 0", "ITS0509"],
      ["msi@2 DeviceID=8, EventID=0", "ITS0522"],
      ["let value = read64 GITS_CTLR@2", "ITS0522"],
    ])
      assert.deepEqual(
        codes(`${machine}\n${line}`).filter((found) => found.startsWith("ITS")),
        [code],
        line,
      );
  });
});
