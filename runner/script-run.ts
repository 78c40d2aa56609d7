import { finish, type Mark, MemoryBudget, MemoryLimitError, type Steps } from "../emulator/index.ts";
import {
  type BoundStatement,
  type Diagnostic,
  type MachineDescription,
  type ScriptDocument,
  type ScriptLine,
  type Span,
  StatementPlace,
} from "../language/index.ts";
import { EmulatorTarget, type MachineBounds } from "./emulator-target.ts";
import { runErrors } from "./errors.ts";
import { StatementExecutor } from "./execute.ts";
import type { MappingLog } from "./mappings/mapping-log.ts";
import type { RunRules } from "./rules/run-rules.ts";
import { setUpGicV2, setUpTarget } from "./setup.ts";
import { TargetStateReader } from "./state-reader.ts";
import { NOTHING_DONE, type StatementResult } from "./statement-result.ts";
import { isSteps, type MaybeSteps } from "./stretches.ts";
import type { Target } from "./target.ts";

/** A line that has run: where in time it began, and what it did. */
interface Executed {
  readonly line: number;
  readonly mark: Mark;
  /** How many machines there were when it began. */
  readonly stage: number;
  readonly result: StatementResult;
  /** What a `let` of this line replaced. */
  readonly previous?: bigint | undefined;
}

/** A line that is being carried out. */
interface Begun {
  readonly line: number;
  readonly mark: Mark;
  readonly stage: number;
  readonly whole: Span;
}

/** One that did not end at once. */
interface Underway extends Begun {
  readonly steps: Steps<StatementResult>;
}

/** What a line did that has been carried out. */
export type LineDone = { readonly line: number; readonly result: StatementResult };

/** A machine of a script, and what carries out statements on it. */
interface Stage {
  readonly target: Target;
  readonly state: TargetStateReader;
  readonly executor: StatementExecutor;
  /** Line that made it; the first machine is there before line 0. */
  readonly line: number;
  /** Lines that had run when it was there, the machine block among them. */
  readonly executed: number;
}

/** A target that is set up for a script, or why it cannot be. */
export type Prepared = { readonly target: Target } | { readonly failure: string };

/** Makes the machine of a description. */
export type Prepare = (description: MachineDescription) => Prepared;

/** Bytes of the host's memory that the machines of a script may hold together, where nobody says otherwise. */
const SCRIPT_MEMORY_BYTES = 2 ** 30;

/** What the machines of one script may take of their host together. */
export function scriptBounds(): MachineBounds {
  return { budget: new MemoryBudget(SCRIPT_MEMORY_BYTES) };
}

/**
 * Builds the machine that a script describes and sets it up.
 * @param bounds what it may take of its host; default: as much as a script alone may
 */
export function prepareTarget(description: MachineDescription, bounds: MachineBounds = scriptBounds()): Prepared {
  try {
    const target = EmulatorTarget.of(description, bounds);
    const [first] = description.ram;
    if (description.setup === "ready" && description.gic === 2) setUpGicV2(target);
    else if (description.setup === "ready") {
      const failure =
        first === undefined ? "it has no RAM" : setUpTarget(target, Number(first.base), Number(first.size));
      if (failure !== undefined) return { failure };
    }
    target.machine.journal.clear();
    return { target };
  } catch (error) {
    if (error instanceof MemoryLimitError) {
      return { failure: `this script's machines may hold ${Math.floor(error.limit / 2 ** 20)} MiB of memory together` };
    }
    if (error instanceof RangeError) return { failure: error.message };
    throw error;
  }
}

function boundedPrepare(): Prepare {
  const bounds = scriptBounds();
  return (description) => prepareTarget(description, bounds);
}

/**
 * A script on its machines, line by line, forwards and backwards. Going back restores every word of a target exactly, by its journal,
 * and finds the machine before a machine block as the block left it. The document may change below the lines that have run;
 * {@link rewindTo} first what changes above them.
 */
export class ScriptRun {
  private readonly document: ScriptDocument;
  private readonly prepare: Prepare;
  /** Which lines mapped and unmapped what; absent where nobody wants to know. */
  readonly mappings: MappingLog | undefined;
  /** Looks for rules that the script breaks; absent where nobody wants to know. */
  readonly rules: RunRules | undefined;
  /** Machines so far; the last is the present one. */
  private readonly stages: Stage[] = [];
  private readonly executed: Executed[] = [];
  private readonly names = new Map<string, bigint>();
  /** First line that has not been looked at. */
  private cursor = 0;
  private underway: Underway | undefined;
  /** Whether the machine shows a moment while the last line ran. */
  private within = false;
  /** The moment when the first machine was handed over. */
  private readonly origin: Mark;
  /** Is told of each line that is taken back, the latest first; absent: nobody wants to know. */
  takenBack: ((done: LineDone) => void) | undefined;

