import { extractRaw, type Field } from "../field.ts";
import type { Register } from "../register.ts";
import { bit, bits, identificationRegisters } from "./define.ts";
import {
  accessErrorStatus,
  implementerIdentification,
  innerCache,
  mpamIdentification,
  mpamSelection,
  outerCache,
  pageSizeValues,
  shareability,
} from "./shared-fields.ts";

/** Offset of the translation frame and of the GICv4.1 vSGI frame from the ITS control frame. */
export const GITS_TRANSLATION_FRAME = 0x10000;
export const GITS_VSGI_FRAME = 0x20000;

const linux = "Linux include/linux/irqchip/arm-gic-v3.h GITS_*";
const qemu = "QEMU hw/intc/gicv3_internal.h GITS_*";
const manual = "Arm IHI0069 chapter 12";
const source = `${manual}; ${linux}; ${qemu}`;

const typer: readonly Field[] = [
  bit(
    "INV",
    46,
    "1 when clearing GITS_CTLR.Enabled and GITS_BASER<n>.Valid drops cached translations; 0 leaves it open.",
  ),
  bit("UMSIirq", 45, "1 when GITS_CTLR.UMSIirq is implemented."),
  bit("UMSI", 44, "1 when unmapped MSIs are reported in GITS_STATUSR and GITS_UMSIR."),
  bit("nID", 43, "1 when individual doorbells are not supported (GICv4.1)."),
  bits("SVPET", 42, 41, "redistributors that share the vPE table with this ITS (GICv4.1).", {
    values: [
      { value: 0, name: "Not shared" },
      { value: 1, name: "Aff3" },
      { value: 2, name: "Aff3.Aff2" },
      { value: 3, name: "Aff3.Aff2.Aff1" },
    ],
  }),
  bit("VMAPP", 40, "1 when VMAPP has its GICv4.1 form."),
  bit("VSGI", 39, "1 when virtual SGIs can be injected directly (GICv4.1)."),
  bit("MPAM", 38, "1 when memory partitioning is supported."),
  bit("VMOVP", 37, "1 when VMOVP goes to one ITS only; 0 when it goes to every ITS that maps the vPE."),
  bit("CIL", 36, "1 when CIDbits limits the ICID; 0 for 16-bit ICIDs."),
  bits("CIDbits", 35, 32, "number of ICID bits, minus one; RES0 when CIL = 0.", { plus: 1, unit: "ICID bits" }),
  bits("HCC", 31, 24, "number of collections that the ITS holds without memory.", { unit: "collections" }),
  bit("PTA", 19, "format of RDbase in commands.", {
    values: [
      { value: 0, name: "PE number", summary: "GICR_TYPER.Processor_Number" },
      { value: 1, name: "Address", summary: "bits [51:16] of RD_base" },
    ],
  }),
  bit("SEIS", 18, "1 when the ITS can raise locally generated System Error interrupts."),
  bits("Devbits", 17, 13, "number of DeviceID bits, minus one.", { plus: 1, unit: "DeviceID bits" }),
  bits("ID_bits", 12, 8, "number of EventID bits, minus one.", { plus: 1, unit: "EventID bits" }),
  bits("ITT_entry_size", 7, 4, "bytes of an ITT entry, minus one.", { plus: 1, unit: "bytes" }),
  bit("CCT", 2, "1 when the collections of HCC and of memory add up (cumulative collection tables)."),
  bit("Virtual", 1, "1 when virtual LPIs are supported (GICv4)."),
  bit("Physical", 0, "1 when physical LPIs are supported."),
];

const baserType: Field = bits("Type", 58, 56, "what the table holds.", {
  access: "RO",
  values: [
    { value: 0, name: "Unimplemented" },
    { value: 1, name: "Devices" },
    { value: 2, name: "vPEs" },
    { value: 3, name: "Reserved" },
    { value: 4, name: "Collections" },
    { value: 5, name: "Reserved" },
    { value: 6, name: "Reserved" },
    { value: 7, name: "Reserved" },
  ],
});
const baserPageSize: Field = bits("Page_Size", 9, 8, "size of the table's pages.", { values: pageSizeValues });
const baserSize: Field = bits("Size", 7, 0, "number of pages of the table, or of its first level, minus one.", {
  plus: 1,
  unit: "pages",
});
const baserAddress: Field = bits(
  "Physical_Address",
  47,
  12,
  "PA[47:12] of the table; with 64 KiB pages, field bits [15:12] of the register hold PA[51:48].",
  { shift: 12, unit: "address" },
);

const baser: readonly Field[] = [
  bit("Valid", 63, "1 when software has allocated the table."),
  bit("Indirect", 62, "1 for a two-level table; RAZ/WI where the ITS has flat tables only."),
  innerCache(61, 59),
  baserType,
  outerCache(55, 53),
  bits("Entry_Size", 52, 48, "bytes of a table entry, minus one.", { access: "RO", plus: 1, unit: "bytes" }),
  baserAddress,
  shareability,
  baserPageSize,
  baserSize,
];

