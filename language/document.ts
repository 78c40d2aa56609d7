import type { BoundMacro } from "./bind/bound.ts";
import type { MachineDescription } from "./bind/machine.ts";
import { Declarations } from "./bind/names.ts";
import { stringValue } from "./bind/string-value.ts";
import { Blocks, isBlockLine } from "./blocks.ts";
import { type Constants, noConstants } from "./constants.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { errors } from "./errors.ts";
import { noPlace, type ScriptPlace } from "./files.ts";
import type { Exports } from "./includes/exports.ts";
import { exportsOf } from "./includes/find-exports.ts";
import { firstIncludes } from "./includes/first-includes.ts";
import { IncludeSet, type IncludeTable, type ReadScript } from "./includes/include-set.ts";
import type { DefinitionPlace, IncludedFile, ScriptPart } from "./includes/script-part.ts";
import { limits } from "./limits.ts";
import { ScriptLine } from "./parse/line.ts";
import { isInMachineBlock, LineState } from "./parse/parse-line.ts";
import type { Span, Statement } from "./parse/syntax.ts";
import { remarksOf } from "./rules/remarks.ts";
import { defaultRuleSettings, type RuleSettings } from "./rules/settings.ts";
import { applyChange, countLines, eachLine, type SourceLine, splitLines, type TextChange } from "./source.ts";

/** A diagnostic with the number of its line, from 0. */
export interface LineDiagnostic extends Diagnostic {
  readonly line: number;
}

/** The lines that run on one machine, and the machine. */
export interface MachineLines {
  readonly machine: MachineDescription;
  /** First line, that of the machine block where one begins it. */
  readonly from: number;
  /** Line behind the last one. */
  readonly to: number;
}

/** What an update did. */
export interface UpdateResult {
  /** The first line whose text or meaning may differ; the lines above are the same objects at the same places. */
  readonly firstLine: number;
}

/** Lines of a slice of reading a script: some 30 ms. */
const SLICE_LINES = 8192;

/** A whole script. It is kept up to date by changes, at a cost that follows the change and not the length of the script. Never throws on any text. */
export class ScriptDocument implements ReadScript {
  private all: ScriptLine[] = [];
  private characters = 0;
  private declarations: Declarations;
  private structure = Blocks.none;
  private refused: Diagnostic | undefined;
  /** The whole text while it is refused and there are no lines to hold it. */
  private refusedText = "";

  /** Counts its changes. */
  version = 0;

  /** Values that take the place of those that `let` lines give. */
  readonly constants: Constants;

  /** What it knows of files. */
  readonly place: ScriptPlace;
  /** All files that it includes, directly or not. */
  private readonly includes: IncludeSet;
  /** Of a file that another one includes: finds what it includes itself. */
  private readonly inner: { readonly file: IncludedFile; readonly table: IncludeTable } | undefined;
  /** The lines that include a file before every other one does; none others run it. */
  private runningIncludes: ReadonlySet<ScriptLine> = new Set();
  private exported: Exports | undefined;

  /**
   * @param place the files that it may read, and its own identity among them; absent: none
   * @param inside of a file that another script includes
   */
  constructor(
    text: string,
    constants: Constants = noConstants,
    place: ScriptPlace = noPlace,
    inside?: { readonly includes: IncludeSet; readonly file: IncludedFile; readonly table: IncludeTable },
  ) {
    this.constants = constants;
    this.place = place;
    this.inner = inside;
    this.includes =
      inside?.includes ??
      new IncludeSet(
        place.files,
        place.file,
        (source, file, table): ReadScript =>
          new ScriptDocument(source, constants, place, { includes: this.includes, file, table }),
      );
    this.declarations = this.noDeclarations();
    this.open(text);
  }

  /**
   * Reads a script in slices of some milliseconds, which give how many lines are read so far. There is no document before the last one.
   * Parameters are the constructor's.
   */
  static *reading(text: string, constants?: Constants, place?: ScriptPlace): Generator<number, ScriptDocument> {
    const document = new ScriptDocument("", constants, place);
    yield* document.opening(text);
    return document;
  }

