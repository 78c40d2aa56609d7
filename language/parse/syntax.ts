import type { Expression, MemoryWidth, Word } from "./expression-syntax.ts";

export type * from "./expression-syntax.ts";

/** What is expected behind `=>`: its text whole, and each piece of it. */
export interface OutcomeClause extends Word {
  /** One after another; of one that says no models every model is meant that the others do not name. */
  readonly cases: readonly OutcomeCase[];
}

/** `A | B on MODEL | MODEL`. */
export interface OutcomeCase {
  readonly words: readonly Word[];
  readonly models: readonly Word[];
}

/** `Name=value` of a command, of `msi` or of a register's field list. */
export interface Argument {
  readonly name: Word;
  readonly value: Expression;
}

/** One `name = value` of a machine block. A value is a word (`kvm-7.2`, `4.1`) or expressions (`0x40000000, 64M`). */
export interface MachineProperty {
  readonly name: Word;
  readonly word?: Word;
  readonly values: readonly Expression[];
}

/** Nothing, or a comment alone. */
export interface BlankStatement {
  readonly kind: "blank";
}

/** A line of a machine block: the one with `machine {`, one inside, the one with `}`, or all in one. */
export interface MachineStatement {
  readonly kind: "machine";
  /** The word `machine`, on the line that opens the block. */
  readonly word?: Word;
  readonly properties: readonly MachineProperty[];
  readonly closes: boolean;
}

/** `let NAME = EXPRESSION`, or the answer of a statement: `let NAME = get-attr VGIC_V3, NR_IRQS`. */
export interface LetStatement {
  readonly kind: "let";
  readonly word: Word;
  readonly name: Word;
  /** `missing` where a statement gives the value. */
  readonly value: Expression;
  readonly source?: AnsweringStatement;
}

/** A statement that has an answer: a value, an errno, or what became of a command. */
export type AnsweringStatement =
  | CommandStatement
  | RawStatement
  | MsiStatement
  | ActionStatement
  | HostStatement
  | AttributeStatement;

/** An ITS command. `word.text` is as written; the binder finds the command. */
export interface CommandStatement {
  readonly kind: "command";
  readonly word: Word;
  /** The number after `@` behind the word: the ITS. Absent: that of the block around it, or 0. */
  readonly unit?: Expression;
  readonly arguments: readonly Argument[];
  readonly outcome?: OutcomeClause;
}

/** `raw DW0, DW1, DW2, DW3`. */
export interface RawStatement {
  readonly kind: "raw";
  readonly word: Word;
  /** The number after `@` behind the word: the ITS. Absent: that of the block around it, or 0. */
  readonly unit?: Expression;
  readonly values: readonly Expression[];
  readonly outcome?: OutcomeClause;
}

/** `msi DeviceID=…, EventID=…`. */
export interface MsiStatement {
  readonly kind: "msi";
  readonly word: Word;
  /** The number after `@` behind the word: the ITS. Absent: that of the block around it, or 0. */
  readonly unit?: Expression;
  readonly arguments: readonly Argument[];
  readonly outcome?: OutcomeClause;
}

/** `write`, `write32`, `write64`; `value` or `fields`, never both. */
export interface WriteStatement {
  readonly kind: "write";
  readonly word: Word;
  /** A register reference, or the address of a raw access. */
  readonly target: Expression;
  /** The number after `@` behind an address: the PE that accesses it. Absent: that of the block around it, or 0. */
  readonly pe?: Expression;
  readonly value?: Expression;
  readonly fields?: readonly Argument[];
  readonly outcome?: OutcomeClause;
}

/** `read`, `read32`, `read64`. */
export interface ReadStatement {
  readonly kind: "read";
  readonly word: Word;
  readonly target: Expression;
  /** The number after `@` behind an address: the PE that accesses it. Absent: that of the block around it, or 0. */
  readonly pe?: Expression;
  readonly outcome?: OutcomeClause;
}

/** `mem64[address] = value`. */
export interface StoreStatement {
  readonly kind: "store";
  readonly word: Word;
  readonly width: MemoryWidth;
  readonly address: Expression;
  readonly value: Expression;
}

