import type { Field } from "../field.ts";
import { FIRST_LPI } from "../intids.ts";
import type { EntryLayout } from "../layout.ts";

/** Bytes at the start of a pending table that stand for INTIDs 0 to 8191; what hardware keeps there is IMPLEMENTATION DEFINED. */
export const PENDING_TABLE_RESERVED_BYTES = FIRST_LPI / 8;

/** The Priority field of a configuration byte. */
export const lpiPriority: Field = {
  name: "Priority",
  msb: 7,
  lsb: 2,
  shift: 2,
  summary: "Priority: bits [7:2] of the LPI's priority; bits [1:0] are zero, 0 is the highest priority.",
};

/** The Enable bit of a configuration byte. */
export const lpiEnable: Field = { name: "Enable", msb: 0, lsb: 0, summary: "Enable: 1 when the LPI is enabled." };

/** One byte an LPI at PROPBASER.Physical_Address + (INTID - 8192); also the virtual tables of GICv4. */
export const lpiConfig: EntryLayout = {
  kind: "lpi-config",
  entryName: "configuration byte",
  bytes: 1,
  indexedBy: "by-id",
  index: "INTID",
  firstIndex: FIRST_LPI,
  fields: [
    lpiPriority,
    { name: "RES1", msb: 1, lsb: 1, access: "RES1", summary: "RES1: Linux writes 1, KVM and QEMU ignore the bit." },
    lpiEnable,
  ],
  source: "Linux include/linux/irqchip/arm-gic-v3.h LPI_PROP_*; QEMU hw/intc/gicv3_internal.h LPI_CTE_*",
};

/** One bit an INTID: bit INTID % 8 of the byte at PENDBASER.Physical_Address + INTID / 8; also the virtual tables of GICv4. */
export const lpiPending: EntryLayout = {
  kind: "lpi-pending",
  entryName: "pending bit",
  bytes: 0,
  indexedBy: "by-id",
  index: "INTID",
  fields: [],
  source: "Linux arch/arm64/kvm/vgic/vgic-v3.c vgic_v3_save_pending_tables; QEMU hw/intc/arm_gicv3_redist.c",
};
