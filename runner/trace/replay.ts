import { eventText, numberIn, sameEvent, type TraceEvent } from "../../dumps/qemu-trace/event.ts";
import { GuestWrites } from "./guest-memory.ts";
import { type Fed, feed, peOf } from "./inputs.ts";
import { LevelChanges } from "./level-changes.ts";
import { LpiProperties } from "./lpi-properties.ts";
import type { TraceSurvey } from "./survey.ts";
import { Tally } from "./tally.ts";
import type { TraceTarget } from "./target.ts";

/** Lines that may stand between two accesses; a queue of 1 MiB makes some 200,000. */
const MAX_EFFECTS = 400_000;

/** LPIs that may be found to be disabled at one access. */
const MAX_TRIES = 256;

/** Where trace and machine part. */
export interface Difference {
  /** Line of the trace that the machine does not agree with, or before which it does what the trace has not. */
  readonly line: number;
  /** What the trace says there; undefined when the machine does more than the trace says. */
  readonly expected: string | undefined;
  /** What the machine does; undefined when it does nothing. */
  readonly actual: string | undefined;
  /** The access or input that the machine was given last, and its line. */
  readonly cause: string | undefined;
  readonly causeLine: number;
  /** The guest has not written GICD_CTLR yet. */
  readonly atReset: boolean;
  readonly state: readonly string[];
}

/**
 * Replays a trace: gives its inputs to a machine and compares what the machine does with what the trace says, in order. QEMU prints some
 * lines above what follows from them and some below, so lines are held back until the access that explains them is known.
 */
export class TraceReplay {
  readonly tally = new Tally();
  readonly properties: LpiProperties;
  readonly guest: GuestWrites;
  difference: Difference | undefined;
  /** Why the replay cannot go on, when it is no difference. */
  problem: string | undefined;
  private readonly target: TraceTarget;
  private readonly levelChanges: LevelChanges;
  /** Lines that no access has explained yet. */
  private effects: TraceEvent[] = [];
  /** An input whose consequences stand below it: it is given to the machine when they are known. */
  private waiting: TraceEvent | undefined;
  /** What the machine did and the trace has not said yet. */
  private produced: TraceEvent[] = [];
  private cause: TraceEvent | undefined;
  private atReset = true;

  constructor(target: TraceTarget, survey: TraceSurvey) {
    this.target = target;
    this.properties = new LpiProperties(target, survey.priorities);
    this.guest = new GuestWrites(target, survey);
    this.levelChanges = new LevelChanges(survey, target);
    target.onEvent = (event) => {
      if (survey.has(event.spec.name) && this.isTold(event)) this.produced.push(event);
    };
  }

  /** Takes the next event. @returns whether the replay goes on */
  event(event: TraceEvent): boolean {
    if (this.stopped) return false;
    if (event.spec.role !== "effect" && event.spec.role !== "command") this.access(event);
    else if (this.effects.length === MAX_EFFECTS) {
      this.problem = `The ${MAX_EFFECTS} lines above line ${event.line} follow from no access in the trace. Record it with -trace 'gicv3_*'.`;
    } else {
      this.effects.push(event);
      if (this.levelChanges.isAtEnd(this.effects)) this.levelChange();
    }
    return !this.stopped;
  }

  /** The trace is over. */
  end(): void {
    if (this.stopped) return;
    this.settle(undefined);
    const reason = "the trace ends before the access that they follow from";
    for (const { spec } of this.effects) this.tally.passedOver(spec.name, reason);
  }

  private get stopped(): boolean {
    return this.difference !== undefined || this.problem !== undefined;
  }

  private access(event: TraceEvent): void {
    this.settle(event);
    if (this.stopped) return;
    const { role } = event.spec;
    const explains = role === "after" || role === "around";
    const states = this.levelChanges.areMarked ? undefined : this.statesOf(this.effects);
    if (explains) this.give(event, this.effects);
    if (states !== undefined) this.takeUnmarked(states, event);
    if (explains && !this.stopped) this.take(role === "after" ? event : undefined, true);
    if (this.stopped) return;
    if (this.effects.length > 0) this.differ(this.effects[0], undefined);
    else if (role === "before") this.waiting = event;
    else if (role === "read") this.give(event, []);
  }

