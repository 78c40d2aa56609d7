// Where bits are, as the sources have it and written down apart from the declarations: Linux include/linux/irqchip/arm-gic-v3.h, arm-gic.h
// and arch/arm64/kvm/vgic/vgic.h, QEMU hw/intc/gicv3_internal.h and gic_internal.h, Arm IHI 0069H and IHI 0048B, gem5
// src/dev/arm/gic_v3_its.hh, Xen xen/arch/arm/vgic-v3-its.c.

/** Register, its offset, its width, and its fields: bits, name, `<<` bits that are left out below, `+` what a count lacks. */
export type KnownRegister = readonly [name: string, offset: number, width: 32 | 64, fields: string];

const statusBits = "3 WROD, 2 RWOD, 1 WRD, 0 RRD";
const identification = "31:24 ProductID, 19:16 Variant, 15:12 Revision, 11:0 Implementer";
const acknowledge = "12:10 CPUID, 9:0 INTID";
const routing = "39:32 Aff3, 31 Interrupt_Routing_Mode, 23:16 Aff2, 15:8 Aff1, 7:0 Aff0";
const maintenance = "7 VGrp1D, 6 VGrp1E, 5 VGrp0D, 4 VGrp0E, 3 NP, 2 LRENP, 1 U, 0 EOI";

