import { type Expression, type NameTable, parseExpressionText, type ScriptDocument } from "../../language/index.ts";
import { type LinePlace, plainNumber, type ScriptRun } from "../../runner/index.ts";
import { type HitTest, hitProblem, hitTest, readExpression, scopeOf, valueNow } from "./condition.ts";
import { type Hit, noHit } from "./hit.ts";

/** What an editor asks for. Lines from 0. */
export interface LineBreakpointRequest {
  readonly line: number;
  readonly condition?: string;
  readonly hitCondition?: string;
  readonly logMessage?: string;
  /** Whether it is asked once the line has run, and not before. */
  readonly after?: boolean;
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
  readonly holds?: HitTest;
}

/** The breakpoints on lines of one script. */
export class LineBreakpoints {
  private document: ScriptDocument;
  private readonly nextId: () => number;
  private placed: readonly PlacedBreakpoint[] = [];
  private byLine = new Map<number, PlacedBreakpoint[]>();
  private names:
    | {
        readonly line: number;
        readonly document: ScriptDocument;
        readonly table: ReadonlyMap<string, { readonly constant: bigint | undefined }>;
      }
    | undefined;

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

  get isEmpty(): boolean {
    return this.byLine.size === 0;
  }

  /** Whether there is a breakpoint on a line. One of an included file is none of the script. */
  mayStop({ line, at }: LinePlace): boolean {
    return at === undefined && this.byLine.has(line);
  }

  /** Whether there is a breakpoint on a line. @param line from 0 */
  isOn(line: number): boolean {
    return this.byLine.has(line);
  }

  /** What the breakpoints of the line that runs next ask for. */
  hit(run: ScriptRun): Hit {
    return run.nextIncluded === undefined ? this.ask(run, run.nextLine, false) : noHit;
  }

  /** What those of the line that has just run, or of one that is next again, ask for that are asked behind it. @param line from 0 */
  hitAfter(run: ScriptRun, line: number): Hit {
    return this.ask(run, line, true);
  }

  private ask(run: ScriptRun, line: number, after: boolean): Hit {
    const found = this.byLine.get(line);
    if (found === undefined) return noHit;
    const scope = scopeOf(run);
    const ids: number[] = [];
    const messages: string[] = [];
    for (const { id, request, condition, holds } of found) {
      // To go back is not to have come.
      if ((request.after === true) !== after || holds?.(run.runsOf(line) + (after ? 0 : 1)) !== true) continue;
      const value = condition === undefined ? 1n : valueNow(condition, scope);
      if (value === 0n) continue;
      if (typeof value === "string") {
        messages.push(`The condition "${request.condition}" of the breakpoint cannot be computed: ${value}`);
      }
      if (request.logMessage === undefined) ids.push(id);
      else messages.push(logText(request.logMessage, run));
    }
    return { ids, messages };
  }

  /** The names that a line sees; thousands of breakpoints may stand on one. */
  private namesAt(line: number): NameTable {
    const { document } = this;
    if (this.names?.line !== line || this.names.document !== document) {
      this.names = { line, document, table: new Map(document.namesAt(line).map((entry) => [entry.name, entry])) };
    }
    const { table } = this.names;
    return { find: (name) => table.get(name), names: () => table.keys() };
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
    const holds = hitTest(request.hitCondition);
    if (holds === undefined) return unverified(hitProblem(request.hitCondition ?? ""));
    if (request.condition === undefined) return { id, line, verified: true, request, holds };
    const { expression, wrong } = readExpression(request.condition, this.namesAt(line));
    return wrong === undefined
      ? { id, line, verified: true, request, condition: expression, holds }
      : unverified(wrong);
  }
}

/** The first line from `line` on that has a statement. */
export function statementLine(document: ScriptDocument, line: number): number | undefined {
  const { lines } = document;
  for (let at = Math.max(line, 0); at < lines.length; at++) if (lines[at].statement !== undefined) return at;
  return undefined;
}

/** The text of a log point: expressions in braces are replaced by their values. */
function logText(message: string, run: ScriptRun): string {
  return message.replace(/\{([^{}]*)\}/g, (_, text: string) => {
    const { expression, problem } = parseExpressionText(text);
    const value = problem === undefined ? valueNow(expression, scopeOf(run)) : problem.message;
    return typeof value === "string" ? `{${text}: ${value}}` : plainNumber(value);
  });
}
