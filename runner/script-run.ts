import type { Mark } from "../emulator/index.ts";
import type {
  BoundStatement,
  Diagnostic,
  MachineDescription,
  ScriptDocument,
  ScriptLine,
  Span,
} from "../language/index.ts";
import { EmulatorTarget } from "./emulator-target.ts";
import { runErrors } from "./errors.ts";
import { StatementExecutor, type StatementResult } from "./execute.ts";
import { setUpTarget } from "./setup.ts";
import { TargetStateReader } from "./state-reader.ts";
import type { Target } from "./target.ts";

/** A line that has run: where in time it began, and what it did. */
interface Executed {
  readonly line: number;
  readonly mark: Mark;
  readonly result: StatementResult;
  /** What a `let` of this line replaced. */
  readonly previous?: bigint | undefined;
}

/** A target that is set up for a script, or why it cannot be. */
export type Prepared = { readonly target: Target } | { readonly failure: string };

/** Builds the machine that a script describes and sets it up. */
export function prepareTarget(description: MachineDescription): Prepared {
  try {
    const target = EmulatorTarget.of(description);
    const [first] = description.ram;
    if (description.setup === "ready") {
      const failure =
        first === undefined ? "it has no RAM" : setUpTarget(target, Number(first.base), Number(first.size));
      if (failure !== undefined) return { failure };
    }
    target.machine.journal.clear();
    return { target };
  } catch (error) {
    if (error instanceof RangeError) return { failure: error.message };
    throw error;
  }
}

/**
 * A script on a target, line by line, forwards and backwards. Going back restores every word of the target exactly, by its journal.
 * The document may change below the lines that have run; {@link rewindTo} first what changes above them.
 */
export class ScriptRun {
  readonly target: Target;
  readonly state: TargetStateReader;
  private readonly document: ScriptDocument;
  private readonly executor: StatementExecutor;
  private readonly executed: Executed[] = [];
  private readonly names = new Map<string, bigint>();
  /** First line that has not been looked at. */
  private cursor = 0;

  constructor(document: ScriptDocument, target: Target) {
    this.document = document;
    this.target = target;
    this.state = new TargetStateReader(target);
    this.executor = new StatementExecutor(target);
  }

  /** Number of the line that {@link step} runs next, from 0; the number of lines when the script has ended. */
  get nextLine(): number {
    const { lines } = this.document;
    while (this.cursor < lines.length && lines[this.cursor].statement === undefined) this.cursor++;
    return this.cursor;
  }

  get ended(): boolean {
    return this.nextLine >= this.document.lines.length;
  }

  /** Lines that have run, in order. */
  get history(): readonly { readonly line: number; readonly mark: Mark; readonly result: StatementResult }[] {
    return this.executed;
  }

  /** Names that the lines run so far have defined, with their values. */
  get variables(): ReadonlyMap<string, bigint> {
    return this.names;
  }

  /** Value of a name as the next line sees it. */
  readonly lookup = (name: string): bigint | undefined => this.names.get(name);

  /** Runs the next line. @returns what it did, or undefined when the script has ended */
  step(): { readonly line: number; readonly result: StatementResult } | undefined {
    const line = this.nextLine;
    const source = this.document.lines[line];
    if (source?.statement === undefined) return undefined;
    const mark = this.target.time?.mark() ?? 0;
    const scope = { lookup: this.lookup, state: this.state };
    const result = this.executor.execute(source.statement, scope, statementSpan(source));
    const entry: Executed = { line, mark, result, previous: result.defined && this.names.get(result.defined.name) };
    if (result.defined !== undefined) this.names.set(result.defined.name, result.defined.value);
    this.executed.push(entry);
    this.cursor = line + 1;
    return entry;
  }

  /**
   * Runs a statement that is no line of the script, at this moment. It is undone when the line before is taken back, and names that it
   * defines are not kept.
   */
  perform(statement: BoundStatement, whole: Span): StatementResult {
    return this.executor.execute(statement, { lookup: this.lookup, state: this.state }, whole);
  }

  /** Takes the last line back. @returns false at the start, or when the journal does not reach so far back */
  stepBack(): boolean {
    const last = this.executed.at(-1);
    if (last === undefined || this.target.time?.rewind(last.mark) !== true) return false;
    this.forget(last);
    return true;
  }

  /**
   * Takes back every line from `line` on. @returns false when the journal does not reach so far back; nothing is changed then
   */
  rewindTo(line: number): boolean {
    let from = this.executed.length;
    while (from > 0 && this.executed[from - 1].line >= line) from--;
    const first = this.executed[from];
    if (first !== undefined) {
      if (this.target.time?.rewind(first.mark) !== true) return false;
      for (let at = this.executed.length - 1; at >= from; at--) this.forget(this.executed[at]);
    }
    this.cursor = Math.min(this.cursor, line);
    return true;
  }

  private forget(entry: Executed): void {
    this.executed.pop();
    const { defined } = entry.result;
    if (defined !== undefined) {
      if (entry.previous === undefined) this.names.delete(defined.name);
      else this.names.set(defined.name, entry.previous);
    }
    this.cursor = entry.line;
  }
}

/** The statement of a line: its text without indentation, comment and trailing blanks. */
export function statementSpan({ text }: ScriptLine): Span {
  const start = text.length - text.trimStart().length;
  const end = text.slice(0, commentStart(text)).trimEnd().length;
  return { start, length: Math.max(end - start, 1) };
}

/** Where a line's comment begins, its length when it has none. `#` in a string begins none. */
function commentStart(text: string): number {
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === "#" && !quoted) return at;
  }
  return text.length;
}

/** The diagnostic of a machine that cannot be built, on a line of the script. */
export function machineProblem(failure: string, line: ScriptLine | undefined): Diagnostic {
  return runErrors.machineFailed({ start: 0, length: line?.text.length ?? 0 }, failure);
}
