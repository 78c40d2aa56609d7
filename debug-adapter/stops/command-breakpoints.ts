import {
  argumentToRaw,
  type Command,
  type CommandField,
  type CommandWords,
  commandByOpcode,
  commandField,
  commands,
  extractRaw,
  fieldArgument,
} from "../../architecture/index.ts";
import {
  type Expression,
  findCommand,
  isProblem,
  operationOf,
  type Scope,
  type ScriptDocument,
  suggest,
} from "../../language/index.ts";
import { type LinePlace, type ScriptRun, sourceOfLine } from "../../runner/index.ts";
import { type HitTest, hitProblem, hitTest, readExpression, scopeOf, valueNow } from "./condition.ts";
import { type Hit, noHit, type SetBreakpoint } from "./hit.ts";
import { HitCount } from "./hit-count.ts";
import { type PatternKey, patternKey } from "./pattern-key.ts";

/** What an editor asks for: `MAPTI`, or `MAPTI DeviceID == 0x10 && EventID < 4`. */
export interface CommandBreakpointRequest {
  readonly name: string;
  readonly condition?: string;
  readonly hitCondition?: string;
}

interface Placed extends SetBreakpoint {
  readonly request: CommandBreakpointRequest;
  readonly command: Command;
  readonly conditions: readonly Expression[];
  readonly key: PatternKey | undefined;
  readonly holds: HitTest;
  readonly count: HitCount;
}

const FORM = /^\s*([A-Za-z]\w*)\s*(.*?)\s*$/s;
const NONE: readonly Placed[] = [];

/** The breakpoints on one command: by the value that they want a field to have, so that thousands of them cost a command no more than one. */
class OfCommand {
  /** By the raw value of the field, which is what a packet has. */
  private readonly keyed: { readonly field: CommandField; readonly byRaw: Map<bigint, Placed[]> }[] = [];
  private readonly others: Placed[] = [];

  add(placed: Placed): void {
    const { key } = placed;
    const wanted = key === undefined ? undefined : argumentToRaw(key.field, key.value);
    if (key === undefined || wanted?.ok !== true) {
      this.others.push(placed);
      return;
    }
    const { field } = key;
    let known = this.keyed.find((one) => one.field === field);
    if (known === undefined) {
      known = { field, byRaw: new Map() };
      this.keyed.push(known);
    }
    const same = known.byRaw.get(wanted.raw);
    if (same === undefined) known.byRaw.set(wanted.raw, [placed]);
    else same.push(placed);
  }

  /** Those that may hold for a packet. */
  candidates(words: CommandWords): readonly Placed[] {
    let found = this.others.length === 0 ? NONE : this.others;
    for (const { field, byRaw } of this.keyed) {
      const fitting = byRaw.get(extractRaw(words[field.word], field));
      if (fitting !== undefined) found = [...found, ...fitting];
    }
    return found;
  }
}

/** Stops before a line that gives the ITS a command of a kind, whose arguments fit: what other debuggers' function breakpoints are. */
export class CommandBreakpoints {
  private document: ScriptDocument;
  private readonly nextId: () => number;
  private byCommand = new Map<Command, OfCommand>();

  constructor(document: ScriptDocument, nextId: () => number) {
    this.document = document;
    this.nextId = nextId;
  }

  replace(document: ScriptDocument): void {
    this.document = document;
  }

  /** Replaces all. */
  set(requests: readonly CommandBreakpointRequest[]): readonly SetBreakpoint[] {
    const { document } = this;
    const names = new Map(document.namesAt(document.lines.length).map((entry) => [entry.name, entry]));
    const made = requests.map((request) => this.make(request, names));
    this.byCommand = new Map();
    for (const one of made) {
      if (!isPlaced(one)) continue;
      const others = this.byCommand.get(one.command) ?? new OfCommand();
      this.byCommand.set(one.command, others);
      others.add(one);
    }
    return made;
  }

  private make(
    request: CommandBreakpointRequest,
    names: ReadonlyMap<string, { readonly constant: bigint | undefined }>,
  ): Placed | SetBreakpoint {
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
    const holds = hitTest(request.hitCondition);
    if (holds === undefined) return unverified(hitProblem(request.hitCondition ?? ""));
    const fields = command.fields.map((field) => field.name);
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
    const [key] = conditions.flatMap((condition) => patternKey(command, condition) ?? []);
    return { id, verified: true, request, command, conditions, key, holds, count: new HitCount() };
  }

  get isEmpty(): boolean {
    return this.byCommand.size === 0;
  }

  /** Whether a line may be one to stop at: it gives the ITS a command that there is a breakpoint on. */
  mayStop(place: LinePlace): boolean {
    if (this.byCommand.size === 0) return false;
    const statement = sourceOfLine(this.document, place)?.statement;
    if (statement?.kind !== "command") return statement?.kind === "raw";
    const own = this.byCommand.get(statement.command);
    return own !== undefined && (statement.words === undefined || own.candidates(statement.words).length > 0);
  }

  /** What the line that runs next is about to give the ITS. */
  hit(run: ScriptRun): Hit {
    const statement = run.nextSource?.statement;
    if (statement?.kind !== "command" && statement?.kind !== "raw") return noHit;
    const scope = scopeOf(run);
    const operation = operationOf(statement, scope);
    // What cannot be computed is no command; the line itself says why.
    if (isProblem(operation) || operation.kind !== "command") return noHit;
    const { words } = operation;
    const command = commandByOpcode(Number(words[0] & 0xffn));
    const candidates = command === undefined ? NONE : (this.byCommand.get(command)?.candidates(words) ?? NONE);
    if (command === undefined || candidates.length === 0) return noHit;
    const inside: Scope = {
      ...scope,
      lookup: (name) => {
        const field = commandField(command, name);
        return field === undefined ? scope.lookup(name) : argumentOf(field, words);
      },
    };
    const ids: number[] = [];
    const messages: string[] = [];
    for (const one of candidates) {
      const results = one.conditions.map((condition) => valueNow(condition, inside));
      if (results.includes(0n)) continue;
      const failed = results.find((result) => typeof result === "string");
      if (failed !== undefined) messages.push(`The condition of "${one.request.name}" cannot be computed: ${failed}`);
      if (one.holds(one.count.meet(run.history.length))) ids.push(one.id);
    }
    return { ids, messages };
  }
}

function isPlaced(breakpoint: Placed | SetBreakpoint): breakpoint is Placed {
  return breakpoint.verified;
}

/** The value of a field as scripts write it. */
function argumentOf(field: CommandField, words: CommandWords): bigint {
  return fieldArgument(field, extractRaw(words[field.word], field));
}
