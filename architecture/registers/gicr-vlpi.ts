import type { Register } from "../register.ts";
import { bit, bits } from "./define.ts";
import { innerCache, outerCache, pageSizeValues, shareability } from "./shared-fields.ts";

/** Offset of the VLPI_base frame from RD_base (GICv4). */
export const GICR_VLPI_FRAME = 0x20000;

const source = "Arm IHI0069 chapter 12; Linux include/linux/irqchip/arm-gic-v3.h GICR_VPROPBASER_*, GICR_VPENDBASER_*";

/** VLPI_base frame: virtual LPIs of the vPE that is resident on the PE. */
export const gicrVlpiRegisters: readonly Register[] = [
  {
    name: "GICR_VPROPBASER",
    block: "GICR",
    offset: GICR_VLPI_FRAME + 0x0070,
    width: 64,
    access: "RW",
    fields: [
      bit("Valid", 63, "1 when the vPE table is allocated."),
      bits("Entry_Size", 61, 59, "64-bit words of a vPE table entry, minus one.", {
        access: "RO",
        plus: 1,
        unit: "64-bit words",
      }),
      outerCache(58, 56),
      bit("Indirect", 55, "1 for a two-level vPE table."),
      bits("Page_Size", 54, 53, "size of the table's pages.", { values: pageSizeValues }),
      bit("Z", 52, "1 when the table holds only zeros.", { access: "WO" }),
      bits("Physical_Address", 51, 12, "PA[51:12] of the vPE table.", { shift: 12, unit: "address" }),
      shareability,
      innerCache(9, 7),
      bits("Size", 6, 0, "number of pages of the vPE table, minus one.", { plus: 1, unit: "pages" }),
    ],
    forms: [
      {
        when: "GICv4.0",
        fields: [
          outerCache(58, 56),
          bits("Physical_Address", 51, 12, "PA[51:12] of the virtual LPI configuration table.", {
            shift: 12,
            unit: "address",
          }),
          shareability,
          innerCache(9, 7),
          bits("IDbits", 4, 0, "number of virtual INTID bits, minus one.", { plus: 1, unit: "vINTID bits" }),
        ],
      },
    ],
    summary: "GICv4.1: the vPE table. GICv4.0: virtual LPI configuration table of the resident vPE's VM.",
    source,
  },
  {
    name: "GICR_VPENDBASER",
    block: "GICR",
    offset: GICR_VLPI_FRAME + 0x0078,
    width: 64,
    access: "RW",
    fields: [
      bit("Valid", 63, "1 when the vPE is resident."),
      bit("Doorbell", 62, "with Valid 1 to 0: 1 asks for the vPE's default doorbell."),
      bit("PendingLast", 61, "1 when the vPE left with enabled virtual LPIs pending."),
      bit("Dirty", 60, "1 while the virtual pending table is being read or written.", { access: "RO" }),
      bit("VGrp0En", 59, "virtual Group 0 enable of the vPE."),
      bit("VGrp1En", 58, "virtual Group 1 enable of the vPE."),
      bits("vPEID", 15, 0, "the vPE."),
    ],
    forms: [
      {
        when: "GICv4.0",
        fields: [
          bit("Valid", 63, "1 when the vPE is resident."),
          bit("IDAI", 62, "1 when the first 1 KiB of the virtual pending table is of another implementation."),
          bit("PendingLast", 61, "1 when the vPE left with enabled virtual LPIs pending."),
          bit("Dirty", 60, "1 while the virtual pending table is being written back.", { access: "RO" }),
          outerCache(58, 56),
          bits("Physical_Address", 51, 16, "PA[51:16] of the vPE's virtual LPI pending table.", {
            shift: 16,
            unit: "address",
          }),
          shareability,
          innerCache(9, 7),
        ],
      },
    ],
    summary: "Makes a vPE resident on the PE. With Valid = 1, writing any other bit is UNPREDICTABLE in GICv4.0.",
    source,
  },
  {
    name: "GICR_VSGIR",
    block: "GICR",
    offset: GICR_VLPI_FRAME + 0x0080,
    width: 32,
    access: "WO",
    fields: [bits("vPEID", 15, 0, "vPE whose pending SGIs are asked for.")],
    summary: "Starts a query of the pending virtual SGIs of a vPE (GICv4.1).",
    source,
  },
  {
    name: "GICR_VSGIPENDR",
    block: "GICR",
    offset: GICR_VLPI_FRAME + 0x0088,
    width: 32,
    access: "RO",
    fields: [
      bit("Busy", 31, "1 while the query is in progress."),
      bits("Pending", 15, 0, "one bit a virtual SGI.", { display: "hex" }),
    ],
    summary: "Result of the query that GICR_VSGIR started (GICv4.1).",
    source,
  },
];
