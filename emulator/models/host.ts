import type { KvmHostName } from "../../architecture/index.ts";
import type { DecisionFact } from "./decisions.ts";

/** What the virtual CPU interface of a KVM guest's host decides, where hosts differ. */
export interface HostDecisions {
  /** EOImode 1: EOIR of an interrupt that no list register holds counts in EOIcount, although it deactivates nothing. */
  readonly priorityDropCounts: boolean;
  /** GICV has GICV_AIAR, GICV_AEOIR and GICV_AHPPIR; without them they read as zero and drop writes. */
  readonly aliasedRegisters: boolean;
  /** GICV_HPPIR tells the PE that an SGI came from. */
  readonly hppirSource: boolean;
}

export const hostFacts: Readonly<Record<keyof HostDecisions, DecisionFact>> = {
  priorityDropCounts: {
    title: "With EOImode 1, EOIR of an interrupt outside the list registers counts in EOIcount",
    source:
      "Arm ICV_EOIR1_EL1 pseudocode counts what would be deactivated; QEMU 7.2 arm_gicv3_cpuif.c icv_eoir_write counts always",
  },
  aliasedRegisters: {
    title: "GICV_AIAR, GICV_AEOIR and GICV_AHPPIR exist",
    source: "Arm IHI0048B 5.5; QEMU 7.2 arm_gic.c gic_cpu_read, gic_cpu_write have none",
  },
  hppirSource: {
    title: "GICV_HPPIR has the CPUID of an SGI",
    source: "Arm IHI0048B 5.5; QEMU 7.2 arm_gic.c gic_get_current_pending_irq",
  },
};

export const hosts: Readonly<Record<KvmHostName, HostDecisions>> = {
  arm: { priorityDropCounts: false, aliasedRegisters: true, hppirSource: true },
  "qemu-7.2": { priorityDropCounts: true, aliasedRegisters: false, hppirSource: false },
};
