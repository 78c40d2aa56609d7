import { commandByOpcode, formatCommand } from "../../architecture/index.ts";
import { DONE, outcomeName } from "../../emulator/index.ts";
import { type Operation, type ScriptLine, statementSpan } from "../../language/index.ts";
import { commandIds, includedText, type LineDone, outcomeText, shownText, sourceOfLine } from "../../runner/index.ts";
import type { Engine } from "../engine/engine.ts";
import type { TakenBack } from "../engine/taken-back.ts";
import type { Launched } from "../launching/launch.ts";
import type { TimelineArguments, TimelineBody, TimelineOutcome, TimelineRow } from "../views-protocol.ts";
import { MOST_ROWS } from "./interrupts.ts";
import { type LineCommand, TimelineEntries } from "./timeline-entries.ts";
import { type TimelineFacts, type TimelineFilter, timelineFilter } from "./timeline-filter.ts";
import { TimelineIndex } from "./timeline-index.ts";

/** Stops that are remembered. */
const MOST_STOPS = 1000;
/** Reasons of stops that every step has. */
const STEPS: ReadonlySet<string> = new Set(["step", "goto", "entry"]);

/** The timeline of a session. Until it is asked for it costs a few stops that are remembered. */
export class Timeline {
  private readonly launched: Launched;
  private readonly entries: TimelineEntries;
  /** Why the session stopped, by place. */
  private readonly stops = new Map<number, string>();
  private index: TimelineIndex | undefined;

  constructor(launched: Launched, takenBack: TakenBack) {
    this.launched = launched;
    this.entries = new TimelineEntries(launched, takenBack);
  }

  /** The session has stopped. @param atLast at the line that has run last, not at the next one */
  stopped(reason: string, atLast: boolean): void {
    if (STEPS.has(reason)) return;
    const place = this.launched.run.history.length - (atLast ? 1 : 0);
    this.stops.delete(place);
    this.stops.set(place, reason);
    for (const oldest of this.stops.keys()) {
      if (this.stops.size <= MOST_STOPS) break;
      this.stops.delete(oldest);
    }
    if (this.index?.filter.asksStops === true) this.index = undefined;
  }

  /** What had run from the present on will be another. */
  forgetFuture(): void {
    const present = this.launched.run.history.length;
    for (const place of this.stops.keys()) if (place > present) this.stops.delete(place);
    this.entries.forgetFrom(present);
    this.index?.forgetFrom(present);
  }

  /** See {@link TimelineEntries.count}. */
  get count(): number {
    return this.entries.count;
  }

  /** See {@link TimelineEntries.lineBehind}. */
  get lineBehind(): number {
    return this.entries.lineBehind;
  }

  /** Answers `gic/timeline`. */
  body({ inside }: Engine, { text, failed, from, count }: TimelineArguments): TimelineBody {
    const { entries } = this;
    const key = JSON.stringify([text, failed]);
    if (this.index?.key !== key) this.index = new TimelineIndex(key, timelineFilter(text, failed), this.rowsOf);
    const { index } = this;
    const { filter } = index;
    const lines = entries.count;
    index.search(lines, (places) => {
      entries.readWords(places.filter((one) => this.needsWords(one)));
    });
    const hasRest = filter.isEmpty && index.searched === lines;
    const matching = index.rows + (hasRest ? 1 : 0);
    const place = entries.present(inside !== undefined);
    const command = inside?.command.number ?? 0;
    const stands: Standing = { place, command: inside === undefined ? undefined : command };
    const last = Math.min(from + Math.min(count, MOST_ROWS), index.rows);
    const shown = index.page(from, last);
    entries.readWords([...new Set(shown.flatMap((row) => (row.command === undefined ? [] : [row.place])))]);
    const rows = shown.map((row) => this.row(row.place, row.command, stands));
    if (hasRest && from + Math.min(count, MOST_ROWS) > index.rows && from < matching) rows.push(this.rest(stands));
    return {
      lines,
      searched: index.searched,
      matching,
      present: index.rowOf(place) + (inside === undefined ? 0 : this.rowInside(place, command, filter)),
      unknownWords: filter.unknown,
      notCompared: index.notCompared,
      rows,
    };
  }