export const knownRegisters: readonly KnownRegister[] = [
  ["GITS_CTLR", 0x0, 32, "31 Quiescent, 8 UMSIirq, 7:4 ITS_Number, 1 ImDe, 0 Enabled"],
  ["GITS_IIDR", 0x4, 32, identification],
  [
    "GITS_TYPER",
    0x8,
    64,
    "46 INV, 45 UMSIirq, 44 UMSI, 43 nID, 42:41 SVPET, 40 VMAPP, 39 VSGI, 38 MPAM, 37 VMOVP, 36 CIL, 35:32 CIDbits +1, " +
      "31:24 HCC, 19 PTA, 18 SEIS, 17:13 Devbits +1, 12:8 ID_bits +1, 7:4 ITT_entry_size +1, 2 CCT, 1 Virtual, 0 Physical",
  ],
  ["GITS_MPAMIDR", 0x10, 32, "23:16 PMGmax, 15:0 PARTIDmax"],
  ["GITS_PARTIDR", 0x14, 32, "23:16 PMG, 15:0 PARTID"],
  ["GITS_MPIDR", 0x18, 32, "31:24 Aff3, 23:16 Aff2, 15:8 Aff1"],
  ["GITS_STATUSR", 0x40, 32, `9:6 Syndrome, 5 Overflow, 4 UMSI, ${statusBits}`],
  ["GITS_UMSIR", 0x48, 64, "63:32 DeviceID, 31:0 EventID"],
  [
    "GITS_CBASER",
    0x80,
    64,
    "63 Valid, 61:59 InnerCache, 55:53 OuterCache, 51:12 Physical_Address <<12, 11:10 Shareability, 7:0 Size +1",
  ],
  ["GITS_CWRITER", 0x88, 64, "19:5 Offset <<5, 0 Retry"],
  ["GITS_CREADR", 0x90, 64, "19:5 Offset <<5, 0 Stalled"],
  [
    "GITS_BASER0",
    0x100,
    64,
    "63 Valid, 62 Indirect, 61:59 InnerCache, 58:56 Type, 55:53 OuterCache, 52:48 Entry_Size +1, " +
      "47:12 Physical_Address <<12, 11:10 Shareability, 9:8 Page_Size, 7:0 Size +1",
  ],
  ["GITS_TRANSLATER", 0x10040, 32, "31:0 EventID"],
  ["GITS_SGIR", 0x20020, 64, "47:32 vPEID, 3:0 vINTID"],
  ["GICR_CTLR", 0x0, 32, "31 UWP, 26 DPG1S, 25 DPG1NS, 24 DPG0, 3 RWP, 2 IR, 1 CES, 0 EnableLPIs"],
  ["GICR_IIDR", 0x4, 32, identification],
  [
    "GICR_TYPER",
    0x8,
    64,
    "63:32 Affinity_Value, 31:27 PPInum, 26 VSGI, 25:24 CommonLPIAff, 23:8 Processor_Number, 7 RVPEID, 6 MPAM, 5 DPGS, " +
      "4 Last, 3 DirectLPI, 2 Dirty, 1 VLPIS, 0 PLPIS",
  ],
  ["GICR_STATUSR", 0x10, 32, statusBits],
  ["GICR_WAKER", 0x14, 32, "2 ChildrenAsleep, 1 ProcessorSleep"],
  ["GICR_SETLPIR", 0x40, 64, "31:0 pINTID"],
  ["GICR_CLRLPIR", 0x48, 64, "31:0 pINTID"],
  [
    "GICR_PROPBASER",
    0x70,
    64,
    "58:56 OuterCache, 51:12 Physical_Address <<12, 11:10 Shareability, 9:7 InnerCache, 4:0 IDbits +1",
  ],
  [
    "GICR_PENDBASER",
    0x78,
    64,
    "62 PTZ, 58:56 OuterCache, 51:16 Physical_Address <<16, 11:10 Shareability, 9:7 InnerCache",
  ],
  ["GICR_INVLPIR", 0xa0, 64, "63 V, 47:32 vPEID, 31:0 INTID"],
  ["GICR_INVALLR", 0xb0, 64, "63 V, 47:32 vPEID"],
  ["GICR_SYNCR", 0xc0, 32, "0 Busy"],
  [
    "GICR_VPROPBASER",
    0x20070,
    64,
    "63 Valid, 61:59 Entry_Size +1, 58:56 OuterCache, 55 Indirect, 54:53 Page_Size, 52 Z, 51:12 Physical_Address <<12, " +
      "11:10 Shareability, 9:7 InnerCache, 6:0 Size +1",
  ],
  [
    "GICR_VPENDBASER",
    0x20078,
    64,
    "63 Valid, 62 Doorbell, 61 PendingLast, 60 Dirty, 59 VGrp0En, 58 VGrp1En, 15:0 vPEID",
  ],
  ["GICR_VSGIR", 0x20080, 32, "15:0 vPEID"],
  ["GICR_VSGIPENDR", 0x20088, 32, "31 Busy, 15:0 Pending"],
  ["GICD_CTLR", 0x0, 32, "31 RWP, 8 nASSGIreq, 7 E1NWF, 6 DS, 4 ARE, 1 EnableGrp1, 0 EnableGrp0"],
  [
    "GICD_TYPER",
    0x4,
    32,
    "31:27 ESPI_range +1, 26 RSS, 25 No1N, 24 A3V, 23:19 IDbits +1, 18 DVIS, 17 LPIS, 16 MBIS, 15:11 num_LPIs, " +
      "10 SecurityExtn, 9 NMI, 8 ESPI, 7:5 CPUNumber +1, 4:0 ITLinesNumber +1",
  ],
  ["GICD_IIDR", 0x8, 32, identification],
  ["GICD_TYPER2", 0xc, 32, "8 nASSGIcap, 7 VIL, 4:0 VID +1"],
  ["GICD_STATUSR", 0x10, 32, statusBits],
  ["GICD_SETSPI_NSR", 0x40, 32, "12:0 INTID"],
  ["GICD_CLRSPI_NSR", 0x48, 32, "12:0 INTID"],
  ["GICD_SETSPI_SR", 0x50, 32, "12:0 INTID"],
  ["GICD_CLRSPI_SR", 0x58, 32, "12:0 INTID"],
  ["GICD_SGIR", 0xf00, 32, "25:24 TargetListFilter, 23:16 CPUTargetList, 15 NSATT, 3:0 INTID"],
  ["GICD_IROUTER32", 0x6100, 64, routing],
  ["GICD_IROUTER0E", 0x8000, 64, routing],
  [
    "GICC_CTLR",
    0x0,
    32,
    "10 EOImodeNS, 9 EOImode, 8 IRQBypDisGrp1, 7 FIQBypDisGrp1, 6 IRQBypDisGrp0, 5 FIQBypDisGrp0, 4 CBPR, 3 FIQEn, " +
      "2 AckCtl, 1 EnableGrp1, 0 EnableGrp0",
  ],
  ["GICC_PMR", 0x4, 32, "7:0 Priority"],
  ["GICC_BPR", 0x8, 32, "2:0 Binary_Point"],
  ["GICC_IAR", 0xc, 32, acknowledge],
  ["GICC_EOIR", 0x10, 32, acknowledge],
  ["GICC_RPR", 0x14, 32, "7:0 Priority"],
  ["GICC_HPPIR", 0x18, 32, acknowledge],
  ["GICC_ABPR", 0x1c, 32, "2:0 Binary_Point"],
  ["GICC_AIAR", 0x20, 32, acknowledge],
  ["GICC_AEOIR", 0x24, 32, acknowledge],
  ["GICC_AHPPIR", 0x28, 32, acknowledge],
  ["GICC_APR3", 0xdc, 32, "31:0 Active_priorities"],
  ["GICC_NSAPR3", 0xec, 32, "31:0 Active_priorities"],
  ["GICC_IIDR", 0xfc, 32, "31:20 ProductID, 19:16 Architecture_version, 15:12 Revision, 11:0 Implementer"],
  ["GICC_DIR", 0x1000, 32, acknowledge],
  [
    "GICH_HCR",
    0x0,
    32,
    "31:27 EOIcount, 7 VGrp1DIE, 6 VGrp1EIE, 5 VGrp0DIE, 4 VGrp0EIE, 3 NPIE, 2 LRENPIE, 1 UIE, 0 En",
  ],
  ["GICH_VTR", 0x4, 32, "31:29 PRIbits +1, 28:26 PREbits +1, 5:0 ListRegs +1"],
  [
    "GICH_VMCR",
    0x8,
    32,
    "31:27 VMPriMask <<3, 23:21 VMBP, 20:18 VMABP, 9 VEM, 4 VMCBPR, 3 VMFIQEn, 2 VMAckCtl, 1 VMGrp1En, 0 VMGrp0En",
  ],
  ["GICH_MISR", 0x10, 32, maintenance],
  ["GICH_EISR1", 0x24, 32, "31:0 List_registers"],
  ["GICH_ELRSR1", 0x34, 32, "31:0 List_registers"],
  ["GICH_APR", 0xf0, 32, "31:0 Active_priorities"],
  ["GICH_LR63", 0x1fc, 32, "31 HW, 30 Grp1, 29:28 State, 27:23 Priority <<3, 19 EOI, 12:10 CPUID, 9:0 VirtualID"],
];

