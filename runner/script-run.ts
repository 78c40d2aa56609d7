import { finish, type Mark, MemoryLimitError, type Steps } from "../emulator/index.ts";
import {
  type BoundStatement,
  type BoundVm,
  type FlowStatement,
  isFlow,
  isProblem,
  type LineStatement,
  type MachineDescription,
  type Operation,
  type Scope,
  type ScriptDocument,
  type ScriptLine,
  type Span,
  StatementPlace,
} from "../language/index.ts";
import { runErrors } from "./errors.ts";
import type { Begun, Underway } from "./flow/begun-line.ts";
import { type Frame, type Position, scopeFrame, scriptLine } from "./flow/frame.ts";
import { type IncludedLine, includedResult } from "./flow/included-problem.ts";
import { performBlock, queueInBatch } from "./flow/perform-block.ts";
import { isSteering, performFlow } from "./flow/perform-flow.ts";
import { type Executed, type LineDone, RunHistory, sourceOfLine } from "./flow/run-history.ts";
import { RunNames } from "./flow/run-names.ts";
import { RunPosition } from "./flow/run-position.ts";
import type { MappingLog } from "./mappings/mapping-log.ts";
import { LinesBeside } from "./portable/lines-beside.ts";
import type { RunRules } from "./rules/run-rules.ts";
import { RunMachines } from "./run-machines.ts";
import { machineProblem, type Prepare, preparing } from "./setup.ts";
import type { TargetStateReader } from "./state-reader.ts";
import { NOTHING_DONE, type StatementResult } from "./statement-result.ts";
import { performVm } from "./statements/vm-statement.ts";
import { isSteps, type MaybeSteps } from "./stretches.ts";
import type { Target } from "./target.ts";

/**
 * A script on its machines, line by line, forwards and backwards. Going back restores every word of a target exactly, by its journal, and
 * the machine before a machine block. The document may change below the lines that have run; {@link rewindTo} first what changes above.
 */
export class ScriptRun {
  private readonly document: ScriptDocument;
  private readonly prepare: Prepare;
  /** Which lines mapped and unmapped what; absent where nobody wants to know. */
  readonly mappings: MappingLog | undefined;
  /** Looks for rules that the script breaks; absent where nobody wants to know. */
  readonly rules: RunRules | undefined;
  private readonly machines: RunMachines;
  private readonly past = new RunHistory();
  private readonly executed = this.past.entries;
  private readonly names = new RunNames();
  private readonly ahead: RunPosition;
  /** Where the run goes from the line that is being carried out, where that is not the line below. */
  private moved: Position | undefined;
  private underway: Underway | undefined;
  /** Whether the machine shows a moment while the last line ran. */
  private within = false;
  /** The moment when the first machine was handed over. */
  private readonly origin: Mark;
  /** What the lines come to on other models; absent: nobody asks, as in a run that is compared itself. */
  private beside: LinesBeside | undefined;
  /** Title of the tests that run, the others are passed over; undefined: all run. It is set before the first line runs. */
  get onlyTest(): string | undefined {
    return this.ahead.onlyTest;
  }

  set onlyTest(title: string | undefined) {
    this.ahead.onlyTest = title;
  }