/** Bytes of a page of a GITS_BASER<n> value; the reserved Page_Size 3 counts as 64 KiB, as in QEMU and Xen. */
export function baserPageBytes(value: bigint): number {
  return [0x1000, 0x4000, 0x10000, 0x10000][Number(extractRaw(value, baserPageSize))];
}

/** Physical address (bytes) in a GITS_BASER<n> value, aligned to its page size; 64 KiB pages reach 52 bits. */
export function baserPhysicalAddress(value: bigint): bigint {
  const field = extractRaw(value, baserAddress) << 12n;
  const pageBytes = baserPageBytes(value);
  if (pageBytes !== 0x10000) return field & ~BigInt(pageBytes - 1);
  return (field & ~0xffffn) | (((field >> 12n) & 0xfn) << 48n);
}

/** Bytes of the table, or of the first level of a two-level table, of a GITS_BASER<n> value. */
export function baserTableBytes(value: bigint): number {
  return (Number(extractRaw(value, baserSize)) + 1) * baserPageBytes(value);
}

export const gitsRegisters: readonly Register[] = [
  {
    name: "GITS_CTLR",
    block: "GITS",
    offset: 0x0000,
    width: 32,
    access: "RW",
    fields: [
      bit("Quiescent", 31, "1 when the ITS, being disabled, has no transaction in progress and memory is up to date.", {
        access: "RO",
      }),
      bit("UMSIirq", 8, "1 raises an interrupt when GITS_STATUSR.UMSI = 1."),
      bits("ITS_Number", 7, 4, "number of this ITS in the ITSList of VMOVP (GICv4)."),
      bit("ImDe", 1, "IMPLEMENTATION DEFINED; Linux sets it together with Enabled on a GICv4 ITS."),
      bit("Enabled", 0, "1 when the ITS processes commands and translates events."),
    ],
    reset: { arch: 0x80000000n, kvm: 0x80000000n, qemu: 0x80000000n, gem5: 0x80000000n, xen: 0x80000000n },
    summary: "Controls the ITS.",
    source,
  },
  {
    name: "GITS_IIDR",
    block: "GITS",
    offset: 0x0004,
    width: 32,
    access: "RO",
    fields: implementerIdentification,
    reset: { kvm: 0x4b00043bn, qemu: 0x0000043bn, gem5: 0n, xen: 0x5800034cn },
    summary:
      "Identifies the ITS; in KVM, Revision is the ABI revision of the saved tables and user space may select it.",
    source: `${source}; Linux arch/arm64/kvm/vgic/vgic-its.c vgic_mmio_read_its_iidr`,
  },
  {
    name: "GITS_TYPER",
    block: "GITS",
    offset: 0x0008,
    width: 64,
    access: "RO",
    fields: typer,
    reset: { kvm: 0x1ef71n, qemu: 0x1f0001efb1n, gem5: 0x30023f01n },
    summary: "Features of the ITS. QEMU with GICv4 reads 0x0000003f0001efb3.",
    source,
  },
  {
    name: "GITS_MPAMIDR",
    block: "GITS",
    offset: 0x0010,
    width: 32,
    access: "RO",
    fields: mpamIdentification,
    reset: { kvm: 0n, qemu: 0n },
    summary: "Limits of the memory partitioning of the ITS; absent in KVM, QEMU, gem5 and Xen.",
    source: manual,
  },
  {
    name: "GITS_PARTIDR",
    block: "GITS",
    offset: 0x0014,
    width: 32,
    access: "RW",
    fields: mpamSelection,
    reset: { kvm: 0n, qemu: 0n },
    summary: "Partition of the memory accesses of the ITS; absent in KVM, QEMU, gem5 and Xen.",
    source: manual,
  },
  {
    name: "GITS_MPIDR",
    block: "GITS",
    offset: 0x0018,
    width: 32,
    access: "RO",
    fields: [
      bits("Aff3", 31, 24, "affinity level 3."),
      bits("Aff2", 23, 16, "affinity level 2."),
      bits("Aff1", 15, 8, "affinity level 1."),
    ],
    reset: { kvm: 0n, qemu: 0n },
    summary: "Affinity that the ITS shares with redistributors as GITS_TYPER.SVPET tells (GICv4.1).",
    source: manual,
  },
  {
    name: "GITS_STATUSR",
    block: "GITS",
    offset: 0x0040,
    width: 32,
    access: "W1C",
    fields: [
      bits("Syndrome", 9, 6, "why the MSI reported by UMSI was not forwarded; 0 is always allowed.", {
        access: "RO",
        values: [
          { value: 0, name: "Unknown" },
          { value: 2, name: "DeviceID out of range" },
          { value: 3, name: "DeviceID unmapped" },
          { value: 4, name: "EventID out of range" },
          { value: 5, name: "EventID unmapped" },
          { value: 7, name: "Collection unmapped" },
          { value: 9, name: "vPE unmapped" },
        ],
      }),
      bit("Overflow", 5, "another unmapped MSI arrived while UMSI = 1.", { access: "W1C" }),
      bit("UMSI", 4, "an MSI arrived that lacks a mapping.", { access: "W1C" }),
      ...accessErrorStatus,
    ],
    reset: { kvm: 0n, qemu: 0n },
    summary: "Errors of accesses and of unmapped MSIs; absent in KVM, QEMU, gem5 and Xen.",
    source: manual,
  },
  {
    name: "GITS_UMSIR",
    block: "GITS",
    offset: 0x0048,
    width: 64,
    access: "RO",
    fields: [
      bits("DeviceID", 63, 32, "device of the reported MSI.", { display: "hex" }),
      bits("EventID", 31, 0, "event of the reported MSI.", { display: "hex" }),
    ],
    reset: { kvm: 0n, qemu: 0n },
    summary: "DeviceID and EventID of the MSI that GITS_STATUSR.UMSI reports; UNKNOWN when UMSI = 0.",
    source: `${manual}; a page of 2020 places it at 0x28`,
  },
  {
    name: "GITS_CBASER",
    block: "GITS",
    offset: 0x0080,
    width: 64,
    access: "RW",
    lockedBy: { register: "GITS_CTLR", field: "Enabled" },
    fields: [
      bit("Valid", 63, "1 when software has allocated the command queue."),
      innerCache(61, 59),
      outerCache(55, 53),
      bits("Physical_Address", 51, 12, "PA[51:12] of the command queue; KVM clears PA[15:12].", {
        shift: 12,
        unit: "address",
      }),
      shareability,
      bits("Size", 7, 0, "number of 4 KiB pages of the command queue, minus one.", { plus: 1, unit: "4 KiB pages" }),
    ],
    reset: { kvm: 0n, qemu: 0n, gem5: 0n },
    summary: "Place and size of the command queue; a write sets GITS_CREADR to 0 and KVM's also GITS_CWRITER.",
    source,
  },
  {
    name: "GITS_CWRITER",
    block: "GITS",
    offset: 0x0088,
    width: 64,
    access: "RW",
    fields: [
      bits("Offset", 19, 5, "byte offset in the queue of the next command that software writes, bits [19:5].", {
        shift: 5,
        unit: "bytes",
      }),
      bit("Retry", 0, "writing 1 restarts a stalled queue; reads as 0.", { access: "WO" }),
    ],
    reset: { kvm: 0n, qemu: 0n, gem5: 0n, xen: 0n },
    summary: "Write pointer of the command queue; the queue is empty when it equals GITS_CREADR.",
    source,
  },
  {
    name: "GITS_CREADR",
    block: "GITS",
    offset: 0x0090,
    width: 64,
    access: "RO",
    fields: [
      bits("Offset", 19, 5, "byte offset in the queue of the next command that the ITS reads, bits [19:5].", {
        shift: 5,
        unit: "bytes",
      }),
      bit("Stalled", 0, "1 when processing has stopped because of a command error."),
    ],
    reset: { kvm: 0n, qemu: 0n, gem5: 0n, xen: 0n },
    summary: "Read pointer of the command queue. QEMU lets software write it when GICD_CTLR.DS = 1.",
    source,
  },
  {
    name: "GITS_BASER<n>",
    block: "GITS",
    offset: 0x0100,
    width: 64,
    access: "RW",
    lockedBy: { register: "GITS_CTLR", field: "Enabled" },
    count: 8,
    stride: 8,
    fields: baser,
    memberResets: {
      kvm: [0x1907000000000600n, 0x1c07000000000600n],
      qemu: [0x0107000000000200n, 0x0407000000000200n],
    },
    summary: "Place, size and shape of table n. QEMU with GICv4 has a vPE table at GITS_BASER2, 0x0207000000000200.",
    source: `${source}; Linux arch/arm64/kvm/vgic/vgic-its.c INITIAL_BASER_VALUE`,
  },
  ...identificationRegisters(
    "GITS",
    "GITS_",
    0xffd0,
    {
      kvm: { peripheral: [0x92n, 0xb4n, 0x3bn, 0n, 0x40n, 0n, 0n, 0n] },
      qemu: { peripheral: [0x94n, 0xb4n, 0x3bn, 0n, 0x44n, 0n, 0n, 0n] },
    },
    `${manual}; Linux arch/arm64/kvm/vgic/vgic-its.c vgic_mmio_read_its_idregs; QEMU hw/intc/gicv3_internal.h gicv3_idreg`,
  ),
  {
    name: "GITS_TRANSLATER",
    block: "GITS",
    offset: GITS_TRANSLATION_FRAME + 0x40,
    width: 32,
    access: "WO",
    fields: [bits("EventID", 31, 0, "the event; its DeviceID comes with the bus transaction.", { display: "hex" })],
    summary: "Target of the MSI writes of devices. QEMU also takes 16-bit writes.",
    source,
  },
  {
    name: "GITS_SGIR",
    block: "GITS",
    offset: GITS_VSGI_FRAME + 0x20,
    width: 64,
    access: "WO",
    fields: [
      bits("vPEID", 47, 32, "virtual PE that gets the SGI."),
      bits("vINTID", 3, 0, "virtual SGI, 0 to 15.", { unit: "INTID" }),
    ],
    summary: "Makes a virtual SGI of a vPE pending (GICv4.1).",
    source: `${manual}; ${linux}`,
  },
];