/** System register, op0.op1.CRn.CRm.op2, and its fields. */
export const knownSystemRegisters: readonly (readonly [name: string, encoding: string, fields: string])[] = [
  ["ICC_PMR_EL1", "3.0.4.6.0", "7:0 Priority"],
  ["ICC_IAR0_EL1", "3.0.12.8.0", "23:0 INTID"],
  ["ICC_EOIR0_EL1", "3.0.12.8.1", "23:0 INTID"],
  ["ICC_HPPIR0_EL1", "3.0.12.8.2", "23:0 INTID"],
  ["ICC_BPR0_EL1", "3.0.12.8.3", "2:0 BinaryPoint"],
  ["ICC_AP0R0_EL1", "3.0.12.8.4", "31:0 Active_priorities"],
  ["ICC_AP1R3_EL1", "3.0.12.9.3", "63 NMI, 31:0 Active_priorities"],
  ["ICC_NMIAR1_EL1", "3.0.12.9.5", "23:0 INTID"],
  ["ICC_DIR_EL1", "3.0.12.11.1", "23:0 INTID"],
  ["ICC_RPR_EL1", "3.0.12.11.3", "63 NMI, 62 NMI_NS, 7:0 Priority"],
  ["ICC_IAR1_EL1", "3.0.12.12.0", "23:0 INTID"],
  ["ICC_EOIR1_EL1", "3.0.12.12.1", "23:0 INTID"],
  ["ICC_HPPIR1_EL1", "3.0.12.12.2", "23:0 INTID"],
  ["ICC_BPR1_EL1", "3.0.12.12.3", "2:0 BinaryPoint"],
  [
    "ICC_CTLR_EL1",
    "3.0.12.12.4",
    "19 ExtRange, 18 RSS, 15 A3V, 14 SEIS, 13:11 IDbits, 10:8 PRIbits +1, 6 PMHE, 1 EOImode, 0 CBPR",
  ],
  ["ICC_SRE_EL1", "3.0.12.12.5", "2 DIB, 1 DFB, 0 SRE"],
  ["ICC_IGRPEN0_EL1", "3.0.12.12.6", "0 Enable"],
  ["ICC_IGRPEN1_EL1", "3.0.12.12.7", "0 Enable"],
  ["ICC_SRE_EL2", "3.4.12.9.5", "3 Enable, 2 DIB, 1 DFB, 0 SRE"],
  ["ICC_SRE_EL3", "3.6.12.12.5", "3 Enable, 2 DIB, 1 DFB, 0 SRE"],
  ...["ICC_SGI1R_EL1 5", "ICC_ASGI1R_EL1 6", "ICC_SGI0R_EL1 7"].map((text) => {
    const [name, op2] = text.split(" ");
    const fields = "55:48 Aff3, 47:44 RS, 40 IRM, 39:32 Aff2, 27:24 INTID, 23:16 Aff1, 15:0 TargetList";
    return [name, `3.0.12.11.${op2}`, fields] as const;
  }),
  ["ICH_AP0R3_EL2", "3.4.12.8.3", "31:0 Active_priorities"],
  ["ICH_AP1R0_EL2", "3.4.12.9.0", "63 NMI, 31:0 Active_priorities"],
  [
    "ICH_HCR_EL2",
    "3.4.12.11.0",
    "31:27 EOIcount, 15 DVIM, 14 TDIR, 13 TSEI, 12 TALL1, 11 TALL0, 10 TC, 8 vSGIEOICount, 7 VGrp1DIE, 6 VGrp1EIE, " +
      "5 VGrp0DIE, 4 VGrp0EIE, 3 NPIE, 2 LRENPIE, 1 UIE, 0 En",
  ],
  [
    "ICH_VTR_EL2",
    "3.4.12.11.1",
    "31:29 PRIbits +1, 28:26 PREbits +1, 25:23 IDbits, 22 SEIS, 21 A3V, 20 nV4, 19 TDS, 18 DVIM, 4:0 ListRegs +1",
  ],
  ["ICH_MISR_EL2", "3.4.12.11.2", maintenance],
  ["ICH_EISR_EL2", "3.4.12.11.3", "15:0 List_registers"],
  ["ICH_ELRSR_EL2", "3.4.12.11.5", "15:0 List_registers"],
  [
    "ICH_VMCR_EL2",
    "3.4.12.11.7",
    "31:24 VPMR, 23:21 VBPR0, 20:18 VBPR1, 9 VEOIM, 4 VCBPR, 3 VFIQEn, 2 VAckCtl, 1 VENG1, 0 VENG0",
  ],
  ["ICH_LR15_EL2", "3.4.12.13.7", "63:62 State, 61 HW, 60 Group, 59 NMI, 55:48 Priority, 41 EOI, 31:0 vINTID"],
];

