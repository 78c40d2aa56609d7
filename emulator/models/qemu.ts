import { modelTitle, type QemuModelName } from "../../architecture/index.ts";
import type { QemuDecisions, QemuModel } from "./model.ts";

/** QEMU 7.2.22: hw/intc/arm_gicv3*.c of 7.2 with the stable patches of 7.2.1 to 7.2.22. */
const qemu72: QemuDecisions = {
  version: "QEMU 7.2.22",
  layout: "qemu",
  priorityBits: 5,
  spis: 256,
  unreadableCommand: "unknown opcode 0",
  collectionFaultOnTrigger: "swallow",
  sizeCheckedOnUnmap: true,
  registersLockedWhileEnabled: true,
  creadrWritableWithOneSecurityState: true,
  linesCountPrivate: false,
  priorityMaskHighBits: true,
  activePrioritiesKeepNonSecureHalf: false,
  absentVpePage: "not valid",
};

/** QEMU 11.1.3; FEAT_GICv3_NMI is an option of the machine. What else changed since 7.2 is in the stable patches of 7.2, too, or shows to no guest. */
const qemu111: QemuDecisions = {
  ...qemu72,
  version: "QEMU 11.1.3",
  linesCountPrivate: true,
  priorityMaskHighBits: false,
  activePrioritiesKeepNonSecureHalf: true,
  absentVpePage: "fault",
};

export const qemuModels = {
  "qemu-7.2": { name: "qemu-7.2", title: modelTitle("qemu-7.2"), qemu: qemu72 },
  "qemu-11.1": { name: "qemu-11.1", title: modelTitle("qemu-11.1"), qemu: qemu111 },
} as const satisfies Record<QemuModelName, QemuModel>;
