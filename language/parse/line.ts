import type { LineStatement } from "../bind/bound.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { type Allowance, allowanceOf } from "../rules/allow.ts";
import type { LineEnding } from "../source.ts";
import { blockKinds } from "./parse-block.ts";
import { type LineState, parseLine } from "./parse-line.ts";
import type { Statement } from "./syntax.ts";

/** A name that a `let`, a loop or a macro's parameter defines. */
export interface Definition {
  readonly name: string;
  readonly line: ScriptLine;
  /** Its value when it depends on no state and can be computed. */
  readonly constant: bigint | undefined;
}

/** A name that a line uses, with what it stands for there. */
export interface NameUse {
  readonly name: string;
  readonly definition: Definition | undefined;
}

/** What a line means in its document. */
export interface Binding {
  /** Absent for lines that execute nothing: blank, broken, the block of the machine that the script begins on. */
  readonly statement?: LineStatement;
  readonly problem?: Diagnostic;
  /** What there is to say about a line that has no problem; absent where there is nothing, as in most lines. */
  readonly remarks?: readonly Diagnostic[];
  readonly uses: readonly NameUse[];
}

const declaring: ReadonlySet<Statement["kind"]> = new Set<Statement["kind"]>([
  "let",
  "machine",
  "end",
  "include",
  ...blockKinds,
]);

/** Most lines use no name. */
export const noUses: readonly NameUse[] = Object.freeze([]);
/** Of a line that does nothing, and of one that is not bound yet. */
export const noBinding: Binding = Object.freeze({ uses: noUses });

/**
 * One line of a script: its text, what it says and what it means. All positions are relative to the line, and a line does not know
 * its number, so lines above may come and go without touching it.
 */
export class ScriptLine {
  readonly text: string;
  readonly ending: LineEnding;
  readonly stateBefore: LineState;
  readonly stateAfter: LineState;
  /** What kind of statement it is; looking at this reads nothing again. */
  readonly kind: Statement["kind"];
  /** Why the line cannot be read. */
  readonly syntaxProblem: Diagnostic | undefined;
  /** The rules that its comment allows to be broken; undefined in most lines. */
  readonly allowance: Allowance | undefined;
  private read: Statement | undefined;
  /** Set by the document, which alone knows the names above the line. */
  binding: Binding = noBinding;

  constructor(text: string, ending: LineEnding, state: LineState) {
    const parsed = parseLine(text, state);
    this.text = text;
    this.ending = ending;
    this.stateBefore = state;
    this.stateAfter = parsed.stateAfter;
    this.kind = parsed.statement.kind;
    this.syntaxProblem = parsed.problem;
    this.allowance = allowanceOf(text);
    this.read = parsed.statement;
  }

  /** What it says. Of a line whose {@link forgetSyntax} was called it is read again from the text, equal but not the same objects. */
  get syntax(): Statement {
    return this.read ?? parseLine(this.text, this.stateBefore).statement;
  }

  /** Lets go of what it says, which is two thirds of what a line of a long script takes; to be called when it is bound. */
  forgetSyntax(): void {
    this.read = undefined;
  }

  /** The one diagnostic of the line itself. */
  get problem(): Diagnostic | undefined {
    return this.syntaxProblem ?? this.binding.problem;
  }

  /**
   * What the line executes; undefined for a line that executes nothing or has a problem. A machine block begins its machine even with a
   * property that is refused: the lines below are not meant for the machine above. A brace ends its test or batch whatever stands behind it,
   * and a file runs, whatever is wrong with some of its lines.
   */
  get statement(): LineStatement | undefined {
    const { statement } = this.binding;
    if (this.problem === undefined || statement === undefined) return statement;
    const { kind } = statement;
    return kind === "machine" || kind === "end" || kind === "include" ? statement : undefined;
  }

  /** True when lines below depend on this one: it names a value, describes the machine, or opens or closes a block. */
  get isDeclaration(): boolean {
    return declaring.has(this.kind);
  }
}
