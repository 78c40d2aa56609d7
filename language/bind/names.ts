import { commandByName } from "../../architecture/index.ts";
import { type Block, Blocks, isBlockLine, scopeOf } from "../blocks.ts";
import type { Constants } from "../constants.ts";
import { type Diagnostic, isProblem } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import type { Exports } from "../includes/exports.ts";
import type { IncludeTable } from "../includes/include-set.ts";
import { type Definition, type NameUse, noBinding, noUses, type ScriptLine } from "../parse/line.ts";
import { nodesOf } from "../parse/nodes.ts";
import { isBlockStatement } from "../parse/parse-block.ts";
import { LineState } from "../parse/parse-line.ts";
import { statementWords } from "../parse/parse-statement.ts";
import { statementSpan } from "../parse/statement-place.ts";
import type { Statement, Word } from "../parse/syntax.ts";
import { precedenceRemarks } from "../rules/precedence.ts";
import { AssembledCommand, movingArgument } from "./assembled-command.ts";
import { bindStatement } from "./bind.ts";
import type { NameTable } from "./bind-expression.ts";
import { bindBlock, bindCall, bindElse, type MacroTable } from "./bind-flow.ts";
import type { BoundMacro, BoundStatement, BoundVm, LineStatement } from "./bound.ts";
import { remarkOnIncluded } from "./included-remarks.ts";
import { defaultMachine, type MachineDescription } from "./machine.ts";
import { MachineBlocks } from "./machine-blocks.ts";
import { stringValue } from "./string-value.ts";

/** A name that a line defines, with the lines that see it: those behind `index` up to `end`. */
interface Entry {
  readonly definition: Definition;
  index: number;
  end: number;
  /** The one of this name that was defined before, which other lines see. */
  readonly above: Entry | undefined;
  /** Identity of the file that it comes from, where that is another one. */
  readonly file?: string | undefined;
}

interface Macro {
  readonly bound: BoundMacro;
  /** The lines that open and close it. */
  index: number;
  end: number;
  /** Identity of the file that it comes from, where that is another one; `index` is the line that includes it then. */
  readonly file?: string | undefined;
}

/** A name and where it is defined. */
interface Found {
  readonly definition: Definition;
  readonly index: number;
  /** Identity of the file that it comes from; `index` is the line that includes it then. */
  readonly file?: string | undefined;
}

/** Binds the lines of a script in their order. */
interface LineBinder {
  /** @param isFresh the line was never bound */
  bind(line: ScriptLine, index: number, isFresh: boolean): void;
  end(): void;
}

/** The names, macros and machines that a script declares, and the binding of its lines to them. */
export class Declarations {
  /** The machine that the script begins on. */
  machine: MachineDescription = defaultMachine;
  /** The line of the script that says so: its block, or one that includes a file above all statements; undefined: none does. */
  machineLine: ScriptLine | undefined;
  /** Which lines stand in which blocks; to be set before lines are bound. */
  blocks: Blocks = Blocks.none;
  /** The last definition of each name. */
  private entries = new Map<string, Entry>();
  private macros = new Map<string, Macro>();
  private lastUse: readonly NameUse[] = noUses;
  private readonly constants: Constants;
  private readonly includes: IncludeTable;

  /**
   * @param constants values that take the place of those that `let` lines give
   * @param includes finds the files that lines include
   */
  constructor(constants: Constants, includes: IncludeTable) {
    this.constants = constants;
    this.includes = includes;
  }

  /** The definition of a name that a line sees, or failing that any; without a line, the last one. */
  find(name: string, line?: number): Found | undefined {
    const last = this.entries.get(name);
    return (line === undefined ? undefined : seenAt(last, line)) ?? last;
  }

  /** The line that defines a macro, and what it takes. */
  findMacro(
    name: string,
  ): { readonly bound: BoundMacro; readonly index: number; readonly file?: string | undefined } | undefined {
    return this.macros.get(name);
  }

  /** All macros, in the order of their lines. */
  *allMacros(): Generator<BoundMacro> {
    for (const { bound } of this.macros.values()) yield bound;
  }

  /** All definitions, by name, the names in the order of their lines. */
  *definitions(): Generator<Found & { readonly end: number }> {
    for (const last of this.entries.values())
      for (let entry: Entry | undefined = last; entry !== undefined; entry = entry.above) yield entry;
  }

