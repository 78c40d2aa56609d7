import { defaultBases } from "../../architecture/bases.ts";
import { irqLineFields } from "../../architecture/device-attributes.ts";
import { extractRaw } from "../../architecture/field.ts";
import { hex } from "../../architecture/hex.ts";
import { FIRST_LPI, intidName, intidRange, specialIntids } from "../../architecture/intids.ts";
import type { Block, Generation } from "../../architecture/register.ts";
import { GICR_SGI_FRAME, GICR_VLPI_FRAME, registerAt, registerName } from "../../architecture/registers/index.ts";
import { type Reading, sentence } from "./reading.ts";
import { bytesText, otherBits, setBits, valueFields } from "./value-text.ts";

/** An INTID; undefined for a number above 24 bits. */
export function readIntid(value: bigint): Reading | undefined {
  const intid = Number(value);
  const range = intidRange(intid);
  if (range === undefined) return undefined;
  const special = specialIntids.find((entry) => entry.intid === intid);
  const notes: string[] = [];
  if (range.kind === "LPI") {
    notes.push(
      `Configuration byte at GICR_PROPBASER + ${hex(intid - FIRST_LPI)}, pending bit ${intid % 8} of the byte at GICR_PENDBASER + ${hex(intid >> 3)}.`,
    );
    if (intid > 0xffff) notes.push("KVM and QEMU stop at 65535.");
  } else if (range.kind === "SPI" || range.kind === "PPI" || range.kind === "SGI") {
    const frame = range.kind === "SPI" ? "GICD" : "GICR";
    const bank = intid >> 5;
    notes.push(
      `Bit ${intid % 32} of ${frame}_ISENABLER${bank}, ${frame}_ISPENDR${bank} and ${frame}_ISACTIVER${bank}; byte ${intid % 4} of ${frame}_IPRIORITYR${intid >> 2}.`,
    );
    if (range.kind === "SPI") notes.push(`Device trees write it as <0 ${intid - 32} …>.`);
    if (range.kind === "PPI") notes.push(`Device trees write it as <1 ${intid - 16} …>.`);
  }
  return sentence("intid", intidName(intid), special?.summary ?? range.summary, notes);
}

/** The `irq` of KVM_IRQ_LINE; undefined above 32 bits. */
export function readIrqLine(value: bigint): Reading | undefined {
  if (value > 0xffff_ffffn) return undefined;
  const fields = valueFields(irqLineFields, value);
  const raw = (name: string) => Number(fields.find((field) => field.name === name)?.raw ?? 0n);
  const vcpu = (raw("vcpu2_index") << 8) | raw("vcpu_index");
  const id = raw("irq_id");
  const [type, first, last] = irqTypes[raw("irq_type")] ?? ["", 0, -1];
  const notes = id < first || id > last ? [badIrq(type, first, last)] : [];
  if (type === "CPU") notes.push("With an in-kernel GIC KVM answers ENXIO.");
  const what =
    type === "CPU"
      ? `${id === 0 ? "IRQ" : "FIQ"} input of vCPU ${vcpu}`
      : `${intidName(id)}${type === "PPI" ? ` of vCPU ${vcpu}` : ""}`;
  const summary = type === "" ? "No interrupt line: the type is unknown." : `KVM_IRQ_LINE drives ${what}.`;
  return { kind: "irq-line", title: `irq ${hex(value)}`, summary, fields, notes };
}

/** irq_type: name, first and last irq_id. Source: Linux Documentation/virt/kvm/api.rst KVM_IRQ_LINE. */
const irqTypes: readonly (readonly [name: string, first: number, last: number])[] = [
  ["CPU", 0, 1],
  ["SPI", 32, 1019],
  ["PPI", 16, 31],
];

function badIrq(type: string, first: number, last: number): string {
  if (type === "") return "irq_type is 0 (CPU), 1 (SPI) or 2 (PPI); KVM answers EINVAL.";
  return `irq_id of a ${type} is ${first} to ${last}; KVM answers EINVAL.`;
}

