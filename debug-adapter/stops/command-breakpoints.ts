import { commands, decodeCommand, fieldArgument } from "../../architecture/index.ts";
import {
  type Expression,
  findCommand,
  isProblem,
  operationOf,
  type ScriptDocument,
  suggest,
} from "../../language/index.ts";
import type { ScriptRun } from "../../runner/index.ts";
import { hitHolds, hitProblem, readExpression, scopeOf, valueNow } from "./condition.ts";
import { type Hit, noHit, type SetBreakpoint } from "./hit.ts";
import { HitCount } from "./hit-count.ts";

/** What an editor asks for: `MAPTI`, or `MAPTI DeviceID == 0x10 && EventID < 4`. */
export interface CommandBreakpointRequest {
  readonly name: string;
  readonly condition?: string;
  readonly hitCondition?: string;
}

interface Placed extends SetBreakpoint {
  readonly request: CommandBreakpointRequest;
  readonly command: string;
  readonly conditions: readonly Expression[];
  readonly count: HitCount;
}

const FORM = /^\s*([A-Za-z]\w*)\s*(.*?)\s*$/s;

/** Stops before a line that gives the ITS a command of a kind, whose arguments fit: what other debuggers' function breakpoints are. */
export class CommandBreakpoints {
  private document: ScriptDocument;
  private readonly nextId: () => number;
  private placed: readonly Placed[] = [];

  constructor(document: ScriptDocument, nextId: () => number) {
    this.document = document;
    this.nextId = nextId;
  }

  replace(document: ScriptDocument): void {
    this.document = document;
  }

  /** Replaces all. */
  set(requests: readonly CommandBreakpointRequest[]): readonly SetBreakpoint[] {
    const made = requests.map((request) => this.make(request));
    this.placed = made.filter((one): one is Placed => one.verified);
    return made;
  }

  private make(request: CommandBreakpointRequest): Placed | SetBreakpoint {
    const id = this.nextId();
    const unverified = (message: string): SetBreakpoint => ({ id, verified: false, message });
    const [, name = "", pattern = ""] = FORM.exec(request.name) ?? [];
    const command = findCommand(name);
    if (command === undefined) {
      const meant = suggest(
        name,
        commands.map((one) => one.name),
      );
      return unverified(`There is no ITS command "${name}".${meant === undefined ? "" : ` Did you mean ${meant}?`}`);
    }
    const wrongCount = hitProblem(request.hitCondition);
    if (wrongCount !== undefined) return unverified(wrongCount);
    const fields = command.fields.map((field) => field.name);
    const { document } = this;
    const names = new Map(document.namesAt(document.lines.length).map((entry) => [entry.name, entry]));
    const conditions: Expression[] = [];
    for (const text of [pattern, request.condition ?? ""]) {
      if (text.trim() === "") continue;
      const { expression, wrong } = readExpression(text, {
        find: (word) => (fields.includes(word) ? { constant: undefined } : names.get(word)),
        names: () => [...fields, ...names.keys()].values(),
      });
      if (wrong !== undefined) return unverified(wrong);
      conditions.push(expression);
    }
    return { id, verified: true, request, command: command.name, conditions, count: new HitCount() };
  }

  get isEmpty(): boolean {
    return this.placed.length === 0;
  }

  /** What the line that runs next is about to give the ITS. */
  hit(run: ScriptRun): Hit {
    const statement = this.document.lines[run.nextLine]?.statement;
    if (this.placed.length === 0 || (statement?.kind !== "command" && statement?.kind !== "raw")) return noHit;
    const scope = scopeOf(run);
    const operation = operationOf(statement, scope);
    // What cannot be computed is no command; the line itself says why.
    if (isProblem(operation) || operation.kind !== "command") return noHit;
    const { command, values } = decodeCommand(operation.words);
    if (command === undefined) return noHit;
    const given = new Map(values.map(({ field, raw }) => [field.name, fieldArgument(field, raw)]));
    const inside = { ...scope, lookup: (name: string) => given.get(name) ?? scope.lookup(name) };
    const ids: number[] = [];
    const messages: string[] = [];
    for (const one of this.placed) {
      if (one.command !== command.name) continue;
      const results = one.conditions.map((condition) => valueNow(condition, inside));
      if (results.includes(0n)) continue;
      const failed = results.find((result) => typeof result === "string");
      if (failed !== undefined) messages.push(`The condition of "${one.request.name}" cannot be computed: ${failed}`);
      if (hitHolds(one.request.hitCondition, one.count.meet(run.history.length))) ids.push(one.id);
    }
    return { ids, messages };
  }
}
