import type {
  AttributeGroup,
  Command,
  CommandWords,
  DeviceType,
  Field,
  ModelName,
  NamedAttribute,
  RegisterMember,
} from "../../architecture/index.ts";
import type {
  ActionName,
  AttributeVerb,
  CommandStatement,
  Expression,
  HostVerb,
  MemoryWidth,
  MsiStatement,
  PlaceKind,
  RegisterReference,
  VmVerb,
  WireVerb,
} from "../parse/syntax.ts";
import type { MachineDescription } from "./machine.ts";
import type { ExpectedOutcome } from "./outcomes.ts";

/** A field of a register with the value that is written to it. */
export interface BoundField {
  readonly field: Field;
  readonly value: Expression;
}

/** Width in bits of an MMIO access. */
export type AccessWidth = 8 | 16 | 32 | 64;

export interface BoundLet {
  readonly kind: "let";
  readonly name: string;
  readonly value: Expression;
  /** The value when it depends on no state. */
  readonly constant?: bigint;
  /** The statement whose answer it is, in place of `value`. */
  readonly source?: BoundAnswering;
}

export interface BoundCommand {
  readonly kind: "command";
  /** The ITS, where the statement names it; absent = that of the block around it, or 0. */
  readonly unit?: Expression;
  readonly command: Command;
  /** The statement as written, for its arguments; where `words` are known it may have to be read again. */
  readonly syntax: CommandStatement;
  /** The packet when no argument depends on state. */
  readonly words?: CommandWords;
  readonly expected?: ExpectedOutcome;
}

export interface BoundRaw {
  readonly kind: "raw";
  /** The ITS, where the statement names it; absent = that of the block around it, or 0. */
  readonly unit?: Expression;
  readonly values: readonly Expression[];
  readonly words?: CommandWords;
  readonly expected?: ExpectedOutcome;
}

export interface BoundMsi {
  readonly kind: "msi";
  /** The ITS, where the statement names it; absent = that of the block around it, or 0. */
  readonly unit?: Expression;
  readonly syntax: MsiStatement;
  readonly expected?: ExpectedOutcome;
}

/** `field`, when there, is the one field that is replaced. */
export interface BoundWriteRegister {
  readonly kind: "write-register";
  readonly target: RegisterReference;
  readonly member: RegisterMember;
  readonly field?: Field;
  readonly width: AccessWidth;
  readonly value: Expression;
  readonly expected?: ExpectedOutcome;
}

/** A register written from its fields; fields that are not named are 0. */
export interface BoundWriteFields {
  readonly kind: "write-fields";
  readonly target: RegisterReference;
  readonly member: RegisterMember;
  readonly width: AccessWidth;
  readonly fields: readonly BoundField[];
  readonly expected?: ExpectedOutcome;
}

export interface BoundWriteAddress {
  readonly kind: "write-address";
  readonly address: Expression;
  readonly width: AccessWidth;
  /** The PE that accesses it; absent = that of the block around it, or 0. */
  readonly pe?: Expression;
  readonly value: Expression;
  readonly expected?: ExpectedOutcome;
}

export interface BoundReadRegister {
  readonly kind: "read-register";
  readonly target: RegisterReference;
  readonly member: RegisterMember;
  readonly field?: Field;
  readonly width: AccessWidth;
  readonly expected?: ExpectedOutcome;
}

export interface BoundReadAddress {
  readonly kind: "read-address";
  readonly address: Expression;
  readonly width: AccessWidth;
  /** The PE that accesses it; absent = that of the block around it, or 0. */
  readonly pe?: Expression;
  readonly expected?: ExpectedOutcome;
}

/** `read` of state that is no register: shown without MMIO. */
export interface BoundShow {
  readonly kind: "show";
  readonly value: Expression;
}

export interface BoundStore {
  readonly kind: "store";
  readonly address: Expression;
  readonly width: MemoryWidth;
  readonly value: Expression;
}

export interface BoundFill {
  readonly kind: "fill";
  readonly address: Expression;
  readonly length: Expression;
  readonly byte: Expression;
}

export interface BoundAction {
  readonly kind: "action";
  /** The ITS, where the statement names it; absent = that of the block around it, or 0. */
  readonly unit?: Expression;
  readonly action: ActionName;
  readonly expected?: ExpectedOutcome;
}

/** A register of the VMM's is written and read whole, with its own width. */
export interface BoundHost {
  readonly kind: "host";
  readonly verb: HostVerb;
  /** Absent for user space. */
  readonly pe?: Expression;
  readonly target?: RegisterReference;
  readonly value?: Expression;
  readonly expected?: ExpectedOutcome;
}

/** A call of KVM's device-attribute API. */
export interface BoundAttribute {
  readonly kind: "attribute";
  /** The ITS, where the statement names it; absent = that of the block around it, or 0. */
  readonly unit?: Expression;
  readonly verb: AttributeVerb;
  readonly device: DeviceType;
  readonly group: AttributeGroup;
  readonly named?: NamedAttribute;
  readonly number?: Expression;
  readonly value?: Expression;
  readonly expected?: ExpectedOutcome;
}

/** An input of an interrupt; `pe` of a PPI, absent = PE 0. */
export interface BoundWire {
  readonly kind: "wire";
  readonly verb: WireVerb;
  readonly intid: Expression;
  readonly pe?: Expression;
  readonly value?: Expression;
  readonly expected?: ExpectedOutcome;
}

