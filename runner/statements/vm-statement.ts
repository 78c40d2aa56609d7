import { modelFamily } from "../../architecture/index.ts";
import { type Mark, type StateFailure, saveState } from "../../emulator/index.ts";
import { type BoundVm, type Diagnostic, outcomeOn, type Span } from "../../language/index.ts";
import { EmulatorTarget } from "../emulator-target.ts";
import { runErrors } from "../errors.ts";
import { judgeCall } from "../judge.ts";
import { NOTHING_DONE, type StatementResult } from "../statement-result.ts";
import type { Target } from "../target.ts";

/** A line that has run, as far as snapshots go. */
export interface PastLine {
  readonly line: number;
  readonly mark: Mark;
  /** Its place in the history. */
  readonly place: number;
  readonly result: StatementResult;
}

/** What a statement about the whole machine is carried out with. */
export interface VmWork {
  readonly target: Target;
  /** Whether a line has met this machine. */
  readonly isHere: (line: PastLine) => boolean;
  readonly past: readonly PastLine[];
  /** The lines below run on this machine. */
  readonly enter: (target: Target) => void;
}

/** Carries out `migrate`, `snapshot` and `restore NAME`. All of it can be taken back as any line. */
export function performVm(statement: BoundVm, work: VmWork, whole: Span): StatementResult {
  switch (statement.verb) {
    case "snapshot":
      // The moment at which the line began is all that is to be remembered.
      return { ...NOTHING_DONE, snapshot: statement.name };
    case "restore":
      return { ...NOTHING_DONE, problems: restore(statement.name ?? "", work, whole) };
    case "migrate":
      return migrate(statement, work, whole);
  }
}

function restore(name: string, { target, isHere, past }: VmWork, whole: Span): readonly Diagnostic[] {
  const taken = past.findLast(({ result }) => result.snapshot === name);
  if (taken === undefined) {
    const known = new Set(past.flatMap(({ result }) => result.snapshot ?? []));
    return [runErrors.noSnapshot(whole, name, [...known].join(", "))];
  }
  if (!isHere(taken)) return [runErrors.snapshotElsewhere(whole, name, taken.line + 1)];
  return target.time?.returnTo(taken.mark) === true ? [] : [runErrors.snapshotForgotten(whole, name)];
}

function migrate(statement: BoundVm, { target, enter }: VmWork, whole: Span): StatementResult {
  const problem = (reason: string, to = target.name): StatementResult => ({
    ...NOTHING_DONE,
    problems: [runErrors.noMigration(whole, target.name, to, reason)],
  });
  if (!(target instanceof EmulatorTarget)) return problem("it is no machine of the emulator");
  const { machine } = target;
  const expected = outcomeOn(statement.expected, target.name);
  const { model = machine.model.name } = statement;
  if (modelFamily(model) !== modelFamily(machine.model.name)) {
    return problem("a saved machine is one of its model's kind, and the other kind has other registers", model);
  }
  const failed = ({ errno, step, message }: StateFailure): StatementResult => {
    if (errno === undefined || expected === undefined)
      return problem(errno === undefined ? `${step}: ${message}` : message, model);
    return { ...NOTHING_DONE, problems: judgeCall("migrate", { errno }, { expected }, whole) };
  };
  const saved = saveState(machine);
  if ("failure" in saved) return failed(saved.failure);
  const loaded = target.load({ ...saved.state, model });
  if ("failure" in loaded) return failed(loaded.failure);
  const { target: next } = loaded;
  enter(next);
  return { ...NOTHING_DONE, problems: judgeCall("migrate", { errno: 0 }, { expected }, whole), begun: next.title };
}
