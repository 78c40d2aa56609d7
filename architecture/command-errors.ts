import { commandByName, commands } from "./commands.ts";
import { errorKindByCode } from "./error-kinds.ts";

/** One command error of the ITS, `0x01CCEE`: CC the class of the command, EE the kind. */
export interface CommandError {
  readonly code: number;
  /** As in Linux and Arm's manuals, without a prefix: `MAPD_ITTSIZE_OOR`. */
  readonly name: string;
  /** Command that raises it. */
  readonly command: string;
  /** EE. */
  readonly kind: number;
  /** What is wrong, without who says so and without a full stop: `the event has no valid ITT entry`. */
  readonly cause: string;
  /** {@link cause} as a sentence that begins with what raises it: `INT or an MSI: …`. */
  readonly summary: string;
  readonly advice: string;
  readonly source: string;
  /** False when no public source lists the code and it follows from the pattern of the others. */
  readonly confirmed: boolean;
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
    [0x02, "PROCNUM_OOR", ""],
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
  VMAPP: [
    [0x02, "PROCNUM_OOR", ""],
    [0x11, "VCPU_OOR", "Q"],
  ],
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
const particular: Readonly<Record<string, Pick<CommandError, "cause" | "advice"> & { readonly raisedBy?: string }>> = {
  INT_UNMAPPED_INTERRUPT: {
    raisedBy: "INT or an MSI",
    cause: "the event has no valid ITT entry. KVM raises it as well when the event's collection is not mapped",
    advice: "Issue MAPTI or MAPI for the event and MAPC for its ICID first.",
  },
  MAPD_DEVICE_OOR: {
    cause:
      "the DeviceID is outside the device table. KVM raises it as well for V = 0, and when the level-1 entry is invalid",
    advice:
      "Use a smaller DeviceID, enlarge the device table, or make the level-1 entry of a two-level table valid first.",
  },
  MAPD_ITTSIZE_OOR: {
    cause: "Size + 1 is more than the EventID bits that the ITS supports",
    advice: "Keep Size within GITS_TYPER.ID_bits.",
  },
  MAPC_PROCNUM_OOR: {
    cause: "RDbase names no PE",
    advice: "Use the GICR_TYPER.Processor_Number of a redistributor that exists (GITS_TYPER.PTA = 0).",
  },
  VMAPP_PROCNUM_OOR: {
    cause: "VPT_size + 1 is more than the EventID bits that the ITS supports, or RDbase names no PE",
    advice: "Keep VPT_size within GITS_TYPER.ID_bits, and RDbase within the redistributors that exist.",
  },
  VMOVP_PROCNUM_OOR: {
    cause: "RDbase names no PE",
    advice: "Use the GICR_TYPER.Processor_Number of a redistributor that exists (GITS_TYPER.PTA = 0).",
  },
  MAPC_COLLECTION_OOR: {
    cause: "the ICID does not fit the collection table. KVM raises this code from MAPTI and MAPI, too",
    advice: "Use a smaller ICID, or enlarge the collection table (GITS_BASER<n>).",
  },
  MAPTI_ID_OOR: {
    cause:
      "the EventID is beyond the Size of the device's MAPD. KVM raises it as well for MAPI, and when the ITT entry is outside guest memory",
    advice: "Use a smaller EventID, map the device with a larger Size, or place the ITT in memory.",
  },
  MOVALL_PROCNUM_OOR: {
    cause: "RDbase1 or RDbase2 names no PE",
    advice: "Use the GICR_TYPER.Processor_Number of redistributors that exist (GITS_TYPER.PTA = 0).",
  },
  DISCARD_UNMAPPED_INTERRUPT: {
    cause:
      "the event has no valid ITT entry. KVM raises it as well when the event's collection is not mapped, and then keeps the mapping",
    advice: "Issue DISCARD before the MAPC that unmaps the collection.",
  },
  MOVI_UNMAPPED_COLLECTION: {
    cause: "the event's present collection or the new one is not mapped",
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
  const general = errorKindByCode(code);
  if (general === undefined) throw new Error(`${name}: kind ${code} is not declared.`);
  const special = particular[name];
  const cause = special?.cause ?? general.summary;
  return {
    code: 0x010000 | (commandClass << 8) | code,
    name,
    command,
    kind: code,
    cause,
    summary: `${special?.raisedBy ?? command}: ${cause}.`,
    advice: special?.advice ?? general.advice,
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

/** Code 0x01CCEE of a command error by its name. @throws Error when it is not declared */
export function errorCodeOf(name: string): number {
  const error = commandErrorByName(name);
  if (error === undefined) throw new Error(`${name} is not declared`);
  return error.code;
}
