import type { CommandWords, Register } from "../../architecture/index.ts";
import { releasedModelNames } from "../../emulator/index.ts";
import {
  type Diagnostic,
  type Expression,
  isBoundStatement,
  isProblem,
  type NameTable,
  operationOf,
  type ScriptDocument,
  StatementPlace,
} from "../../language/index.ts";
import {
  compareModels,
  EmulatorTarget,
  type LineDone,
  type ModelAnswer,
  outcomeText,
  peekRegister,
  registerExpression,
  type ScriptRun,
} from "../../runner/index.ts";
import { lockOf } from "../assign/assign.ts";
import { readExpression, scopeOf, valueNow } from "./condition.ts";
import { classify, type ExceptionKind, exceptionFilters, failedCommand, isExceptionKind } from "./exception-filters.ts";
import type { SetBreakpoint } from "./hit.ts";
import { adapterProblems } from "./problems.ts";

/** A filter that is on. */
interface Wanted {
  /** Names of which one has to fit, `*` for any letters; empty: every one does. */
  readonly patterns: readonly RegExp[];
  readonly condition: Expression | undefined;
}

/** What a run has stopped at. */
export interface Exception {
  readonly kind: ExceptionKind;
  /** Line from 0. */
  readonly line: number;
  readonly problem: Diagnostic;
  /** What the line did; absent before it has run. */
  readonly done?: LineDone;
  /** Of a difference of models: the command, and what each of them makes of it. */
  readonly difference?: { readonly words: CommandWords; readonly own: string; readonly others: readonly ModelAnswer[] };
  /** Of a comparison of two machines: what the own one has, and the other. */
  readonly comparison?: {
    readonly own: string;
    readonly others: readonly { readonly model: string; readonly text: string }[];
  };
  /** Of an ignored write. */
  readonly write?: {
    readonly register: string;
    readonly wanted: bigint;
    readonly value: bigint;
    readonly lock: string | undefined;
  };
}

/** A register that the next line writes, and what it holds. */
export interface WriteWatch {
  readonly read: () => bigint | undefined;
  readonly register: string;
  readonly before: bigint;
  readonly wanted: bigint;
  readonly lockedBy: Register["lockedBy"];
}

/** The problems that a run is to stop at. */
export class Exceptions {
  private document: ScriptDocument;
  private readonly nextId: () => number;
  private wanted: ReadonlyMap<ExceptionKind, Wanted> = new Map(
    exceptionFilters.filter(({ isOn }) => isOn).map(({ kind }) => [kind, { patterns: [], condition: undefined }]),
  );

  constructor(document: ScriptDocument, nextId: () => number) {
    this.document = document;
    this.nextId = nextId;
  }

  replace(document: ScriptDocument): void {
    this.document = document;
  }

  /** Stops at nothing. */
  clear(): void {
    this.wanted = new Map();
  }

  /** Replaces all filters. Those that there are not are answered as not verified. */
  set(requests: readonly { readonly filterId: string; readonly condition?: string }[]): readonly SetBreakpoint[] {
    const wanted = new Map<ExceptionKind, Wanted>();
    const made = requests.map(({ filterId, condition }): SetBreakpoint => {
      const id = this.nextId();
      if (!isExceptionKind(filterId))
        return { id, verified: false, message: `There is no exception filter "${filterId}".` };
      const read = this.read(condition ?? "");
      if (typeof read === "string") return { id, verified: false, message: read };
      wanted.set(filterId, read);
      return { id, verified: true };
    });
    this.wanted = wanted;
    return made;
  }

  /** Whether a filter is on that has to look at lines before they run. */
  get looksBefore(): boolean {
    return this.wanted.has("model-differences") || this.wanted.has("ignored-writes");
  }

  /** The problem of a line that has run, when it is one to stop at. */
  problemOf(run: ScriptRun, done: LineDone, watch?: WriteWatch): Exception | undefined {
    const { line, result } = done;
    for (const problem of result.problems) {
      if (problem.severity !== "error") continue;
      const { kind, names } = classify(problem, failedCommand(result));
      if (this.holds(kind, names, run)) return { kind, line, problem, done };
    }
    if (watch === undefined || result.problems.length > 0 || !this.wanted.has("ignored-writes")) return undefined;
    const value = watch.read();
    if (value !== watch.before || value === watch.wanted) return undefined;
    if (!this.holds("ignored-writes", [watch.register], run)) return undefined;
    const { register, wanted } = watch;
    const lock = lockOf(register, watch.lockedBy, run);
    const problem = adapterProblems.ignoredWrite(
      new StatementPlace(this.document.lines[line]),
      register,
      wanted,
      value,
      lock,
    );
    return { kind: "ignored-writes", line, problem, done, write: { register, wanted, value, lock } };
  }

