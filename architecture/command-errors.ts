import { commandByName, commands } from "./commands.ts";

/** What is wrong, EE of an error code 0x01CCEE. */
export interface ErrorKind {
  readonly code: number;
  readonly name: string;
  readonly summary: string;
  /** What the author of the commands can do. */
  readonly advice: string;
  /** IMPLEMENTATION DEFINED kind of GIC-600 rather than one of the architecture. */
  readonly implementationDefined: boolean;
}

/** One command error of the ITS, `0x01CCEE`: CC the class of the command, EE the kind. */
export interface CommandError {
  readonly code: number;
  /** As in Linux and Arm's manuals, without a prefix: `MAPD_ITTSIZE_OOR`. */
  readonly name: string;
  /** Command that raises it. */
  readonly command: string;
  /** EE. */
  readonly kind: number;
  readonly summary: string;
  readonly advice: string;
  readonly source: string;
  /** False when no public source lists the code and it follows from the pattern of the others. */
  readonly confirmed: boolean;
}

function kind(code: number, name: string, summary: string, advice: string): ErrorKind {
  return { code, name, summary, advice, implementationDefined: code >= 0x20 };
}

/** Error kinds by EE. Kinds above 0x20 are GIC-600's own; the target is then the fault, and the queue does not stall. */
export const errorKinds: readonly ErrorKind[] = [
  kind(
    0x01,
    "DeviceID out of range",
    "the DeviceID is outside what the ITS or its device table holds",
    "Use a smaller DeviceID, or enlarge the device table (GITS_BASER<n>) within GITS_TYPER.Devbits.",
  ),
  kind(
    0x02,
    "size or target out of range",
    "the ITT is larger than the ITS supports, or RDbase names no PE",
    "Keep Size within GITS_TYPER.ID_bits, and RDbase within the redistributors that exist.",
  ),
  kind(
    0x03,
    "ICID out of range",
    "the ICID is outside what the ITS or its collection table holds",
    "Use a smaller ICID, or enlarge the collection table (GITS_BASER<n>).",
  ),
  kind(0x04, "device not mapped", "the DeviceID has no valid device table entry", "Issue MAPD for the DeviceID first."),
  kind(
    0x05,
    "EventID out of range",
    "the EventID is beyond the Size of the device's MAPD",
    "Use a smaller EventID, or map the device with a larger Size.",
  ),
  kind(
    0x06,
    "physical INTID out of range",
    "the INTID is not an LPI that the redistributors support",
    "Use an INTID from 8192 up to 2^(GICR_PROPBASER.IDbits + 1) - 1.",
  ),
  kind(0x07, "event not mapped", "the event has no valid ITT entry", "Issue MAPTI or MAPI for the event first."),
  kind(0x09, "collection not mapped", "the collection has no target", "Issue MAPC for the ICID first."),
  kind(
    0x10,
    "ITT entry invalid",
    "the ITT entry in memory is invalid or corrupt",
    "Check that nothing else writes the ITT, and that it was zero when MAPD handed it over.",
  ),
  kind(
    0x11,
    "vPEID out of range",
    "the vPEID is outside what the ITS or its vPE table holds",
    "Use a smaller vPEID, or enlarge the vPE table.",
  ),
  kind(
    0x13,
    "virtual INTID out of range",
    "the vINTID is not an LPI within the vPE's VPT_size",
    "Use a vINTID from 8192 up to 2^(VPT_size + 1) - 1.",
  ),
  kind(0x14, "vPE not mapped", "the vPEID has no valid vPE table entry", "Issue VMAPP for the vPEID first."),
  kind(
    0x15,
    "event is physical",
    "the command wants a virtual event and the event is a physical one",
    "Use the physical command, or DISCARD the event and map it with VMAPTI.",
  ),
  kind(
    0x16,
    "vPE of the event not mapped",
    "the vPE in the ITT entry is not mapped",
    "Issue VMAPP for the event's present vPE first.",
  ),
  kind(
    0x17,
    "vPE of the command not mapped",
    "the vPE that the command names is not mapped",
    "Issue VMAPP for the vPEID first.",
  ),
  kind(
    0x20,
    "target out of range",
    "the target redistributor does not exist",
    "Check RDbase, or the MAPC of the collection.",
  ),
  kind(
    0x21,
    "destination out of range",
    "the redistributor that the interrupts move to does not exist",
    "Check RDbase2.",
  ),
  kind(
    0x22,
    "chip offline",
    "the target is on a chip that is offline or does not exist",
    "Bring the chip online, or choose another target.",
  ),
  kind(
    0x23,
    "LPIs disabled at target",
    "LPIs are disabled at the target",
    "Set GICR_CTLR.EnableLPIs at the target first.",
  ),
  kind(
    0x24,
    "LPIs disabled at destination",
    "LPIs are disabled at the redistributor that the interrupts move to",
    "Set GICR_CTLR.EnableLPIs at the destination first.",
  ),
  kind(
    0x26,
    "physical INTID beyond target",
    "the target does not support the physical INTID",
    "Use an INTID within the target's GICR_PROPBASER.IDbits.",
  ),
];

