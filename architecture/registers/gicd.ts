import type { Register } from "../register.ts";
import { bit, bits, identificationRegisters, KVM_GIC_IDENTIFICATION, NO_IDENTIFICATION } from "./define.ts";
import { gicdIntidRegisters } from "./gicd-intid.ts";
import { accessErrorStatus, implementerIdentification } from "./shared-fields.ts";

const manual = "Arm IHI0069 chapter 12";
const source = `${manual}; Linux include/linux/irqchip/arm-gic-v3.h GICD_*; QEMU hw/intc/gicv3_internal.h GICD_*`;
const recorded = "resets as recorded from Linux 7.2 (GICv3) and QEMU 7.2";

/** SETSPI and CLRSPI registers: the SPI by its INTID. */
function messageRegister(name: string, offset: number, what: string, security: string): Register {
  return {
    name,
    block: "GICD",
    offset,
    width: 32,
    access: "WO",
    generation: 3,
    fields: [bits("INTID", 12, 0, "the SPI.", { unit: "INTID" })],
    summary: `${what} an SPI by ${security} message, where GICD_TYPER.MBIS = 1.`,
    source: manual,
  };
}

const affinityRoutingFields = [
  bit("RWP", 31, "1 while a write of GICD_CTLR or an ICENABLER has effects in progress.", { access: "RO" }),
  bit("nASSGIreq", 8, "1 asks for SGIs without an active state (GICv4.1)."),
  bit("E1NWF", 7, "1 lets 1-of-N SPIs wake PEs."),
] as const;

/** Registers of the distributor that are not arrays by INTID. */
const controlRegisters: readonly Register[] = [
  {
    name: "GICD_CTLR",
    block: "GICD",
    offset: 0x000,
    width: 32,
    access: "RW",
    fields: [
      ...affinityRoutingFields,
      bit("DS", 6, "1 when there is one security state only."),
      bit("ARE", 4, "1 when affinity routing is enabled."),
      bit("EnableGrp1", 1, "1 forwards Group 1 interrupts."),
      bit("EnableGrp0", 0, "1 forwards Group 0 interrupts."),
    ],
    forms: [
      {
        when: "Secure access, two security states",
        fields: [
          ...affinityRoutingFields,
          bit("DS", 6, "0; writing 1 leaves one security state."),
          bit("ARE_NS", 5, "1 when affinity routing is enabled for the Non-secure state."),
          bit("ARE_S", 4, "1 when affinity routing is enabled for the Secure state."),
          bit("EnableGrp1S", 2, "1 forwards Secure Group 1 interrupts."),
          bit("EnableGrp1NS", 1, "1 forwards Non-secure Group 1 interrupts."),
          bit("EnableGrp0", 0, "1 forwards Group 0 interrupts."),
        ],
      },
      {
        when: "Non-secure access, two security states",
        fields: [
          bit("RWP", 31, "1 while a write has effects in progress.", { access: "RO" }),
          bit("ARE_NS", 4, "1 when affinity routing is enabled for the Non-secure state."),
          bit("EnableGrp1A", 1, "1 forwards Non-secure Group 1 interrupts, with affinity routing."),
          bit("EnableGrp1", 0, "1 forwards Non-secure Group 1 interrupts, without affinity routing."),
        ],
      },
      {
        when: "GICv2",
        fields: [
          bit("EnableGrp1", 1, "1 forwards Group 1 interrupts."),
          bit("EnableGrp0", 0, "1 forwards Group 0 interrupts."),
        ],
      },
    ],
    reset: { kvm: 0x50n, qemu: 0x50n },
    summary: "Controls the distributor. KVM's GICv3 always reads DS and ARE as 1.",
    source: `${source}; ${recorded}`,
  },
  {
    name: "GICD_TYPER",
    block: "GICD",
    offset: 0x004,
    width: 32,
    access: "RO",
    fields: [
      bits("ESPI_range", 31, 27, "extended SPIs in steps of 32, minus one; valid when ESPI = 1.", {
        plus: 1,
        unit: "32 extended SPIs",
      }),
      bit("RSS", 26, "1 when SGIs reach affinity level 0 values up to 255."),
      bit("No1N", 25, "1 when 1-of-N SPIs are not supported."),
      bit("A3V", 24, "1 when affinity level 3 may be other than 0."),
      bits("IDbits", 23, 19, "number of INTID bits, minus one.", { plus: 1, unit: "INTID bits" }),
      bit("DVIS", 18, "1 when virtual LPIs can be injected directly (GICv4)."),
      bit("LPIS", 17, "1 when LPIs are supported."),
      bit("MBIS", 16, "1 when SPIs can be raised by messages."),
      bits(
        "num_LPIs",
        15,
        11,
        "with a value above 1, LPIs end at 8192 + 2^(num_LPIs + 1) - 1; otherwise IDbits limits them.",
      ),
      bit("SecurityExtn", 10, "1 when two security states are supported."),
      bit("NMI", 9, "1 when non-maskable interrupts are supported (FEAT_GICv3_NMI)."),
      bit("ESPI", 8, "1 when extended SPIs are supported."),
      bits("CPUNumber", 7, 5, "number of PEs without affinity routing, minus one.", { plus: 1, unit: "PEs" }),
      bits("ITLinesNumber", 4, 0, "32 (ITLinesNumber + 1) is the number of INTIDs below 1020.", {
        plus: 1,
        unit: "32 INTIDs",
      }),
    ],
    forms: [
      {
        when: "GICv2",
        fields: [
          bits("LSPI", 15, 11, "number of lockable SPIs.", { unit: "SPIs" }),
          bit("SecurityExtn", 10, "1 when the security extensions are implemented."),
          bits("CPUNumber", 7, 5, "number of CPU interfaces, minus one.", { plus: 1, unit: "CPU interfaces" }),
          bits("ITLinesNumber", 4, 0, "32 (ITLinesNumber + 1) is the number of INTIDs.", {
            plus: 1,
            unit: "32 INTIDs",
          }),
        ],
      },
    ],
    summary: "Features of the distributor.",
    source,
  },
  {
    name: "GICD_IIDR",
    block: "GICD",
    offset: 0x008,
    width: 32,
    access: "RO",
    fields: implementerIdentification,
    reset: { kvm: 0x4b00343bn, qemu: 0x0000043bn },
    summary:
      "Identifies the distributor; in KVM, Revision is the revision of the virtual GIC and user space may set 2 or 3.",
    source: `${source}; ${recorded}`,
  },
  {
    name: "GICD_TYPER2",
    block: "GICD",
    offset: 0x00c,
    width: 32,
    access: "RO",
    generation: 3,
    fields: [
      bit("nASSGIcap", 8, "1 when SGIs without an active state are supported (GICv4.1)."),
      bit("VIL", 7, "1 when VID limits the vPEID; 0 for 16 bits."),
      bits("VID", 4, 0, "number of vPEID bits, minus one; valid when VIL = 1.", { plus: 1, unit: "vPEID bits" }),
    ],
    reset: { kvm: 0n, qemu: 0n },
    summary: "GICv4.1 features of the distributor.",
    source: `${source}; ${recorded}`,
  },
  {
    name: "GICD_STATUSR",
    block: "GICD",
    offset: 0x010,
    width: 32,
    access: "W1C",
    generation: 3,
    fields: accessErrorStatus,
    reset: { kvm: 0xffffffffn },
    summary: "Errors of accesses to the distributor. KVM reads all ones and ignores writes.",
    source: `${source}; ${recorded}`,
  },
  messageRegister("GICD_SETSPI_NSR", 0x040, "Raises", "Non-secure"),
  messageRegister("GICD_CLRSPI_NSR", 0x048, "Lowers", "Non-secure"),
  messageRegister("GICD_SETSPI_SR", 0x050, "Raises", "Secure"),
  messageRegister("GICD_CLRSPI_SR", 0x058, "Lowers", "Secure"),
  {
    name: "GICD_SGIR",
    block: "GICD",
    offset: 0xf00,
    width: 32,
    access: "WO",
    fields: [
      bits("TargetListFilter", 25, 24, "who gets the SGI.", {
        values: [
          { value: 0, name: "CPUTargetList" },
          { value: 1, name: "All but this PE" },
          { value: 2, name: "This PE" },
          { value: 3, name: "Reserved" },
        ],
      }),
      bits("CPUTargetList", 23, 16, "one bit a CPU interface.", { display: "hex" }),
      bit("NSATT", 15, "Secure accesses: 1 for a Group 1 SGI, 0 for Group 0."),
      bits("INTID", 3, 0, "the SGI.", { unit: "INTID" }),
    ],
    summary: "Generates an SGI; ignored with affinity routing.",
    source,
  },
];

