import type { CommandField } from "./command.ts";

/** Raw INTID that means "no doorbell" wherever a command takes a doorbell (Linux irq-gic-v3-its.c, QEMU INTID_SPURIOUS). */
export const NO_DOORBELL = 1023;

const whenUnmapping = { field: "V", raw: 0n } as const;
const fourOne = "v4.1" as const;

/** DW0[63:32]. */
export const deviceId: CommandField = {
  word: 0,
  name: "DeviceID",
  msb: 63,
  lsb: 32,
  display: "hex",
  summary: "DeviceID: the device whose interrupt translation table (ITT) the command addresses.",
};

/** DW1[31:0]. */
export const eventId: CommandField = {
  word: 1,
  name: "EventID",
  msb: 31,
  lsb: 0,
  display: "hex",
  summary: "EventID: index of the event in the device's ITT, below 2^(Size + 1) of the MAPD.",
};

/** DW1[63:32]. */
export const physicalIntid: CommandField = {
  word: 1,
  name: "pINTID",
  msb: 63,
  lsb: 32,
  unit: "INTID",
  summary: "pINTID: the physical LPI that the event becomes, 8192 or above and within GICR_PROPBASER.IDbits.",
};

/** DW2[15:0]. */
export const collectionId: CommandField = {
  word: 2,
  name: "ICID",
  msb: 15,
  lsb: 0,
  summary: "ICID: the interrupt collection that selects the target redistributor.",
};

const rdBaseText =
  "PE number of the target redistributor when GITS_TYPER.PTA = 0, bits [51:16] of its RD_base address when PTA = 1.";

/** DW2[51:16]: raw value is a PE number or an address in 64 KiB units, which only GITS_TYPER.PTA can tell. */
export const rdBase: CommandField = {
  word: 2,
  name: "RDbase",
  msb: 51,
  lsb: 16,
  unit: "PE number or address[51:16]",
  summary: `RDbase: ${rdBaseText}`,
};

/** {@link rdBase} of a command with V, which ignores it when unmapping. */
export const mappedRdBase: CommandField = { ...rdBase, unusedIf: whenUnmapping };

export const rdBaseFrom: CommandField = {
  ...rdBase,
  name: "RDbase1",
  summary: `RDbase1, where the interrupts come from: ${rdBaseText}`,
};

export const rdBaseTo: CommandField = {
  ...rdBase,
  word: 3,
  name: "RDbase2",
  summary: `RDbase2, where the interrupts go to: ${rdBaseText}`,
};

/** DW2[63]. */
export const valid: CommandField = {
  word: 2,
  name: "V",
  msb: 63,
  lsb: 63,
  defaultRaw: 1n,
  summary: "V: 1 maps, 0 removes the mapping.",
  values: [
    { value: 0, name: "Unmap" },
    { value: 1, name: "Map" },
  ],
};

/** DW1[4:0] of MAPD. */
export const ittSize: CommandField = {
  word: 1,
  name: "Size",
  msb: 4,
  lsb: 0,
  plus: 1,
  unit: "EventID bits",
  unusedIf: whenUnmapping,
  summary: "Size: number of EventID bits that the ITT supports, minus one.",
};

/** DW2[51:8] of MAPD. */
export const ittAddress: CommandField = {
  word: 2,
  name: "ITT_addr",
  msb: 51,
  lsb: 8,
  shift: 8,
  unit: "address",
  unusedIf: whenUnmapping,
  summary: "ITT_addr: physical address of the ITT, bits [51:8]; the table is 256-byte aligned.",
};

/** DW1[47:32] of every GICv4 command. */
export const vpeId: CommandField = {
  word: 1,
  name: "vPEID",
  msb: 47,
  lsb: 32,
  summary: "vPEID: the virtual PE, index into the vPE table.",
};

/** DW2[31:0] of VMAPTI. */
export const virtualIntid: CommandField = {
  word: 2,
  name: "vINTID",
  msb: 31,
  lsb: 0,
  unit: "INTID",
  summary: "vINTID: the virtual LPI that the event becomes in the vPE, 8192 or above and within VPT_size.",
};

/** DW2[63:32] of VMAPTI and VMAPI. */
export const doorbell: CommandField = {
  word: 2,
  name: "Dbell_pINTID",
  msb: 63,
  lsb: 32,
  unit: "INTID",
  defaultRaw: BigInt(NO_DOORBELL),
  summary:
    "Dbell_pINTID: the physical LPI made pending when the event arrives while the vPE is not resident; 1023 for none.",
};

/** DW2[63:32] of VMOVI, which has it only with D = 1. */
export const movedDoorbell: CommandField = { ...doorbell, defaultRaw: undefined, unusedIf: { field: "D", raw: 0n } };

/** DW2[0] of VMOVI. */
export const doorbellValid: CommandField = {
  word: 2,
  name: "D",
  msb: 0,
  lsb: 0,
  defaultRaw: 0n,
  summary: "D: 1 replaces the event's doorbell by Dbell_pINTID, 0 keeps it.",
};

