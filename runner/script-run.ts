import { finish, type Mark, MemoryBudget, MemoryLimitError, type Steps } from "../emulator/index.ts";
import {
  type BoundStatement,
  type Diagnostic,
  type FlowStatement,
  isFlow,
  isProblem,
  type MachineDescription,
  type Scope,
  type ScriptDocument,
  type ScriptLine,
  type Span,
  StatementPlace,
} from "../language/index.ts";
import { EmulatorTarget, type MachineBounds } from "./emulator-target.ts";
import { runErrors } from "./errors.ts";
import { type QueuedCommand, StatementExecutor } from "./execute.ts";
import {
  type Frame,
  type Local,
  localValue,
  type Position,
  scopeFrame,
  scriptLine,
  startPosition,
} from "./flow/frame.ts";
import { type IncludedLine, includedProblem } from "./flow/included-problem.ts";
import { enter, enterFile, performFlow } from "./flow/perform-flow.ts";
import { leave, settle } from "./flow/settle.ts";
import type { MappingLog } from "./mappings/mapping-log.ts";
import { setUpGicV2, setUpTarget } from "./setup.ts";
import { TargetStateReader } from "./state-reader.ts";
import { NOTHING_DONE, type StatementResult } from "./statement-result.ts";
import { isSteps, type MaybeSteps } from "./stretches.ts";
import type { Target } from "./target.ts";

/** A line that has run: where in time it began, and what it did. */
interface Executed {
  /** The line of the script; of a line of an included file the one that includes it or calls its macro. */
  readonly line: number;
  /** Of a line of an included file: which one. */
  readonly at?: IncludedLine | undefined;
  readonly mark: Mark;
  /** How many machines there were when it began. */
  readonly stage: number;
  readonly result: StatementResult;
  /** Its place in the history. */
  readonly place: number;
  /** Turns of loops and calls of macros, this line's among them. */
  readonly turns: number;
  /** A name that it has given a value to the end of the script, and the value before. */
  readonly names?: { readonly name: string; readonly previous: bigint | undefined } | undefined;
  /** Of a line that opens a block or runs in one. */
  readonly inside?: Inside | undefined;
}

/** What else is to be known of a line of a block. */
interface Inside {
  /** Where the run was behind it. */
  readonly after: Readonly<Position>;
  /** The furthest line that had run when it was done. */
  readonly reach: number;
  /** Place in the history of the run of the same line before. */
  readonly before: number | undefined;
  /** Runs of the line, this one among them. */
  readonly runs: number;
}

/** A line that is being carried out. */
interface Begun {
  readonly line: number;
  readonly at: IncludedLine | undefined;
  readonly mark: Mark;
  readonly stage: number;
  readonly whole: Span;
}

/** One that did not end at once. */
interface Underway extends Begun {
  readonly steps: Steps<StatementResult>;
}

/** What a line did that has been carried out. */
export type LineDone = Pick<Executed, "line" | "at" | "place" | "result" | "turns" | "inside">;

/** A line of a script or, with `at`, of a file that it includes. */
export type LinePlace = Pick<Executed, "line" | "at">;

