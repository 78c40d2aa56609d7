import { defaultModel, kvmHosts, models, nmiModels, resolveModel } from "../../architecture/index.ts";
import type { KeywordDoc } from "../editing/keywords.ts";

/** Models by name, for sentences. */
export const modelNames = models.map(({ name }) => name).join(", ");

/** The properties of a machine block; one table for parser, completion, hovers and the reference. */
export const machineProperties = [
  {
    word: "model",
    form: "model = NAME",
    summary: `Whose behaviour is emulated: ${modelNames}; kvm means ${resolveModel("kvm")}. Default ${defaultModel}.`,
    example: `model = ${defaultModel}`,
  },
  {
    word: "cpus",
    form: "cpus = NUMBER",
    summary: "Number of PEs, 1 to 512; with setup = created 0, too. Default 4.",
    example: "cpus = 4",
  },
  {
    word: "gic",
    form: "gic = 2 | 3 | 4 | 4.1",
    summary:
      "Version of the GIC: 2 has no ITS and at most 8 PEs, and is KVM's; 4 has virtual LPIs and vPEs, of QEMU's models and arch; 4.1 has virtual SGIs, too, of arch. Default 3.",
    example: "gic = 4  model = qemu",
  },
  {
    word: "host",
    form: `host = ${kvmHosts.map(({ name }) => name).join(" | ")}`,
    summary:
      "Whose virtual CPU interface the host of a KVM guest has: Arm's, or that of QEMU 7.2's CPUs, on which KVM was recorded. Of KVM's models. Default arm.",
    example: "model = kvm-7.2  host = qemu-7.2",
  },
  {
    word: "security",
    form: "security = 1 | 2",
    summary:
      "Number of security states; with 2, accesses are Non-secure. Of QEMU's models and arch; KVM's have 1. Default 1.",
    example: "security = 2  model = qemu",
  },
  {
    word: "nmi",
    form: "nmi = off | on",
    summary: `Whether PEs and GIC have FEAT_GICv3_NMI. Of ${nmiModels.join(", ")}. Default off.`,
    example: `model = ${nmiModels[0]}  nmi = on`,
  },
  {
    word: "ram",
    form: "ram = ADDRESS, SIZE",
    summary:
      "A window of RAM in units of 64 KiB; may be given again for more windows, up to 4 GiB. Default 0x40000000, 64M.",
    example: "ram = 0x40000000, 64M",
  },
  {
    word: "its",
    form: "its = ADDRESS",
    summary:
      "Physical address of an ITS, a multiple of 64 KiB, outside RAM; again for each further ITS, 16 at most. Default 0x08080000, with gic = 4.1 0x08070000.",
    example: "its = 0x08080000  its = 0x08060000",
  },
  {
    word: "spis",
    form: "spis = NUMBER",
    summary:
      "Number of SPIs, a multiple of 32, 32 to 960, of KVM's models (NR_IRQS - 32) and arch. QEMU's board has 256. Default 256.",
    example: "spis = 64",
  },
  {
    word: "intid_bits",
    form: "intid_bits = NUMBER",
    summary: "Bits of an INTID, GICD_TYPER.IDbits + 1: 14 to 24 of arch; KVM and QEMU have 16. Default 16.",
    example: "model = arch  intid_bits = 17",
  },
  {
    word: "priority_bits",
    form: "priority_bits = NUMBER",
    summary:
      "Priority bits: 4 to 8 of arch's CPU interface, 5 to 8 of the virtual one of a KVM guest's host; QEMU's CPUs have 5. Default 5.",
    example: "priority_bits = 7",
  },
  {
    word: "list_registers",
    form: "list_registers = NUMBER",
    summary: "List registers of a KVM guest's host, 1 to 16. Of KVM's models. Default 4.",
    example: "list_registers = 16",
  },
  {
    word: "mpidr",
    form: "mpidr = AFFINITY, AFFINITY…",
    summary:
      "MPIDR_EL1 of each PE: Aff3 in bits [39:32], Aff2 to Aff0 in [23:0]; may be given again to go on. Of KVM's models those that its vCPU ids give, of arch any; QEMU's board chooses its own. Default 16 PEs an Aff1.",
    example: "cpus = 3  mpidr = 0, 3, 0x100",
  },
  {
    word: "vmovp",
    form: "vmovp = 1 | 0",
    summary:
      "GITS_TYPER.VMOVP: with 1 a VMOVP goes to one ITS, with 0 to every ITS of its ITSList. Of arch with gic = 4 or 4.1; QEMU has 1. Default 1.",
    example: "model = arch  gic = 4  vmovp = 0",
  },
  {
    word: "setup",
    form: "setup = ready | reset | created",
    summary:
      "ready: queues, tables and LPIs are set up and enabled as a driver does it, so that commands just work. reset: everything as after reset. created: a VM of KVM before INIT, nothing of its devices set. Default ready.",
    example: "setup = reset",
  },
] as const satisfies readonly KeywordDoc[];

export type PropertyName = (typeof machineProperties)[number]["word"];

export const propertyNames: readonly string[] = machineProperties.map(({ word }) => word);

export function isPropertyName(name: string): name is PropertyName {
  return propertyNames.includes(name);
}

/** Properties that may be given again, for one more. */
const repeated: ReadonlySet<PropertyName> = new Set(["ram", "its", "mpidr"]);

export function isRepeatedProperty(name: string): boolean {
  return isPropertyName(name) && repeated.has(name);
}