const kindByCode = new Map(errorKinds.map((entry) => [entry.code, entry]));

/** The kind of an EE. */
export function errorKindByCode(code: number): ErrorKind | undefined {
  return kindByCode.get(code);
}

/** CC of a command: its opcode, but 0x05 for CLEAR, whose opcode is 0x04 (Linux arm-gic-v3.h and Arm 101206 agree). */
export function errorClass(command: string): number | undefined {
  return command === "CLEAR" ? 0x05 : commandByName(command)?.opcode;
}

const linux = "Linux include/linux/irqchip/arm-gic-v3.h E_ITS_*";
const manual = "Arm GIC-600AE TRM 101206_0003_04 table 4-15";
const qnx = "QNX gic_its.h";
const pattern = "pattern of the other codes";

/** Rows: EE, name after the command, sources by letter (L Linux, T GIC-600AE TRM, Q QNX; none: not confirmed). */
type Row = readonly [kind: number, suffix: string, sources: string];

const implementationDefined = {
  target: [0x20, "TGT_OOR", "T"],
  chip: [0x22, "CHIP_OFFLINE_OOR", "T"],
  lpiOff: [0x23, "LPI_OFF", "T"],
} as const satisfies Record<string, Row>;
const { target, chip, lpiOff } = implementationDefined;

