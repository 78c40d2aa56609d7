import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { saveState } from "../../emulator/index.ts";
import { stateLines } from "../../runner/saved-machines/index.ts";
import { mapc, mapd, mapti, StrictMachine, vmapp, vmapti } from "../emulator/arch/machine.ts";

describe("a saved machine in words", () => {
  it("tells virtual events with vPE and doorbell, and not with the LPI of the same number", () => {
    const strict = new StrictMachine({ gicVersion: 4 });
    strict.done(
      mapc(0, 0),
      mapd(1),
      vmapp(3, 0),
      mapti(1, 0, 9000, 0),
      vmapti(1, 1, 3, 9000, 8200),
      vmapti(1, 2, 3, 9001),
    );
    const saved = saveState(strict.machine);
    assert.ok(!("failure" in saved));
    assert.deepEqual(
      [...stateLines(saved.state)].filter((line) => line.includes("EventID 0x")).map((line) => line.trim()),
      [
        "EventID 0x0 is LPI 9000, ICID 0x0, enabled, priority 0xa0",
        "EventID 0x1 is vLPI 9000 of vPEID 0x3, doorbell LPI 8200",
        "EventID 0x2 is vLPI 9001 of vPEID 0x3, no doorbell",
      ],
    );
  });
});
