import type { TableLayouts } from "../layout.ts";
import { kvmLevel1 } from "./level1.ts";
import { lpiConfig, lpiPending } from "./lpi.ts";

/** RDbase of a collection that events use and no MAPC has mapped (Linux vgic-its.c `COLLECTION_NOT_MAPPED`). */
export const KVM_COLLECTION_NOT_MAPPED = 0xffffffff;

const source =
  "Linux 4.12 to 7.2 arch/arm64/kvm/vgic/vgic.h KVM_ITS_*; Documentation/virt/kvm/devices/arm-vgic-its.rst";

/** Linux KVM, table ABI revision 0 (GITS_IIDR.Revision = 0), the only one so far. The tables exist only between save and restore. */
export const kvmRevision0: TableLayouts = {
  name: "kvm-rev0",
  title: "Linux KVM, table ABI revision 0",
  entries: {
    device: {
      kind: "device",
      entryName: "DTE",
      bytes: 8,
      indexedBy: "by-id",
      index: "DeviceID",
      fields: [
        { name: "V", msb: 63, lsb: 63, summary: "V: 1 when the device is mapped." },
        {
          name: "next",
          role: "next",
          msb: 62,
          lsb: 49,
          unit: "DeviceIDs",
          summary: "next: distance to the following mapped DeviceID, at most 16383; 0 in the last entry.",
        },
        {
          name: "ITT_addr",
          role: "itt-address",
          msb: 48,
          lsb: 5,
          shift: 8,
          unit: "address",
          summary: "ITT_addr: physical address of the ITT, bits [51:8].",
        },
        {
          name: "Size",
          role: "event-bits",
          msb: 4,
          lsb: 0,
          plus: 1,
          unit: "EventID bits",
          summary: "Size: number of EventID bits of the ITT, minus one.",
        },
      ],
      validField: "V",
      // Linux restores no device with more (vgic-its.c VITS_TYPER_IDBITS).
      maxEventBits: 16,
      source,
    },
    itt: {
      kind: "itt",
      entryName: "ITE",
      bytes: 8,
      indexedBy: "by-id",
      index: "EventID",
      fields: [
        {
          name: "next",
          role: "next",
          msb: 63,
          lsb: 48,
          unit: "EventIDs",
          summary: "next: distance to the following mapped EventID, at most 65535; 0 in the last entry.",
        },
        {
          name: "pINTID",
          role: "intid",
          msb: 47,
          lsb: 16,
          unit: "INTID",
          summary: "pINTID: the physical LPI of the event; 0 makes the entry invalid.",
        },
        { name: "ICID", role: "icid", msb: 15, lsb: 0, summary: "ICID: the collection of the event." },
      ],
      validField: "pINTID",
      source,
    },
    collection: {
      kind: "collection",
      entryName: "CTE",
      bytes: 8,
      indexedBy: "packed",
      index: "ICID",
      fields: [
        {
          name: "V",
          msb: 63,
          lsb: 63,
          summary: "V: 1 when the entry holds a collection; the first entry with 0 ends the list.",
        },
        {
          name: "RDbase",
          role: "target",
          msb: 51,
          lsb: 16,
          unit: "PE number",
          summary:
            "RDbase: PE number of the target; 0xffffffff for a collection that events use and no MAPC has mapped. KVM reads bits [47:16] only.",
          values: [
            { value: KVM_COLLECTION_NOT_MAPPED, name: "Unmapped", summary: "used by events, mapped by no MAPC" },
          ],
        },
        { name: "ICID", role: "icid", msb: 15, lsb: 0, summary: "ICID: the collection." },
      ],
      validField: "V",
      source,
    },
    level1: kvmLevel1,
    "lpi-config": lpiConfig,
    "lpi-pending": lpiPending,
  },
};