  private noDeclarations(): Declarations {
    return new Declarations(this.constants, this.inner?.table ?? this.includes.table);
  }

  get identity(): string {
    return this.inner?.file.identity ?? this.place.file;
  }

  /** The file that it is, where another script includes it. */
  get file(): IncludedFile | undefined {
    return this.inner?.file;
  }

  /** Lines in order; at least one, unless the document is refused. Read-only for the outside. */
  get lines(): readonly ScriptLine[] {
    return this.all;
  }

  /** Why the whole text cannot be read: too large, too many lines, binary. There are no lines then. */
  get refusal(): Diagnostic | undefined {
    return this.refused;
  }

  /** The machine that the script begins on; the default where it says nothing or has a problem. */
  get machine(): MachineDescription {
    return this.declarations.machine;
  }

  /** The line that says which machine the script begins on, its block or that of a file; the first one where none does. */
  get machineLine(): number {
    const { machineLine } = this.declarations;
    return machineLine === undefined ? 0 : this.all.indexOf(machineLine);
  }

  /** The lines that run on the same machine as a line. Costs a look at each of them. */
  machineLines(line: number): MachineLines {
    const lines = this.all;
    const begins = (index: number): MachineDescription | undefined => {
      const statement = lines[index].binding.statement;
      return statement?.kind === "machine" ? statement.machine : undefined;
    };
    let from = Math.max(Math.min(line, lines.length - 1), 0);
    while (from > 0 && begins(from) === undefined) from--;
    let to = from + 1;
    while (to < lines.length && begins(to) === undefined) to++;
    return { machine: (from < lines.length && begins(from)) || this.machine, from, to: Math.min(to, lines.length) };
  }

  /** The text, character for character. */
  get text(): string {
    if (this.refused !== undefined) return this.refusedText;
    const parts: string[] = [];
    for (const line of this.all) parts.push(line.text, line.ending);
    return parts.join("");
  }

  /** Its blocks, machine blocks apart. */
  get blocks(): Blocks {
    return this.structure;
  }

  /** Applies changes one after another, each to the text that the one before left. */
  update(changes: readonly TextChange[]): UpdateResult {
    let firstLine = Number.MAX_SAFE_INTEGER;
    for (const change of changes) firstLine = Math.min(firstLine, this.apply(change));
    return { firstLine: this.blockStart(Math.min(firstLine, this.all.length)) };
  }

  /** The line that defines a macro, or that includes the file which does; undefined: none does. */
  macroLine(name: string): number | undefined {
    return this.declarations.findMacro(name)?.index;
  }

  macroPlace(name: string): { readonly part: ScriptPart; readonly line: number } | undefined {
    const found = this.declarations.findMacro(name);
    if (found === undefined) return undefined;
    return found.file === undefined ? { part: this, line: found.index } : this.included(found.file)?.macroPlace(name);
  }

  included(file: string): ScriptPart | undefined {
    return this.includes.get(file);
  }

  definitionPlace(name: string, line?: number): DefinitionPlace | undefined {
    const found = this.declarations.find(name, line);
    if (found?.file !== undefined) return this.included(found.file)?.definitionPlace(name);
    const place = found && namePlace(found.definition.line.syntax, name);
    return found && place && { part: this, line: found.index, start: place.start, length: place.length };
  }

  /** Identities of all files that it includes, directly or not. */
  includedByAny(): Iterable<string> {
    return this.includes.identities();
  }

  /** Whether a line that includes a file is the first one that does: a file runs once. */
  runsInclude(line: ScriptLine): boolean {
    return this.runningIncludes.has(line);
  }

  /**
   * Looks at the included files again: one may be another.
   * @returns the first line that means something else; undefined: none does
   */
  refreshIncludes(): UpdateResult | undefined {
    if (this.refused !== undefined || this.includes.isEmpty || !this.includes.refresh()) return undefined;
    this.version++;
    const first = this.all.findIndex(({ kind }) => kind === "include");
    this.declarations.bindAll(this.all, () => false);
    this.settleIncludes();
    return { firstLine: Math.max(first, 0) };
  }

