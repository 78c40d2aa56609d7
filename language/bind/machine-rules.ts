import { idOfAffinity } from "../../architecture/affinity.ts";
import { defaultBases, hex, modelHasNmi, nmiModels } from "../../architecture/index.ts";
import { limits } from "../limits.ts";
import { formatValue } from "../parse/number.ts";
import { familyOf, frameSizes, type MachineDescription, type RamWindow } from "./machine-description.ts";
import type { PropertyName } from "./machine-properties.ts";

/** What a machine cannot be: the properties that do not go together, and a sentence. */
export interface MachineConflict {
  readonly between: readonly PropertyName[];
  readonly problem: string;
  /** Which value of the first of them it is about, of one that is given more than once. */
  readonly index?: number;
}

type Rule = (machine: MachineDescription) => MachineConflict | undefined;

/** PEs of a GICv2: GICD_ITARGETSR has a bit for each. */
const V2_PES = 8;
const KVM_MODELS = "Choose one of KVM's models.";
const OTHER_MODELS = "Write model = qemu or model = arch.";
/** SPIs of QEMU's `virt` board, and of every machine that says nothing. */
const BOARD_SPIS = 256;
const BOARD_PRIORITY_BITS = 5;
const COMMON_INTID_BITS = 16;

/** Frames that no property moves, with room for as many redistributors as a machine may have. */
const distributor: RamWindow = {
  base: BigInt(defaultBases.gicd),
  size: BigInt(defaultBases.gicc + defaultBases.giccBytes - defaultBases.gicd),
};
const MOST_REDISTRIBUTOR_BYTES = limits.cpus * BigInt(defaultBases.gicrStride);

