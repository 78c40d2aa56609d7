import { FIRST_LPI, registerByName } from "../../architecture/index.ts";
import { peOfAffinity } from "../../dumps/qemu-trace/affinity.ts";
import { numberIn, type TraceEvent } from "../../dumps/qemu-trace/event.ts";
import type { QemuMachine } from "../../emulator/index.ts";

const ICC = ["ICC_PMR_EL1", "ICC_RPR_EL1", "ICC_CTLR_EL1", "ICC_BPR1_EL1", "ICC_IGRPEN0_EL1", "ICC_IGRPEN1_EL1"];
const ACTIVE_PRIORITIES = ["ICC_AP0R0_EL1", "ICC_AP1R0_EL1"];
const GICR = ["GICR_CTLR", "GICR_WAKER", "GICR_PROPBASER", "GICR_PENDBASER"];
const PRIVATE = ["GICR_IGROUPR0", "GICR_ISENABLER0", "GICR_ISPENDR0", "GICR_ISACTIVER0"];
const ITS = ["GITS_CTLR", "GITS_CBASER", "GITS_CWRITER", "GITS_CREADR"];
const SPI = ["GICD_IGROUPR", "GICD_ISENABLER", "GICD_ISPENDR", "GICD_ISACTIVER", "GICD_ICFGR"];
const PRIVATE_INTIDS = 32;

/**
 * State of the parts that an event is about, as lines of text: CPU interface and redistributor of its PE, the ITS, the distributor's
 * bits of an SPI.
 */
export function describeState(machine: QemuMachine, event: TraceEvent): string[] {
  const { map } = machine;
  const lines = [values(machine, ["GICD_CTLR"], map.gicd)];
  const { name, fields } = event.spec;
  const pe = fields.some((field) => field.name === "cpu") ? peOfAffinity(numberIn(event, "cpu")) : undefined;
  if (pe !== undefined && pe < machine.cpus) lines.push(...peLines(machine, pe));
  if (name.startsWith("gicv3_its")) lines.push(values(machine, ITS, map.its[0]));
  const intid = numberIn(event, "intid");
  if (intid >= PRIVATE_INTIDS && intid < FIRST_LPI) lines.push(spiLine(machine, intid));
  if (intid >= FIRST_LPI) lines.push(lpiLine(machine, intid));
  return lines;
}

function peLines(machine: QemuMachine, pe: number): string[] {
  const { best } = machine.highestPriority(pe);
  const { irq, fiq, nmi } = machine.lines(pe);
  const system = (names: readonly string[]) =>
    names.map((name) => `${name} ${hex(machine.readSystemRegister(pe, name))}`);
  const base = machine.map.gicr + pe * machine.map.gicrStride;
  const pending = `INTID ${best.intid}, group ${best.group}, priority 0x${best.priority.toString(16)}`;
  return [
    `PE ${pe}: highest priority pending ${best.priority === 0xff ? `none (last ${pending})` : pending}, IRQ ${irq ? 1 : 0}, FIQ ${fiq ? 1 : 0}${nmi ? ", NMI 1" : ""}`,
    `PE ${pe}: ${system(ICC).join(", ")}`,
    `PE ${pe}: ${system(ACTIVE_PRIORITIES).join(", ")}`,
    `PE ${pe}: ${values(machine, GICR, base)}`,
    `PE ${pe}: ${values(machine, PRIVATE, base)}`,
  ];
}

function values(machine: QemuMachine, names: readonly string[], base: number): string {
  return names.map((name) => `${name} ${hex(valueAt(machine, name, base))}`).join(", ");
}

/** A register by name and its block's frame. */
function valueAt(machine: QemuMachine, name: string, base: number): bigint | undefined {
  const member = registerByName(name);
  if (member?.register.offset === undefined) return undefined;
  const { offset, firstIndex = 0, stride = 0, width } = member.register;
  return machine.read(base + offset + (member.index - firstIndex) * stride, width === 64 ? 8 : 4);
}

function spiLine(machine: QemuMachine, intid: number): string {
  const bits = SPI.map((name) => {
    const width = name === "GICD_ICFGR" ? 2 : 1;
    const perWord = 32 / width;
    const word = valueAt(machine, `${name}${Math.floor(intid / perWord)}`, machine.map.gicd) ?? 0n;
    return `${name} ${(word >> BigInt((intid % perWord) * width)) & BigInt(2 ** width - 1)}`;
  });
  return `SPI ${intid}: ${bits.join(", ")}`;
}

function lpiLine(machine: QemuMachine, intid: number): string {
  const lpi = machine.lpi(intid);
  if (lpi === undefined) return `INTID ${intid} is no LPI of this machine`;
  const where = lpi.pending ? `pending at PE ${lpi.target}` : "not pending";
  return `LPI ${intid}: ${where}, ${lpi.enabled ? "enabled" : "disabled"}, priority 0x${lpi.priority.toString(16)}`;
}

function hex(value: bigint | undefined): string {
  return value === undefined ? "(none)" : `0x${value.toString(16)}`;
}