/** Whether a number is likely to be the `irq` of KVM_IRQ_LINE rather than anything else. */
export function looksLikeIrqLine(value: bigint): boolean {
  if (value > 0xffff_ffffn || otherBits(irqLineFields, value) !== 0n) return false;
  const [, first, last] = irqTypes[Number(extractRaw(value, irqLineFields[1]))] ?? ["", 0, -1];
  const id = Number(value & 0xffffn);
  return value >= 1n << 24n && id >= first && id <= last && value >> 28n === 0n;
}

/** Where the redistributors of QEMU's `virt` board end. Source: QEMU hw/arm/virt.c base_memmap VIRT_GIC_REDIST. */
const GICR_END = 0x0900_0000;

/** What stands at an address of the default map; empty outside of it. */
export function readAddress(value: bigint): Reading[] {
  if (value > 0xffff_ffffn) return [];
  const address = Number(value);
  const { gicd, gicdBytes, gicc, giccBytes, its, itsBytes, gicr, gicrStride, gicrStrideV4, ram, ramBytes } =
    defaultBases;
  const place = (block: Block, offset: number, generation: Generation, where: string): Reading[] => {
    const found = registerAt(block, offset, 8, generation);
    if (found === undefined && generation === 2) return [];
    const name = found === undefined ? `reserved in ${block}` : registerName(found.register, found.index);
    const byte = found !== undefined && found.byteInRegister > 0 ? `byte ${found.byteInRegister} of ` : "";
    const summary = found === undefined ? "No register is declared there." : found.register.summary;
    return [
      sentence("address", `${hex(value)}: ${byte}${name}`, summary, [
        `${where}, offset ${hex(offset)}, in the default map (QEMU's virt board).`,
      ]),
    ];
  };
  if (address >= gicd && address < gicd + gicdBytes) {
    const v3 = place("GICD", address - gicd, 3, "Distributor");
    const v2 = place("GICD", address - gicd, 2, "Distributor of GICv2").filter(({ title }) => title !== v3[0]?.title);
    return [...v3, ...v2];
  }
  if (address >= gicc && address < gicc + giccBytes) return place("GICC", address - gicc, 2, "CPU interface of GICv2");
  if (address >= its && address < its + itsBytes) {
    const frame = address - its < itsBytes / 2 ? "control" : "translation";
    return place("GITS", address - its, 3, `ITS, ${frame} frame`);
  }
  if (address >= gicr && address < GICR_END) {
    const of = (stride: number, version: string): Reading[] => {
      const offset = (address - gicr) % stride;
      const frame = offset >= GICR_VLPI_FRAME ? "VLPI_base" : offset >= GICR_SGI_FRAME ? "SGI_base" : "RD_base";
      const pe = Math.floor((address - gicr) / stride);
      return place(
        "GICR",
        offset,
        3,
        `Redistributor ${pe}, ${frame} frame, ${bytesText(stride)} a redistributor (${version})`,
      );
    };
    return [...of(gicrStride, "GICv3"), ...of(gicrStrideV4, "GICv4")];
  }
  if (address >= ram && address < ram + ramBytes) {
    return [
      sentence("address", `${hex(value)}: RAM`, `Offset ${hex(address - ram)} in the RAM of the default machine.`),
    ];
  }
  return [];
}

/** Any number: its bases and bits. */
export function readNumber(value: bigint): Reading {
  const bits = setBits(value);
  const notes = [`Decimal ${value}.`];
  if (value > 9n && value % 1024n === 0n) notes.push(`As a size ${bytesText(value)}.`);
  if (bits.length > 0 && bits.length <= 16) notes.push(`Bits set: ${bits.reverse().join(", ")}.`);
  return sentence("number", hex(value), "A number that nothing else is known about.", notes);
}
