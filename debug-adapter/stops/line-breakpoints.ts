import { type Expression, parseExpressionText, type ScriptDocument } from "../../language/index.ts";
import { plainNumber, type ScriptRun } from "../../runner/index.ts";
import { hitHolds, hitProblem, readExpression, scopeOf, valueNow } from "./condition.ts";
import { type Hit, noHit } from "./hit.ts";

/** What an editor asks for. Lines from 0. */
export interface LineBreakpointRequest {
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
  readonly request: LineBreakpointRequest;
  readonly condition?: Expression;
}

/** The breakpoints on lines of one script. */
export class LineBreakpoints {
  private document: ScriptDocument;
  private readonly nextId: () => number;
  private placed: readonly PlacedBreakpoint[] = [];
  private byLine = new Map<number, PlacedBreakpoint[]>();

  constructor(document: ScriptDocument, nextId: () => number) {
    this.document = document;
    this.nextId = nextId;
  }

  /** Replaces all breakpoints. One on a line without a statement moves to the next line that has one. */
  set(requests: readonly LineBreakpointRequest[]): readonly PlacedBreakpoint[] {
    return this.keep(requests.map((request) => this.place(request, this.nextId())));
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
      if (!breakpoint.verified) continue;
      const others = this.byLine.get(breakpoint.line);
      if (others === undefined) this.byLine.set(breakpoint.line, [breakpoint]);
      else others.push(breakpoint);
    }
    return placed;
  }

  /** What the breakpoints of the line that runs next ask for. */
  hit(run: ScriptRun): Hit {
    const found = this.byLine.get(run.nextLine);
    if (found === undefined) return noHit;
    const scope = scopeOf(run);
    const ids: number[] = [];
    const messages: string[] = [];
    const count = arrivals(run, run.nextLine);
    for (const { id, request, condition } of found) {
      if (!hitHolds(request.hitCondition, count)) continue;
      const holds = condition === undefined ? 1n : valueNow(condition, scope);
      if (holds === 0n) continue;
      if (typeof holds === "string") {
        messages.push(`The condition "${request.condition}" of the breakpoint cannot be computed: ${holds}`);
      }
      if (request.logMessage === undefined) ids.push(id);
      else messages.push(logText(request.logMessage, run));
    }
    return { ids, messages };
  }

  private place(request: LineBreakpointRequest, id: number): PlacedBreakpoint {
    const line = statementLine(this.document, request.line);
    const unverified = (message: string): PlacedBreakpoint => ({
      id,
      line: request.line,
      verified: false,
      message,
      request,
    });
    if (line === undefined) return unverified("There is no statement on this line or below it.");
    const wrongCount = hitProblem(request.hitCondition);
    if (wrongCount !== undefined) return unverified(wrongCount);
    if (request.condition === undefined) return { id, line, verified: true, request };
    const names = new Map(this.document.namesAt(line).map((entry) => [entry.name, entry]));
    const { expression, wrong } = readExpression(request.condition, {
      find: (name) => names.get(name),
      names: () => names.keys(),
    });
    return wrong === undefined ? { id, line, verified: true, request, condition: expression } : unverified(wrong);
  }
}

/** The first line from `line` on that has a statement. */
export function statementLine(document: ScriptDocument, line: number): number | undefined {
  const { lines } = document;
  for (let at = Math.max(line, 0); at < lines.length; at++) if (lines[at].statement !== undefined) return at;
  return undefined;
}

/** How often the run has come to a line, this time included. Lines run in their order, so that earlier times stand last in the history. */
function arrivals({ history }: ScriptRun, line: number): number {
  let at = history.length;
  while (at > 0 && history[at - 1].line >= line) at--;
  let count = 1;
  for (; at < history.length; at++) if (history[at].line === line) count++;
  return count;
}

/** The text of a log point: expressions in braces are replaced by their values. */
function logText(message: string, run: ScriptRun): string {
  return message.replace(/\{([^{}]*)\}/g, (_, text: string) => {
    const { expression, problem } = parseExpressionText(text);
    const value = problem === undefined ? valueNow(expression, scopeOf(run)) : problem.message;
    return typeof value === "string" ? `{${text}: ${value}}` : plainNumber(value);
  });
}
