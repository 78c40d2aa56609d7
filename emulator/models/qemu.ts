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
};

export const qemuModels = {
  "qemu-7.2": { name: "qemu-7.2", title: "QEMU 7.2, emulated GIC (TCG)", qemu: qemu72 },
} as const satisfies Record<string, QemuModel>;
