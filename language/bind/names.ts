import type { Command, CommandWords } from "../../architecture/index.ts";
import type { Constants } from "../constants.ts";
import { type Diagnostic, isProblem } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import { limits } from "../limits.ts";
import type { Binding, Definition, NameUse, ScriptLine } from "../parse/line.ts";
import { LineState } from "../parse/parse-line.ts";
import type { CommandStatement, MachineProperty } from "../parse/syntax.ts";
import { precedenceRemarks } from "../rules/precedence.ts";
import { bindStatement } from "./bind.ts";
import type { NameTable } from "./bind-expression.ts";
import type { BoundCommand, BoundStatement } from "./bound.ts";
import { defaultMachine, MachineBuilder, type MachineDescription } from "./machine.ts";
import type { ExpectedOutcome } from "./outcomes.ts";

interface Entry {
  readonly definition: Definition;
  index: number;
}

/** Binds the lines of a script in their order. */
interface LineBinder {
  /** @param isFresh the line was never bound */
  bind(line: ScriptLine, index: number, isFresh: boolean): void;
  end(): void;
}

/** The names and machines that a script declares, and the binding of its lines to them. */
export class Declarations {
  /** The machine that the script begins on. */
  machine: MachineDescription = defaultMachine;
  private entries = new Map<string, Entry>();
  private readonly constants: Constants;

  /** @param constants values that take the place of those that `let` lines give */
  constructor(constants: Constants) {
    this.constants = constants;
  }

  /** The definition of a name, wherever it stands. */
  find(name: string): { readonly definition: Definition; readonly index: number } | undefined {
    return this.entries.get(name);
  }

  /** All definitions in the order of their lines. */
  *definitions(): Generator<{ readonly definition: Definition; readonly index: number }> {
    yield* this.entries.values();
  }

  /** Lines were inserted or, with a negative `delta`, removed before line `from`. */
  shift(from: number, delta: number): void {
    if (delta === 0) return;
    for (const entry of this.entries.values()) if (entry.index >= from) entry.index += delta;
  }

  /** Binds lines that declare nothing, while the declarations stay as they are. */
  bindRange(lines: readonly ScriptLine[], from: number, to: number): void {
    for (let index = from; index < to; index++)
      bindLine(
        lines[index],
        (name) => this.visible(name, index),
        () => this.entries.keys(),
        this.constants,
      );
  }

  /** Reads all declarations anew, and binds every line that is not bound or whose names have changed. `isFresh`: the line was never bound. */
  bindAll(lines: readonly ScriptLine[], isFresh: (index: number) => boolean): void {
    const binder = this.binder();
    for (let index = 0; index < lines.length; index++) binder.bind(lines[index], index, isFresh(index));
    binder.end();
  }

  /** Reads all declarations anew, line by line: a line can be bound as soon as those above it are. */
  binder(): LineBinder {
    const before = this.entries;
    const machines = new MachineBlocks();
    this.entries = new Map();
    const find = (name: string) => this.entries.get(name)?.definition;
    const names = () => this.entries.keys();
    return {
      bind: (line, index, isFresh) => {
        const { kind } = line;
        if (kind === "machine") machines.bind(line);
        else if (isFresh || usesChanged(line, find) || wasDuplicate(line)) bindLine(line, find, names, this.constants);
        if (kind === "let") this.declareName(line, index, before);
      },
      end: () => {
        this.machine = machines.first;
      },
    };
  }

  private declareName(line: ScriptLine, index: number, before: Map<string, Entry>) {
    const { syntax } = line;
    if (syntax.kind !== "let") return;
    const { name } = syntax;
    if (this.entries.has(name.text)) {
      line.binding = { problem: errors.duplicateName(name, name.text), uses: line.binding.uses };
      return;
    }
    const bound = line.binding.statement;
    const constant = line.problem === undefined && bound?.kind === "let" ? bound.constant : undefined;
    const old = before.get(name.text)?.definition;
    const same = old?.line === line && old.constant === constant;
    this.entries.set(name.text, { definition: same ? old : { name: name.text, line, constant }, index });
  }

  private visible(name: string, index: number): Definition | undefined {
    const entry = this.entries.get(name);
    return entry !== undefined && entry.index < index ? entry.definition : undefined;
  }
}

/** A line whose name was unknown is bound again too: it may be known now. */
function usesChanged(line: ScriptLine, find: (name: string) => Definition | undefined): boolean {
  return line.binding.uses.some(({ name, definition }) => definition === undefined || find(name) !== definition);
}

