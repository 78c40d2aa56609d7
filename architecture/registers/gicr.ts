import type { Register } from "../register.ts";
import { bit, bits, identificationRegisters } from "./define.ts";
import { gicrSgiRegisters } from "./gicr-sgi.ts";
import { gicrVlpiRegisters } from "./gicr-vlpi.ts";
import {
  accessErrorStatus,
  implementerIdentification,
  innerCache,
  mpamIdentification,
  mpamSelection,
  outerCache,
  shareability,
} from "./shared-fields.ts";

/** Offsets of the frames of a redistributor from its RD_base. */
export const GICR_SGI_FRAME = 0x10000;
export const GICR_VLPI_FRAME = 0x20000;

const manual = "Arm IHI0069 chapter 12";
const linux = "Linux include/linux/irqchip/arm-gic-v3.h GICR_*";
const qemu = "QEMU hw/intc/gicv3_internal.h GICR_*";
const source = `${manual}; ${linux}; ${qemu}`;

const rdBaseRegisters: readonly Register[] = [
  {
    name: "GICR_CTLR",
    block: "GICR",
    offset: 0x0000,
    width: 32,
    access: "RW",
    fields: [
      bit("UWP", 31, "1 while writes of this redistributor have upstream effects in progress.", { access: "RO" }),
      bit("DPG1S", 26, "1 keeps Secure Group 1 SPIs of type 1-of-N from this PE."),
      bit("DPG1NS", 25, "1 keeps Non-secure Group 1 SPIs of type 1-of-N from this PE."),
      bit("DPG0", 24, "1 keeps Group 0 SPIs of type 1-of-N from this PE."),
      bit("RWP", 3, "1 while a write of this register has effects in progress.", { access: "RO" }),
      bit("IR", 2, "1 when GICR_INVLPIR, GICR_INVALLR and GICR_SYNCR are implemented.", { access: "RO" }),
      bit("CES", 1, "1 when EnableLPIs can be cleared again.", { access: "RO" }),
      bit("EnableLPIs", 0, "1 when LPIs are enabled and the redistributor owns its pending table."),
    ],
    reset: { kvm: 0x6n, qemu: 0x2n },
    summary: "Controls the redistributor. KVM ignores writes without an ITS.",
    source: `${source}; resets as recorded from Linux 7.2 and QEMU 7.2`,
  },
  {
    name: "GICR_IIDR",
    block: "GICR",
    offset: 0x0004,
    width: 32,
    access: "RO",
    fields: implementerIdentification,
    reset: { kvm: 0x4b00043bn, qemu: 0x0000043bn },
    summary: "Identifies the redistributor.",
    source,
  },
  {
    name: "GICR_TYPER",
    block: "GICR",
    offset: 0x0008,
    width: 64,
    access: "RO",
    fields: [
      bits("Affinity_Value", 63, 32, "Aff3.Aff2.Aff1.Aff0 of the PE, a byte each.", { display: "hex" }),
      bits("PPInum", 31, 27, "extended PPIs.", {
        values: [
          { value: 0, name: "PPIs 16-31" },
          { value: 1, name: "also 1056-1087" },
          { value: 2, name: "also 1056-1119" },
        ],
      }),
      bit("VSGI", 26, "1 when virtual SGIs can be injected directly (GICv4.1)."),
      bits("CommonLPIAff", 25, 24, "redistributors that share one LPI configuration table.", {
        values: [
          { value: 0, name: "All" },
          { value: 1, name: "Same Aff3" },
          { value: 2, name: "Same Aff3.Aff2" },
          { value: 3, name: "Same Aff3.Aff2.Aff1" },
        ],
      }),
      bits("Processor_Number", 23, 8, "PE number, the RDbase of ITS commands when GITS_TYPER.PTA = 0."),
      bit("RVPEID", 7, "1 when GICR_VPENDBASER names the resident vPE by vPEID (GICv4.1)."),
      bit("MPAM", 6, "1 when memory partitioning is supported."),
      bit("DPGS", 5, "1 when GICR_CTLR.DPG* are implemented."),
      bit("Last", 4, "1 in the last redistributor of a contiguous region."),
      bit("DirectLPI", 3, "1 when GICR_SETLPIR and GICR_CLRLPIR are implemented."),
      bit("Dirty", 2, "1 when GICR_VPENDBASER.Dirty is implemented (GICv4)."),
      bit("VLPIS", 1, "1 when virtual LPIs are supported (GICv4)."),
      bit("PLPIS", 0, "1 when physical LPIs are supported."),
    ],
    summary: "Features and affinity of the redistributor.",
    source,
  },
  {
    name: "GICR_STATUSR",
    block: "GICR",
    offset: 0x0010,
    width: 32,
    access: "W1C",
    fields: accessErrorStatus,
    reset: { kvm: 0n, qemu: 0n },
    summary: "Errors of accesses to the redistributor; RAZ/WI in KVM and QEMU.",
    source,
  },
  {
    name: "GICR_WAKER",
    block: "GICR",
    offset: 0x0014,
    width: 32,
    access: "RW",
    fields: [
      bit("ChildrenAsleep", 2, "1 when the interface to the PE is quiescent.", { access: "RO" }),
      bit("ProcessorSleep", 1, "1 when the PE is asleep and gets no interrupts."),
    ],
    reset: { arch: 0x6n, kvm: 0n, qemu: 0x6n },
    summary: "Power of the PE's interface; RAZ/WI in KVM.",
    source,
  },
  {
    name: "GICR_MPAMIDR",
    block: "GICR",
    offset: 0x0018,
    width: 32,
    access: "RO",
    fields: mpamIdentification,
    reset: { kvm: 0n, qemu: 0n },
    summary: "Limits of the memory partitioning of the redistributor; absent in KVM and QEMU.",
    source: manual,
  },
  {
    name: "GICR_PARTIDR",
    block: "GICR",
    offset: 0x001c,
    width: 32,
    access: "RW",
    fields: mpamSelection,
    reset: { kvm: 0n, qemu: 0n },
    summary: "Partition of the memory accesses of the redistributor; absent in KVM and QEMU.",
    source: manual,
  },
  {
    name: "GICR_SETLPIR",
    block: "GICR",
    offset: 0x0040,
    width: 64,
    access: "WO",
    fields: [bits("pINTID", 31, 0, "the LPI.", { unit: "INTID" })],
    summary: "Makes an LPI pending, where GICR_TYPER.DirectLPI = 1.",
    source,
  },
  {
    name: "GICR_CLRLPIR",
    block: "GICR",
    offset: 0x0048,
    width: 64,
    access: "WO",
    fields: [bits("pINTID", 31, 0, "the LPI.", { unit: "INTID" })],
    summary: "Removes the pending state of an LPI, where GICR_TYPER.DirectLPI = 1.",
    source,
  },
  {
    name: "GICR_PROPBASER",
    block: "GICR",
    offset: 0x0070,
    width: 64,
    access: "RW",
    fields: [
      outerCache(58, 56),
      bits("Physical_Address", 51, 12, "PA[51:12] of the LPI configuration table.", { shift: 12, unit: "address" }),
      shareability,
      innerCache(9, 7),
      bits("IDbits", 4, 0, "number of INTID bits that the table covers, minus one; below 13 there are no LPIs.", {
        plus: 1,
        unit: "INTID bits",
      }),
    ],
    reset: { kvm: 0x580n, qemu: 0n },
    summary:
      "LPI configuration table, one byte an LPI from INTID 8192 on. KVM has one for the VM, kept while LPIs are enabled.",
    source: `${source}; Linux arch/arm64/kvm/vgic/vgic-init.c`,
  },
  {
    name: "GICR_PENDBASER",
    block: "GICR",
    offset: 0x0078,
    width: 64,
    access: "RW",
    fields: [
      bit("PTZ", 62, "writing 1 says that the table holds only zeros.", { access: "WO" }),
      outerCache(58, 56),
      bits("Physical_Address", 51, 16, "PA[51:16] of the LPI pending table.", { shift: 16, unit: "address" }),
      shareability,
      innerCache(9, 7),
    ],
    reset: { kvm: 0x580n, qemu: 0n },
    summary:
      "LPI pending table of this PE, one bit an INTID from INTID 0 on. KVM keeps it while LPIs are enabled; QEMU stores PTZ.",
    source: `${source}; Linux arch/arm64/kvm/vgic/vgic-v3.c`,
  },
  {
    name: "GICR_INVLPIR",
    block: "GICR",
    offset: 0x00a0,
    width: 64,
    access: "WO",
    fields: [
      bit("V", 63, "1 when INTID is a virtual LPI of vPEID (GICv4.1)."),
      bits("vPEID", 47, 32, "virtual PE of the LPI (GICv4.1)."),
      bits("INTID", 31, 0, "the LPI.", { unit: "INTID" }),
    ],
    reset: { kvm: 0n },
    summary: "Makes the redistributor read the configuration byte of an LPI again.",
    source,
  },
  {
    name: "GICR_INVALLR",
    block: "GICR",
    offset: 0x00b0,
    width: 64,
    access: "WO",
    fields: [
      bit("V", 63, "1 for the virtual LPIs of vPEID (GICv4.1)."),
      bits("vPEID", 47, 32, "virtual PE of the LPIs (GICv4.1)."),
    ],
    reset: { kvm: 0n },
    summary: "Makes the redistributor read the configuration of all LPIs again.",
    source,
  },
  {
    name: "GICR_SYNCR",
    block: "GICR",
    offset: 0x00c0,
    width: 32,
    access: "RO",
    fields: [bit("Busy", 0, "1 while an invalidation by GICR_INVLPIR or GICR_INVALLR is in progress.")],
    reset: { kvm: 0n },
    summary: "Progress of invalidations.",
    source,
  },
  ...identificationRegisters(
    "GICR",
    "GICR_",
    0xffd0,
    { kvm: [0n, 0n, 0x3bn, 0n, 0n, 0n, 0n, 0n], qemu: [0x93n, 0xb4n, 0x3bn, 0n, 0x44n, 0n, 0n, 0n] },
    `${manual}; QEMU hw/intc/gicv3_internal.h gicv3_idreg; KVM answers PIDR2 alone, its CIDRn read as 0`,
  ),
];

/** RD_base frame, SGI_base frame and, in GICv4, VLPI_base frame of a redistributor. */
export const gicrRegisters: readonly Register[] = [...rdBaseRegisters, ...gicrSgiRegisters, ...gicrVlpiRegisters];
