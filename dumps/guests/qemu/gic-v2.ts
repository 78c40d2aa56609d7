import type { GuestRegisters, Remarks } from "../guest.ts";
import type { DeviceFields } from "./device-fields.ts";
import type { StreamDevice } from "./stream.ts";

/** PEs of QEMU's GICv2 (GIC_NCPU); its arrays have as many elements whatever the machine has. */
const PES = 8;
const PRIVATE_INTIDS = 32;
const INTIDS = 1020;
const ACTIVE_WORDS = 4;

/** A GICv2 of a stream, under the architecture's names; pending is the latch, and does not follow from the level of an input. */
export interface StreamGicV2 {
  readonly distributor: GuestRegisters;
  /** What each PE has its own of, of GICD_ registers. */
  readonly redistributors: readonly GuestRegisters[];
  readonly cpuInterfaces: readonly GuestRegisters[];
  readonly hasHypervisorState: boolean;
}

/** Flags of the structure `arm_gic_irq_state`: a bit a PE. `model` and `edge_trigger` are the same for all. */
const bitmaps: readonly (readonly [name: string, field: string])[] = [
  ["IGROUPR", "group"],
  ["ISENABLER", "enabled"],
  ["ISPENDR", "pending"],
  ["ISACTIVER", "active"],
];

/** Reads a device `arm_gic` (hw/intc/arm_gic_common.c vmstate_gic). @param cpus PEs of the machine */
export function readGicV2({ fields, offset }: StreamDevice, cpus: number, remarks: Remarks): StreamGicV2 {
  const states = fields.structs("irq_state", INTIDS, remarks, offset);
  const pes = Math.min(cpus, PES);
  for (const name of ["ctlr", "irq_target", "priority1", "priority2", "priority_mask"])
    if (fields.count(name) === 0) remarks.add("missing-field", offset, { name: `arm_gic.${name}` });
  if (states.length === 0) remarks.add("missing-field", offset, { name: "arm_gic.irq_state" });
  const distributor = new Map<string, bigint>([["GICD_CTLR", fields.number("ctlr") ?? 0n]]);
  addArrays(distributor, states, PRIVATE_INTIDS, INTIDS, 0);
  addBytes(distributor, "GICD_IPRIORITYR", PRIVATE_INTIDS, INTIDS, (intid) =>
    fields.word("priority2", intid - PRIVATE_INTIDS),
  );
  addBytes(distributor, "GICD_ITARGETSR", PRIVATE_INTIDS, INTIDS, (intid) => fields.word("irq_target", intid));
  return {
    distributor,
    redistributors: Array.from({ length: pes }, (_, pe) => readPrivate(fields, states, pe)),
    cpuInterfaces: Array.from({ length: pes }, (_, pe) => readInterface(fields, pe)),
    hasHypervisorState: fields.subsection("arm_gic_virt_state") !== undefined,
  };
}

function readPrivate(fields: DeviceFields, states: readonly DeviceFields[], pe: number): GuestRegisters {
  const values = new Map<string, bigint>();
  addArrays(values, states, 0, PRIVATE_INTIDS, pe);
  addBytes(values, "GICD_IPRIORITYR", 0, PRIVATE_INTIDS, (intid) => fields.word("priority1", intid * PES + pe));
  addBytes(values, "GICD_SPENDSGIR", 0, 16, (sgi) => fields.word("sgi_pending", sgi * PES + pe));
  return values;
}

function readInterface(fields: DeviceFields, pe: number): GuestRegisters {
  const values = new Map<string, bigint>();
  const take = (name: string, field: string, index: number): void => {
    const value = fields.number(field, index);
    if (value !== undefined) values.set(name, value);
  };
  take("GICC_CTLR", "cpu_ctlr", pe);
  take("GICC_PMR", "priority_mask", pe);
  take("GICC_BPR", "bpr", pe);
  take("GICC_ABPR", "abpr", pe);
  for (let word = 0; word < ACTIVE_WORDS; word++) take(`GICC_APR${word}`, "apr", word * PES + pe);
  for (let word = 0; word < ACTIVE_WORDS; word++) take(`GICC_NSAPR${word}`, "nsapr", word * PES + pe);
  return values;
}

/** Registers with a bit, or two, an INTID from `first` up to `end`. @param pe whose bit of the states counts */
function addArrays(
  values: Map<string, bigint>,
  states: readonly DeviceFields[],
  first: number,
  end: number,
  pe: number,
): void {
  for (const [name, field] of bitmaps) {
    for (let intid = first; intid < Math.min(end, states.length); intid++) {
      const bit = ((states[intid].word(field) ?? 0) >>> pe) & 1;
      setBits(values, `GICD_${name}${Math.floor(intid / 32)}`, intid % 32, bit);
    }
  }
  for (let intid = first; intid < Math.min(end, states.length); intid++) {
    const edge = states[intid].word("edge_trigger") ?? 0;
    setBits(values, `GICD_ICFGR${Math.floor(intid / 16)}`, (intid % 16) * 2 + 1, edge & 1);
  }
}

function setBits(values: Map<string, bigint>, name: string, at: number, bit: number): void {
  values.set(name, (values.get(name) ?? 0n) | (BigInt(bit) << BigInt(at)));
}

/** Registers with a byte an INTID. */
function addBytes(
  values: Map<string, bigint>,
  name: string,
  first: number,
  end: number,
  byteOf: (intid: number) => number | undefined,
): void {
  for (let intid = first; intid < end; intid++) {
    const byte = byteOf(intid);
    if (byte === undefined) return;
    const register = `${name}${Math.floor(intid / 4)}`;
    values.set(register, (values.get(register) ?? 0n) | (BigInt(byte & 0xff) << BigInt((intid % 4) * 8)));
  }
}