  /** Whether what the commands of a place were stands nowhere but in the queue. */
  private needsWords(place: number): boolean {
    const { result } = this.entries.at(place);
    if (result.commandCount === 0) return false;
    return this.entries.commands(place).length > 0 || this.entries.operation(place) === undefined;
  }

  /** The row of a command among those of its line. */
  private rowInside(place: number, command: number, filter: TimelineFilter): number {
    const at = this.rowsOf(place, filter).rows.findIndex((row) => row !== undefined && row.at >= command);
    return Math.max(at, 0);
  }

  /** The rows of a place that a filter leaves: undefined for the statement, then its commands. */
  private readonly rowsOf = (
    place: number,
    filter: TimelineFilter,
  ): { readonly rows: readonly (LineCommand | undefined)[]; readonly unclear: boolean } => {
    const commands = this.entries.commands(place);
    if (filter.isEmpty) return { rows: [undefined, ...commands], unclear: false };
    const statement = this.statementFacts(place, filter.asksNumbers);
    if (filter.holds(statement.facts)) return { rows: [undefined, ...commands], unclear: false };
    let { unclear } = statement;
    const left = commands.filter((command) => {
      if (command.kind === "gap") {
        unclear ||= filter.asksNumbers;
        return false;
      }
      const facts = this.commandFacts(place, command, statement.facts);
      unclear ||= filter.asksNumbers && this.entries.wordsOf(place, command) === undefined;
      return filter.holds(facts);
    });
    return left.length === 0 ? { rows: [], unclear } : { rows: [undefined, ...left], unclear: false };
  };

  private statementFacts(place: number, asksNumbers: boolean): { facts: TimelineFacts; unclear: boolean } {
    const done = this.entries.at(place);
    const { line, result } = done;
    const kind = sourceOfLine(this.launched.document, done)?.statement?.kind;
    const hasNumbers = asksNumbers && (kind === "command" || kind === "raw" || kind === "msi");
    const own = result.commandCount === 1 ? result.commands[0] : undefined;
    const operation = hasNumbers ? (this.entries.operation(place) ?? this.ownCommand(place)) : undefined;
    const outcomes = result.commands.map(({ outcome }) => outcome);
    const facts: TimelineFacts = {
      text: this.entryText(done).toLowerCase(),
      line: line + 1,
      its: own?.its,
      ...numbersOf(operation),
      failed: result.problems.length > 0 || outcomes.some((outcome) => outcome !== DONE),
      stalled: outcomes.some((outcome) => outcomeName(outcome) === "stalled"),
      stopped: this.stops.has(place),
    };
    return { facts, unclear: hasNumbers && operation === undefined };
  }

  /** The command that a statement is, as it was in the queue. */
  private ownCommand(place: number): Words | undefined {
    const [event] = this.entries.at(place).result.commands;
    const words = event && this.entries.wordsOf(place, { kind: "command", at: 0, event });
    return words && { kind: "command", words };
  }

  private commandFacts(
    place: number,
    command: Extract<LineCommand, { kind: "command" }>,
    { line, stopped }: TimelineFacts,
  ): TimelineFacts {
    const { its, outcome } = command.event;
    const words = this.entries.wordsOf(place, command);
    return {
      text: this.commandText(place, command).toLowerCase(),
      line,
      its,
      ...(words === undefined ? {} : numbersOf({ kind: "command", words })),
      failed: outcome !== DONE,
      stalled: outcomeName(outcome) === "stalled",
      stopped,
    };
  }

  private row(place: number, command: LineCommand | undefined, stands: Standing): TimelineRow {
    const done = this.entries.at(place);
    const { line, inside, at } = done;
    const runs = inside?.runs ?? 1;
    // Lines of an included file have the line in common that includes it.
    const key = at !== undefined ? `${line + 1}+${place}` : runs === 1 ? String(line + 1) : `${line + 1}#${runs}`;
    const moment = momentOf(place, command?.at, stands);
    if (command === undefined) {
      const stop = this.stops.get(place);
      return {
        key,
        place,
        line: line + 1,
        kind: "statement",
        moment,
        text: this.entryText(done),
        outcome: this.outcome(place),
        ...(stop === undefined ? {} : { stop }),
      };
    }
    const common = { key: `${key}.${command.at}`, place, line: line + 1, moment, command: command.at };
    if (command.kind === "gap") return { ...common, kind: "gap", text: "", count: command.count };
    const { its, outcome } = command.event;
    return {
      ...common,
      kind: "command",
      text: this.commandText(place, command),
      its,
      outcome: { kind: "outcome", text: outcomeText(outcome), good: outcome === DONE },
    };
  }