/** Forms of registers beside the main one. */
export const knownForms: readonly (readonly [register: string, when: string, fields: string])[] = [
  [
    "GICR_VPROPBASER",
    "GICv4.0",
    "58:56 OuterCache, 51:12 Physical_Address <<12, 11:10 Shareability, 9:7 InnerCache, 4:0 IDbits +1",
  ],
  [
    "GICR_VPENDBASER",
    "GICv4.0",
    "63 Valid, 62 IDAI, 61 PendingLast, 60 Dirty, 58:56 OuterCache, 51:16 Physical_Address <<16, 11:10 Shareability, 9:7 InnerCache",
  ],
  [
    "GICD_CTLR",
    "Secure access, two security states",
    "31 RWP, 8 nASSGIreq, 7 E1NWF, 6 DS, 5 ARE_NS, 4 ARE_S, 2 EnableGrp1S, 1 EnableGrp1NS, 0 EnableGrp0",
  ],
  ["GICD_CTLR", "Non-secure access, two security states", "31 RWP, 4 ARE_NS, 1 EnableGrp1A, 0 EnableGrp1"],
  ["GICD_CTLR", "GICv2", "1 EnableGrp1, 0 EnableGrp0"],
  ["GICD_TYPER", "GICv2", "15:11 LSPI, 10 SecurityExtn, 7:5 CPUNumber +1, 4:0 ITLinesNumber +1"],
];

