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

export type TableName = "dte" | "ite" | "cte" | "vte";

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

/** `read ICC_IAR1_EL1[1]`, `read64 0x08080008`: an access with its effects, in the middle of an expression. */
export interface ReadExpression extends Span {
  readonly kind: "read";
  readonly word: Word;
  /** A register, or the address of a raw access. */
  readonly target: Expression;
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
  | ReadExpression
  | MissingExpression;
