import type { TableLayouts } from "../layout.ts";
import { lpiConfig, lpiPending } from "./lpi.ts";

const source = "Xen staging of August 2026, xen/arch/arm/vgic-v3-its.c";

/**
 * Xen's virtual ITS for Dom0: flat tables only. Entries have no valid bit. Zeroed memory reads as "every collection is on vCPU 0",
 * and a device counts as mapped here unless its ITT address is 0 or the all-ones pattern that Xen writes when it unmaps.
 */
export const xen: TableLayouts = {
  name: "xen",
  title: "Xen",
  entries: {
    device: {
      kind: "device",
      entryName: "DTE",
      bytes: 8,
      indexedBy: "by-id",
      index: "DeviceID",
      fields: [
        {
          name: "ITT_addr",
          role: "itt-address",
          msb: 51,
          lsb: 8,
          shift: 8,
          unit: "address",
          summary: "ITT_addr: physical address of the ITT, bits [51:8]; all ones after an unmap.",
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
      validField: "ITT_addr",
      invalidRaws: [0n, (1n << 44n) - 1n],
      source,
    },
    itt: {
      kind: "itt",
      entryName: "ITTE",
      bytes: 8,
      indexedBy: "by-id",
      index: "EventID",
      fields: [
        {
          name: "ICID",
          role: "icid",
          msb: 47,
          lsb: 32,
          summary: "ICID: the collection of the event; 0xffff when unmapped.",
          values: [{ value: 0xffff, name: "Unmapped" }],
        },
        {
          name: "vLPI",
          role: "intid",
          msb: 31,
          lsb: 0,
          unit: "INTID",
          summary: "vLPI: the guest's LPI of the event; 0 when unmapped.",
        },
      ],
      validField: "vLPI",
      source,
    },
    collection: {
      kind: "collection",
      entryName: "CTE",
      bytes: 2,
      indexedBy: "by-id",
      index: "ICID",
      fields: [
        {
          name: "RDbase",
          role: "target",
          msb: 15,
          lsb: 0,
          unit: "PE number",
          summary: "RDbase: number of the target vCPU; 0xffff when unmapped.",
          values: [{ value: 0xffff, name: "Unmapped" }],
        },
      ],
      validField: "RDbase",
      invalidRaws: [0xffffn],
      source,
    },
    "lpi-config": lpiConfig,
    "lpi-pending": lpiPending,
  },
};