/** Registers with some bits an INTID: offset of the first, bits an INTID, and the INTID of the lowest bits. */
export const knownPerIntid: readonly (readonly [name: string, offset: number, bits: number, firstIntid: number])[] = [
  ["GICD_IGROUPR0", 0x80, 1, 0],
  ["GICD_ISENABLER0", 0x100, 1, 0],
  ["GICD_ICENABLER0", 0x180, 1, 0],
  ["GICD_ISPENDR0", 0x200, 1, 0],
  ["GICD_ICPENDR0", 0x280, 1, 0],
  ["GICD_ISACTIVER0", 0x300, 1, 0],
  ["GICD_ICACTIVER0", 0x380, 1, 0],
  ["GICD_IPRIORITYR0", 0x400, 8, 0],
  ["GICD_ITARGETSR0", 0x800, 8, 0],
  ["GICD_ICFGR0", 0xc00, 2, 0],
  ["GICD_IGRPMODR0", 0xd00, 1, 0],
  ["GICD_NSACR0", 0xe00, 2, 0],
  ["GICD_CPENDSGIR0", 0xf10, 8, 0],
  ["GICD_SPENDSGIR0", 0xf20, 8, 0],
  ["GICD_INMIR0", 0xf80, 1, 0],
  ["GICD_IGROUPR0E", 0x1000, 1, 4096],
  ["GICD_ISENABLER0E", 0x1200, 1, 4096],
  ["GICD_ICENABLER0E", 0x1400, 1, 4096],
  ["GICD_ISPENDR0E", 0x1600, 1, 4096],
  ["GICD_ICPENDR0E", 0x1800, 1, 4096],
  ["GICD_ISACTIVER0E", 0x1a00, 1, 4096],
  ["GICD_ICACTIVER0E", 0x1c00, 1, 4096],
  ["GICD_IPRIORITYR0E", 0x2000, 8, 4096],
  ["GICD_ICFGR0E", 0x3000, 2, 4096],
  ["GICD_IGRPMODR0E", 0x3400, 1, 4096],
  ["GICD_NSACR0E", 0x3600, 2, 4096],
  ["GICD_INMIR0E", 0x3b00, 1, 4096],
  ["GICR_IGROUPR0", 0x10080, 1, 0],
  ["GICR_IGROUPR1E", 0x10084, 1, 1056],
  ["GICR_ISENABLER0", 0x10100, 1, 0],
  ["GICR_ICENABLER0", 0x10180, 1, 0],
  ["GICR_ISPENDR0", 0x10200, 1, 0],
  ["GICR_ICPENDR0", 0x10280, 1, 0],
  ["GICR_ISACTIVER0", 0x10300, 1, 0],
  ["GICR_ICACTIVER0", 0x10380, 1, 0],
  ["GICR_IPRIORITYR0", 0x10400, 8, 0],
  ["GICR_IPRIORITYR8E", 0x10420, 8, 1056],
  ["GICR_ICFGR0", 0x10c00, 2, 0],
  ["GICR_ICFGR1", 0x10c04, 2, 16],
  ["GICR_IGRPMODR0", 0x10d00, 1, 0],
  ["GICR_NSACR", 0x10e00, 2, 0],
  ["GICR_INMIR0", 0x10f80, 1, 0],
];

/** Layout, table, bytes of an entry, and its fields. */
export const knownEntries: readonly (readonly [layout: string, kind: string, bytes: number, fields: string])[] = [
  ["kvm-rev0", "device", 8, "63 V, 62:49 next, 48:5 ITT_addr <<8, 4:0 Size +1"],
  ["kvm-rev0", "itt", 8, "63:48 next, 47:16 pINTID, 15:0 ICID"],
  ["kvm-rev0", "collection", 8, "63 V, 51:16 RDbase, 15:0 ICID"],
  ["kvm-rev0", "level1", 8, "63 V, 51:16 Address <<16"],
  ["qemu", "device", 8, "49:6 ITT_addr <<8, 5:1 Size +1, 0 V"],
  ["qemu", "itt", 12, "87:64 doorbell, 63:48 vPEID, 47:32 ICID, 25:2 INTID, 1 type, 0 V"],
  ["qemu", "collection", 8, "16:1 RDbase, 0 V"],
  ["qemu", "vpe", 8, "57:42 RDbase, 41:6 VPT_addr <<16, 5:1 VPT_size +1, 0 V"],
  ["qemu", "level1", 8, "63 V, 50:0 Address"],
  ["gem5", "device", 8, "57:53 Size +1, 52:1 ITT_addr, 0 V"],
  ["gem5", "itt", 8, "59:46 vPEID, 45:30 ICID, 29:16 doorbell, 15:2 INTID, 1 type, 0 V"],
  ["gem5", "collection", 8, "40:1 RDbase, 0 V"],
  ["xen", "device", 8, "51:8 ITT_addr <<8, 4:0 Size +1"],
  ["xen", "itt", 8, "47:32 ICID, 31:0 vLPI"],
  ["xen", "collection", 2, "15:0 RDbase"],
  ["kvm-rev0", "lpi-config", 1, "7:2 Priority <<2, 1 RES1, 0 Enable"],
  ["qemu", "lpi-pending", 0, ""],
];