  /** Lines were inserted or, with a negative `delta`, removed before line `from`. */
  shift(from: number, delta: number): void {
    if (delta === 0) return;
    for (const last of this.entries.values())
      for (let entry: Entry | undefined = last; entry !== undefined; entry = entry.above) {
        if (entry.index >= from) entry.index += delta;
        if (entry.end >= from) entry.end += delta;
      }
    for (const macro of this.macros.values()) {
      if (macro.index >= from) macro.index += delta;
      if (macro.end >= from) macro.end += delta;
    }
  }

  /** Binds lines that declare nothing, while the declarations stay as they are. */
  bindRange(lines: readonly ScriptLine[], from: number, to: number): void {
    for (let index = from; index < to; index++) this.bindLine(lines[index], index);
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
    this.macros = new Map();
    return {
      bind: (line, index, isFresh) => {
        const { kind } = line;
        if (kind === "machine") machines.bind(line, this.blocks.around(index));
        else if (isFresh || kind === "call" || kind === "include" || isBlockLine(line) || wasDuplicate(line))
          this.bindLine(line, index);
        else if (this.usesChanged(line, index) && !this.follow(line, index)) this.bindLine(line, index);
        if (kind === "let") this.declareLet(line, index, before);
        else if (kind === "for") this.declareLoop(line, index);
        else if (kind === "macro") this.declareMacro(line, index);
        else if (kind === "include") this.declareIncluded(line, index, machines);
      },
      end: () => {
        machines.finish();
        this.machine = machines.first;
        this.machineLine = machines.describedBy;
      },
    };
  }

  private bindLine(line: ScriptLine, index: number): void {
    if (line.kind === "blank") {
      line.binding = noBinding;
      return;
    }
    if (line.syntaxProblem !== undefined) {
      // A line that is being written keeps its names: what is offered behind them goes by what they stand for.
      const uses = line.kind === "broken" ? noUses : usesOf(line, (name) => this.seen(name, index));
      const statement = this.endAt(line, index);
      line.binding =
        uses.length === 0 && statement === undefined ? noBinding : { uses, ...(statement && { statement }) };
      return;
    }
    const problem = isBlockLine(line) ? this.blocks.problemOf(index) : undefined;
    if (problem !== undefined) {
      const statement = this.endAt(line, index);
      line.binding = { problem, uses: noUses, ...(statement && { statement }) };
      return;
    }
    const names = new SeenNames(
      (name) => this.seen(name, index),
      () => this.entries.keys(),
      (name, definition) => this.oneUse(name, definition),
    );
    // Taken before it is bound: a command lets go of it then, and would be read a second time.
    const { syntax } = line;
    const bound = this.boundLine(line, index, names);
    const { uses } = names;
    if (isProblem(bound)) line.binding = { problem: bound, uses };
    else {
      const remarks = precedenceRemarks(syntax, line.text);
      line.binding = remarks === undefined ? { statement: bound, uses } : { statement: bound, uses, remarks };
    }
  }

  /** Has a command follow the value of its one name. @returns whether it could; else it has to be bound anew */
  private follow(line: ScriptLine, index: number): boolean {
    const { statement, uses, ...others } = line.binding;
    if (!(statement instanceof AssembledCommand) || uses.length !== 1) return false;
    const [{ name, definition }] = uses;
    const now = this.seen(name, index);
    if (definition?.constant === undefined || now?.constant === undefined) return false;
    const moved = statement.movedBy(now.constant - definition.constant);
    if (moved !== undefined) line.binding = { ...others, statement: moved, uses: this.oneUse(name, now) };
    return moved !== undefined;
  }

  /** The names of a line that uses one. Lines that stand below each other often use the same one: they have the same list. */
  private oneUse(name: string, definition: Definition | undefined): readonly NameUse[] {
    const [last] = this.lastUse;
    if (last?.name !== name || last.definition !== definition) this.lastUse = [{ name, definition }];
    return this.lastUse;
  }

  private boundLine(line: ScriptLine, index: number, names: SeenNames): LineStatement | Diagnostic | undefined {
    const { syntax } = line;
    switch (syntax.kind) {
      case "call":
        return bindCall(syntax, names, this.macroTable(index));
      case "include": {
        if (this.blocks.around(index) !== undefined) return errors.includeInBlock(statementSpan(line));
        const path = stringValue(syntax.path.text);
        const found = this.includes.find(path);
        return typeof found === "function" ? found(syntax.path) : { kind: "include", file: found.file, path };
      }
      case "end": {
        return this.endAt(line, index) ?? bindElse(syntax, names);
      }
      default: {
        if (isBlockStatement(syntax)) return bindBlock(syntax, names);
        if (this.blocks !== Blocks.none && !mayStandIn(this.blocks.around(index), syntax))
          return errors.notInBatch(statementSpan(line));
        const bound = bindStatement(syntax, names);
        return isProblem(bound) ? bound : kept(given(bound, this.constants), line, names.uses);
      }
    }
  }

