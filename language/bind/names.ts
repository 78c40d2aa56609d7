import { type Diagnostic, isProblem } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import { limits } from "../limits.ts";
import type { Binding, Definition, NameUse, ScriptLine } from "../parse/line.ts";
import { LineState } from "../parse/parse-line.ts";
import type { MachineProperty, MachineStatement } from "../parse/syntax.ts";
import { bindStatement } from "./bind.ts";
import type { NameTable } from "./bind-expression.ts";
import { defaultMachine, MachineBuilder, type MachineDescription } from "./machine.ts";

interface Entry {
  readonly definition: Definition;
  index: number;
}

/** The names and machines that a script declares, and the binding of its lines to them. */
export class Declarations {
  /** The machine that the script begins on. */
  machine: MachineDescription = defaultMachine;
  private entries = new Map<string, Entry>();

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
      );
  }

  /** Reads all declarations anew, and binds every line that is not bound or whose names have changed. `isFresh`: the line was never bound. */
  bindAll(lines: readonly ScriptLine[], isFresh: (index: number) => boolean): void {
    const before = this.entries;
    const machines = new MachineBlocks();
    this.entries = new Map();
    const find = (name: string) => this.entries.get(name)?.definition;
    const names = () => this.entries.keys();
    lines.forEach((line, index) => {
      const { syntax } = line;
      if (syntax.kind === "machine") machines.bind(line, syntax);
      else if (isFresh(index) || usesChanged(line, find) || wasDuplicate(line)) bindLine(line, find, names);
      if (syntax.kind === "let") this.declareName(line, syntax.name, index, before);
    });
    this.machine = machines.first;
  }

  private declareName(
    line: ScriptLine,
    name: { text: string; start: number; length: number },
    index: number,
    before: Map<string, Entry>,
  ) {
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
  return line.syntax.kind === "let" && line.binding.statement === undefined;
}

const noUses: readonly NameUse[] = Object.freeze([]);
const nothing: Binding = Object.freeze({ uses: noUses });

function bindLine(
  line: ScriptLine,
  find: (name: string) => Definition | undefined,
  names: () => Iterable<string>,
): void {
  if (line.syntax.kind === "blank" || line.syntaxProblem !== undefined) {
    line.binding = nothing;
    return;
  }
  let uses: NameUse[] | undefined;
  const table: NameTable = {
    find(name) {
      const definition = find(name);
      uses ??= [];
      if (!uses.some((use) => use.name === name)) uses.push({ name, definition });
      return definition;
    },
    names,
  };
  const bound = bindStatement(line.syntax, table);
  line.binding = isProblem(bound)
    ? { problem: bound, uses: uses ?? noUses }
    : { statement: bound, uses: uses ?? noUses };
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
  bind(line: ScriptLine, { word, properties }: MachineStatement): void {
    line.binding = nothing;
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
