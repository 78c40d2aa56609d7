import type { Mark } from "../emulator/index.ts";
import { StatementExecutor } from "./execute.ts";
import type { Executed } from "./flow/run-history.ts";
import type { MappingLog } from "./mappings/mapping-log.ts";
import type { RunRules } from "./rules/run-rules.ts";
import { TargetStateReader } from "./state-reader.ts";
import type { Target } from "./target.ts";

/** A machine of a script, and what carries out statements on it. */
export interface Stage {
  readonly target: Target;
  readonly state: TargetStateReader;
  readonly executor: StatementExecutor;
  /** Number of the machine, from 0 in the order of their making; behind a test the one before it is there again. */
  readonly machine: number;
  /** Number of the machine that a migration has led here from; without one its own. */
  readonly root: number;
}

/** Stands for a machine that was forgotten: it is none of those that there are, and cannot be taken back. */
const gone = Object.freeze({}) as Target;

/** The machines of a run, one behind the other; the last is the present one. */
export class RunMachines {
  private readonly stages: Stage[] = [];
  private readonly mappings: MappingLog | undefined;
  private readonly rules: RunRules | undefined;
  private told: StatementExecutor["onOperation"];

  constructor(mappings: MappingLog | undefined, rules: RunRules | undefined) {
    this.mappings = mappings;
    this.rules = rules;
  }

  get present(): Stage {
    return this.stages[this.stages.length - 1];
  }

  get count(): number {
    return this.stages.length;
  }

  /** The machine that was there when so many had been. @param count from 1 */
  target(count: number): Target {
    return this.stages[count - 1].target;
  }

  /** {@link StatementExecutor.onOperation} of every machine. */
  set onOperation(told: StatementExecutor["onOperation"]) {
    this.told = told;
    for (const { executor } of this.stages) executor.onOperation = told;
  }

  /** A machine begins. @param migrated it is the present one, elsewhere */
  begin(target: Target, migrated = false): void {
    const state = new TargetStateReader(target);
    const executor = new StatementExecutor(target, this.mappings, this.rules?.watch(target, state));
    executor.onOperation = this.told;
    const machine = this.stages.reduce((most, stage) => Math.max(most, stage.machine + 1), 0);
    const root = migrated ? this.present.root : machine;
    this.stages.push({ target, state, executor, machine, root });
  }

  /** A machine goes on that was there before a test. @param place its place among them all */
  again(place: number): void {
    this.rules?.again(place);
    this.stages.push(this.stages[place]);
  }

  /** Forgets all machines but the present one, which give back what they hold: nobody will go back to them. */
  forgetPast(): void {
    const { present, stages } = this;
    for (const [place, stage] of stages.entries()) {
      if (stage.target === present.target || stage.target === gone) continue;
      stage.target.release?.();
      // Its numbers stay: machines are told apart by them.
      stages[place] = { ...present, target: gone, machine: stage.machine, root: stage.root };
    }
  }

  /** Forgets those behind the first so many, which give back what they hold. */
  keep(count: number): void {
    const { stages } = this;
    if (count >= stages.length) return;
    const forgotten = stages.splice(count);
    const kept = new Set(stages.map(({ target }) => target));
    for (const { target } of forgotten) if (!kept.has(target)) target.release?.();
  }

  /** Takes a machine back to a moment. @param count as in {@link target} @returns false when its journal does not reach so far */
  takeBackTo(count: number, mark: Mark): boolean {
    const target = this.target(count);
    target.work?.abandon();
    return target.time?.rewind(mark) === true;
  }

  /** Takes every machine back that lines from a place on have met, to before them. The machine behind a test is that before it. @returns as {@link takeBackTo} */
  takeBackAll(executed: readonly Executed[], from: number): boolean {
    const { stage, mark } = executed[from];
    if (stage === this.stages.length) return this.takeBackTo(stage, mark);
    const first = new Map<Target, readonly [stage: number, mark: Mark]>();
    for (let place = from; place < executed.length; place++) {
      const entry = executed[place];
      const target = this.target(entry.stage);
      if (!first.has(target)) first.set(target, [entry.stage, entry.mark]);
    }
    for (const [count, moment] of first.values()) if (!this.takeBackTo(count, moment)) return false;
    return true;
  }
}
