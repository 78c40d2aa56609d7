import {
  type Expression,
  type IncludedFile,
  type NameTable,
  parseExpressionText,
  type ScriptPart,
} from "../../language/index.ts";
import { plainNumber, type ScriptRun } from "../../runner/index.ts";
import { type HitTest, hitProblem, hitTest, readExpression, scopeOf, valueNow } from "./condition.ts";
import { type Hit, noHit } from "./hit.ts";
import { HitCount } from "./hit-count.ts";

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
  /** The included file that it stands in; absent: the script. */
  readonly file?: IncludedFile | undefined;
  /** The line with the statement; the line that was asked for when `verified` is false. */
  readonly line: number;
  readonly verified: boolean;
  /** Why it is not verified, or what is remarkable. */
  readonly message?: string;
  readonly request: LineBreakpointRequest;
  readonly condition?: Expression;
  readonly holds?: HitTest;
  /** How often a line of an included file was met; of those of the script the run knows that. */
  readonly count: HitCount;
}

/** What is said of the breakpoints of a file that the script includes no more. */
const GONE = "The script does not include this file.";

/** The breakpoints on lines of a script, or of a file that it includes. */
export class LineBreakpoints {
  private part: ScriptPart;
  private readonly nextId: () => number;
  private placed: readonly PlacedBreakpoint[] = [];
  private byLine = new Map<number, PlacedBreakpoint[]>();
  private names:
    | {
        readonly line: number;
        readonly part: ScriptPart;
        readonly table: ReadonlyMap<string, { readonly constant: bigint | undefined }>;
      }
    | undefined;

  constructor(part: ScriptPart, nextId: () => number) {
    this.part = part;
    this.nextId = nextId;
  }

  /** Replaces all breakpoints. One on a line without a statement moves to the next line that has one. */
  set(requests: readonly LineBreakpointRequest[]): readonly PlacedBreakpoint[] {
    return this.keep(requests.map((request) => this.place(request, this.nextId())));
  }

  /** Places the breakpoints in another version of the script or file. They keep their ids. @param part undefined: it is not included any more */
  replace(part: ScriptPart | undefined): readonly PlacedBreakpoint[] {
    if (part === undefined) return this.keep(this.placed.map((one) => ({ ...one, verified: false, message: GONE })));
    this.part = part;
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

  /** Whether there is a breakpoint on a line. @param line from 0 */
  isOn(line: number): boolean {
    return this.byLine.has(line);
  }

  /**
   * What the breakpoints of a line ask for.
   * @param line from 0 @param after those that are asked behind the line, which has just run or is next again; else those before it
   */
  ask(run: ScriptRun, line: number, after: boolean): Hit {
    const found = this.byLine.get(line);
    if (found === undefined) return noHit;
    const scope = scopeOf(run);
    const ids: number[] = [];
    const messages: string[] = [];
    for (const { id, request, condition, holds, count } of found) {
      if ((request.after === true) !== after) continue;
      const isOwn = this.part.file === undefined;
      // To go back is not to have come.
      const times = isOwn ? run.runsOf(line) + (after ? 0 : 1) : count.meet(run.history.length);
      if (holds?.(times) !== true) continue;
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
    const { part } = this;
    if (this.names?.line !== line || this.names.part !== part) {
      this.names = { line, part, table: new Map(part.namesAt(line).map((entry) => [entry.name, entry])) };
    }
    const { table } = this.names;
    return { find: (name) => table.get(name), names: () => table.keys() };
  }

  private place(request: LineBreakpointRequest, id: number): PlacedBreakpoint {
    const line = statementLine(this.part, request.line);
    const common = { id, file: this.part.file, count: new HitCount() };
    const unverified = (message: string): PlacedBreakpoint => ({
      ...common,
      line: request.line,
      verified: false,
      message,
      request,
    });
    if (line === undefined) return unverified("There is no statement on this line or below it.");
    const holds = hitTest(request.hitCondition);
    if (holds === undefined) return unverified(hitProblem(request.hitCondition ?? ""));
    if (request.condition === undefined) return { ...common, line, verified: true, request, holds };
    const { expression, wrong } = readExpression(request.condition, this.namesAt(line));
    return wrong === undefined
      ? { ...common, line, verified: true, request, condition: expression, holds }
      : unverified(wrong);
  }
}

/** The first line from `line` on that has a statement. */
export function statementLine({ lines }: Pick<ScriptPart, "lines">, line: number): number | undefined {
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
