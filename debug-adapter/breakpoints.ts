import {
  bindExpression,
  compute,
  isProblem,
  parseExpressionText,
  type Scope,
  type ScriptDocument,
} from "../language/index.ts";
import { plainNumber, type ScriptRun } from "../runner/index.ts";

/** What an editor asks for. Lines from 0. */
export interface BreakpointRequest {
  readonly line: number;
  readonly condition?: string;
  readonly hitCondition?: string;
  readonly logMessage?: string;
}

/** A breakpoint where it stands in fact. */
export interface PlacedBreakpoint {
  readonly id: number;
  /** The line with the statement; the line that was asked for when `verified` is false. */
  readonly line: number;
  readonly verified: boolean;
  /** Why it is not verified, or what is remarkable. */
  readonly message?: string;
  readonly request: BreakpointRequest;
}

/** What a line's breakpoints say when the line is next. */
export interface Hit {
  /** Breakpoints to stop at. */
  readonly ids: readonly number[];
  /** Texts of log points, and conditions that cannot be computed. */
  readonly messages: readonly string[];
}

const noHit: Hit = { ids: [], messages: [] };

/** The breakpoints of one script. */
export class Breakpoints {
  private document: ScriptDocument;
  private placed: readonly PlacedBreakpoint[] = [];
  private byLine = new Map<number, PlacedBreakpoint[]>();
  private nextId = 1;

  constructor(document: ScriptDocument) {
    this.document = document;
  }

  /** Replaces all breakpoints. One on a line without a statement moves to the next line that has one. */
  set(requests: readonly BreakpointRequest[]): readonly PlacedBreakpoint[] {
    return this.keep(requests.map((request) => this.place(request, this.nextId++)));
  }

  /** Places the breakpoints in another version of the script. They keep their ids. */
  replace(document: ScriptDocument): readonly PlacedBreakpoint[] {
    this.document = document;
    return this.keep(this.placed.map(({ id, request }) => this.place(request, id)));
  }

  private keep(placed: readonly PlacedBreakpoint[]): readonly PlacedBreakpoint[] {
    this.placed = placed;
    this.byLine = new Map();
    for (const breakpoint of placed) {
      const { line, verified } = breakpoint;
      if (verified) this.byLine.set(line, [...(this.byLine.get(line) ?? []), breakpoint]);
    }
    return placed;
  }

  /** What the breakpoints of the line that runs next ask for. */
  hit(run: ScriptRun): Hit {
    const found = this.byLine.get(run.nextLine);
    if (found === undefined) return noHit;
    const ids: number[] = [];
    const messages: string[] = [];
    for (const { id, line, request } of found) {
      if (request.hitCondition !== undefined && !hitHolds(request.hitCondition, arrivals(run, line))) continue;
      const condition = request.condition === undefined ? 1n : valueIn(request.condition, scopeOf(run));
      if (condition === 0n) continue;
      if (typeof condition === "string") {
        messages.push(`The condition "${request.condition}" of the breakpoint cannot be computed: ${condition}`);
      }
      if (request.logMessage === undefined) ids.push(id);
      else messages.push(logText(request.logMessage, scopeOf(run)));
    }
    return { ids, messages };
  }

  private place(request: BreakpointRequest, id: number): PlacedBreakpoint {
    const line = statementLine(this.document, request.line);
    const unverified = (message: string): PlacedBreakpoint => ({
      id,
      line: request.line,
      verified: false,
      message,
      request,
    });
    if (line === undefined) return unverified("There is no statement on this line or below it.");
    const wrong = this.conditionProblem(line, request.condition) ?? hitProblem(request.hitCondition);
    return wrong === undefined ? { id, line, verified: true, request } : unverified(wrong);
  }

  /** What can be told about a condition before the run comes to its line. */
  private conditionProblem(line: number, condition: string | undefined): string | undefined {
    if (condition === undefined) return undefined;
    const { expression, problem } = parseExpressionText(condition);
    if (problem !== undefined) return problem.message;
    const names = new Map(this.document.namesAt(line).map((entry) => [entry.name, entry]));
    const bound = bindExpression(expression, { find: (name) => names.get(name), names: () => names.keys() });
    return isProblem(bound) ? bound.message : undefined;
  }
}

/** The first line from `line` on that has a statement. */
export function statementLine(document: ScriptDocument, line: number): number | undefined {
  const { lines } = document;
  for (let at = Math.max(line, 0); at < lines.length; at++) if (lines[at].statement !== undefined) return at;
  return undefined;
}

function scopeOf(run: ScriptRun): Scope {
  return { lookup: run.lookup, state: run.state };
}

/** How often the run has come to a line, this time included. Counted in the history, so that going back uncounts. */
function arrivals(run: ScriptRun, line: number): number {
  return run.history.reduce((count, entry) => (entry.line === line ? count + 1 : count), 1);
}

const hitForm = /^\s*(==|=|>=|>|<=|<|%)?\s*(\d{1,9})\s*$/;

function hitProblem(hitCondition: string | undefined): string | undefined {
  if (hitCondition === undefined || hitForm.test(hitCondition)) return undefined;
  return `"${hitCondition}" is no hit count. Write a number, or ==, >=, >, <=, <, % and a number.`;
}

function hitHolds(hitCondition: string, count: number): boolean {
  const [, operator = "==", digits = ""] = hitForm.exec(hitCondition) ?? [];
  const number = Number(digits);
  switch (operator) {
    case ">=":
      return count >= number;
    case ">":
      return count > number;
    case "<=":
      return count <= number;
    case "<":
      return count < number;
    case "%":
      return number > 0 && count % number === 0;
    default:
      return count === number;
  }
}

/** The value of an expression, or why it has none. */
function valueIn(text: string, scope: Scope): bigint | string {
  const { expression, problem } = parseExpressionText(text);
  if (problem !== undefined) return problem.message;
  const value = compute(expression, scope);
  return isProblem(value) ? value.message : value;
}

/** The text of a log point: expressions in braces are replaced by their values. */
function logText(message: string, scope: Scope): string {
  return message.replace(/\{([^{}]*)\}/g, (_, expression: string) => {
    const value = valueIn(expression, scope);
    return typeof value === "string" ? `{${expression}: ${value}}` : plainNumber(value);
  });
}