  /** What follows on all that has run: the next statement, or the end of the script. */
  private rest({ place }: Standing): TimelineRow {
    const { count, lineBehind: line } = this.entries;
    const stop = this.stops.get(count);
    const isEnd = line >= this.launched.document.lines.length;
    return {
      key: isEnd ? "end" : `${line + 1}`,
      place: count,
      line: line + 1,
      kind: isEnd ? "end" : "statement",
      moment: place >= count ? "next" : "future",
      text: isEnd ? "" : this.statementText(line),
      ...(stop === undefined ? {} : { stop }),
    };
  }

  private outcome(place: number): TimelineOutcome | undefined {
    const done = this.entries.at(place);
    const { problems, commands, commandCount, shown, begun } = done.result;
    const { statement } = sourceOfLine(this.launched.document, done);
    const isCommand = statement?.kind === "command" || statement?.kind === "raw";
    if (isCommand && commandCount === 1)
      return { kind: "outcome", text: outcomeText(commands[0].outcome), good: commands[0].outcome === DONE };
    const [problem] = problems;
    if (problem !== undefined) return { kind: "problem", text: `${problem.message} [${problem.code}]`, good: false };
    if (commandCount > 0) return { kind: "commands", text: String(commandCount), good: true };
    if (begun !== undefined) return { kind: "machine", text: begun, good: true };
    if (shown !== undefined) return { kind: "value", text: shownText(shown), good: true };
    if (statement?.kind === "expect" || statement?.kind === "same") return { kind: "kept", text: "", good: true };
    if (statement?.kind !== "msi") return undefined;
    // An outcome that the script expects was there, or there were a problem.
    const { outcome: expected } = statement.syntax;
    return expected === undefined
      ? { kind: "sent", text: "", good: true }
      : { kind: "outcome", text: expected.text, good: true };
  }

  private entryText(done: LineDone): string {
    const { at } = done;
    const own = sourceOfLine(this.launched.document, done);
    return at === undefined ? this.statementText(done.line) : `${includedText(at)}  ${this.sourceText(own)}`;
  }

  private statementText(line: number): string {
    return this.sourceText(this.launched.document.lines[line]);
  }

  private sourceText(source: ScriptLine): string {
    const { start, length } = statementSpan(source);
    return source.text.slice(start, start + length);
  }

  private commandText(place: number, command: Extract<LineCommand, { kind: "command" }>): string {
    const words = this.entries.wordsOf(place, command);
    const { opcode } = command.event;
    return words === undefined
      ? (commandByOpcode(opcode)?.name ?? `opcode 0x${opcode.toString(16)}`)
      : formatCommand(words);
  }
}

/** The words of a command. */
type Words = { readonly kind: "command"; readonly words: readonly bigint[] };

/** Where the session stands. */
interface Standing {
  readonly place: number;
  /** Inside of a line: before which of its commands. */
  readonly command: number | undefined;
}

function momentOf(place: number, command: number | undefined, stands: Standing): TimelineRow["moment"] {
  if (place !== stands.place) return place < stands.place ? "past" : "future";
  if (stands.command === undefined || command === undefined)
    return command === stands.command ? "next" : command === undefined ? "past" : "future";
  return command === stands.command ? "next" : command < stands.command ? "past" : "future";
}

/** The ids that an operation names. */
function numbersOf(operation: Operation | Words | undefined): Partial<TimelineFacts> {
  if (operation?.kind === "msi") return { device: Number(operation.deviceId), event: Number(operation.eventId) };
  if (operation?.kind !== "command") return {};
  const { words } = operation;
  const command = commandByOpcode(Number(words[0] & 0xffn));
  if (command === undefined) return {};
  const { deviceId: device, eventId: event, icid, raw } = commandIds(command, words);
  const intid = raw("pINTID") ?? raw("vINTID") ?? (command.name === "MAPI" ? BigInt(event ?? 0) : undefined);
  return { device, event, icid, intid: intid === undefined ? undefined : Number(intid) };
}
