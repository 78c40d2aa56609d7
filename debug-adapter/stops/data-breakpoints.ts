import type { Expression, NameTable, ScriptDocument } from "../../language/index.ts";
import { plainNumber, type ScriptRun } from "../../runner/index.ts";
import { type HitTest, hitProblem, hitTest, readExpression, scopeOf, valueNow } from "./condition.ts";
import { type Hit, noHit, type SetBreakpoint } from "./hit.ts";
import { HitCount } from "./hit-count.ts";

/** What an editor asks for. */
export interface DataBreakpointRequest {
  /** The expression whose value is watched, as {@link DataBreakpoints} gave it. */
  readonly dataId: string;
  readonly condition?: string;
  readonly hitCondition?: string;
}

interface Watched extends SetBreakpoint {
  readonly request: DataBreakpointRequest;
  readonly expression: Expression;
  readonly condition?: Expression;
  readonly holds: HitTest;
  /** Value when it was last looked at, or why there was none. */
  value: bigint | string;
  readonly count: HitCount;
}

/**
 * Stops when a value changes: of a register, a field, a table entry, a bit of an interrupt's state, of memory, of any expression of the
 * script language. Values are compared after each line; what has no value (an entry that is not mapped) is a value of its own.
 */
export class DataBreakpoints {
  private document: ScriptDocument;
  private readonly nextId: () => number;
  private watched: readonly Watched[] = [];

  constructor(document: ScriptDocument, nextId: () => number) {
    this.document = document;
    this.nextId = nextId;
  }

  replace(document: ScriptDocument): void {
    this.document = document;
  }

  /** Why a value cannot be watched; undefined when it can. */
  refusal(text: string): string | undefined {
    return readExpression(text, this.names()).wrong;
  }

  /** Replaces all. */
  set(requests: readonly DataBreakpointRequest[]): readonly SetBreakpoint[] {
    const made = requests.map((request) => this.make(request));
    this.watched = made.filter((one): one is Watched => one.verified);
    return made;
  }

  private make(request: DataBreakpointRequest): Watched | SetBreakpoint {
    const id = this.nextId();
    const unverified = (message: string): SetBreakpoint => ({ id, verified: false, message });
    const names = this.names();
    const { expression, wrong } = readExpression(request.dataId, names);
    if (wrong !== undefined) return unverified(wrong);
    const holds = hitTest(request.hitCondition);
    if (holds === undefined) return unverified(hitProblem(request.hitCondition ?? ""));
    const condition = request.condition === undefined ? undefined : readExpression(request.condition, names);
    if (condition?.wrong !== undefined) return unverified(condition.wrong);
    return {
      id,
      verified: true,
      request,
      expression,
      condition: condition?.expression,
      holds,
      value: "",
      count: new HitCount(),
    };
  }

  /** Every name of the script: a breakpoint that was kept from before stands before the line that defines it. */
  private names(): NameTable {
    const { document } = this;
    const names = new Map(document.namesAt(document.lines.length).map((entry) => [entry.name, entry]));
    return { find: (name) => names.get(name), names: () => names.keys() };
  }

  get isEmpty(): boolean {
    return this.watched.length === 0;
  }

  /** Notes the values of this moment: what changes from here on counts. */
  note(run: ScriptRun): void {
    const scope = scopeOf(run);
    for (const one of this.watched) one.value = valueNow(one.expression, scope);
  }

  /**
   * What has changed since the last look.
   * @param direction whether a line has run, or was taken back
   */
  changed(run: ScriptRun, direction: "forwards" | "backwards"): Hit {
    if (this.watched.length === 0) return noHit;
    const scope = scopeOf(run);
    const ids: number[] = [];
    const messages: string[] = [];
    for (const one of this.watched) {
      const before = one.value;
      one.value = valueNow(one.expression, scope);
      // Another reason why there is no value is no change.
      if (one.value === before || (typeof one.value === "string" && typeof before === "string")) continue;
      // The line that made the change, or took it back, is the last one that had run then.
      const count = one.count.meet(run.history.length + (direction === "forwards" ? 0 : 1));
      if (!one.holds(count)) continue;
      const holds = one.condition === undefined ? 1n : valueNow(one.condition, scope);
      if (holds === 0n) continue;
      ids.push(one.id);
      messages.push(`${one.request.dataId}: ${text(before)} → ${text(one.value)}`);
    }
    return ids.length === 0 ? noHit : { ids, messages };
  }
}

function text(value: bigint | string): string {
  return typeof value === "string" ? `no value (${value.replace(/\.$/, "")})` : plainNumber(value);
}