  /** The first line that includes a file which is another one now, directly or not, with the path in it; undefined: there is none. */
  changedInclude(): { readonly line: number; readonly path: string } | undefined {
    if (this.refused !== undefined || this.includes.isEmpty) return undefined;
    const paths = this.includes.changedPaths();
    if (paths.size === 0) return undefined;
    for (let line = 0; line < this.all.length; line++) {
      const { syntax } = this.all[line];
      const path = syntax.kind === "include" ? stringValue(syntax.path.text) : "";
      if (paths.has(path)) return { line, path };
    }
    return undefined;
  }

  /** Identities of the files that its own lines include, in their order. */
  *includedFiles(): Generator<string> {
    for (const { statement } of this.all) if (statement?.kind === "include") yield statement.file;
  }

  /** What it has for those that include it. */
  get exports(): Exports {
    this.exported ??= exportsOf(this, this.declarations, this.problems());
    return this.exported;
  }

  /** Forgets files that no line includes any more, and finds which lines run theirs. */
  private settleIncludes(): void {
    if (this.inner !== undefined || this.includes.isEmpty) return;
    const paths = new Set<string>();
    for (const { syntax, kind } of this.all)
      if (kind === "include" && syntax.kind === "include") paths.add(stringValue(syntax.path.text));
    this.includes.keepOnly(paths);
    this.runningIncludes = firstIncludes(this);
  }

  /** A macro by its name. */
  macro(name: string): BoundMacro | undefined {
    return this.declarations.findMacro(name)?.bound;
  }

  /** The line that opens the machine block further down that a line stands in, because that one executes it; else the line itself. */
  private blockStart(line: number): number {
    let start = line;
    while (this.all[start]?.stateBefore === LineState.laterMachine) start--;
    return start;
  }

  /**
   * Where a name is defined, by a `let`, a loop or as a parameter of a macro: the line and the name in it. Of a name of an included file
   * the path that includes it; {@link definitionPlace} has where it is defined there.
   * @param line the line that sees it; absent: any
   */
  definition(name: string, line?: number): (Span & { readonly line: number }) | undefined {
    const found = this.declarations.find(name, line);
    const including = found?.file === undefined ? undefined : this.all[found.index].syntax;
    const place =
      including?.kind === "include" ? including.path : found && namePlace(found.definition.line.syntax, name);
    return found && place && { line: found.index, start: place.start, length: place.length };
  }

  /** Those of {@link constants} that no `let` line of the script defines. */
  strangeConstants(): string[] {
    return [...this.constants.keys()].filter((name) => this.declarations.find(name) === undefined);
  }

  /** Names visible on a line, with their constants, in the order of their definitions. */
  namesAt(line: number): { readonly name: string; readonly constant: bigint | undefined }[] {
    const names: { readonly name: string; readonly constant: bigint | undefined }[] = [];
    for (const { definition, index, end } of this.declarations.definitions())
      if (index < line && line < end) names.push({ name: definition.name, constant: definition.constant });
    return names;
  }

  /**
   * Every diagnostic by line, problems and remarks, at most `limit` of them; `total` counts all.
   * @param settings severities of rules
   */
  diagnostics(
    limit = Number.MAX_SAFE_INTEGER,
    settings: RuleSettings = defaultRuleSettings,
  ): { readonly list: LineDiagnostic[]; readonly total: number } {
    if (this.refused !== undefined) return { list: [{ ...this.refused, line: 0 }], total: 1 };
    const list: LineDiagnostic[] = [];
    let total = 0;
    const unclosed = this.unclosedBlock();
    for (let index = 0; index < this.all.length; index++) {
      const line = this.all[index];
      const problem = line.problem ?? (index === unclosed ? unclosedProblem(line) : undefined);
      if (problem === undefined && line.binding.remarks === undefined && line.allowance === undefined) continue;
      for (const found of problem === undefined ? remarksOf(this.all, index, settings) : [problem]) {
        total++;
        if (list.length < limit) list.push({ ...found, line: index });
      }
    }
    return { list, total };
  }