/** What a VMM does to the whole machine. */
export interface BoundVm {
  readonly kind: "vm";
  readonly verb: VmVerb;
  /** Of `migrate`; absent = the source's. */
  readonly model?: ModelName;
  /** Of a snapshot. */
  readonly name?: string;
  readonly expected?: ExpectedOutcome;
}

export interface BoundLoad {
  readonly kind: "load";
  /** As the script writes it. */
  readonly file: string;
  readonly address: Expression;
}

/** An LPI's property byte or pending bit. */
export interface BoundLpi {
  readonly kind: "lpi";
  readonly intid: Expression;
  readonly pe?: Expression;
  /** Of the property byte; what is absent stays. */
  readonly priority?: Expression;
  readonly enabled?: Expression;
  readonly pending?: Expression;
}

export interface BoundExpect {
  readonly kind: "expect";
  readonly condition: Expression;
  readonly message?: string;
  /** Words that name the models which it is about; absent: all. */
  readonly models?: readonly string[];
}

/** What the lines above came to is to be the same on other models. */
export interface BoundSame {
  readonly kind: "same";
  /** Words that name them. */
  readonly others: readonly string[];
  readonly message?: string;
  /** Words that name the models which it is about; absent: all. */
  readonly models?: readonly string[];
}

/** The next command is stored in this slot of the command queue. */
export interface BoundQueue {
  readonly kind: "queue";
  /** The ITS, where the statement names it; absent = that of the block around it, or 0. */
  readonly unit?: Expression;
  readonly slot: Expression;
}

/** A machine block below other statements: what follows runs on a new machine. */
export interface BoundMachine {
  readonly kind: "machine";
  readonly machine: MachineDescription;
}

export interface BoundFor {
  readonly kind: "for";
  readonly name: string;
  readonly from: Expression;
  readonly to: Expression;
  readonly step?: Expression;
}

export interface BoundRepeat {
  readonly kind: "repeat";
  readonly count: Expression;
}

export interface BoundIf {
  readonly kind: "if";
  readonly condition: Expression;
}

/** Without a condition: what is left. */
export interface BoundElse {
  readonly kind: "else";
  readonly condition?: Expression;
}

/** A macro where it is defined: nothing runs there. */
export interface BoundMacro {
  readonly kind: "macro";
  readonly name: string;
  readonly parameters: readonly MacroParameter[];
}

export interface MacroParameter {
  readonly name: string;
  /** What it is where a call does not say; computed at the call, with the names that the macro's line sees. */
  readonly value?: Expression;
}

/** A macro that is run: what each parameter is, by its name; those that are not there have their own value. */
export interface BoundCall {
  readonly kind: "call";
  readonly macro: BoundMacro;
  readonly values: ReadonlyMap<string, Expression>;
}

export interface BoundTest {
  readonly kind: "test";
  readonly title: string;
}

export interface BoundPlace {
  readonly kind: "place";
  readonly place: PlaceKind;
  readonly number: Expression;
}

export interface BoundBatch {
  readonly kind: "batch";
}

/** The `}` of a test or a batch, where something is done. */
export interface BoundEnd {
  readonly kind: "end";
  readonly of: "test" | "batch";
}

/** A file whose lines run here, and whose names are seen below. */
export interface BoundInclude {
  readonly kind: "include";
  /** Its identity. */
  readonly file: string;
  /** Its path as the script has it. */
  readonly path: string;
}

/** Texts, and values that are computed when the line runs. */
export interface BoundPrint {
  readonly kind: "print";
  readonly parts: readonly (string | Expression)[];
}

/** What says which lines run, how often, and where. */
export type FlowStatement =
  | BoundFor
  | BoundRepeat
  | BoundIf
  | BoundElse
  | BoundMacro
  | BoundCall
  | BoundTest
  | BoundPlace
  | BoundBatch
  | BoundEnd
  | BoundInclude;

/** A statement that has an answer which a `let` may keep. */
export type BoundAnswering = BoundCommand | BoundRaw | BoundMsi | BoundAction | BoundHost | BoundAttribute;

/** A statement whose names, registers, commands and fields are found: what is done to a machine. */
export type BoundStatement =
  | BoundLet
  | BoundCommand
  | BoundRaw
  | BoundMsi
  | BoundWriteRegister
  | BoundWriteFields
  | BoundWriteAddress
  | BoundReadRegister
  | BoundReadAddress
  | BoundShow
  | BoundStore
  | BoundFill
  | BoundAction
  | BoundHost
  | BoundAttribute
  | BoundWire
  | BoundLoad
  | BoundLpi
  | BoundExpect
  | BoundSame
  | BoundQueue
  | BoundPrint;

/** What a line executes. */
export type LineStatement = BoundStatement | BoundMachine | BoundVm | FlowStatement;

const flowKinds: ReadonlySet<LineStatement["kind"]> = new Set<FlowStatement["kind"]>([
  "for",
  "repeat",
  "if",
  "else",
  "macro",
  "call",
  "test",
  "place",
  "batch",
  "end",
  "include",
]);

/** Whether a statement says which lines run, and where. */
export function isFlow(statement: LineStatement): statement is FlowStatement {
  return flowKinds.has(statement.kind);
}

/** Whether a statement is about the whole machine: the lines below may run on another one. */
export function isOfMachine(statement: LineStatement): statement is BoundMachine | BoundVm {
  return statement.kind === "machine" || statement.kind === "vm";
}

/** Whether a line does something to the machine that it meets. */
export function isBoundStatement(statement: LineStatement | undefined): statement is BoundStatement {
  return statement !== undefined && !isOfMachine(statement) && !isFlow(statement);
}