/** Command, opcode, since when, and its fields by word. */
export const knownCommands: readonly (readonly [name: string, opcode: number, since: string, fields: string])[] = [
  ["MOVI", 0x01, "v3", "DW0 63:32 DeviceID, DW1 31:0 EventID, DW2 15:0 ICID"],
  ["INT", 0x03, "v3", "DW0 63:32 DeviceID, DW1 31:0 EventID"],
  ["CLEAR", 0x04, "v3", "DW0 63:32 DeviceID, DW1 31:0 EventID"],
  ["SYNC", 0x05, "v3", "DW2 51:16 RDbase"],
  ["MAPD", 0x08, "v3", "DW0 63:32 DeviceID, DW1 4:0 Size +1, DW2 63 V, DW2 51:8 ITT_addr <<8"],
  ["MAPC", 0x09, "v3", "DW2 63 V, DW2 51:16 RDbase, DW2 15:0 ICID"],
  ["MAPTI", 0x0a, "v3", "DW0 63:32 DeviceID, DW1 63:32 pINTID, DW1 31:0 EventID, DW2 15:0 ICID"],
  ["MAPI", 0x0b, "v3", "DW0 63:32 DeviceID, DW1 31:0 EventID, DW2 15:0 ICID"],
  ["INV", 0x0c, "v3", "DW0 63:32 DeviceID, DW1 31:0 EventID"],
  ["INVALL", 0x0d, "v3", "DW2 15:0 ICID"],
  ["MOVALL", 0x0e, "v3", "DW2 51:16 RDbase1, DW3 51:16 RDbase2"],
  ["DISCARD", 0x0f, "v3", "DW0 63:32 DeviceID, DW1 31:0 EventID"],
  ["VMOVI", 0x21, "v4.0", "DW0 63:32 DeviceID, DW1 47:32 vPEID, DW1 31:0 EventID, DW2 63:32 Dbell_pINTID, DW2 0 D"],
  [
    "VMOVP",
    0x22,
    "v4.0",
    "DW0 47:32 Sequence_Number, DW1 47:32 vPEID, DW1 15:0 ITSList, DW2 63 DB, DW2 51:16 RDbase, DW3 31:0 Default_Doorbell_pINTID",
  ],
  [
    "VSGI",
    0x23,
    "v4.1",
    "DW0 35:32 vINTID, DW0 23:20 Priority <<4, DW0 10 Group, DW0 9 Clear, DW0 8 Enable, DW1 47:32 vPEID",
  ],
  ["VSYNC", 0x25, "v4.0", "DW1 47:32 vPEID"],
  [
    "VMAPP",
    0x29,
    "v4.0",
    "DW0 51:16 VCONF_addr <<16, DW0 9 PTZ, DW0 8 Alloc, DW1 47:32 vPEID, DW1 31:0 Default_Doorbell_pINTID, " +
      "DW2 63 V, DW2 51:16 RDbase, DW3 51:16 VPT_addr <<16, DW3 4:0 VPT_size +1",
  ],
  [
    "VMAPTI",
    0x2a,
    "v4.0",
    "DW0 63:32 DeviceID, DW1 47:32 vPEID, DW1 31:0 EventID, DW2 63:32 Dbell_pINTID, DW2 31:0 vINTID",
  ],
  ["VMAPI", 0x2b, "v4.0", "DW0 63:32 DeviceID, DW1 47:32 vPEID, DW1 31:0 EventID, DW2 63:32 Dbell_pINTID"],
  ["VINVALL", 0x2d, "v4.0", "DW1 47:32 vPEID"],
  ["INVDB", 0x2e, "v4.1", "DW1 47:32 vPEID"],
];
