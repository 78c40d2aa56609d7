/** A piece of a line: UTF-16 units from the start of that line, so that inserting lines moves no node. */
export interface Span {
  readonly start: number;
  readonly length: number;
}

/** A word as written, with its place. */
export interface Word extends Span {
  readonly text: string;
}

export type UnaryOperator = "-" | "~" | "!";
export type BinaryOperator =
  | "||"
  | "&&"
  | "|"
  | "^"
  | "&"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "<<"
  | ">>"
  | "+"
  | "-"
  | "*"
  | "/"
  | "%";

export interface NumberLiteral extends Span {
  readonly kind: "number";
  readonly value: bigint;
}

/** Use of a `let` name. */
export interface NameReference extends Span {
  readonly kind: "name";
  readonly name: string;
}

export interface UnaryExpression extends Span {
  readonly kind: "unary";
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}

export interface BinaryExpression extends Span {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `x[high:low]`, or the single bit `x[high]`. Both ends are inclusive. */
export interface SliceExpression extends Span {
  readonly kind: "slice";
  readonly operand: Expression;
  readonly high: Expression;
  readonly low?: Expression;
}

/** `GITS_BASER0.Type`, `GICR_CTLR[1].EnableLPIs`, `GITS_CTLR@1`. */
export interface RegisterReference extends Span {
  readonly kind: "register";
  readonly name: Word;
  /** The PE number in brackets, for registers that exist once a PE. Absent: PE 0. */
  readonly pe?: Expression;
  /** The number after `@`: the ITS, or of a GICD register the PE that accesses it, which a GICv2 tells apart. Absent: 0. */
  readonly unit?: Expression;
  readonly field?: Word;
}

export type MemoryWidth = 8 | 16 | 32 | 64;

/** `mem64[address]`: guest memory, little-endian. */
export interface MemoryReference extends Span {
  readonly kind: "memory";
  readonly width: MemoryWidth;
  readonly address: Expression;
}

export type TableName = "dte" | "ite" | "cte";

/** `dte[DeviceID]`, `ite[DeviceID, EventID]`, `cte[ICID]`, each with an optional field; `dte@1[DeviceID]` of ITS 1. */
export interface TableReference extends Span {
  readonly kind: "table";
  readonly table: TableName;
  /** The number after `@`: the ITS. Absent: that of the block around it, or 0. */
  readonly unit?: Expression;
  readonly ids: readonly Expression[];
  readonly field?: Word;
}

export type InterruptProperty = "pending" | "enabled" | "active" | "priority" | "physical";

/** `pending[INTID]`, `pending[INTID, PE]`, `enabled[INTID]`, `priority[INTID]`, `physical[INTID]` and their kin. */
export interface InterruptReference extends Span {
  readonly kind: "interrupt";
  readonly property: InterruptProperty;
  readonly intid: Expression;
  readonly pe?: Expression;
}

export type VcpuProperty = "running" | "writing";

/** `running[PE]`, `writing[PE]`. */
export interface VcpuReference extends Span {
  readonly kind: "vcpu";
  readonly property: VcpuProperty;
  readonly pe: Expression;
}

/** An operand that is not there or cannot be read; its line carries the diagnostic. */
export interface MissingExpression extends Span {
  readonly kind: "missing";
}

export type Expression =
  | NumberLiteral
  | NameReference
  | UnaryExpression
  | BinaryExpression
  | SliceExpression
  | RegisterReference
  | MemoryReference
  | TableReference
  | InterruptReference
  | VcpuReference
  | MissingExpression;

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

export interface LetStatement {
  readonly kind: "let";
  readonly word: Word;
  readonly name: Word;
  readonly value: Expression;
}

/** An ITS command. `word.text` is as written; the binder finds the command. */
export interface CommandStatement {
  readonly kind: "command";
  readonly word: Word;
  /** The number after `@` behind the word: the ITS. Absent: that of the block around it, or 0. */
  readonly unit?: Expression;
  readonly arguments: readonly Argument[];
  readonly outcome?: Word;
}

/** `raw DW0, DW1, DW2, DW3`. */
export interface RawStatement {
  readonly kind: "raw";
  readonly word: Word;
  /** The number after `@` behind the word: the ITS. Absent: that of the block around it, or 0. */
  readonly unit?: Expression;
  readonly values: readonly Expression[];
  readonly outcome?: Word;
}

/** `msi DeviceID=…, EventID=…`. */
export interface MsiStatement {
  readonly kind: "msi";
  readonly word: Word;
  /** The number after `@` behind the word: the ITS. Absent: that of the block around it, or 0. */
  readonly unit?: Expression;
  readonly arguments: readonly Argument[];
  readonly outcome?: Word;
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
  readonly outcome?: Word;
}

/** `read`, `read32`, `read64`. */
export interface ReadStatement {
  readonly kind: "read";
  readonly word: Word;
  readonly target: Expression;
  /** The number after `@` behind an address: the PE that accesses it. Absent: that of the block around it, or 0. */
  readonly pe?: Expression;
  readonly outcome?: Word;
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
  readonly outcome?: Word;
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
  readonly outcome?: Word;
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
  readonly outcome?: Word;
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
  readonly outcome?: Word;
}

export type VmVerb = "migrate" | "snapshot" | "restore";

/** What a VMM does to the whole machine: `migrate [MODEL]`, `snapshot NAME`, `restore NAME`. */
export interface VmStatement {
  readonly kind: "vm";
  readonly word: Word;
  readonly verb: VmVerb;
  /** A model, or the name of a snapshot. */
  readonly name?: Word;
  readonly outcome?: Word;
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

/** `expect EXPRESSION` with an optional message. */
export interface ExpectStatement {
  readonly kind: "expect";
  readonly word: Word;
  readonly condition: Expression;
  readonly message?: Word;
}

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
  | BrokenStatement;
