/** What an INTID is. */
export type IntidKind = "SGI" | "PPI" | "SPI" | "special" | "extended PPI" | "extended SPI" | "LPI" | "reserved";

/** INTIDs `first`..`last`, both inclusive. */
export interface IntidRange {
  readonly first: number;
  readonly last: number;
  readonly kind: IntidKind;
  readonly name: string;
  readonly summary: string;
}

/** INTID of the first LPI. */
export const FIRST_LPI = 8192;

/** Largest INTID: 24 bits is what the CPU interface has at most. KVM and QEMU stop at 65535. */
export const LAST_INTID = (1 << 24) - 1;

/** Largest INTID of the virtual GICs of KVM and QEMU (16 bits). */
export const LAST_INTID_16_BITS = 0xffff;

/** An INTID that a CPU interface answers instead of an interrupt. */
export interface SpecialIntid {
  readonly intid: number;
  readonly name: string;
  readonly summary: string;
}

/** Source: Linux include/linux/irqchip/arm-gic-v3.h, QEMU hw/intc/gicv3_internal.h, Arm IHI0069 chapter 2. */
export const specialIntids: readonly SpecialIntid[] = [
  { intid: 1020, name: "Secure", summary: "The highest pending interrupt is for Secure EL1 (read at EL3)." },
  {
    intid: 1021,
    name: "Non-secure",
    summary: "The highest pending interrupt is for Non-secure EL1 or EL2 (read at EL3).",
  },
  {
    intid: 1022,
    name: "NMI",
    summary: "The highest pending interrupt is an NMI; in GICv2, one of Group 1 acknowledged as Group 0.",
  },
  { intid: 1023, name: "Spurious", summary: "No pending interrupt; in ITS commands, no doorbell." },
];

/** Every INTID from 0 to {@link LAST_INTID}, in order and without gaps. Source: Arm IHI0069 chapter 2. */
export const intidRanges: readonly IntidRange[] = [
  { first: 0, last: 15, kind: "SGI", name: "SGI", summary: "Software-generated interrupt, one set a PE." },
  { first: 16, last: 31, kind: "PPI", name: "PPI", summary: "Private peripheral interrupt, one set a PE." },
  { first: 32, last: 1019, kind: "SPI", name: "SPI", summary: "Shared peripheral interrupt." },
  { first: 1020, last: 1023, kind: "special", name: "Special", summary: "Special INTID, no interrupt." },
  { first: 1024, last: 1055, kind: "reserved", name: "Reserved", summary: "Reserved." },
  {
    first: 1056,
    last: 1119,
    kind: "extended PPI",
    name: "EPPI",
    summary: "Extended private peripheral interrupt (GICv3.1).",
  },
  { first: 1120, last: 4095, kind: "reserved", name: "Reserved", summary: "Reserved." },
  {
    first: 4096,
    last: 5119,
    kind: "extended SPI",
    name: "ESPI",
    summary: "Extended shared peripheral interrupt (GICv3.1).",
  },
  { first: 5120, last: FIRST_LPI - 1, kind: "reserved", name: "Reserved", summary: "Reserved." },
  {
    first: FIRST_LPI,
    last: LAST_INTID,
    kind: "LPI",
    name: "LPI",
    summary: "Locality-specific peripheral interrupt: edge-triggered, Group 1 Non-secure, without an active state.",
  },
];

/** The range of an INTID; undefined for a number that is no INTID. */
export function intidRange(intid: number): IntidRange | undefined {
  return intidRanges.find((range) => intid >= range.first && intid <= range.last);
}

/** `LPI 8195`, `SPI 3 (INTID 35)`, `Spurious (INTID 1023)`: how tools name an INTID to a person. */
export function intidName(intid: number): string {
  const range = intidRange(intid);
  if (range === undefined) return `INTID ${intid}`;
  switch (range.kind) {
    case "LPI":
      return `LPI ${intid}`;
    case "special":
      return `${specialIntids.find((special) => special.intid === intid)?.name ?? "special"} (INTID ${intid})`;
    case "reserved":
      return `reserved INTID ${intid}`;
    default:
      return `${range.name} ${intid - range.first} (INTID ${intid})`;
  }
}
