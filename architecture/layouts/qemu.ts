import { NO_DOORBELL } from "../command-fields.ts";
import type { TableLayouts } from "../layout.ts";
import { qemuLevel1 } from "./level1.ts";
import { lpiConfig, lpiPending } from "./lpi.ts";

const source = "QEMU 10.0 hw/intc/gicv3_internal.h DTE, CTE, ITE_L, ITE_H, VTE";

/** QEMU's emulated ITS (TCG). Its tables in guest memory are live: the emulator reads them for every translation. */
export const qemuTcg: TableLayouts = {
  name: "qemu",
  title: "QEMU TCG",
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
          msb: 49,
          lsb: 6,
          shift: 8,
          unit: "address",
          summary: "ITT_addr: physical address of the ITT, bits [51:8].",
        },
        {
          name: "Size",
          role: "event-bits",
          msb: 5,
          lsb: 1,
          plus: 1,
          unit: "EventID bits",
          summary: "Size: number of EventID bits of the ITT, minus one.",
        },
        { name: "V", msb: 0, lsb: 0, summary: "V: 1 when the device is mapped." },
      ],
      validField: "V",
      source,
    },
    itt: {
      kind: "itt",
      entryName: "ITE",
      bytes: 12,
      indexedBy: "by-id",
      index: "EventID",
      fields: [
        {
          name: "doorbell",
          role: "doorbell",
          msb: 87,
          lsb: 64,
          unit: "INTID",
          summary: "doorbell: INTID of a virtual event's doorbell, 1023 for none; of no meaning in a physical event.",
          values: [{ value: NO_DOORBELL, name: "None" }],
        },
        { name: "vPEID", role: "vpeid", msb: 63, lsb: 48, summary: "vPEID: the virtual PE of a virtual event." },
        { name: "ICID", role: "icid", msb: 47, lsb: 32, summary: "ICID: the collection of a physical event." },
        {
          name: "INTID",
          role: "intid",
          msb: 25,
          lsb: 2,
          unit: "INTID",
          summary: "INTID: the physical or virtual LPI of the event, by the type.",
        },
        {
          name: "type",
          role: "event-type",
          msb: 1,
          lsb: 1,
          summary: "type: whether the event is a physical or a virtual interrupt.",
          values: [
            { value: 0, name: "Virtual" },
            { value: 1, name: "Physical" },
          ],
        },
        { name: "V", msb: 0, lsb: 0, summary: "V: 1 when the event is mapped." },
      ],
      validField: "V",
      source,
    },
    collection: {
      kind: "collection",
      entryName: "CTE",
      bytes: 8,
      indexedBy: "by-id",
      index: "ICID",
      fields: [
        {
          name: "RDbase",
          role: "target",
          msb: 16,
          lsb: 1,
          unit: "PE number",
          summary: "RDbase: PE number of the target.",
        },
        { name: "V", msb: 0, lsb: 0, summary: "V: 1 when the collection is mapped." },
      ],
      validField: "V",
      source,
    },
    vpe: {
      kind: "vpe",
      entryName: "VTE",
      bytes: 8,
      indexedBy: "by-id",
      index: "vPEID",
      fields: [
        {
          name: "RDbase",
          role: "target",
          msb: 57,
          lsb: 42,
          unit: "PE number",
          summary: "RDbase: PE number on which the vPE is scheduled.",
        },
        {
          name: "VPT_addr",
          role: "vpt-address",
          msb: 41,
          lsb: 6,
          shift: 16,
          unit: "address",
          summary: "VPT_addr: physical address of the virtual LPI pending table, bits [51:16].",
        },
        {
          name: "VPT_size",
          role: "vpt-size",
          msb: 5,
          lsb: 1,
          plus: 1,
          unit: "vINTID bits",
          summary: "VPT_size: number of virtual INTID bits, minus one.",
        },
        { name: "V", msb: 0, lsb: 0, summary: "V: 1 when the vPE is mapped." },
      ],
      validField: "V",
      source,
    },
    level1: qemuLevel1,
    "lpi-config": lpiConfig,
    "lpi-pending": lpiPending,
  },
};