  /** What the `}` of a test or a batch does. */
  private endAt({ kind }: ScriptLine, index: number): LineStatement | undefined {
    const block = kind === "end" ? this.blocks.closedAt(index) : undefined;
    return block?.kind === "test" || block?.kind === "batch" ? { kind: "end", of: block.kind } : undefined;
  }

  private macroTable(index: number): MacroTable {
    const { macros } = this;
    return {
      find(name) {
        const macro = macros.get(name);
        return macro !== undefined && macro.end < index ? macro.bound : undefined;
      },
      *words() {
        yield* macros.keys();
        yield* statementWords;
      },
    };
  }

  private declareLet(line: ScriptLine, index: number, before: Map<string, Entry>) {
    const { syntax } = line;
    if (syntax.kind !== "let") return;
    const bound = line.binding.statement;
    const constant = line.problem === undefined && bound?.kind === "let" ? bound.constant : undefined;
    let old = before.get(syntax.name.text);
    while (old !== undefined && old.definition.line !== line) old = old.above;
    const same = old?.definition.constant === constant ? old?.definition : undefined;
    const end = scopeOf(this.blocks.around(index))?.close ?? Number.POSITIVE_INFINITY;
    this.define(line, syntax.name, index, end, same ?? { name: syntax.name.text, line, constant });
  }

  private declareLoop(line: ScriptLine, index: number) {
    const { syntax } = line;
    const block = this.blocks.openedAt(index);
    if (syntax.kind !== "for" || block === undefined) return;
    this.define(line, syntax.name, index, block.close, { name: syntax.name.text, line, constant: undefined });
  }

  private declareMacro(line: ScriptLine, index: number) {
    const { syntax } = line;
    const bound = line.binding.statement;
    if (syntax.kind !== "macro") return;
    const block = this.blocks.openedAt(index);
    for (const { name } of syntax.parameters)
      this.define(line, name, index, block?.close ?? index, { name: name.text, line, constant: undefined });
    const { name } = syntax;
    const isTaken = statementWords.includes(name.text) || commandByName(name.text.toUpperCase()) !== undefined;
    if (isTaken) refuse(line, errors.reservedName(name, name.text, "a word that begins a statement"));
    else if (this.macros.has(name.text)) refuse(line, errors.macroIsNotAlone(name, name.text));
    else if (bound?.kind === "macro" && line.problem === undefined)
      this.macros.set(name.text, { bound, index, end: block?.close ?? index });
  }

  /** What an included file has is seen below. Where that cannot be, the file is not included. */
  private declareIncluded(line: ScriptLine, index: number, machines: MachineBlocks) {
    const { syntax } = line;
    const { statement } = line.binding;
    if (syntax.kind !== "include" || statement?.kind !== "include") return;
    const { path, file } = statement;
    const found = this.includes.find(path);
    if (typeof found === "function") return;
    const { exports } = found.script;
    const refusal = this.clash(exports, syntax.path, path, index);
    if (refusal !== undefined) {
      refuse(line, refusal);
      return;
    }
    for (const definition of exports.definitions) {
      const above = this.entries.get(definition.name);
      const isKnown = seenAt(above, index)?.definition === definition || above?.definition === definition;
      if (!isKnown)
        this.entries.set(definition.name, { definition, index, end: Number.POSITIVE_INFINITY, above, file });
    }
    for (const bound of exports.macros)
      if (!this.macros.has(bound.name)) this.macros.set(bound.name, { bound, index, end: index, file });
    const takes = exports.machine !== undefined && line.stateBefore === LineState.start;
    if (takes && exports.machine !== undefined) machines.take(exports.machine, line);
    const told = remarkOnIncluded(statement, exports, takes, syntax.path);
    if (told !== undefined) line.binding = { ...line.binding, problem: told };
  }