  /** Is told what the statements and the loads of lines come to, before they are done; absent: nobody wants to know. */
  set onOperation(told: ((operation: Operation) => void) | undefined) {
    this.machines.onOperation = told;
  }

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
    prepare: Prepare = preparing(),
    mappings: MappingLog | undefined = undefined,
    rules: RunRules | undefined = undefined,
  ) {
    this.document = document;
    this.prepare = prepare;
    this.mappings = mappings;
    this.rules = rules;
    this.machines = new RunMachines(mappings, rules);
    this.beside = new LinesBeside(document, prepare.beside, (first, prepareNext) => this.again(first, prepareNext));
    this.ahead = new RunPosition(document, this.past);
    this.origin = target.time?.mark() ?? 0;
    this.machines.begin(target);
  }

  /** Number of the present machine, or of the one that migrations have led here from. */
  get root(): number {
    return this.machines.present.root;
  }

  /** The present machine. */
  get target(): Target {
    return this.machines.present.target;
  }

  /** Reads the state of the present machine. */
  get state(): TargetStateReader {
    return this.machines.present.state;
  }

  /** The machine that a line which has run met. @param place in {@link history} */
  targetBefore(place: number): Target {
    return this.machines.target(this.executed[place].stage);
  }

  /** Number of the line that {@link step} runs next, from 0: of the one that includes or calls it; the number of lines at the end. */
  get nextLine(): number {
    if (this.within) return this.executed[this.executed.length - 1].line;
    return this.ahead.line;
  }

  /** The line of an included file that {@link step} runs next; undefined: it is one of the script. */
  get nextIncluded(): IncludedLine | undefined {
    return this.within ? this.executed[this.executed.length - 1].at : this.ahead.included;
  }

  /** The line itself that {@link step} runs next; undefined when the script has ended. */
  get nextSource(): ScriptLine | undefined {
    return this.within ? sourceOfLine(this.document, this.executed[this.executed.length - 1]) : this.ahead.source;
  }

  /** The number of lines from the top that the run has passed: those below have not run. In a loop it is that of its furthest line so far. */
  get reach(): number {
    return this.reachAt(this.executed.length - 1) + 1;
  }

  /** See {@link RunHistory.reachAt}; places are those of {@link history}. */
  reachAt(place: number): number {
    return this.past.reachAt(place);
  }

  /** See {@link RunHistory.placeOf}. */
  placeOf(line: number): number {
    return this.past.placeOf(line);
  }

  /** See {@link RunHistory.lastRunOf}. */
  lastRunOf(line: number): number | undefined {
    return this.past.lastRunOf(line);
  }

  /** How often a line has run. @param line from 0 */
  runsOf(line: number): number {
    return this.past.runsOf(line);
  }

  /** See {@link RunPosition.hasPassed}. */
  hasPassed(line: number): boolean {
    return this.ahead.hasPassed(line);
  }

  /** See {@link RunPosition.frames}. */
  frames(): Generator<Frame> {
    return this.ahead.frames();
  }

  get ended(): boolean {
    return !this.within && this.nextSource?.statement === undefined;
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
    return this.names.seenAt(this.ahead.next);
  }

  /** Value of a name as the next line sees it. */
  readonly lookup = (name: string): bigint | undefined => this.names.lookup(name, this.ahead.next);

  /** What the next line's expressions mean; without accesses, which only running it makes. */
  get scope(): Scope {
    const { frame } = this.ahead.next;
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
    const { part, at: own } = this.ahead.next;
    const source = part.lines[own];
    if (source?.statement === undefined) return undefined;
    const { statement } = source;
    this.mappings?.lineBegins();
    this.moved = undefined;
    this.rules?.begins(this.executed.length);
    const whole = new StatementPlace(source);
    const at = part === this.document ? undefined : { part, line: own };
    const line = at === undefined ? own : scriptLine(this.document, this.ahead.found);
    const begun = { line, at, mark: this.target.time?.mark() ?? 0, stage: this.machines.count, whole };
    let work: MaybeSteps<StatementResult>;
    try {
      work = this.workOf(statement, line, whole);
    } catch (error) {
      work = this.refused(begun, error);
    }
    return isSteps(work) ? this.goOn({ ...begun, steps: work }) : this.done(begun, work);
  }

  private workOf(statement: LineStatement, line: number, whole: Span): MaybeSteps<StatementResult> {
    if (statement.kind === "machine") return this.begin(statement.machine, line);
    if (statement.kind === "vm") return this.vm(statement, whole);
    if (isFlow(statement)) return this.flow(statement, whole);
    const { found } = this.ahead;
    const { frame } = found;
    if (frame?.kind !== "batch") return this.carryOut(statement, whole);
    const queued = queueInBatch(statement, found, frame, { machines: this.machines, scope: this.accessing }, whole);
    const isRefused = "problems" in queued;
    if (!isRefused) this.moved = queued;
    return this.machines.present.executor.remarked(isRefused ? queued : NOTHING_DONE, whole);
  }

  /** What is done to the machine as a whole. */
  private vm(statement: BoundVm, whole: Span): MaybeSteps<StatementResult> {
    const { target, executed, machines } = this;
    const enter = (next: Target): void => machines.begin(next, true);
    const result = performVm(
      statement,
      { target, isHere: ({ place }) => this.targetBefore(place) === target, past: executed, enter },
      whole,
    );
    this.mappings?.everythingMayChange();
    this.rules?.registersMayChange();
    return result;
  }

  /** A line that says which lines run, or on which machine. */
  private flow(statement: FlowStatement, whole: Span): MaybeSteps<StatementResult> {
    const { document, machines, target } = this;
    const moved = { ...this.ahead.found };
    this.moved = moved;
    if (!isSteering(statement)) {
      const begin = (machine: MachineDescription, line: number) => this.begin(machine, line);
      return performBlock(statement, moved, { document, machines, begin }, whole);
    }
    const scope = this.accessing;
    const { executor } = machines.present;
    const outside = { ...scope, lookup: this.names.outside, access: executor.accessElsewhere };
    const found = performFlow(statement, moved, { target, scope, outside, whole });
    if (found === undefined) return executor.remarked(NOTHING_DONE, whole);
    const told = isProblem(found) ? { problems: [found] } : { defined: found };
    return executor.remarked({ ...NOTHING_DONE, ...told }, whole);
  }

  /** {@link scope} with the accesses that running a line makes. */
  private get accessing(): Scope {
    const { frame } = this.ahead.found;
    const { state, executor, target } = this.machines.present;
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

  private done(begun: Begun, outcome: StatementResult): LineDone {
    const { line, at, mark, stage } = begun;
    const result = this.told(begun, outcome);
    const place = this.executed.length;
    const { defined } = result;
    const source = at === undefined ? this.document.lines[line] : at.part.lines[at.line];
    const named = defined !== undefined && source.kind === "let" ? defined : undefined;
    const isLocal = named !== undefined && scopeFrame(this.ahead.found.frame) !== undefined;
    const after = this.ahead.after(this.moved, isLocal ? named : undefined);
    const inside = after && this.past.insideOf(begun, after);
    const names = named === undefined || isLocal ? undefined : this.names.define(named);
    const turns = inside?.after.turns ?? this.ahead.found.turns;
    const entry: Executed = { line, at, mark, stage, result, place, turns, names, inside };
    this.past.push(entry);
    this.ahead.lose();
    return entry;
  }

  /** What a line did as it is told: by the rules, and of an included file at the line of the script. */
  private told({ line, at, whole }: Begun, outcome: StatementResult): StatementResult {
    const isFollowed =
      this.mappings?.lineDone(line, this.executed.length, this.target, this.machines.present.machine) ?? true;
    const all = isFollowed
      ? outcome
      : { ...outcome, problems: [...outcome.problems, runErrors.mappingsNotFollowed(whole)] };
    const found = this.rules?.settle(at ?? { part: this.document, line }, all) ?? all;
    return at === undefined ? found : includedResult(found, at, this.document.lines[line]);
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
    return this.underway === undefined ? 0 : this.machines.present.executor.commandCount;
  }

  /** What a line did that asks for more memory than there may be: nothing, and a problem. @throws everything else that went wrong */
  private refused({ mark, stage, whole }: Pick<Begun, "mark" | "stage" | "whole">, error: unknown): StatementResult {
    if (!(error instanceof MemoryLimitError)) throw error;
    const kept = this.machines.takeBackTo(stage, mark);
    this.mappings?.lineBegins();
    return { ...NOTHING_DONE, problems: [runErrors.memoryLimit(whole, error.limit, kept)] };
  }

  /**
   * Runs a statement that is no line of the script, at this moment, in stretches; no line may be under way. It is undone when the line
   * before is taken back, or when the work is left before its end, and names that it defines are not kept.
   */
  *performing(statement: BoundStatement, whole: Span): Steps<StatementResult> {
    const begun = { mark: this.target.time?.mark() ?? 0, stage: this.machines.count, whole };
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
      if (left) this.machines.takeBackTo(begun.stage, begun.mark);
    }
  }

  /** As {@link performing}, at once. */
  perform(statement: BoundStatement, whole: Span): StatementResult {
    return finish(this.performing(statement, whole));
  }

  private carryOut(statement: BoundStatement, whole: Span): MaybeSteps<StatementResult> {
    const { executor, root } = this.machines.present;
    const { place } = this.document;
    if (statement.kind === "same") {
      const standing = { place: this.executed.length, root, model: this.target.name };
      return this.beside?.expect(statement, standing, whole) ?? NOTHING_DONE;
    }
    const { identity } = this.ahead.found.part;
    executor.place = identity === place.file ? place : { files: place.files, file: identity };
    return executor.execute(statement, this.accessing, whole);
  }

  /** Takes the last line back, or what has been done of the next one. @returns false at the start, or when the journal does not reach so far back */
  stepBack(): boolean {
    if (this.underway !== undefined) return this.dropLine();
    return this.executed.length > 0 && this.takeBack(this.executed.length - 1);
  }

  /**
   * Takes back every line from `line` on. @returns false when the journal does not reach so far back; nothing is changed then
   */
  rewindTo(line: number): boolean {
    const from = this.placeOf(line);
    const isUnderway = this.underway !== undefined && (this.underway.line >= line || from < this.executed.length);
    return (!isUnderway || this.dropLine()) && this.rewindToPlace(from);
  }

  /** Takes back every line from a place in {@link history} on. @returns as {@link rewindTo} */
  rewindToPlace(place: number): boolean {
    this.ahead.lose();
    return place >= this.executed.length || this.takeBack(place);
  }

  /** See {@link RunMachines.forgetPast}; lines that ran on those machines cannot be taken back any more. */
  forgetPast(): void {
    this.machines.forgetPast();
  }

  /** Takes back every line, and what was done by hand before the first one. @returns false as {@link rewindTo} */
  toStart(): boolean {
    return this.rewindTo(0) && this.machines.takeBackTo(1, this.origin);
  }

  /** Takes back what has been done of the line under way. @returns false when that cannot be done */
  dropLine(): boolean {
    const { underway } = this;
    if (underway === undefined) return true;
    // Its own clean-up comes first: the target has no bound afterwards.
    underway.steps.return(NOTHING_DONE);
    if (!this.machines.takeBackTo(underway.stage, underway.mark)) return false;
    this.machines.keep(underway.stage);
    this.rules?.takeBackTo(this.executed.length);
    this.underway = undefined;
    this.ahead.lose();
    return true;
  }

  /** A machine block below other statements. When the machine cannot be built, the one before stays. */
  // biome-ignore lint/correctness/useYield: as a statement it is work, of one step
  private *begin(description: MachineDescription, line: number): Steps<StatementResult> {
    const prepared = this.prepare(description);
    if ("failure" in prepared) {
      return { ...NOTHING_DONE, problems: [machineProblem(prepared.failure, this.document.lines[line])] };
    }
    this.machines.begin(prepared.target);
    return { ...NOTHING_DONE, begun: prepared.target.title };
  }

  /** Takes back what has run, from a place in {@link executed} on. */
  private takeBack(from: number): boolean {
    this.within = false;
    if (!this.machines.takeBackAll(this.executed, from)) return false;
    this.machines.keep(this.executed[from].stage);
    while (this.executed.length > from) this.forget();
    this.mappings?.takeBack(from);
    this.rules?.takeBackTo(from);
    this.beside?.backTo(from);
    this.ahead.lose();
    return true;
  }

  /** A run of the same lines that this one is compared with, at its first line. */
  private again(target: Target, prepare: Prepare): ScriptRun {
    const run = new ScriptRun(this.document, target, prepare);
    run.beside = undefined;
    run.onlyTest = this.onlyTest;
    return run;
  }

  private forget(): void {
    const entry = this.past.pop();
    if (entry === undefined) return;
    this.takenBack?.(entry);
    if (entry.names !== undefined) this.names.takeBack(entry.names);
  }
}