  /** What is wrong with its lines, without the rules that they break. */
  private *problems(): Generator<LineDiagnostic> {
    const unclosed = this.refused === undefined ? this.unclosedBlock() : -1;
    for (const [index, line] of this.all.entries()) {
      const problem = line.problem ?? (index === unclosed ? unclosedProblem(line) : undefined);
      if (problem !== undefined) yield { ...problem, line: index };
    }
  }

  /** The line that opens a block which the end of the script finds open. */
  private unclosedBlock(): number {
    if (!isInMachineBlock(this.all[this.all.length - 1].stateAfter)) return -1;
    for (let index = this.all.length - 1; index >= 0; index--) {
      const line = this.all[index];
      if (line.kind === "machine" && line.syntax.kind === "machine" && line.syntax.word !== undefined) return index;
    }
    return -1;
  }

  private open(text: string): void {
    for (const _ of this.opening(text));
  }

  /** Reads a whole text in slices. Gives how many lines are read and bound, or half of those that are read and not bound yet. */
  private *opening(text: string): Generator<number, void> {
    this.version++;
    this.all = [];
    this.declarations = this.noDeclarations();
    this.structure = Blocks.none;
    this.refused = refusalOf(text);
    this.refusedText = "";
    this.characters = text.length;
    if (this.refused !== undefined) {
      this.refusedText = text;
      return;
    }
    // Each line is read and bound before the next one is looked at: what it leaves behind is gone while it is young.
    // From the first block on the meaning of a line depends on lines below it.
    const binder = this.declarations.binder();
    let state: LineState = LineState.start;
    let bound = 0;
    let hasBlocks = false;
    for (const { text: source, ending } of eachLine(text)) {
      const line: ScriptLine = new ScriptLine(source, ending, state);
      hasBlocks ||= isBlockLine(line);
      if (!hasBlocks) binder.bind(line, bound++, true);
      this.all.push(line);
      state = line.stateAfter;
      if (this.all.length % SLICE_LINES === 0) yield (this.all.length + bound) / 2;
    }
    this.structure = hasBlocks ? Blocks.of(this.all) : Blocks.none;
    this.declarations.blocks = this.structure;
    for (; bound < this.all.length; bound++) {
      binder.bind(this.all[bound], bound, true);
      if (bound % SLICE_LINES === 0) yield (this.all.length + bound) / 2;
    }
    binder.end();
    this.settleIncludes();
  }

  /** Applies one change; gives the first line that it touches. */
  private apply(change: TextChange): number {
    if (this.refused !== undefined) {
      this.open(applyChange(this.refusedText, change));
      return 0;
    }
    const lines = this.all;
    const start = this.clamp(change.start);
    let end = this.clamp(change.end);
    if (end.line < start.line || (end.line === start.line && end.column < start.column)) end = start;
    // A line feed put behind a lone carriage return becomes one ending with it.
    let from = start.line;
    if (start.column === 0 && from > 0 && lines[from - 1].ending === "\r") from--;
    let removedText = 0;
    for (let index = from; index <= end.line; index++)
      removedText += lines[index].text.length + lines[index].ending.length;
    const kept = from < start.line ? lines[from].text + lines[from].ending : "";
    const last = lines[end.line];
    const head = lines[start.line].text.slice(0, start.column);
    const replaced = `${kept}${head}${change.text}${last.text.slice(end.column)}${last.ending}`;
    const characters = this.characters - removedText + replaced.length;
    const sources = splitLines(replaced);
    // The ending of the last replaced line begins the next line, which is there already, unless it ends the text.
    if (last.ending !== "") sources.pop();
    const count = lines.length - (end.line - from + 1) + sources.length;
    if (characters > limits.characters || count > limits.lines || change.text.includes("\0")) {
      this.open(applyChange(this.text, change));
      return 0;
    }
    this.characters = characters;
    return this.replace(from, end.line + 1, sources);
  }