/** A machine of a script, and what carries out statements on it. */
interface Stage {
  readonly target: Target;
  readonly state: TargetStateReader;
  readonly executor: StatementExecutor;
  /** Line that made it; the first machine is there before line 0. */
  readonly line: number;
  /** Lines that had run when it was there, the machine block among them. */
  readonly executed: number;
  /** Number of the machine, from 0 in the order of their making; behind a test the one before it is there again. */
  readonly machine: number;
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
  /** Machines so far; the last is the present one. */
  private readonly stages: Stage[] = [];
  private readonly executed: Executed[] = [];
  private readonly names = new Map<string, bigint>();
  /** Where the next line is, in the document as it was at {@link looked}. */
  private readonly ahead: Position;
  private looked = -1;
  /** Where the run goes from the line that is being carried out, where that is not the line below. */
  private moved: Position | undefined;
  /** The last run of each line that has run in a block: its place in the history. */
  private readonly latest = new Map<number, number>();
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
   */
  constructor(
    document: ScriptDocument,
    target: Target,
    prepare: Prepare = boundedPrepare(),
    mappings: MappingLog | undefined = undefined,
  ) {
    this.document = document;
    this.prepare = prepare;
    this.mappings = mappings;
    this.ahead = startPosition(document);
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

  /** The machine that a line which has run met. @param place in {@link history} */
  targetBefore(place: number): Target {
    return this.stages[this.executed[place].stage - 1].target;
  }

  /**
   * Number of the line that {@link step} runs next, from 0; the number of lines when the script has ended. In an included file it is the
   * line that includes it, or that calls its macro.
   */
  get nextLine(): number {
    if (this.within) return this.executed[this.executed.length - 1].line;
    return scriptLine(this.document, this.position);
  }

  /** The line of an included file that {@link step} runs next; undefined: it is one of the script. */
  get nextIncluded(): IncludedLine | undefined {
    if (this.within) return this.executed[this.executed.length - 1].at;
    const { part, at } = this.position;
    return part === this.document ? undefined : { part, line: at };
  }

  /** The line itself that {@link step} runs next; undefined when the script has ended. */
  get nextSource(): ScriptLine | undefined {
    const { part, line } = this.nextIncluded ?? { part: this.document, line: this.nextLine };
    return part.lines[line];
  }

  /** Where the next line is. */
  private get position(): Position {
    const { document, ahead } = this;
    if (this.looked === document.version) return ahead;
    this.looked = document.version;
    moveBehind(document, ahead, this.executed[this.executed.length - 1]);
    return ahead;
  }

  /**
   * The number of lines from the top that the run has passed: those below have not run. In a loop it is that of its furthest line so far.
   */
  get reach(): number {
    return this.reachAt(this.executed.length - 1) + 1;
  }

  /** The furthest line that had run when the one at a place of {@link history} was done; -1 before the first. */
  reachAt(place: number): number {
    const entry = this.executed[place];
    return entry === undefined ? -1 : (entry.inside?.reach ?? entry.line);
  }

  /** Place in {@link history} of the first line that ran at or below `line`; the length of the history when there is none. */
  placeOf(line: number): number {
    let from = 0;
    let to = this.executed.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.reachAt(middle) < line) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** Place in {@link history} of the last run of a line; undefined: it has not run. */
  lastRunOf(line: number): number | undefined {
    const place = this.placeOf(line);
    return this.latest.get(line) ?? (this.executed[place]?.line === line ? place : undefined);
  }

  /** How often a line has run. @param line from 0 */
  runsOf(line: number): number {
    const place = this.lastRunOf(line);
    return place === undefined ? 0 : (this.executed[place].inside?.runs ?? 1);
  }

  /** Whether the run is behind a line, and does not come to it any more but by a macro. @param line from 0 */
  hasPassed(line: number): boolean {
    const { blocks } = this.document;
    let outer = blocks.around(line);
    while (outer?.parent !== undefined) outer = outer.parent;
    return this.position.frame === undefined && outer?.kind !== "macro";
  }

  /** The blocks that the next line stands in, the innermost first, with the lines that called the macros among them. */
  *frames(): Generator<Frame> {
    for (let { frame } = this.position; frame !== undefined; frame = frame.outer) yield frame;
  }

  get ended(): boolean {
    return this.nextLine >= this.document.lines.length;
  }

  /** Lines that have run, in order. */
  get history(): readonly (LineDone & { readonly mark: Mark })[] {
    return this.executed;
  }

  /** Places in {@link history} of the lines that ran on the present machine, the last one first. */
  *placesOfMachine(): Generator<number> {
    const { target } = this;
    for (let place = this.executed.length - 1; place >= 0; place--)
      if (this.targetBefore(place) === target) yield place;
  }

  /** Names that the next line sees, with their values. */
  get variables(): ReadonlyMap<string, bigint> {
    const { locals } = this.position;
    if (locals === undefined) return this.names;
    const all = new Map(this.names);
    const inner: Local[] = [];
    for (let local: Local | undefined = locals; local !== undefined; local = local.next) inner.unshift(local);
    for (const { name, value } of inner) all.set(name, value);
    return all;
  }

  /** Value of a name as the next line sees it. */
  readonly lookup = (name: string): bigint | undefined => {
    const { locals } = this.position;
    return (locals === undefined ? undefined : localValue(locals, name)) ?? this.names.get(name);
  };

  /** What the next line's expressions mean; without accesses, which only running it makes. */
  get scope(): Scope {
    const { frame } = this.position;
    return { lookup: this.lookup, state: this.state, model: this.target.name, pe: frame?.pe, its: frame?.its };
  }

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
    const { document } = this;
    const { at: own, part } = this.position;
    const source = part.lines[own];
    if (source?.statement === undefined) return undefined;
    const { statement } = source;
    this.mappings?.lineBegins();
    this.moved = undefined;
    const whole = new StatementPlace(source);
    const at = part === document ? undefined : { part, line: own };
    const line = at === undefined ? own : scriptLine(document, this.ahead);
    const begun = { line, at, mark: this.target.time?.mark() ?? 0, stage: this.stages.length, whole };
    let work: MaybeSteps<StatementResult>;
    try {
      if (statement.kind === "machine") work = this.begin(statement.machine, line);
      else if (isFlow(statement)) work = this.flow(statement, whole);
      else if (this.ahead.frame?.kind === "batch") work = this.queue(statement, this.ahead.frame, whole);
      else work = this.carryOut(statement, whole);
    } catch (error) {
      work = this.refused(begun, error);
    }
    return isSteps(work) ? this.goOn({ ...begun, steps: work }) : this.done(begun, work);
  }

