import { MAX_PES } from "../../../architecture/bases.ts";
import type { GuestRegisters, Remarks } from "../guest.ts";
import type { DeviceFields } from "./device-fields.ts";
import type { StreamDevice } from "./stream.ts";

/** Banks of a register by interrupt group, and by security state, in the order of the stream. */
const GROUPS = ["G0", "G1S", "G1NS"];
const SECURITIES = ["S", "NS"];
const ACTIVE_WORDS = 4;
/** INTIDs of the stream's arrays (GICV3_MAXIRQ, rounded up). */
const INTIDS = 1024;
const ALL_32 = 0xffff_ffffn;
/** Bit 63 of ICC_AP<group>R<n>_EL1: an NMI is active. */
const NMI_BIT = 1n << 63n;

/** A GICv3 or GICv4 of a stream: registers under the names of QEMU's migration fields as state files have them. */
export interface StreamGicV3 {
  readonly distributor: GuestRegisters;
  readonly redistributors: readonly GuestRegisters[];
  readonly cpuInterfaces: readonly GuestRegisters[];
  readonly hasGicV4: boolean;
  readonly hasNmi: boolean;
  /** ICH_* of PEs with EL2, which no machine here has. */
  readonly hasHypervisorState: boolean;
}

/** Registers by their fields, which may not all be there. */
class Registers {
  readonly values = new Map<string, bigint>();
  private readonly fields: DeviceFields;
  private readonly remarks: Remarks;
  private readonly offset: number;

  constructor(fields: DeviceFields, remarks: Remarks, offset: number) {
    this.fields = fields;
    this.remarks = remarks;
    this.offset = offset;
  }

  /** A register of the same name as its field in other letters. @returns whether it is there */
  one(name: string, field: string, index = 0): boolean {
    const value = this.fields.number(field, index);
    if (value === undefined) {
      this.remarks.add("missing-field", this.offset, { name: `${this.fields.name}.${field}` });
      return false;
    }
    this.values.set(name, value);
    return true;
  }

  /** Registers that are elements of a field. */
  series(count: number, name: (index: number) => string, field: string, first = 0): void {
    for (let index = 0; index < count; index++) if (!this.one(name(index), field, first + index)) return;
  }

  /** Registers of 32 bits, whose bytes are elements of a field. */
  priorities(from: number, to: number, name: (index: number) => string, field: string): void {
    for (let intid = from; intid < to; intid += 4) {
      let value = 0n;
      for (let byte = 3; byte >= 0; byte--) value = (value << 8n) | (this.fields.number(field, intid + byte) ?? 0n);
      if (this.fields.number(field, intid) === undefined) {
        this.remarks.add("missing-field", this.offset, { name: `${this.fields.name}.${field}` });
        return;
      }
      this.values.set(name(intid / 4), value);
    }
  }
}

/**
 * Reads the device `arm_gicv3` (hw/intc/arm_gicv3_common.c vmstate_gicv3 and the structures in it).
 * @param isKvm KVM has it: ICC_SRE_EL1 is a register then; TCG's has one value
 */
export function readGicV3({ fields, offset }: StreamDevice, isKvm: boolean, remarks: Remarks): StreamGicV3 {
  if (fields.subsection("gicd_no_migration_shift_bug") === undefined) remarks.add("shifted-arrays", offset);
  const cpus = fields.structs("cpu", MAX_PES, remarks, offset);
  const nmi = fields.subsection("gicd_nmi");
  const hasNmi = nmi !== undefined;
  const parts = cpus.map((cpu) => readCpu(cpu, hasNmi, isKvm, remarks, offset));
  return {
    distributor: readDistributor(fields, nmi, remarks, offset),
    redistributors: parts.map(({ redistributor }) => redistributor),
    cpuInterfaces: parts.map(({ cpuInterface }) => cpuInterface),
    hasGicV4: cpus.some((cpu) => cpu.subsection("gicv4") !== undefined),
    hasNmi,
    hasHypervisorState: cpus.some((cpu) => cpu.subsection("virt") !== undefined),
  };
}