/** `fill ADDRESS, LENGTH, BYTE`. */
export interface FillStatement {
  readonly kind: "fill";
  readonly word: Word;
  readonly values: readonly Expression[];
}

export type ActionName = "save" | "restore" | "save-pending" | "reset";

/** A statement of one word. */
export interface ActionStatement {
  readonly kind: "action";
  readonly word: Word;
  /** The number after `@` behind the word: the ITS. Absent: that of the block around it, or 0. */
  readonly unit?: Expression;
  readonly action: ActionName;
  readonly outcome?: OutcomeClause;
}

export type HostVerb = "user-write" | "user-read" | "vcpu-run" | "vcpu-stop" | "vcpu-add" | "begin" | "step";

/** What the VMM or one of its vCPUs does: `user-write REGISTER = VALUE`, `vcpu-run PE`, `begin PE, REGISTER = VALUE`, `step user`. */
export interface HostStatement {
  readonly kind: "host";
  readonly word: Word;
  readonly verb: HostVerb;
  /** The vCPU; absent for user space. */
  readonly pe?: Expression;
  readonly target?: Expression;
  readonly value?: Expression;
  readonly outcome?: OutcomeClause;
}

export type AttributeVerb = "set-attr" | "get-attr" | "has-attr";

/** `set-attr VGIC_V3, REDIST_REGS, 0x1_0000_0078 = VALUE`, `get-attr VGIC_V3, NR_IRQS`, `has-attr VGIC_ITS, CTRL, RESET`. */
export interface AttributeStatement {
  readonly kind: "attribute";
  readonly word: Word;
  /** The number after `@` behind the device: which ITS. Absent: that of the block around it, or 0. */
  readonly unit?: Expression;
  readonly verb: AttributeVerb;
  readonly device: Word;
  readonly group: Word;
  /** The attribute by name, or its number; neither where a group has no attributes. */
  readonly name?: Word;
  readonly number?: Expression;
  readonly value?: Expression;
  readonly outcome?: OutcomeClause;
}

export type WireVerb = "line" | "host-line" | "host-map" | "host-unmap";

/** Inputs of interrupts: `line INTID[, PE] = LEVEL`, `host-map INTID[, PE] = PHYSICAL`, `host-unmap INTID[, PE]`. */
export interface WireStatement {
  readonly kind: "wire";
  readonly word: Word;
  readonly verb: WireVerb;
  readonly intid: Expression;
  readonly pe?: Expression;
  /** A level or, of host-map, a physical INTID. */
  readonly value?: Expression;
  readonly outcome?: OutcomeClause;
}

export type VmVerb = "migrate" | "snapshot" | "restore";

/** What a VMM does to the whole machine: `migrate [MODEL]`, `snapshot NAME`, `restore NAME`. */
export interface VmStatement {
  readonly kind: "vm";
  readonly word: Word;
  readonly verb: VmVerb;
  /** A model, or the name of a snapshot. */
  readonly name?: Word;
  readonly outcome?: OutcomeClause;
}

/** `load "FILE" at ADDRESS`. */
export interface LoadStatement {
  readonly kind: "load";
  readonly word: Word;
  /** With its quotes. */
  readonly file: Word;
  readonly address: Expression;
}

/** `lpi-config INTID[, PE] = { priority=VALUE, enabled=VALUE }`, `lpi-pending INTID[, PE] = VALUE`. */
export interface LpiStatement {
  readonly kind: "lpi";
  readonly word: Word;
  readonly verb: "lpi-config" | "lpi-pending";
  readonly intid: Expression;
  readonly pe?: Expression;
  /** Of `lpi-config`. */
  readonly fields?: readonly Argument[];
  /** Of `lpi-pending`. */
  readonly value?: Expression;
}

/** `expect EXPRESSION`, with the models that it is about, and a message. */
export interface ExpectStatement {
  readonly kind: "expect";
  readonly word: Word;
  readonly condition: Expression;
  /** Models that it is about; none: all. */
  readonly models: readonly Word[];
  readonly message?: Word;
}

