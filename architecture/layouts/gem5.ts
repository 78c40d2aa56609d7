import type { TableLayouts } from "../layout.ts";
import { lpiConfig, lpiPending } from "./lpi.ts";

const source = "gem5 24.0 src/dev/arm/gic_v3_its.hh DTE, ITTE, CTE";

/** gem5's ITS: flat tables only, live in guest memory. */
export const gem5: TableLayouts = {
  name: "gem5",
  title: "gem5",
  entries: {
    device: {
      kind: "device",
      entryName: "DTE",
      bytes: 8,
      indexedBy: "by-id",
      index: "DeviceID",
      fields: [
        {
          name: "Size",
          role: "event-bits",
          msb: 57,
          lsb: 53,
          plus: 1,
          unit: "EventID bits",
          summary: "Size (ittRange): number of EventID bits as in MAPD, minus one; gem5 accepts EventIDs 0 to 2^Size.",
        },
        {
          name: "ITT_addr",
          role: "itt-address",
          msb: 52,
          lsb: 1,
          display: "hex",
          unit: "address",
          summary: "ITT_addr (ittAddress): physical byte address of the ITT.",
        },
        { name: "V", msb: 0, lsb: 0, summary: "V (valid): 1 when the device is mapped." },
      ],
      validField: "V",
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
          name: "vPEID",
          role: "vpeid",
          msb: 59,
          lsb: 46,
          summary: "vPEID (vpeid): the virtual PE, 14 bits; gem5 implements no virtual events.",
        },
        { name: "ICID", role: "icid", msb: 45, lsb: 30, summary: "ICID (icid): the collection of the event." },
        {
          name: "doorbell",
          role: "doorbell",
          msb: 29,
          lsb: 16,
          unit: "INTID",
          summary: "doorbell (intNumHyp): hypervisor's INTID, 14 bits.",
        },
        {
          name: "INTID",
          role: "intid",
          msb: 15,
          lsb: 2,
          unit: "INTID",
          summary: "INTID (intNum): the LPI of the event, 14 bits, so that LPI 16384 reads back as 0.",
        },
        {
          name: "type",
          role: "event-type",
          msb: 1,
          lsb: 1,
          summary: "type (intType): whether the event is a physical or a virtual interrupt.",
          values: [
            { value: 0, name: "Virtual" },
            { value: 1, name: "Physical" },
          ],
        },
        { name: "V", msb: 0, lsb: 0, summary: "V (valid): 1 when the event is mapped." },
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
          msb: 40,
          lsb: 1,
          unit: "PE number",
          summary: "RDbase (rdBase): PE number of the target.",
        },
        { name: "V", msb: 0, lsb: 0, summary: "V (valid): 1 when the collection is mapped." },
      ],
      validField: "V",
      source,
    },
    "lpi-config": lpiConfig,
    "lpi-pending": lpiPending,
  },
};