  /** A line that says which lines run, or on which machine. */
  private flow(statement: FlowStatement, whole: Span): MaybeSteps<StatementResult> {
    const moved = { ...this.ahead };
    this.moved = moved;
    switch (statement.kind) {
      case "macro":
        return NOTHING_DONE;
      case "test":
        return this.test(moved);
      case "batch":
        enter(moved, { kind: "batch", open: moved.at });
        return NOTHING_DONE;
      case "end":
        return this.end(moved, whole);
      case "include":
        this.include(statement.file, moved);
        return NOTHING_DONE;
      default: {
        const { target } = this;
        const scope = this.accessing;
        const outside = { ...scope, lookup: (name: string) => this.names.get(name) };
        const found = performFlow(statement, moved, { target, scope, outside, whole });
        if (found === undefined) return NOTHING_DONE;
        return isProblem(found) ? { ...NOTHING_DONE, problems: [found] } : { ...NOTHING_DONE, defined: found };
      }
    }
  }

  /** A file runs where it is included first. */
  private include(file: string, moved: Position): void {
    const { part, at } = moved;
    const included = this.document.runsInclude(part.lines[at]) ? part.included(file) : undefined;
    if (included === undefined) moved.at++;
    else enterFile(moved, included);
  }

  /** A test begins, on a machine of its own. Without that it is passed over. */
  private *test(moved: Position): Steps<StatementResult> {
    const line = moved.at;
    const stage = this.stages.length - 1;
    const result = yield* this.begin(this.document.machineLines(line).machine, line);
    if (result.begun === undefined) moved.skips = true;
    else enter(moved, { kind: "test", open: line, stage, pe: undefined, its: undefined });
    return result;
  }

