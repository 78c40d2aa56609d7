import type { EntryField, EntryLayout } from "../layout.ts";

/** Bytes of an entry of the first level of a two-level table, in every implementation. */
export const LEVEL1_ENTRY_BYTES = 8;

const valid: EntryField = { name: "V", msb: 63, lsb: 63, summary: "V: 1 when the entry points to a level-2 page." };

function level1(address: EntryField, source: string): EntryLayout {
  return {
    kind: "level1",
    entryName: "L1 entry",
    bytes: LEVEL1_ENTRY_BYTES,
    indexedBy: "by-id",
    index: "level-2 page",
    fields: [valid, address],
    validField: "V",
    source,
  };
}

/** What the architecture lays down and the Linux driver writes; address bits below the page size are zero. */
export const architectureLevel1 = level1(
  {
    name: "Address",
    role: "page-address",
    msb: 51,
    lsb: 12,
    shift: 12,
    unit: "address",
    summary: "Physical address of the level-2 page.",
  },
  "Linux drivers/irqchip/irq-gic-v3-its.c its_alloc_table_entry",
);

/** KVM's pages are 64 KiB, it takes PA[51:16] and ignores the bits below. */
export const kvmLevel1 = level1(
  {
    name: "Address",
    role: "page-address",
    msb: 51,
    lsb: 16,
    shift: 16,
    unit: "address",
    summary: "Physical address of the 64 KiB level-2 page, bits [51:16]; bits [15:0] are ignored.",
  },
  "Linux 7.2 arch/arm64/kvm/vgic/vgic-its.c handle_l1_dte, vgic_its_check_id",
);

/** QEMU masks with 2^51 - 1: it applies no alignment and loses bit 51. */
export const qemuLevel1 = level1(
  {
    name: "Address",
    role: "page-address",
    msb: 50,
    lsb: 0,
    display: "hex",
    unit: "address",
    summary: "Physical address of the level-2 page as it stands in bits [50:0]; bit 51 is lost.",
  },
  "QEMU 10.0 hw/intc/arm_gicv3_its.c table_entry_addr",
);