function readDistributor(
  fields: DeviceFields,
  nmi: DeviceFields | undefined,
  remarks: Remarks,
  offset: number,
): GuestRegisters {
  const registers = new Registers(fields, remarks, offset);
  registers.one("GICD_CTLR", "gicd_ctlr");
  const words = INTIDS / 32 - 1;
  const bitmaps: readonly (readonly [string, string])[] = [
    ["GICD_IGROUPR", "group"],
    ["GICD_IGRPMODR", "grpmod"],
    ["GICD_ISENABLER", "enabled"],
    ["GICD_ISPENDR", "pending"],
    ["GICD_ISACTIVER", "active"],
  ];
  for (const [name, field] of bitmaps) registers.series(words, (index) => `${name}${index + 1}`, field, 1);
  registers.series(words, (index) => `LEVEL_INFO${(index + 1) * 32}`, "level", 1);
  registers.series(words, (index) => `edge_trigger${index + 1}`, "edge_trigger", 1);
  const { values } = registers;
  if (nmi !== undefined) {
    const inmir = new Registers(nmi, remarks, offset);
    inmir.series(words, (index) => `GICD_INMIR${index + 1}`, "nmi", 1);
    for (const [name, value] of inmir.values) values.set(name, value);
  }
  // The arrays of bytes and of 64 bits end with INTID 1019.
  registers.priorities(32, INTIDS - 4, (index) => `GICD_IPRIORITYR${index}`, "gicd_ipriority");
  registers.series(INTIDS / 16 - 2, (index) => `GICD_NSACR${index + 2}`, "gicd_nsacr", 2);
  registers.series(INTIDS - 4 - 32, (index) => `GICD_IROUTER${index + 32}`, "gicd_irouter", 32);
  return values;
}

function readCpu(
  cpu: DeviceFields,
  hasNmi: boolean,
  keepsSre: boolean,
  remarks: Remarks,
  offset: number,
): { readonly redistributor: GuestRegisters; readonly cpuInterface: GuestRegisters } {
  const redistributor = new Registers(cpu, remarks, offset);
  const plain: readonly (readonly [string, string])[] = [
    ["LEVEL_INFO0", "level"],
    ["GICR_CTLR", "gicr_ctlr"],
    ["GICR_WAKER", "gicr_waker"],
    ["GICR_PROPBASER", "gicr_propbaser"],
    ["GICR_PENDBASER", "gicr_pendbaser"],
    ["GICR_IGROUPR0", "gicr_igroupr0"],
    ["GICR_ISENABLER0", "gicr_ienabler0"],
    ["GICR_ISPENDR0", "gicr_ipendr0"],
    ["GICR_ISACTIVER0", "gicr_iactiver0"],
    ["edge_trigger0", "edge_trigger"],
    ["GICR_IGRPMODR0", "gicr_igrpmodr0"],
    ["GICR_NSACR", "gicr_nsacr"],
  ];
  for (const [name, field] of plain) redistributor.one(name, field);
  redistributor.priorities(0, 32, (index) => `GICR_IPRIORITYR${index}`, "gicr_ipriorityr");
  for (const [part, names] of [
    ["gicv4", ["gicr_vpropbaser", "gicr_vpendbaser"]],
    ["nmi", ["gicr_inmir0"]],
  ] as const) {
    const sub = cpu.subsection(part);
    if (sub === undefined) continue;
    for (const field of names) redistributor.values.set(field.toUpperCase(), sub.number(field) ?? 0n);
  }
  const cpuInterface = new Registers(cpu, remarks, offset);
  cpuInterface.series(2, (index) => `ICC_CTLR_EL1[${SECURITIES[index]}]`, "icc_ctlr_el1");
  cpuInterface.one("ICC_PMR_EL1", "icc_pmr_el1");
  cpuInterface.series(3, (index) => `ICC_BPR[${GROUPS[index]}]`, "icc_bpr");
  cpuInterface.series(3, (index) => `ICC_IGRPEN[${GROUPS[index]}]`, "icc_igrpen");
  cpuInterface.one("ICC_CTLR_EL3", "icc_ctlr_el3");
  const sre = cpu.subsection("sre_el1")?.number("icc_sre_el1");
  if (sre !== undefined && keepsSre) cpuInterface.values.set("ICC_SRE_EL1", sre);
  let nmis = 0n;
  for (let at = 0; at < GROUPS.length * ACTIVE_WORDS; at++) {
    const value = cpu.number("icc_apr", at);
    if (value === undefined) {
      remarks.add("missing-field", offset, { name: "arm_gicv3_cpu.icc_apr" });
      break;
    }
    const [group, word] = [GROUPS[Math.floor(at / ACTIVE_WORDS)], at % ACTIVE_WORDS];
    cpuInterface.values.set(`ICC_APR${word}[${group}]`, value & ALL_32);
    if ((value & NMI_BIT) !== 0n) nmis |= 1n << BigInt(at);
  }
  if (hasNmi) cpuInterface.values.set("ICC_APR NMI bits", nmis);
  return { redistributor: redistributor.values, cpuInterface: cpuInterface.values };
}

/** Reads a device `arm_gicv3_its` (hw/intc/arm_gicv3_its_common.c vmstate_its). */
export function readIts({ fields, offset }: StreamDevice, remarks: Remarks): GuestRegisters {
  const registers = new Registers(fields, remarks, offset);
  for (const name of ["ctlr", "iidr", "cbaser", "cwriter", "creadr"]) registers.one(`GITS_${name.toUpperCase()}`, name);
  registers.series(8, (index) => `GITS_BASER${index}`, "baser");
  return registers.values;
}