/** DW3[4:0] of VMAPP. */
export const vptSize: CommandField = {
  word: 3,
  name: "VPT_size",
  msb: 4,
  lsb: 0,
  plus: 1,
  unit: "vINTID bits",
  unusedIf: whenUnmapping,
  summary: "VPT_size: number of virtual INTID bits that the virtual pending table covers, minus one.",
};

/** DW3[51:16] of VMAPP. */
export const vptAddress: CommandField = {
  word: 3,
  name: "VPT_addr",
  msb: 51,
  lsb: 16,
  shift: 16,
  unit: "address",
  unusedIf: whenUnmapping,
  summary: "VPT_addr: physical address of the vPE's virtual LPI pending table, bits [51:16]; 64 KiB aligned.",
};

/** DW0[51:16] of VMAPP in GICv4.1. */
export const vconfAddress: CommandField = {
  word: 0,
  name: "VCONF_addr",
  msb: 51,
  lsb: 16,
  since: fourOne,
  shift: 16,
  unit: "address",
  defaultRaw: 0n,
  unusedIf: whenUnmapping,
  summary: "VCONF_addr: physical address of the virtual LPI configuration table, bits [51:16]; 64 KiB aligned.",
};

/** DW0[8] of VMAPP in GICv4.1. */
export const alloc: CommandField = {
  word: 0,
  name: "Alloc",
  msb: 8,
  lsb: 8,
  since: fourOne,
  defaultRaw: 0n,
  summary:
    "Alloc: 1 on the first VMAPP that maps the vPE and on the last that unmaps it, over all ITSs; 0 on the others.",
};

/** DW0[9] of VMAPP in GICv4.1. */
export const pendingTableZero: CommandField = {
  word: 0,
  name: "PTZ",
  msb: 9,
  lsb: 9,
  since: fourOne,
  defaultRaw: 0n,
  unusedIf: whenUnmapping,
  summary: "PTZ: 1 when the virtual pending table holds only zeros; used when the vPE is mapped with Alloc = 1.",
};

/** DW1[31:0] of VMAPP in GICv4.1. */
export const defaultDoorbell: CommandField = {
  word: 1,
  name: "Default_Doorbell_pINTID",
  msb: 31,
  lsb: 0,
  since: fourOne,
  unit: "INTID",
  defaultRaw: 0n,
  unusedIf: whenUnmapping,
  summary: "Default_Doorbell_pINTID: the physical LPI that is the vPE's default doorbell; 1023 for none.",
};

/** DW3[31:0] of VMOVP in GICv4.1, used with DB = 1. */
export const movedDefaultDoorbell: CommandField = {
  ...defaultDoorbell,
  word: 3,
  unusedIf: { field: "DB", raw: 0n },
};

/** DW2[63] of VMOVP in GICv4.1. */
export const defaultDoorbellValid: CommandField = {
  word: 2,
  name: "DB",
  msb: 63,
  lsb: 63,
  since: fourOne,
  defaultRaw: 0n,
  summary: "DB: 1 replaces the vPE's default doorbell by Default_Doorbell_pINTID, 0 keeps it.",
};

/** DW0[47:32] of VMOVP. */
export const sequenceNumber: CommandField = {
  word: 0,
  name: "Sequence_Number",
  msb: 47,
  lsb: 32,
  defaultRaw: 0n,
  summary:
    "Sequence_Number: the same for the VMOVP commands of one move on all ITSs of ITSList; RES0 when GITS_TYPER.VMOVP = 1.",
};

/** DW1[15:0] of VMOVP. */
export const itsList: CommandField = {
  word: 1,
  name: "ITSList",
  msb: 15,
  lsb: 0,
  display: "hex",
  defaultRaw: 0n,
  summary: "ITSList: one bit an ITS (GITS_CTLR.ITS_Number) that gets this VMOVP; RES0 when GITS_TYPER.VMOVP = 1.",
};

const whenClearing = { field: "Clear", raw: 1n } as const;

/** DW0 of VSGI. */
export const sgiFields: readonly CommandField[] = [
  {
    word: 0,
    name: "vINTID",
    msb: 35,
    lsb: 32,
    unit: "INTID",
    summary: "vINTID: the virtual SGI, 0 to 15.",
  },
  {
    word: 0,
    name: "Enable",
    msb: 8,
    lsb: 8,
    unusedIf: whenClearing,
    summary: "Enable: 1 enables the virtual SGI, 0 disables it.",
  },
  {
    word: 0,
    name: "Clear",
    msb: 9,
    lsb: 9,
    defaultRaw: 0n,
    summary:
      "Clear: 1 removes the pending state and leaves the configuration alone; 0 sets the configuration and leaves the pending state alone.",
  },
  {
    word: 0,
    name: "Group",
    msb: 10,
    lsb: 10,
    unusedIf: whenClearing,
    summary: "Group: interrupt group of the virtual SGI, 0 or 1.",
  },
  {
    word: 0,
    name: "Priority",
    msb: 23,
    lsb: 20,
    shift: 4,
    unusedIf: whenClearing,
    summary: "Priority: bits [7:4] of the virtual SGI's priority; bits [3:0] are zero.",
  },
];