const rows: Readonly<Record<string, readonly Row[]>> = {
  MOVI: [
    [0x01, "DEVICE_OOR", "T"],
    [0x03, "COLLECTION_OOR", "T"],
    [0x04, "UNMAPPED_DEVICE", "T"],
    [0x05, "ID_OOR", "T"],
    [0x07, "UNMAPPED_INTERRUPT", "LT"],
    [0x09, "UNMAPPED_COLLECTION", "LT"],
  ],
  INT: [
    [0x01, "DEVICE_OOR", "T"],
    [0x04, "UNMAPPED_DEVICE", "T"],
    [0x05, "ID_OOR", "TQ"],
    [0x07, "UNMAPPED_INTERRUPT", "LT"],
    [0x10, "ITE_INVALID", "TQ"],
    target,
    chip,
    lpiOff,
  ],
  CLEAR: [
    [0x01, "DEVICE_OOR", "TQ"],
    [0x04, "UNMAPPED_DEVICE", "T"],
    [0x05, "ID_OOR", "TQ"],
    [0x07, "UNMAPPED_INTERRUPT", "LT"],
    [0x10, "ITE_INVALID", "TQ"],
    target,
    chip,
    lpiOff,
    [0x26, "PHYSICALID_OOR", "T"],
  ],
  MAPD: [
    [0x01, "DEVICE_OOR", "LT"],
    [0x02, "ITTSIZE_OOR", "LT"],
  ],
  MAPC: [[0x02, "PROCNUM_OOR", "L"], [0x03, "COLLECTION_OOR", "LT"], target, chip, lpiOff],
  MAPTI: [
    [0x01, "DEVICE_OOR", ""],
    [0x03, "COLLECTION_OOR", ""],
    [0x04, "UNMAPPED_DEVICE", "L"],
    [0x05, "ID_OOR", "L"],
    [0x06, "PHYSICALID_OOR", "LT"],
  ],
  MAPI: [
    [0x01, "DEVICE_OOR", "T"],
    [0x03, "COLLECTION_OOR", "T"],
    [0x04, "UNMAPPED_DEVICE", "T"],
    [0x05, "ID_OOR", "T"],
    [0x06, "PHYSICALID_OOR", ""],
  ],
  INV: [
    [0x01, "DEVICE_OOR", "T"],
    [0x04, "UNMAPPED_DEVICE", "T"],
    [0x05, "ID_OOR", "Q"],
    [0x07, "UNMAPPED_INTERRUPT", "LQ"],
    [0x10, "ITE_INVALID", "Q"],
  ],
  INVALL: [[0x03, "COLLECTION_OOR", "TQ"], [0x09, "UNMAPPED_COLLECTION", "LT"], target, chip, lpiOff],
  MOVALL: [
    [0x01, "PROCNUM_OOR", "L"],
    target,
    [0x21, "DST_TGT_OOR", "T"],
    chip,
    [0x23, "ENABLE_LPI_OFF", "T"],
    [0x24, "DST_ENABLE_LPI_OFF", "T"],
  ],
  DISCARD: [
    [0x01, "DEVICE_OOR", ""],
    [0x04, "UNMAPPED_DEVICE", ""],
    [0x05, "ID_OOR", ""],
    [0x07, "UNMAPPED_INTERRUPT", "LT"],
    [0x10, "ITE_INVALID", "T"],
  ],
  VMOVI: [
    [0x01, "DEVICE_OOR", ""],
    [0x04, "UNMAPPED_DEVICE", ""],
    [0x05, "ID_OOR", "Q"],
    [0x06, "PHYSICALID_OOR", "Q"],
    [0x07, "UNMAPPED_INTERRUPT", ""],
    [0x15, "ID_IS_PHYSICAL", "Q"],
    [0x16, "ITEVCPU_INVALID", "Q"],
    [0x17, "CMDVCPU_INVALID", "Q"],
  ],
  VMOVP: [
    [0x11, "VCPU_OOR", ""],
    [0x14, "VCPU_INVALID", ""],
  ],
  VSGI: [
    [0x11, "VCPU_OOR", ""],
    [0x14, "VCPU_INVALID", ""],
  ],
  VSYNC: [
    [0x11, "VCPU_OOR", "Q"],
    [0x14, "VCPU_INVALID", "Q"],
  ],
  VMAPP: [[0x11, "VCPU_OOR", "Q"]],
  VMAPTI: [
    [0x01, "DEVICE_OOR", ""],
    [0x04, "UNMAPPED_DEVICE", ""],
    [0x05, "ID_OOR", "Q"],
    [0x06, "PHYSICALID_OOR", ""],
    [0x11, "VCPU_OOR", ""],
    [0x13, "VIRTUALID_OOR", "Q"],
    [0x14, "VCPU_INVALID", ""],
  ],
  VMAPI: [
    [0x01, "DEVICE_OOR", ""],
    [0x04, "UNMAPPED_DEVICE", ""],
    [0x05, "ID_OOR", "Q"],
    [0x06, "PHYSICALID_OOR", "Q"],
    [0x11, "VCPU_OOR", ""],
    [0x14, "VCPU_INVALID", ""],
  ],
  VINVALL: [
    [0x11, "VCPU_OOR", ""],
    [0x14, "VCPU_INVALID", ""],
  ],
  INVDB: [
    [0x11, "VCPU_OOR", ""],
    [0x14, "VCPU_INVALID", ""],
  ],
};

