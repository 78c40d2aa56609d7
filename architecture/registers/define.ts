import type { Field } from "../field.ts";
import type { Block, Generation, Implementation, Register } from "../register.ts";

/** What a declaration may add to a field besides name, place and summary. */
export type FieldExtra = Omit<Field, "name" | "msb" | "lsb" | "summary">;

/** A field of bits `msb`..`lsb`. */
export function bits(name: string, msb: number, lsb: number, summary: string, extra: FieldExtra = {}): Field {
  return { name, msb, lsb, summary: `${name}: ${summary}`, ...extra };
}

/** A field of one bit. */
export function bit(name: string, at: number, summary: string, extra: FieldExtra = {}): Field {
  return bits(name, at, at, summary, extra);
}

/** Equal fields of `width` bits that fill a 32-bit register, named by `name(0)`, `name(1)`, … from bit 0 up. */
export function lanes(width: number, name: (lane: number) => string, summary: string, extra: FieldExtra = {}): Field[] {
  return Array.from({ length: 32 / width }, (_, lane) =>
    bits(name(lane), width * lane + width - 1, width * lane, summary, extra),
  );
}

const COMPONENT_ID = [0x0dn, 0xf0n, 0x05n, 0xb1n] as const;

/** What an implementation answers in the identification registers of a frame. */
export interface Identification {
  /** PIDR0..PIDR7. */
  readonly peripheral: readonly bigint[];
  /** CIDR0..CIDR3. Absent: what CoreSight lays down. */
  readonly component?: readonly bigint[];
}

/** KVM's GICv3 distributor and redistributors answer PIDR2 alone. Source: recorded from Linux 7.2. */
export const KVM_GIC_IDENTIFICATION: Identification = {
  peripheral: [0n, 0n, 0x3bn, 0n, 0n, 0n, 0n, 0n],
  component: [0n, 0n, 0n, 0n],
};

/** Every identification register reads as 0. */
export const NO_IDENTIFICATION: Identification = {
  peripheral: [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n],
  component: [0n, 0n, 0n, 0n],
};

/**
 * The twelve CoreSight identification registers of a frame: PIDR4..7, PIDR0..3, CIDR0..3, four bytes apart from `base`.
 * `prefix` is "GITS_" or, in GICv2, "GICD_IC".
 */
export function identificationRegisters(
  block: Block,
  prefix: string,
  base: number,
  identifications: Readonly<Partial<Record<Implementation, Identification>>>,
  source: string,
  generation?: Generation,
): Register[] {
  const answers = Object.entries(identifications);
  const deviating = answers.filter(([, { component }]) => component !== undefined);
  const peripheralRegisters = [4, 5, 6, 7, 0, 1, 2, 3].map((number, place): Register => {
    return {
      name: `${prefix}PIDR${number}`,
      block,
      offset: base + 4 * place,
      width: 32,
      access: "RO",
      fields: PERIPHERAL_ID_FIELDS[number],
      reset: Object.fromEntries(answers.map(([who, { peripheral }]) => [who, peripheral[number]])),
      generation,
      summary: `Peripheral identification register ${number}.`,
      source,
    };
  });
  const componentRegisters = COMPONENT_ID.map(
    (value, number): Register => ({
      name: `${prefix}CIDR${number}`,
      block,
      offset: base + 0x20 + 4 * number,
      width: 32,
      access: "RO",
      fields: [bits(`PRMBL_${number}`, 7, 0, "preamble of the component identification.", { display: "hex" })],
      reset: {
        arch: value,
        ...Object.fromEntries(deviating.map(([who, { component }]) => [who, component?.[number]])),
      },
      generation,
      summary: `Component identification register ${number}: 0x${value.toString(16)} in CoreSight components.`,
      source,
    }),
  );
  return [...peripheralRegisters, ...componentRegisters];
}

const PERIPHERAL_ID_FIELDS: readonly (readonly Field[])[] = [
  [bits("PART_0", 7, 0, "part number, bits [7:0].", { display: "hex" })],
  [
    bits("DES_0", 7, 4, "JEP106 identification code of the designer, bits [3:0].", { display: "hex" }),
    bits("PART_1", 3, 0, "part number, bits [11:8].", { display: "hex" }),
  ],
  [
    bits("ArchRev", 7, 4, "version of the GIC architecture.", {
      values: [
        { value: 1, name: "GICv1" },
        { value: 2, name: "GICv2" },
        { value: 3, name: "GICv3" },
        { value: 4, name: "GICv4" },
      ],
    }),
    bit("JEDEC", 3, "1 when the designer is identified by its JEP106 code."),
    bits("DES_1", 2, 0, "JEP106 identification code of the designer, bits [6:4].", { display: "hex" }),
  ],
  [
    bits("REVAND", 7, 4, "manufacturer's revision of the part."),
    bits("CMOD", 3, 0, "customer's modification of the part, 0 for none."),
  ],
  [
    bits("SIZE", 7, 4, "log2 of the number of 4 KiB pages of the frame.", { display: "decimal" }),
    bits("DES_2", 3, 0, "JEP106 continuation code of the designer; 4 is Arm.", { display: "hex" }),
  ],
  [],
  [],
  [],
];