const rules: readonly Rule[] = [
  (machine) => {
    const kvm = familyOf(machine) === "kvm";
    if (machine.gic === 2 && !kvm) return conflict(["gic", "model"], `GICv2 is for KVM's models. ${KVM_MODELS}`);
    if (machine.gic === 2 && machine.cpus > V2_PES)
      return conflict(["gic", "cpus"], `a GICv2 has at most ${V2_PES} PEs.`);
    if (machine.gic > 3 && kvm)
      return conflict(["gic", "model"], `a KVM guest has GICv2 or GICv3: its ITS has no virtual LPIs. ${OTHER_MODELS}`);
    if (machine.gic === 4.1 && familyOf(machine) !== "arch")
      return conflict(["gic", "model"], "QEMU's GIC is a GICv3 or a GICv4.0. Write model = arch.");
    return undefined;
  },
  (machine) =>
    machine.security === 2 && familyOf(machine) === "kvm"
      ? conflict(["security", "model"], `a KVM guest sees one security state. ${OTHER_MODELS}`)
      : undefined,
  (machine) =>
    machine.host !== undefined && familyOf(machine) !== "kvm"
      ? conflict(["host", "model"], `a host is for KVM's models. Remove it. Or: ${KVM_MODELS}`)
      : undefined,
  (machine) =>
    machine.nmi === true && !modelHasNmi(machine.model)
      ? conflict(["nmi", "model"], `NMIs are for ${nmiModels.join(", ")}. Write model = ${nmiModels[0]}.`)
      : undefined,
  ({ spis, ...machine }) => {
    if (spis === undefined) return undefined;
    const family = familyOf(machine);
    if (family === "qemu" && spis !== BOARD_SPIS)
      return conflict(["spis", "model"], `QEMU's virt board has ${BOARD_SPIS} SPIs (hw/arm/virt.c NUM_IRQS).`);
    return undefined;
  },
  ({ intidBits, ...machine }) => {
    if (intidBits === undefined || familyOf(machine) === "arch") return undefined;
    if (machine.gic === 2) return conflict(["intid_bits", "gic"], "a GICv2 has 10 bits and no LPIs. Remove it.");
    if (intidBits === COMMON_INTID_BITS) return undefined;
    return conflict(
      ["intid_bits", "model"],
      familyOf(machine) === "kvm"
        ? "KVM's GIC has 16 with an ITS (INTERRUPT_ID_BITS_ITS). Write model = arch."
        : "QEMU's GIC has 16 (GICV3_LPI_INTID_START, IDBITS). Write model = arch.",
    );
  },
  ({ priorityBits, ...machine }) => {
    if (priorityBits === undefined) return undefined;
    const family = familyOf(machine);
    if (family === "qemu" && priorityBits !== BOARD_PRIORITY_BITS)
      return conflict(["priority_bits", "model"], `QEMU's CPUs have ${BOARD_PRIORITY_BITS} (gic_pribits).`);
    if (priorityBits > 4) return undefined;
    if (family === "kvm")
      return conflict(["priority_bits", "model"], "a virtual CPU interface has 5 to 8 (ICH_VTR_EL2.PRIbits).");
    return machine.security === 2
      ? conflict(["priority_bits", "security"], "with two security states there are at least 5.")
      : undefined;
  },
  ({ listRegisters, ...machine }) =>
    listRegisters !== undefined && familyOf(machine) !== "kvm"
      ? conflict(
          ["list_registers", "model"],
          `list registers are those behind a KVM guest; this model has no virtual CPU interface. ${KVM_MODELS}`,
        )
      : undefined,
  ({ affinities, ...machine }) => {
    if (affinities === undefined) return undefined;
    const family = familyOf(machine);
    if (family === "qemu")
      return conflict(
        ["mpidr", "model"],
        "QEMU's virt board numbers its PEs itself (hw/arm/virt.c virt_cpu_mp_affinity).",
      );
    if (machine.gic === 2) return conflict(["mpidr", "gic"], "PEs of a GICv2 have numbers, no affinities.");
    if (affinities.length !== machine.cpus)
      return conflict(
        ["mpidr", "cpus"],
        `${affinities.length} values are given, and the machine has ${machine.cpus} PEs.`,
      );
    const strange = affinities.find((one) => family === "kvm" && !(idOfAffinity(one) >= 0 && idOfAffinity(one) < 512));
    return strange === undefined
      ? undefined
      : conflict(
          ["mpidr", "model"],
          `no vCPU of KVM has ${hex(strange)}: its id gives Aff0 four bits, Aff1 eight (sys_regs.c reset_mpidr), and ids end at 511.`,
        );
  },
  ({ singleVmovp, ...machine }) => {
    if (singleVmovp === undefined) return undefined;
    if (machine.gic < 4) return conflict(["vmovp", "gic"], "VMOVP is a command of GICv4. Write gic = 4 or gic = 4.1.");
    return singleVmovp || familyOf(machine) === "arch"
      ? undefined
      : conflict(["vmovp", "model"], "QEMU's ITS has GITS_TYPER.VMOVP = 1. Write model = arch.");
  },
  (machine) => {
    const { setup, cpus } = machine;
    if (setup !== "created")
      return cpus === 0
        ? conflict(["cpus", "setup"], "a machine has 1 to 512 PEs; with setup = created also 0.")
        : undefined;
    return familyOf(machine) === "kvm"
      ? undefined
      : conflict(["setup", "model"], `a machine that is only created is a VM's. ${KVM_MODELS}`);
  },
  (machine) => {
    if (machine.gic === 2) return undefined;
    const size = frameSizes(machine.gic).its;
    for (const [at, base] of machine.its.entries()) {
      const frames = { base, size };
      const other = machine.its.find((one, place) => place < at && overlaps({ base: one, size }, frames));
      if (other !== undefined)
        return conflict(
          ["its"],
          `the ITSs at ${formatValue(other)} and ${formatValue(base)} overlap. Move one of the two.`,
        );
      const taken = overlapsFrames(frames, machine);
      if (taken !== undefined) return { ...conflict(["its"], `${taken} Choose another address.`), index: at };
    }
    return undefined;
  },
  (machine) => {
    for (const window of machine.ram) {
      const taken = overlapsFrames(window, machine);
      if (taken !== undefined) return conflict(["ram", "gic", "cpus"], `${taken} Choose another address.`);
      const size = frameSizes(machine.gic).its;
      const inside = machine.gic === 2 ? undefined : machine.its.find((base) => overlaps(window, { base, size }));
      if (inside !== undefined)
        return conflict(["its", "ram"], `the ITS at ${formatValue(inside)} lies inside RAM. Move one of the two.`);
    }
    return undefined;
  },
];

/** The first reason why there is no such machine. */
export function conflictOf(machine: MachineDescription): MachineConflict | undefined {
  for (const rule of rules) {
    const found = rule(machine);
    if (found !== undefined) return found;
  }
  return undefined;
}

function conflict(between: readonly PropertyName[], problem: string): MachineConflict {
  return { between, problem };
}

export function overlaps(a: RamWindow, b: RamWindow): boolean {
  return a.base < b.base + b.size && b.base < a.base + a.size;
}

/** Says which frames of the GIC a window would cover. */
function overlapsFrames(window: RamWindow, { gic, cpus }: MachineDescription): string | undefined {
  const needed = BigInt(cpus) * frameSizes(gic).redistributor;
  const redistributors: RamWindow = {
    base: BigInt(defaultBases.gicr),
    size: needed > MOST_REDISTRIBUTOR_BYTES ? needed : MOST_REDISTRIBUTOR_BYTES,
  };
  for (const [what, frames] of [
    ["the distributor", distributor],
    ["the redistributors", redistributors],
  ] as const)
    if (overlaps(window, frames))
      return `${what} may take ${formatValue(frames.base)} to ${formatValue(frames.base + frames.size - 1n)}.`;
  return undefined;
}
