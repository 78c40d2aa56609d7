import { offsetOf } from "../../architecture/index.ts";
import type { MsiStep } from "../../dumps/captures/index.ts";
import type { Machine } from "../../emulator/index.ts";
import { configurationByte } from "../msi-path/host-way.ts";
import { PENDING_TABLE } from "./memory-places.ts";

/** The LPI of an event; undefined where it has none. */
export function lpiOfEvent(machine: Machine, its: number, deviceId: number, eventId: number): number | undefined {
  return machine.tables(its).event(deviceId, eventId)?.intid;
}

/** An LPI's configuration byte as KVM reads it for all PEs: GICR_PROPBASER is one for the whole machine. */
export function lpiByte(machine: Machine, intid: number): MsiStep {
  const properties = machine.read(machine.map.gicr + offsetOf("GICR_PROPBASER"), 8) ?? 0n;
  // That the LPI is disabled ends nothing here.
  const step = configurationByte(machine, properties, intid);
  return step.state === "unknown" ? step : { ...step, state: "good" };
}

/**
 * What KVM reads of an LPI that a command names: nothing of one that it has already (vgic_add_lpi).
 * @param pe of its collection; undefined: that is not mapped
 */
export function newLpiReads(machine: Machine, intid: number, pe: number | undefined): readonly MsiStep[] {
  if (machine.lpi(intid) !== undefined) return [];
  const byte = lpiByte(machine, intid);
  if (byte.state === "unknown" || pe === undefined || pe >= machine.cpus) return [byte];
  const base = machine.read(machine.map.gicr + pe * machine.map.gicrStride + offsetOf("GICR_PENDBASER"), 8) ?? 0n;
  const address = Number(base & PENDING_TABLE) + (intid >>> 3);
  const bits = machine.memory.read8(address);
  const values = { INTID: intid, PE: pe };
  if (bits < 0) return [byte, { link: "pending bit", state: "unknown", values, address, bytes: 1 }];
  const Pending = (bits >>> (intid & 7)) & 1;
  return [
    byte,
    { link: "pending bit", state: "good", values: { ...values, Pending }, address, word: BigInt(bits), bytes: 1 },
  ];
}