/** A name that was taken may be free now. */
function wasDuplicate(line: ScriptLine): boolean {
  return line.kind === "let" && line.binding.statement === undefined;
}

const noUses: readonly NameUse[] = Object.freeze([]);
const nothing: Binding = Object.freeze({ uses: noUses });

function bindLine(
  line: ScriptLine,
  find: (name: string) => Definition | undefined,
  names: () => Iterable<string>,
  constants: Constants,
): void {
  if (line.kind === "blank" || line.syntaxProblem !== undefined) {
    line.binding = nothing;
    return;
  }
  let uses: NameUse[] | undefined;
  const table: NameTable = {
    find(name) {
      const definition = find(name);
      // A list that begins empty and grows has room for seventeen, and most lines use one name.
      if (uses === undefined) uses = [{ name, definition }];
      else if (!uses.some((use) => use.name === name)) uses.push({ name, definition });
      return definition;
    },
    names,
  };
  const bound = bindStatement(line.syntax, table);
  if (isProblem(bound)) line.binding = { problem: bound, uses: uses ?? noUses };
  else {
    const remarks = precedenceRemarks(line.syntax, line.text);
    const statement = kept(given(bound, constants), line);
    line.binding =
      remarks === undefined ? { statement, uses: uses ?? noUses } : { statement, uses: uses ?? noUses, remarks };
  }
}

/** A `let` whose value is given from outside. */
function given(bound: BoundStatement | undefined, constants: Constants): BoundStatement | undefined {
  const value = bound?.kind === "let" ? constants.get(bound.name) : undefined;
  return bound?.kind === "let" && value !== undefined ? { ...bound, constant: value } : bound;
}

/** A bound statement as its line keeps it: a command whose packet is known lets go of how it is written. */
function kept(bound: BoundStatement | undefined, line: ScriptLine): BoundStatement | undefined {
  if (bound?.kind !== "command" || bound.words === undefined) return bound;
  line.forgetSyntax();
  return new AssembledCommand(line, bound.command, bound.words, bound.expected);
}

/** A command whose packet is known. */
class AssembledCommand implements BoundCommand {
  readonly kind = "command";
  readonly command: Command;
  readonly words: CommandWords;
  readonly expected: ExpectedOutcome | undefined;
  private readonly line: ScriptLine;

  constructor(line: ScriptLine, command: Command, words: CommandWords, expected: ExpectedOutcome | undefined) {
    this.line = line;
    this.command = command;
    this.words = words;
    this.expected = expected;
  }

  get syntax(): CommandStatement {
    return this.line.syntax as CommandStatement;
  }

  /** What JSON has of it: not the line, whose statement this is. */
  toJSON(): Omit<BoundCommand, "syntax"> {
    const { kind, command, words, expected } = this;
    return { kind, command, words, expected };
  }
}

/** Reads the machine blocks of a script, their lines in order. */
class MachineBlocks {
  /** The machine of the block before every other statement; the default when there is none. */
  first = defaultMachine;
  private count = 0;
  private builder: MachineBuilder | undefined;
  /** Line that opens the block, when it begins a new machine. */
  private opening: ScriptLine | undefined;

  /** Binds one line of a block. The line that opens it executes it, with the properties of them all. */
  bind(line: ScriptLine): void {
    line.binding = nothing;
    const { syntax } = line;
    if (syntax.kind !== "machine") return;
    const { word, properties } = syntax;
    if (word !== undefined && !this.open(line)) {
      line.binding = { problem: errors.tooManyMachines(word), uses: noUses };
      return;
    }
    const problem = this.add(properties);
    if (problem !== undefined) line.binding = { problem, uses: noUses };
    if (this.builder === undefined) return;
    const machine = this.builder.build();
    if (this.opening === undefined) this.first = machine;
    else this.opening.binding = { ...this.opening.binding, statement: { kind: "machine", machine } };
  }

  /** @returns whether the script may have one more */
  private open(line: ScriptLine): boolean {
    this.opening = line.stateBefore === LineState.start ? undefined : line;
    this.builder = this.count < limits.machines ? new MachineBuilder() : undefined;
    this.count++;
    return this.builder !== undefined;
  }

  private add(properties: readonly MachineProperty[]): Diagnostic | undefined {
    for (const property of properties) {
      const problem = this.builder?.add(property);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
}
