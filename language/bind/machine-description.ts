import { defaultBases, defaultModel, type KvmHostName, type ModelName, modelFamily } from "../../architecture/index.ts";

/**
 * `ready`: queues, tables and LPIs set up and enabled as a driver does at boot. `reset`: as the hardware comes up. `created`: a VM of KVM
 * whose devices are made, and nothing set of them.
 */
export type MachineSetup = "ready" | "reset" | "created";

/** Versions of the GIC that a machine may have. */
export const gicVersions = [2, 3, 4, 4.1] as const;
export type GicNumber = (typeof gicVersions)[number];

export interface RamWindow {
  /** First physical address, a multiple of 64 KiB. */
  readonly base: bigint;
  /** Bytes, a multiple of 64 KiB. */
  readonly size: bigint;
}

/** The machine that a script runs on. */
export interface MachineDescription {
  readonly model: ModelName;
  /** PEs, 1 to 512; of a machine that is only created 0, too. */
  readonly cpus: number;
  /** Version of the GIC architecture: of a KVM guest 2, without an ITS, or 3; of others 3 or 4, of `arch` 4.1, too. */
  readonly gic: GicNumber;
  /** Whose virtual CPU interface the host of a KVM guest has; undefined = `arm`. */
  readonly host?: KvmHostName;
  /** Security states; with 2, accesses are Non-secure. A KVM guest sees one. */
  readonly security: 1 | 2;
  /** FEAT_GICv3_NMI, of the PEs as of the GIC; undefined = without. */
  readonly nmi?: boolean;
  /** Windows of RAM in the order of their addresses, none overlapping another. */
  readonly ram: readonly RamWindow[];
  /** Physical addresses of the ITSs' control frames, each with the translation frame 64 KiB behind it. */
  readonly its: readonly bigint[];
  /** SPIs; undefined = 256. */
  readonly spis?: number;
  /** Bits of an INTID; undefined = 16. */
  readonly intidBits?: number;
  /** Priority bits; undefined = 5. */
  readonly priorityBits?: number;
  /** List registers of a KVM guest's host; undefined = 4. */
  readonly listRegisters?: number;
  /** Aff3.Aff2.Aff1.Aff0 of each PE, a byte each; undefined = 16 PEs an Aff1. */
  readonly affinities?: readonly number[];
  /** GITS_TYPER.VMOVP of `arch`; undefined = 1. */
  readonly singleVmovp?: boolean;
  readonly setup: MachineSetup;
}

/** The ITS of a GICv4.1 has three frames, which end where the redistributors begin. */
const ITS_WITH_VSGI_FRAME = BigInt(defaultBases.gicr - 3 * 0x1_0000);

/** Where the one ITS of a machine is that says nothing of it. */
export function defaultIts(gic: GicNumber): bigint {
  return gic === 4.1 ? ITS_WITH_VSGI_FRAME : BigInt(defaultBases.its);
}

/** The machine of a script without a machine block. The addresses are those of QEMU's `virt` board. */
export const defaultMachine: MachineDescription = {
  model: defaultModel,
  cpus: 4,
  gic: 3,
  security: 1,
  ram: [{ base: BigInt(defaultBases.ram), size: BigInt(defaultBases.ramBytes) }],
  its: [defaultIts(3)],
  setup: "ready",
};

/** Bytes of an ITS's frames, and from one redistributor to the next. */
export function frameSizes(gic: GicNumber): { readonly its: bigint; readonly redistributor: bigint } {
  const stride = gic === 4 || gic === 4.1 ? defaultBases.gicrStrideV4 : defaultBases.gicrStride;
  return { its: BigInt(gic === 4.1 ? 3 * 0x1_0000 : defaultBases.itsBytes), redistributor: BigInt(stride) };
}

export function familyOf({ model }: Pick<MachineDescription, "model">): "kvm" | "qemu" | "arch" {
  return modelFamily(model);
}