  /**
   * Replaces lines `from` to `to` (exclusive) and parses on below as far as the state differs.
   * @returns the first line that means something else
   */
  private replace(from: number, to: number, sources: readonly SourceLine[]): number {
    this.version++;
    const lines = this.all;
    let state: LineState = from === 0 ? LineState.start : lines[from - 1].stateAfter;
    const fresh: ScriptLine[] = [];
    for (const source of sources) {
      const line: ScriptLine = new ScriptLine(source.text, source.ending, state);
      fresh.push(line);
      state = line.stateAfter;
    }
    while (to < lines.length && lines[to].stateBefore !== state) {
      const line: ScriptLine = new ScriptLine(lines[to].text, lines[to].ending, state);
      fresh.push(line);
      state = line.stateAfter;
      to++;
    }
    let declares = fresh.some((line) => line.isDeclaration);
    for (let index = from; index < to && !declares; index++) declares = lines[index].isDeclaration;
    splice(lines, from, to, fresh);
    const end = from + fresh.length;
    this.declarations.shift(to, end - to);
    // Where a block without its brace ends, the indentation of any line says.
    const moved = declares || end !== to || this.structure.hasOpen;
    const changed = moved ? this.readBlocks(to, end - to) : undefined;
    const first = changed === undefined ? from : Math.min(from, changed);
    if (declares || changed !== undefined)
      this.declarations.bindAll(lines, (index) => index >= first && (changed !== undefined || index < end));
    else this.declarations.bindRange(lines, from, end);
    if (declares) this.settleIncludes();
    return first;
  }

  /** Reads the blocks anew after an edit, as `Blocks.firstDifference` has it. @returns the first line where they differ */
  private readBlocks(to: number, delta: number): number | undefined {
    const before = this.structure;
    this.structure = Blocks.of(this.all);
    this.declarations.blocks = this.structure;
    return before === this.structure ? undefined : this.structure.firstDifference(before, to, delta);
  }

  /** A place inside the text. Beyond the last line means the end of the text. */
  private clamp({ line, column }: { line: number; column: number }): { line: number; column: number } {
    const lines = this.all;
    if (line < 0) return { line: 0, column: 0 };
    if (line >= lines.length) return { line: lines.length - 1, column: lines[lines.length - 1].text.length };
    return { line, column: Math.min(Math.max(column, 0), lines[line].text.length) };
  }
}

/** `lines.splice` without spreading a large replacement over the call stack. */
function splice(lines: ScriptLine[], from: number, to: number, fresh: readonly ScriptLine[]): void {
  if (fresh.length === to - from) {
    for (let index = 0; index < fresh.length; index++) lines[from + index] = fresh[index];
  } else if (fresh.length < 10_000) {
    lines.splice(from, to - from, ...fresh);
  } else {
    const tail = lines.slice(to);
    lines.length = from;
    for (const line of fresh) lines.push(line);
    for (const line of tail) lines.push(line);
  }
}

/** The word of a line that defines a name. */
function namePlace(syntax: Statement, name: string): Span | undefined {
  if (syntax.kind === "let" || syntax.kind === "for") return syntax.name;
  return syntax.kind === "macro" ? syntax.parameters.find((one) => one.name.text === name)?.name : undefined;
}

function refusalOf(text: string): Diagnostic | undefined {
  const place = { start: 0, length: 0 };
  if (text.length > limits.characters) return errors.tooLarge(place, text.length);
  if (text.includes("\0")) return errors.binary(place);
  const lines = countLines(text);
  return lines > limits.lines ? errors.tooManyLines(place, lines) : undefined;
}

function unclosedProblem(line: ScriptLine): Diagnostic | undefined {
  return line.syntax.kind === "machine" && line.syntax.word !== undefined
    ? errors.notClosed(line.syntax.word)
    : undefined;
}