  /**
   * @param target the machine that the script begins on
   * @param prepare makes those of machine blocks further down
   * @param mappings notes which lines map and unmap what
   * @param rules looks for rules that the script breaks
   */
  constructor(
    document: ScriptDocument,
    target: Target,
    prepare: Prepare = boundedPrepare(),
    mappings: MappingLog | undefined = undefined,
    rules: RunRules | undefined = undefined,
  ) {
    this.document = document;
    this.prepare = prepare;
    this.mappings = mappings;
    this.rules = rules;
    this.origin = target.time?.mark() ?? 0;
    this.enter(target, 0);
  }

  /** The present machine. */
  get target(): Target {
    return this.stage.target;
  }

  /** Reads the state of the present machine. */
  get state(): TargetStateReader {
    return this.stage.state;
  }

  /** The machine that a line has run on; of a machine block the one that it made. */
  targetOf(line: number): Target {
    return (this.stages.findLast((stage) => stage.line <= line) ?? this.stages[0]).target;
  }

  /** Number of the line that {@link step} runs next, from 0; the number of lines when the script has ended. */
  get nextLine(): number {
    if (this.within) return this.executed[this.executed.length - 1].line;
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

  /** Place in {@link history} of the first line that ran on the present machine. */
  get machineStart(): number {
    return this.stage.executed;
  }

  /** Names that the lines run so far have defined, with their values. */
  get variables(): ReadonlyMap<string, bigint> {
    return this.names;
  }

  /** Value of a name as the next line sees it. */
  readonly lookup = (name: string): bigint | undefined => this.names.get(name);

  /** Runs the next line, or what is left of it, to its end. @returns what it did, or undefined when the script has ended */
  step(): LineDone | undefined {
    for (;;) {
      const done = this.advance();
      if (done !== "underway") return done;
    }
  }

  /**
   * Runs the next line for a few milliseconds at most.
   * @returns what it did; `underway` when it has more to do; undefined when the script has ended
   */
  advance(): LineDone | "underway" | undefined {
    this.leave();
    return this.underway === undefined ? this.startLine() : this.goOn(this.underway);
  }

  private startLine(): LineDone | "underway" | undefined {
    const line = this.nextLine;
    const source = this.document.lines[line];
    if (source?.statement === undefined) return undefined;
    const { statement } = source;
    this.mappings?.lineBegins();
    this.rules?.begins(this.executed.length);
    const whole = new StatementPlace(source);
    const begun = { line, mark: this.target.time?.mark() ?? 0, stage: this.stages.length, whole };
    let work: MaybeSteps<StatementResult>;
    try {
      work = statement.kind === "machine" ? this.begin(statement.machine, line) : this.carryOut(statement, whole);
    } catch (error) {
      work = this.refused(begun, error);
    }
    return isSteps(work) ? this.goOn({ ...begun, steps: work }) : this.done(begun, work);
  }

  private goOn(underway: Underway): LineDone | "underway" {
    this.underway = underway;
    let result: StatementResult;
    try {
      const next = underway.steps.next();
      if (!next.done) return "underway";
      result = next.value;
    } catch (error) {
      result = this.refused(underway, error);
    }
    this.underway = undefined;
    return this.done(underway, result);
  }

  private done({ line, mark, stage, whole }: Begun, outcome: StatementResult): LineDone {
    const isFollowed = this.mappings?.lineDone(line, this.target, outcome.begun !== undefined) ?? true;
    const all = isFollowed
      ? outcome
      : { ...outcome, problems: [...outcome.problems, runErrors.mappingsNotFollowed(whole)] };
    const result = this.rules?.settle(line, all) ?? all;
    const { defined } = result;
    const entry: Executed = { line, mark, stage, result, previous: defined && this.names.get(defined.name) };
    if (defined !== undefined) this.names.set(defined.name, defined.value);
    this.executed.push(entry);
    this.cursor = line + 1;
    return entry;
  }

  /** Whether the next line has begun and is not done. Until it is, nothing else may be asked of the machine but to look at it. */
  get inLine(): boolean {
    return this.underway !== undefined || this.within;
  }

  /**
   * Shows the machine as it was at a moment while the last line ran; that line is the next one then. To go on to a later moment it runs
   * again, to exactly what it did.
   * @returns false when there is no such moment
   */
  showWithin(mark: Mark): boolean {
    const last = this.executed.at(-1);
    const { time } = this.target;
    if (last === undefined || time === undefined || mark < last.mark) return false;
    if (mark > time.mark()) this.repeatLast();
    this.within = time.rewind(mark);
    return this.within;
  }

  /** Shows the machine as the last line left it, after {@link showWithin}. */
  leave(): void {
    if (this.within) this.repeatLast();
  }

  /** Takes the last line back and runs it again, which drops what was done by hand since. @returns what it did */
  repeatLast(): LineDone | undefined {
    return this.stepBack() ? this.step() : undefined;
  }

  /** Commands that the line under way has had carried out so far. */
  get commandsUnderway(): number {
    return this.underway === undefined ? 0 : this.stage.executor.commandCount;
  }

  /** What a line did that asks for more memory than there may be: nothing, and a problem. @throws everything else that went wrong */
  private refused({ mark, stage, whole }: Pick<Begun, "mark" | "stage" | "whole">, error: unknown): StatementResult {
    if (!(error instanceof MemoryLimitError)) throw error;
    const kept = this.takeBackTo(stage, mark);
    this.mappings?.lineBegins();
    return { ...NOTHING_DONE, problems: [runErrors.memoryLimit(whole, error.limit, kept)] };
  }

  /** Takes the machine back to a moment of one of its stages. @returns false when the journal does not reach so far */
  private takeBackTo(stage: number, mark: Mark): boolean {
    const { target } = this.stages[stage - 1];
    target.work?.abandon();
    return target.time?.rewind(mark) === true;
  }

  /**
   * Runs a statement that is no line of the script, at this moment, in stretches; no line may be under way. It is undone when the line
   * before is taken back, or when the work is left before its end, and names that it defines are not kept.
   */
  *performing(statement: BoundStatement, whole: Span): Steps<StatementResult> {
    const begun = { mark: this.target.time?.mark() ?? 0, stage: this.stages.length, whole };
    let left = true;
    try {
      const work = this.carryOut(statement, whole);
      const result = isSteps(work) ? yield* work : work;
      left = false;
      return result;
    } catch (error) {
      left = false;
      return this.refused(begun, error);
    } finally {
      if (left) this.takeBackTo(begun.stage, begun.mark);
    }
  }

  /** As {@link performing}, at once. */
  perform(statement: BoundStatement, whole: Span): StatementResult {
    return finish(this.performing(statement, whole));
  }

  private carryOut(statement: BoundStatement, whole: Span): MaybeSteps<StatementResult> {
    const { executor, state } = this.stage;
    return executor.execute(statement, { lookup: this.lookup, state }, whole);
  }

  /** Takes the last line back, or what has been done of the next one. @returns false at the start, or when the journal does not reach so far back */
  stepBack(): boolean {
    if (this.underway !== undefined) return this.dropUnderway();
    return this.executed.length > 0 && this.takeBack(this.executed.length - 1);
  }

  /**
   * Takes back every line from `line` on. @returns false when the journal does not reach so far back; nothing is changed then
   */
  rewindTo(line: number): boolean {
    if (this.underway !== undefined && this.underway.line >= line && !this.dropUnderway()) return false;
    let from = this.executed.length;
    while (from > 0 && this.executed[from - 1].line >= line) from--;
    if (from < this.executed.length && !this.takeBack(from)) return false;
    this.cursor = Math.min(this.cursor, line);
    return true;
  }

  /** Takes back every line, and what was done by hand before the first one. @returns false as {@link rewindTo} */
  toStart(): boolean {
    return this.rewindTo(0) && this.takeBackTo(1, this.origin);
  }

  /** Takes back what has been done of the line under way. */
  private dropUnderway(): boolean {
    const { underway } = this;
    if (underway === undefined) return true;
    // Its own clean-up comes first: the target has no bound afterwards.
    underway.steps.return(NOTHING_DONE);
    if (!this.takeBackTo(underway.stage, underway.mark)) return false;
    this.rules?.takeBackTo(this.executed.length);
    this.underway = undefined;
    return true;
  }

  private get stage(): Stage {
    return this.stages[this.stages.length - 1];
  }

  private enter(target: Target, line: number): void {
    const { length } = this.executed;
    const executed = this.stages.length === 0 ? 0 : length + 1;
    const state = new TargetStateReader(target);
    const executor = new StatementExecutor(target, this.mappings, this.rules?.watch(target, state));
    this.stages.push({ target, state, executor, line, executed });
  }

  /** A machine block below other statements. When the machine cannot be built, the one before stays. */
  // biome-ignore lint/correctness/useYield: as a statement it is work, of one step
  private *begin(description: MachineDescription, line: number): Steps<StatementResult> {
    const prepared = this.prepare(description);
    if ("failure" in prepared) {
      return { ...NOTHING_DONE, problems: [machineProblem(prepared.failure, this.document.lines[line])] };
    }
    this.enter(prepared.target, line);
    return { ...NOTHING_DONE, begun: prepared.target.title };
  }

  /** Takes back what has run, from a place in {@link executed} on. */
  private takeBack(from: number): boolean {
    this.within = false;
    const first = this.executed[from];
    if (!this.takeBackTo(first.stage, first.mark)) return false;
    this.stages.length = first.stage;
    while (this.executed.length > from) this.forget();
    return true;
  }

  private forget(): void {
    const entry = this.executed.pop();
    if (entry === undefined) return;
    this.takenBack?.(entry);
    this.mappings?.takeBack(entry.line);
    this.rules?.takeBackTo(this.executed.length);
    const { defined } = entry.result;
    if (defined !== undefined) {
      if (entry.previous === undefined) this.names.delete(defined.name);
      else this.names.set(defined.name, entry.previous);
    }
    this.cursor = entry.line;
  }
}

/** The diagnostic of a machine that cannot be built, on a line of the script. */
export function machineProblem(failure: string, line: ScriptLine | undefined): Diagnostic {
  return runErrors.machineFailed({ start: 0, length: line?.text.length ?? 0 }, failure);
}