  /** The register that the next line writes, to be looked at again once it has. */
  watchWrite(run: ScriptRun): WriteWatch | undefined {
    if (!this.wanted.has("ignored-writes")) return undefined;
    const operation = this.operation(run);
    if (operation?.kind !== "write-register" || operation.expected !== undefined) return undefined;
    const { location, value: wanted } = operation;
    // What a write does to a register of another kind its value does not tell.
    if (location.register.access !== "RW" || location.register.readEffect !== undefined) return undefined;
    const read = (): bigint | undefined => peekRegister(run.target, location);
    const before = read();
    return before === undefined
      ? undefined
      : { read, register: registerExpression(location), before, wanted, lockedBy: location.register.lockedBy };
  }

  /** The difference that the next line's command would make between models. */
  differenceOf(run: ScriptRun): Exception | undefined {
    const filter = this.wanted.get("model-differences");
    const { target } = run;
    if (filter === undefined || !(target instanceof EmulatorTarget)) return undefined;
    const operation = this.operation(run);
    if (operation?.kind !== "command") return undefined;
    const { words } = operation;
    const [own, ...others] = compareModels(target.machine, 0, words, [
      target.machine.model.name,
      ...releasedModelNames.filter((name) => name !== target.machine.model.name),
    ]);
    // A situation in which a model cannot be says nothing about the command.
    if (own?.outcome === undefined) return undefined;
    const differing = others.filter(
      ({ model, outcome }) => outcome !== undefined && outcome !== own.outcome && fits(filter.patterns, [model]),
    );
    if (differing.length === 0 || !this.conditionHolds(filter, run)) return undefined;
    const line = run.nextLine;
    const place = new StatementPlace(this.document.lines[line]);
    const text = differing.map(({ model, text: found }) => `${model}: ${found}`).join("; ");
    const problem = adapterProblems.modelsDiffer(place, target.name, outcomeText(own.outcome), text);
    return { kind: "model-differences", line, problem, difference: { words, own: own.text, others: differing } };
  }

  private operation(run: ScriptRun) {
    const statement = run.nextSource?.statement;
    if (!isBoundStatement(statement)) return undefined;
    const operation = operationOf(statement, scopeOf(run));
    return isProblem(operation) ? undefined : operation;
  }

  private holds(kind: ExceptionKind, names: readonly string[], run: ScriptRun): boolean {
    const filter = this.wanted.get(kind);
    return filter !== undefined && fits(filter.patterns, names) && this.conditionHolds(filter, run);
  }

  /** A condition that cannot be computed holds: it is better to stop than to pass over something. */
  private conditionHolds({ condition }: Wanted, run: ScriptRun): boolean {
    return condition === undefined || valueNow(condition, scopeOf(run)) !== 0n;
  }

  /** Reads `PATTERN, PATTERN if EXPRESSION`. @returns why it means nothing */
  private read(text: string): Wanted | string {
    const [, names = "", condition] = /^(.*?)(?:(?:^|\s+)if\s+(.*))?$/s.exec(text.trim()) ?? [];
    const words = names.trim() === "" ? [] : names.split(",").map((word) => word.trim());
    const wrong = words.find((word) => !/^[\w.*-]+$/.test(word));
    if (wrong !== undefined) {
      return `"${wrong}" is no name of an error, command or model. Write names with * for any letters, or if and an expression.`;
    }
    const patterns = words.map((word) => new RegExp(`^${word.replace(/[.]/g, "\\.").replace(/\*+/g, ".*")}$`, "i"));
    if (condition === undefined) return { patterns, condition: undefined };
    const { expression, wrong: problem } = readExpression(condition, this.names());
    return problem ?? { patterns, condition: expression };
  }

  private names(): NameTable {
    const { document } = this;
    const names = new Map(document.namesAt(document.lines.length).map((entry) => [entry.name, entry]));
    return { find: (name) => names.get(name), names: () => names.keys() };
  }
}

function fits(patterns: readonly RegExp[], names: readonly string[]): boolean {
  return patterns.length === 0 || patterns.some((pattern) => names.some((name) => pattern.test(name)));
}