/** Source PEs of pending SGIs, a byte an SGI, without affinity routing. */
function sgiPending(stem: "CPENDSGIR" | "SPENDSGIR", offset: number, verb: string): Register {
  const field = stem === "CPENDSGIR" ? "SGI_clear_pending_bits" : "SGI_set_pending_bits";
  return {
    name: `GICD_${stem}<n>`,
    block: "GICD",
    offset,
    width: 32,
    access: stem === "CPENDSGIR" ? "W1C" : "W1S",
    count: 4,
    stride: 4,
    perIntid: { bits: 8, firstIntid: 0 },
    fields: [0, 1, 2, 3].map((lane) =>
      bits(`${field}${lane}`, 8 * lane + 7, 8 * lane, `PEs that the SGI is pending from; writing 1 ${verb} it.`, {
        display: "hex",
      }),
    ),
    reset: { kvm: 0n },
    summary: "SGIs 0 to 15, a byte each with one bit a source PE; RAZ/WI with affinity routing.",
    source,
  };
}

export const gicdRegisters: readonly Register[] = [
  ...controlRegisters,
  ...gicdIntidRegisters,
  sgiPending("CPENDSGIR", 0xf10, "clears"),
  sgiPending("SPENDSGIR", 0xf20, "sets"),
  ...identificationRegisters(
    "GICD",
    "GICD_",
    0xffd0,
    { kvm: KVM_GIC_IDENTIFICATION, qemu: { peripheral: [0x92n, 0xb4n, 0x3bn, 0n, 0x44n, 0n, 0n, 0n] } },
    `${manual}; QEMU hw/intc/gicv3_internal.h gicv3_idreg; KVM answers PIDR2 alone, its CIDRn read as 0`,
    3,
  ),
  ...identificationRegisters(
    "GICD",
    "GICD_IC",
    0xfd0,
    { kvm: NO_IDENTIFICATION },
    "Arm IHI0048B chapter 4; recorded from Linux 7.2, which has none",
    2,
  ),
];