  /** Why a file cannot be included at a line. */
  private clash({ definitions, macros, otherMachine }: Exports, place: Word, path: string, index: number) {
    const at = { start: place.start, length: place.length };
    if (otherMachine !== undefined) return errors.includedMachine(at, path, otherMachine + 1);
    for (const definition of definitions) {
      const seen = this.seen(definition.name, index);
      if (seen !== undefined && seen !== definition) return errors.includedTwice(at, path, "the name", definition.name);
    }
    for (const macro of macros) {
      const known = this.macros.get(macro.name)?.bound;
      if (known !== undefined && known !== macro) return errors.includedTwice(at, path, "the macro", macro.name);
    }
    return undefined;
  }

  private define(line: ScriptLine, { start, length, text }: Word, index: number, end: number, definition: Definition) {
    const above = this.entries.get(text);
    const seen = seenAt(above, index) ?? (above?.index === index ? above : undefined);
    if (seen !== undefined) refuse(line, errors.duplicateName({ start, length }, text));
    else this.entries.set(text, { definition, index, end, above });
  }

  /** Whether a name stands for something else than it did. One that was unknown may be known now. */
  private usesChanged(line: ScriptLine, index: number): boolean {
    return line.binding.uses.some(
      ({ name, definition }) => definition === undefined || this.seen(name, index) !== definition,
    );
  }

  private seen(name: string, index: number): Definition | undefined {
    return seenAt(this.entries.get(name), index)?.definition;
  }
}

/** The definition among those of a name that a line sees. */
function seenAt(last: Entry | undefined, line: number): Entry | undefined {
  let entry = last;
  while (entry !== undefined && !(entry.index < line && line < entry.end)) entry = entry.above;
  return entry;
}

function refuse(line: ScriptLine, problem: Diagnostic): void {
  line.binding = { problem: line.binding.problem ?? problem, uses: line.binding.uses };
}

/** What may stand in a batch: what is queued. */
function mayStandIn(block: Block | undefined, { kind }: Statement): boolean {
  return block?.kind !== "batch" || kind === "command" || kind === "raw" || kind === "blank";
}

/** A name that was taken may be free now. */
function wasDuplicate(line: ScriptLine): boolean {
  return line.kind === "let" && line.binding.statement === undefined;
}

/** The names that a line sees; those that it looks for are noted. */
class SeenNames implements NameTable {
  uses: readonly NameUse[] = noUses;
  readonly names: () => Iterable<string>;
  private readonly seen: (name: string) => Definition | undefined;
  private readonly oneUse: (name: string, definition: Definition | undefined) => readonly NameUse[];

  constructor(
    seen: (name: string) => Definition | undefined,
    names: () => Iterable<string>,
    oneUse: (name: string, definition: Definition | undefined) => readonly NameUse[],
  ) {
    this.seen = seen;
    this.names = names;
    this.oneUse = oneUse;
  }

  find(name: string): Definition | undefined {
    const definition = this.seen(name);
    // A list that begins empty and grows has room for seventeen, and most lines use one name.
    if (!this.uses.some((use) => use.name === name))
      this.uses = this.uses.length === 0 ? this.oneUse(name, definition) : [...this.uses, { name, definition }];
    return definition;
  }
}

/** A `let` whose value is given from outside. */
function given(
  bound: BoundStatement | BoundVm | undefined,
  constants: Constants,
): BoundStatement | BoundVm | undefined {
  const value = bound?.kind === "let" ? constants.get(bound.name) : undefined;
  return bound?.kind === "let" && value !== undefined ? { ...bound, constant: value } : bound;
}

/** The names of a line that cannot be read to its end. */
function usesOf(line: ScriptLine, find: (name: string) => Definition | undefined): NameUse[] {
  const uses: NameUse[] = [];
  for (const node of nodesOf(line)) {
    if (node.kind !== "name" || node.isDefinition || uses.some(({ name }) => name === node.name)) continue;
    // One that is unknown may be known after an edit above.
    uses.push({ name: node.name, definition: find(node.name) });
  }
  return uses;
}

/** A bound statement as its line keeps it: a command whose packet is known lets go of how it is written. */
function kept(
  bound: BoundStatement | BoundVm | undefined,
  line: ScriptLine,
  uses: readonly NameUse[],
): BoundStatement | BoundVm | undefined {
  if (bound?.kind !== "command" || bound.words === undefined || bound.unit !== undefined) return bound;
  const moving = uses.length === 1 ? movingArgument(bound) : undefined;
  line.forgetSyntax();
  return new AssembledCommand(line, bound, bound.words, moving);
}