/** `expect same as MODEL | …`: the lines above have come to the same there. */
export interface SameStatement {
  readonly kind: "same";
  readonly word: Word;
  /** The word behind it, `same`. */
  readonly same: Word;
  /** Models to compare with. */
  readonly others: readonly Word[];
  /** Models that the line is about; none: all. */
  readonly models: readonly Word[];
  readonly message?: Word;
}

/** `queue SLOT`: the next command is stored there. */
export interface QueueStatement {
  readonly kind: "queue";
  readonly word: Word;
  /** The number after `@` behind the word: the ITS. Absent: that of the block around it, or 0. */
  readonly unit?: Expression;
  readonly slot: Expression;
}

/** `for NAME in FROM..TO [step STEP] {`: the lines up to its `}` run once for each value, both ends included. */
export interface ForStatement {
  readonly kind: "for";
  readonly word: Word;
  readonly name: Word;
  readonly from: Expression;
  readonly to: Expression;
  readonly step?: Expression;
}

/** `repeat COUNT {`. */
export interface RepeatStatement {
  readonly kind: "repeat";
  readonly word: Word;
  readonly count: Expression;
}

/** `if CONDITION {`. */
export interface IfStatement {
  readonly kind: "if";
  readonly word: Word;
  readonly condition: Expression;
}

/** `macro NAME PARAMETER, PARAMETER=DEFAULT … {`. */
export interface MacroStatement {
  readonly kind: "macro";
  readonly word: Word;
  readonly name: Word;
  readonly parameters: readonly Parameter[];
}

/** A parameter of a macro, and what it is where a call does not say. */
export interface Parameter {
  readonly name: Word;
  readonly value?: Expression;
}

/** `test "TITLE" {`: lines that run on a machine of their own. */
export interface TestStatement {
  readonly kind: "test";
  readonly word: Word;
  /** With its quotes. */
  readonly title: Word;
}

export type PlaceKind = "cpu" | "its";

/** `cpu PE {`, `its NUMBER {`: which PE and which ITS the lines up to its `}` are about where they do not say. */
export interface PlaceStatement {
  readonly kind: "place";
  readonly word: Word;
  readonly place: PlaceKind;
  readonly number: Expression;
}

/** `batch {`: commands that one store to GITS_CWRITER hands over, at the `}`. */
export interface BatchStatement {
  readonly kind: "batch";
  readonly word: Word;
}

/** `}`, `} else {` or `} else if CONDITION {`. */
export interface EndStatement {
  readonly kind: "end";
  /** The brace. */
  readonly word: Word;
  readonly else?: Word;
  /** Of `else if`. */
  readonly condition?: Expression;
}

/** A macro by its name, its arguments as those of a command. */
export interface CallStatement {
  readonly kind: "call";
  readonly word: Word;
  readonly arguments: readonly Argument[];
}

/** `print "TEXT", EXPRESSION, …`. */
export interface PrintStatement {
  readonly kind: "print";
  readonly word: Word;
  /** Strings with their quotes, and values. */
  readonly parts: readonly (Expression | StringLiteral)[];
}

/** `include "FILE"`. */
export interface IncludeStatement {
  readonly kind: "include";
  readonly word: Word;
  /** With its quotes. */
  readonly path: Word;
}

/** A text in quotes, where it is no value. */
export interface StringLiteral extends Word {
  readonly kind: "string";
}

/** A line that opens a block which ends at a `}` further down. A machine block is none of them. */
export type BlockStatement =
  | ForStatement
  | RepeatStatement
  | IfStatement
  | MacroStatement
  | TestStatement
  | PlaceStatement
  | BatchStatement;

/** A line whose first word begins no statement. */
export interface BrokenStatement {
  readonly kind: "broken";
  readonly word?: Word;
}

export type Statement =
  | BlankStatement
  | MachineStatement
  | LetStatement
  | CommandStatement
  | RawStatement
  | MsiStatement
  | WriteStatement
  | ReadStatement
  | StoreStatement
  | FillStatement
  | ActionStatement
  | HostStatement
  | AttributeStatement
  | WireStatement
  | VmStatement
  | LoadStatement
  | LpiStatement
  | ExpectStatement
  | SameStatement
  | QueueStatement
  | BlockStatement
  | EndStatement
  | CallStatement
  | PrintStatement
  | IncludeStatement
  | BrokenStatement;