  /** The `}` of a test: the machine before it goes on. That of a batch: what was stored is handed over. */
  private end(moved: Position, whole: Span): MaybeSteps<StatementResult> {
    const { frame } = moved;
    moved.at++;
    if (frame === undefined) return NOTHING_DONE;
    leave(moved, frame);
    if (frame.stage !== undefined) {
      this.stages.push({ ...this.stages[frame.stage], line: moved.at, executed: this.executed.length + 1 });
      return NOTHING_DONE;
    }
    const commands: QueuedCommand[] = [];
    for (let { queued } = frame; queued !== undefined; queued = queued.before) commands.unshift(queued);
    if (frame.queued === undefined) return NOTHING_DONE;
    return this.stage.executor.handOver(commands, whole);
  }

  /** A command of a batch is stored. */
  private queue(statement: BoundStatement, frame: Frame, whole: Span): StatementResult {
    const line = this.ahead.at;
    const stored = this.stage.executor.store(statement, this.accessing, whole, frame.queued?.writer);
    if (isProblem(stored)) return { ...NOTHING_DONE, problems: [stored] };
    const queued = { ...stored, line, statement, whole, before: frame.queued };
    this.moved = { ...this.ahead, at: line + 1, frame: { ...frame, queued } };
    return NOTHING_DONE;
  }