  /** Gives the waiting input to the machine and accounts for the lines that follow from it. @param next the line after them */
  private settle(next: TraceEvent | undefined): void {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting !== undefined) this.give(waiting, this.effects);
    if (!this.stopped) this.take(next, false);
  }

  /** The last lines are those of a PE that changed its Exception level. */
  private levelChange(): void {
    const lines = this.levelChanges.takeEnd(this.effects);
    this.settle(lines[0]);
    if (this.stopped) return;
    if (this.effects.length > 0) {
      this.differ(this.effects[0], undefined);
      return;
    }
    this.target.changeExceptionLevel(peOf(lines[0]));
    this.effects = lines;
    this.take(lines[lines.length - 1], true);
  }

  /** Gives an access or input to the machine, with what the guest did for it in memory. */
  private give(event: TraceEvent, effects: readonly TraceEvent[]): void {
    this.cause = event;
    const { name } = event.spec;
    this.properties.beforeInput(effects);
    if (name === "gicv3_its_write") this.guest.beforeItsWrite(effects);
    const fed = this.feedFitting(event, effects);
    if (fed.kind === "unsupported") this.tally.passedOver(name, fed.reason);
    else if (fed.kind === "given") this.tally.given(name);
    else this.compareValue(event, fed.field, fed.value);
    if (name === "gicv3_dist_write" && numberIn(event, "offset") === 0) this.atReset = false;
    if (name === "gicv3_redist_write") this.properties.afterRedistributorWrite(peOf(event));
  }

  /** Gives an access or input to the machine; again when the machine tells of an LPI that must have been disabled. */
  private feedFitting(event: TraceEvent, effects: readonly TraceEvent[]): Fed {
    const { target, properties } = this;
    const told = effects.filter((effect) => this.isTold(effect));
    let back = target.checkpoint();
    let fed = feed(target, event, effects);
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const { produced } = this;
      // Changes of the Exception level that are not marked stand above what follows from an access.
      const from = event.spec.role === "before" ? 0 : Math.max(0, told.length - produced.length);
      const wrong = produced.findIndex((made, i) => told[from + i] !== undefined && !sameEvent(made, told[from + i]));
      const suspect = wrong < 0 ? undefined : properties.suspect(produced[wrong], told[from + wrong]);
      if (suspect === undefined || !back()) break;
      this.produced = [];
      properties.disable(suspect);
      back = target.checkpoint();
      fed = feed(target, event, effects);
    }
    return fed;
  }

  /** Compares a value that software read. A refused read has none: it gave 0. */
  private compareValue(event: TraceEvent, field: string, value: bigint): void {
    this.tally.compared(event.spec.name);
    const index = event.spec.fields.findIndex(({ name }) => name === field);
    if (value === (index < 0 ? 0n : event.values[index])) return;
    const actual = index < 0 ? undefined : { ...event, values: event.values.with(index, value) };
    this.differ(event, actual === undefined ? `the value 0x${value.toString(16)}` : eventText(actual));
  }

  /**
   * Compares what the machine did with the lines at the head, one by one.
   * @param next line below these, before which the machine must have nothing left; undefined when more may follow
   * @param all whether commands' arguments are of this access, too, and not of the next one
   */
  private take(next: TraceEvent | undefined, all: boolean): void {
    const { produced, effects } = this;
    let line = 0;
    let done = 0;
    for (; line < effects.length && !this.stopped; line++) {
      const event = effects[line];
      if (!this.isTold(event)) {
        if (event.spec.role === "command" && !all && done === produced.length) break;
        this.passOver(event);
      } else if (done === produced.length) break;
      else if (!sameEvent(produced[done], event)) this.differ(event, eventText(produced[done]));
      else {
        this.tally.compared(event.spec.name);
        done++;
      }
    }
    if (line === effects.length && done < produced.length && next !== undefined) {
      this.differ(next, eventText(produced[done]), true);
    }
    this.produced = produced.slice(done);
    this.effects = effects.slice(line);
  }

  private isTold(event: TraceEvent): boolean {
    return this.target.produces.has(event.spec.name);
  }

  /** A line that there is nothing to compare with: the arguments of a command, or what the machine does not tell. */
  private passOver({ spec: { name, role } }: TraceEvent): void {
    if (role === "command") this.tally.given(name);
    else this.tally.passedOver(name, "the machine does not tell it");
  }

  /** What each CPU interface that these lines name would tell of itself now. */
  private statesOf(effects: readonly TraceEvent[]): Map<number, readonly TraceEvent[]> {
    const states = new Map<number, readonly TraceEvent[]>();
    const held = this.produced;
    for (const event of effects) {
      const cpu = numberIn(event, "cpu");
      if (!this.levelChanges.isPart(event) || states.has(cpu)) continue;
      this.produced = [];
      this.target.changeExceptionLevel(peOf(event));
      states.set(cpu, this.produced);
    }
    this.produced = held;
    return states;
  }

  /**
   * Where changes of the Exception level cannot be told from other updates: the lines that are more than what the machine did, at the head,
   * must be some.
   * @param states of the CPU interfaces before the access that follows
   */
  private takeUnmarked(states: ReadonlyMap<number, readonly TraceEvent[]>, next: TraceEvent): void {
    const told = this.effects.filter((event) => this.isTold(event));
    const more = told.length - this.produced.length;
    const changes: TraceEvent[] = [];
    while (changes.length < more) {
      const state = states.get(numberIn(told[changes.length], "cpu"));
      if (state === undefined || state.length === 0) break;
      changes.push(...state);
    }
    if (changes.length > more) return;
    this.produced.unshift(...changes);
    this.take(next.spec.role === "around" ? undefined : next, true);
  }

  /** @param more whether the machine does more than the trace says, before `event` */
  private differ(event: TraceEvent, actual: string | undefined, more = false): void {
    const { cause, atReset } = this;
    this.difference ??= {
      line: event.line,
      expected: more ? undefined : eventText(event),
      actual,
      cause: cause && eventText(cause),
      causeLine: cause?.line ?? 0,
      atReset,
      state: this.target.describe(event),
    };
  }
}