/** Errors whose kind says less, or something else, than it means for the command. */
const particular: Readonly<Record<string, Pick<CommandError, "summary" | "advice">>> = {
  INT_UNMAPPED_INTERRUPT: {
    summary:
      "INT or an MSI: the event has no valid ITT entry. KVM raises it as well when the event's collection is not mapped.",
    advice: "Issue MAPTI or MAPI for the event and MAPC for its ICID first.",
  },
  MAPD_DEVICE_OOR: {
    summary:
      "MAPD: the DeviceID is outside the device table. KVM raises it as well for V = 0, and when the level-1 entry is invalid.",
    advice:
      "Use a smaller DeviceID, enlarge the device table, or make the level-1 entry of a two-level table valid first.",
  },
  MAPD_ITTSIZE_OOR: {
    summary: "MAPD: Size + 1 is more than the EventID bits that the ITS supports.",
    advice: "Keep Size within GITS_TYPER.ID_bits.",
  },
  MAPC_PROCNUM_OOR: {
    summary: "MAPC: RDbase names no PE.",
    advice: "Use the GICR_TYPER.Processor_Number of a redistributor that exists (GITS_TYPER.PTA = 0).",
  },
  MAPC_COLLECTION_OOR: {
    summary: "MAPC: the ICID does not fit the collection table. KVM raises this code from MAPTI and MAPI, too.",
    advice: "Use a smaller ICID, or enlarge the collection table (GITS_BASER<n>).",
  },
  MAPTI_ID_OOR: {
    summary:
      "MAPTI: the EventID is beyond the Size of the device's MAPD. KVM raises it as well for MAPI, and when the ITT entry is outside guest memory.",
    advice: "Use a smaller EventID, map the device with a larger Size, or place the ITT in memory.",
  },
  MOVALL_PROCNUM_OOR: {
    summary: "MOVALL: RDbase1 or RDbase2 names no PE.",
    advice: "Use the GICR_TYPER.Processor_Number of redistributors that exist (GITS_TYPER.PTA = 0).",
  },
  DISCARD_UNMAPPED_INTERRUPT: {
    summary:
      "DISCARD: the event has no valid ITT entry. KVM raises it as well when the event's collection is not mapped, and then keeps the mapping.",
    advice: "Issue DISCARD before the MAPC that unmaps the collection.",
  },
  MOVI_UNMAPPED_COLLECTION: {
    summary: "MOVI: the event's present collection or the new one is not mapped.",
    advice: "Issue MAPC for both collections first.",
  },
};

function sourceOf(letters: string): string {
  const names: string[] = [];
  if (letters.includes("L")) names.push(linux);
  if (letters.includes("T")) names.push(manual);
  if (letters.includes("Q")) names.push(qnx);
  return names.length === 0 ? pattern : names.join("; ");
}

function commandError(command: string, commandClass: number, row: Row): CommandError {
  const [code, suffix, letters] = row;
  const name = `${command}_${suffix}`;
  const general = kindByCode.get(code);
  return {
    code: 0x010000 | (commandClass << 8) | code,
    name,
    command,
    kind: code,
    summary: `${command}: ${general?.summary ?? "unknown error"}.`,
    advice: general?.advice ?? "",
    ...particular[name],
    source: sourceOf(letters),
    confirmed: letters !== "",
  };
}

/** Every command error, in the order of the opcodes. Codes of GICv4 commands are mostly unpublished. */
export const commandErrors: readonly CommandError[] = commands.flatMap(({ name }) =>
  (rows[name] ?? []).map((row) => commandError(name, errorClass(name) ?? 0, row)),
);

const errorByCode = new Map(commandErrors.map((entry) => [entry.code, entry]));
const errorByName = new Map(commandErrors.map((entry) => [entry.name, entry]));

/**
 * The command error of a 24-bit code. GIC-600AE reuses 0x010Axx and 0x010Bxx for its own errors in records with IERR = 1,
 * so a reader of such records looks at IERR first.
 */
export function commandErrorByCode(code: number): CommandError | undefined {
  return errorByCode.get(code);
}

/** The command error of a name such as `MAPD_ITTSIZE_OOR`. */
export function commandErrorByName(name: string): CommandError | undefined {
  return errorByName.get(name);
}