  /** {@link scope} with the accesses that running a line makes. */
  private get accessing(): Scope {
    const { frame } = this.ahead;
    const { state, executor, target } = this.stage;
    const { access } = executor;
    return { lookup: this.lookup, state, access, model: target.name, pe: frame?.pe, its: frame?.its };
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

  private done({ line, at, mark, stage, whole }: Begun, outcome: StatementResult): LineDone {
    const isFollowed = this.mappings?.lineDone(line, this.executed.length, this.target, this.stage.machine) ?? true;
    const followed = isFollowed
      ? outcome
      : { ...outcome, problems: [...outcome.problems, runErrors.mappingsNotFollowed(whole)] };
    const told = this.document.lines[line];
    const result =
      at === undefined || followed.problems.length === 0
        ? followed
        : { ...followed, problems: followed.problems.map((problem) => includedProblem(problem, at, told)) };
    const place = this.executed.length;
    const { defined } = result;
    const named = defined !== undefined && (at?.part.lines[at.line] ?? told).kind === "let" ? defined : undefined;
    const isLocal = named !== undefined && scopeFrame(this.ahead.frame) !== undefined;
    const inside = this.inside(line, at, isLocal ? named : undefined);
    const names =
      named === undefined || isLocal ? undefined : { name: named.name, previous: this.names.get(named.name) };
    if (named !== undefined && !isLocal) this.names.set(named.name, named.value);
    if (inside !== undefined && at === undefined) this.latest.set(line, place);
    const turns = inside?.after.turns ?? this.ahead.turns;
    const entry: Executed = { line, at, mark, stage, result, place, turns, names, inside };
    this.executed.push(entry);
    this.looked = -1;
    return entry;
  }

  /** What is to be known of the line that has just run where it stands in a block; undefined elsewhere. @param local what it has named there */
  private inside(
    line: number,
    included: IncludedLine | undefined,
    local: StatementResult["defined"],
  ): Inside | undefined {
    const { ahead, moved } = this;
    if (moved === undefined && ahead.frame === undefined) return undefined;
    const own = ahead.at;
    const after = moved ?? { ...ahead, at: own + 1 };
    // A line that has moved nowhere goes to the one below.
    if (after.at === own && after.part === ahead.part && !after.skips) after.at = own + 1;
    if (local !== undefined) after.locals = { ...local, next: after.locals };
    const reached = this.reachAt(this.executed.length - 1);
    const reach = Math.max(reached, line);
    if (included !== undefined) return { after, reach, before: undefined, runs: this.runsOf(line) };
    return { after, reach, before: this.latest.get(line), runs: this.runsOf(line) + 1 };
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

  /** Takes back what has been done of the line under way. @returns false when that cannot be done */
  dropLine(): boolean {
    return this.dropUnderway();
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
    return this.stage.executor.execute(statement, this.accessing, whole);
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
    const from = this.placeOf(line);
    const isUnderway = this.underway !== undefined && (this.underway.line >= line || from < this.executed.length);
    return (!isUnderway || this.dropUnderway()) && this.rewindToPlace(from);
  }

  /** Takes back every line from a place in {@link history} on. @returns as {@link rewindTo} */
  rewindToPlace(place: number): boolean {
    this.looked = -1;
    return place >= this.executed.length || this.takeBack(place);
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
    this.stages.length = underway.stage;
    this.underway = undefined;
    this.looked = -1;
    return true;
  }

  private get stage(): Stage {
    return this.stages[this.stages.length - 1];
  }

  private enter(target: Target, line: number): void {
    const { length } = this.executed;
    const executed = this.stages.length === 0 ? 0 : length + 1;
    const executor = new StatementExecutor(target, this.mappings);
    const machine = this.stages.reduce((most, stage) => Math.max(most, stage.machine + 1), 0);
    this.stages.push({ target, state: new TargetStateReader(target), executor, line, executed, machine });
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
    for (const [stage, mark] of this.firstMarks(from)) if (!this.takeBackTo(stage, mark)) return false;
    this.stages.length = first.stage;
    while (this.executed.length > from) this.forget();
    this.looked = -1;
    return true;
  }

  /** Of each machine that lines from a place on have met: one of its stages, and its mark before them. The machine behind a test is that before it. */
  private firstMarks(from: number): Iterable<readonly [stage: number, mark: Mark]> {
    const { stage, mark } = this.executed[from];
    if (stage === this.stages.length) return [[stage, mark]];
    const marks = new Map<Target, readonly [stage: number, mark: Mark]>();
    for (let place = from; place < this.executed.length; place++) {
      const entry = this.executed[place];
      const { target } = this.stages[entry.stage - 1];
      if (!marks.has(target)) marks.set(target, [entry.stage, entry.mark]);
    }
    return marks.values();
  }

  private forget(): void {
    const entry = this.executed.pop();
    if (entry === undefined) return;
    this.takenBack?.(entry);
    this.mappings?.takeBack(entry.place);
    const { inside, line, at, names } = entry;
    if (at !== undefined) {
      // The line that includes it has run all the same.
    } else if (inside?.before !== undefined) this.latest.set(line, inside.before);
    else if (inside !== undefined) this.latest.delete(line);
    if (names === undefined) return;
    if (names.previous !== undefined) this.names.set(names.name, names.previous);
    else this.names.delete(names.name);
  }
}

/** Moves a position to the line that runs after another one, or first. */
function moveBehind(document: ScriptDocument, position: Position, last: LineDone | undefined): void {
  const after = last?.inside?.after;
  position.part = after?.part ?? document;
  position.at = after?.at ?? (last === undefined ? 0 : last.line + 1);
  position.skips = after?.skips ?? false;
  position.frame = after?.frame;
  position.locals = after?.locals;
  position.turns = last?.turns ?? 0;
  settle(position);
}

/** The line that runs after one that has run, as {@link ScriptRun.nextLine} says it; the number of lines at the end of the script. */
export function lineAfter(document: ScriptDocument, last: LineDone): number {
  const position = startPosition(document);
  moveBehind(document, position, last);
  return scriptLine(document, position);
}

/** The line itself, of the script or of a file that it includes; undefined behind the end. */
export function sourceOfLine(document: ScriptDocument, { line, at }: LinePlace): ScriptLine {
  return (at?.part ?? document).lines[at?.line ?? line];
}

/** The diagnostic of a machine that cannot be built, on a line of the script. */
export function machineProblem(failure: string, line: ScriptLine | undefined): Diagnostic {
  return runErrors.machineFailed({ start: 0, length: line?.text.length ?? 0 }, failure);
}
