import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { tableLosses } from "../../emulator/migration/compare-machines.ts";
import { type CommandLine, mapc, mapd, StrictMachine, vmapp, vmapti } from "./arch/machine.ts";

/** What is lost between two machines with a vPE each that carried out these commands behind the same ones. */
function losses(source: readonly CommandLine[], destination: readonly CommandLine[]): string[] {
  const machines = [source, destination].map((lines) => {
    const strict = new StrictMachine({ gicVersion: 4 });
    strict.done(mapc(0, 0), mapd(1), vmapp(0, 0), vmapp(1, 1), ...lines);
    return strict.machine;
  });
  return [...tableLosses(machines[0], machines[1])].map(({ message }) => message);
}

describe("virtual events of two machines", () => {
  it("are the same when they go to the same vPE with the same doorbell", () => {
    assert.deepEqual(losses([vmapti(1, 2, 0, 9000, 8200)], [vmapti(1, 2, 0, 9000, 8200)]), []);
  });

  it("differ in their vPE and in their doorbell", () => {
    assert.deepEqual(losses([vmapti(1, 2, 0, 9000, 8200)], [vmapti(1, 2, 1, 9000, 8200)]), [
      "EventID 0x2 of DeviceID 0x1 is vLPI 9000 of vPEID 0x1, doorbell LPI 8200; the source has vLPI 9000 of vPEID 0x0, doorbell LPI 8200.",
    ]);
    assert.deepEqual(losses([vmapti(1, 2, 0, 9000, 8200)], [vmapti(1, 2, 0, 9000)]), [
      "EventID 0x2 of DeviceID 0x1 is vLPI 9000 of vPEID 0x0, no doorbell; the source has vLPI 9000 of vPEID 0x0, doorbell LPI 8200.",
    ]);
  });

  it("are missing, and are there too many", () => {
    const event = vmapti(1, 2, 0, 9000);
    assert.deepEqual(losses([event], []), [
      "EventID 0x2 of DeviceID 0x1 is missing; it was vLPI 9000 of vPEID 0x0, no doorbell.",
    ]);
    assert.deepEqual(losses([], [event]), [
      "EventID 0x2 of DeviceID 0x1 is mapped, to vLPI 9000; the source has no such event.",
    ]);
  });
});
