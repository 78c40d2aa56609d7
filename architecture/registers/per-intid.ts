import type { Access } from "../field.ts";
import type { Block, Register } from "../register.ts";
import { type FieldExtra, lanes } from "./define.ts";

/** A kind of register that GICD and GICR have for SGIs, PPIs, SPIs and the extended ranges alike. */
export interface IntidRegisterKind {
  /** What stands between "GICD_" or "GICR_" and the index. */
  readonly stem: string;
  /** Bits an INTID. */
  readonly bits: 1 | 2 | 8;
  readonly access: Access;
  /** Field of the INTID at place `lane` of a register. */
  readonly field: (lane: number) => string;
  readonly meaning: string;
  readonly extra?: FieldExtra;
}

const one = (stem: string, access: Access, field: string, meaning: string): IntidRegisterKind => ({
  stem,
  bits: 1,
  access,
  field: (lane) => `${field}${lane}`,
  meaning,
});

/** The kinds of registers with some bits an INTID, by stem. */
export const intidKinds = {
  IGROUPR: one(
    "IGROUPR",
    "RW",
    "Group_status_bit",
    "0 for Group 0, 1 for Group 1; with two security states see IGRPMODR.",
  ),
  ISENABLER: one("ISENABLER", "W1S", "Set_enable_bit", "1 when the interrupt is enabled; writing 1 enables it."),
  ICENABLER: one("ICENABLER", "W1C", "Clear_enable_bit", "1 when the interrupt is enabled; writing 1 disables it."),
  ISPENDR: one("ISPENDR", "W1S", "Set_pending_bit", "1 when the interrupt is pending; writing 1 makes it pending."),
  ICPENDR: one(
    "ICPENDR",
    "W1C",
    "Clear_pending_bit",
    "1 when the interrupt is pending; writing 1 removes the latched pending state.",
  ),
  ISACTIVER: one("ISACTIVER", "W1S", "Set_active_bit", "1 when the interrupt is active; writing 1 activates it."),
  ICACTIVER: one("ICACTIVER", "W1C", "Clear_active_bit", "1 when the interrupt is active; writing 1 deactivates it."),
  IGRPMODR: one(
    "IGRPMODR",
    "RW",
    "Group_modifier_bit",
    "with IGROUPR 0: 0 for Group 0, 1 for Secure Group 1; RAZ/WI with one security state.",
  ),
  INMIR: one("INMIR", "RW", "nmi", "1 when the interrupt has the non-maskable property (FEAT_GICv3_NMI)."),
  IPRIORITYR: {
    stem: "IPRIORITYR",
    bits: 8,
    access: "RW",
    field: (lane) => `Priority_offset_${lane}B`,
    meaning: "priority, 0 is the highest; unimplemented low bits read as 0.",
    extra: { display: "hex" },
  },
  ITARGETSR: {
    stem: "ITARGETSR",
    bits: 8,
    access: "RW",
    field: (lane) => `CPU_targets_offset_${lane}B`,
    meaning: "one bit a CPU interface that gets the interrupt; RAZ/WI with affinity routing.",
    extra: { display: "hex" },
  },
  ICFGR: {
    stem: "ICFGR",
    bits: 2,
    access: "RW",
    field: (lane) => `Int_config${lane}`,
    meaning: "trigger of the interrupt; bit 0 is reserved.",
    extra: {
      values: [
        { value: 0, name: "Level-sensitive" },
        { value: 2, name: "Edge-triggered" },
      ],
    },
  },
  NSACR: {
    stem: "NSACR",
    bits: 2,
    access: "RW",
    field: (lane) => `NS_access${lane}`,
    meaning: "what Non-secure accesses may do to the Secure interrupt; RAZ/WI with one security state.",
    extra: {
      values: [
        { value: 0, name: "None" },
        { value: 1, name: "Set pending, generate SGI" },
        { value: 2, name: "Also clear pending" },
        { value: 3, name: "Also targets and routing" },
      ],
    },
  },
} as const satisfies Record<string, IntidRegisterKind>;

export type IntidRegisterStem = keyof typeof intidKinds;

/** Where the registers of one kind stand. */
export interface IntidRegisterPlace {
  readonly offset: number;
  readonly count: number;
  readonly firstIntid: number;
  /** Index in the name of the first register. Absent: 0. */
  readonly firstIndex?: number;
  /** Of the extended ranges, whose names end in E. */
  readonly extended?: boolean;
}

/**
 * The register or array of registers of one kind. A single register outside the extended ranges is named by its index (GICR_IGROUPR0).
 */
export function intidRegisters(
  block: Block,
  stem: IntidRegisterStem,
  place: IntidRegisterPlace,
  source: string,
  extra: Partial<Pick<Register, "reset" | "memberResets" | "generation" | "access">> = {},
): Register {
  const kind: IntidRegisterKind = intidKinds[stem];
  const { offset, count, firstIntid, firstIndex = 0, extended = false } = place;
  const isArray = count > 1;
  const index = isArray ? "<n>" : `${firstIndex}`;
  const last = firstIntid + (count * 32) / kind.bits - 1;
  return {
    name: `${block}_${kind.stem}${index}${extended ? "E" : ""}`,
    block,
    offset,
    width: 32,
    access: kind.access,
    ...(isArray ? { count, stride: 4, firstIndex } : {}),
    fields: lanes(kind.bits, kind.field, kind.meaning, kind.extra),
    perIntid: { bits: kind.bits, firstIntid },
    summary: `INTIDs ${firstIntid} to ${last}, ${kind.bits === 1 ? "one bit" : `${kind.bits} bits`} each: ${kind.meaning}`,
    source,
    ...extra,
  };
}
