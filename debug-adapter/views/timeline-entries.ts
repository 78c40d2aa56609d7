import { COMMAND_BYTES, type CommandWords } from "../../architecture/index.ts";
import type { Mark } from "../../emulator/index.ts";
import { isBoundStatement, isProblem, type Operation, operationOf } from "../../language/index.ts";
import {
  type LineDone,
  lineAfter,
  localValue,
  type StatementResult,
  sourceOfLine,
  type Target,
} from "../../runner/index.ts";
import type { TakenBack } from "../engine/taken-back.ts";
import type { Launched } from "../launching/launch.ts";
import { slotWords } from "./queue.ts";

/** A command that ITSs took while a line ran; `gap` stands for those in the middle of very many, which are not kept. */
export type LineCommand =
  | { readonly kind: "command"; readonly at: number; readonly event: StatementResult["commands"][number] }
  | { readonly kind: "gap"; readonly at: number; readonly count: number };

/**
 * All lines that have run in a session, also those that were taken back since: an entry has its place, from 0, whether it is in the past
 * or in the future. What is not kept is found again when it is asked for: values of names by the lines that defined them, the words of
 * commands in the queue as it was.
 */
export class TimelineEntries {
  private readonly launched: Launched;
  private readonly takenBack: TakenBack;
  private readonly words = new WeakMap<StatementResult, readonly (CommandWords | undefined)[]>();
  /** Values that names have had, from the place on behind the line that defined them. */
  private readonly values = new Map<string, { readonly from: number; readonly value: bigint }[]>();
  /** Places whose definitions are in {@link values}. */
  private defined = 0;

  constructor(launched: Launched, takenBack: TakenBack) {
    this.launched = launched;
    this.takenBack = takenBack;
  }

  /** Places that there are, of the past and of the future. */
  get count(): number {
    return this.past + this.takenBack.count;
  }

  /** The place that runs next. A line whose inside is shown has not run. @param inside whether one is shown */
  present(inside: boolean): number {
    return this.past - (inside ? 1 : 0);
  }

  /** The line that follows on all that has run, from 0; the number of lines at the end of the script. */
  get lineBehind(): number {
    const { count } = this;
    if (count === 0) return this.launched.run.nextLine;
    const last = this.at(count - 1);
    const { document, run } = this.launched;
    return lineAfter(document, last, run.onlyTest);
  }

  /** @throws Error for a place that there is not */
  at(place: number): LineDone {
    const { past } = this;
    const found = place < past ? this.launched.run.history[place] : this.takenBack.at(place - past);
    if (found === undefined) throw new Error(`no place ${place} of ${this.count}`);
    return found;
  }

  /** From a place on everything is, or will be, another. */
  forgetFrom(place: number): void {
    this.defined = Math.min(this.defined, place);
    for (const values of this.values.values()) while ((values.at(-1)?.from ?? 0) > place) values.pop();
  }

  /** What the line of a place did, as far as that can be told without the machine of that moment. */
  operation(place: number): Operation | undefined {
    const statement = sourceOfLine(this.launched.document, this.at(place))?.statement;
    if (!isBoundStatement(statement)) return undefined;
    this.define(place);
    const operation = operationOf(statement, { lookup: (name) => this.valueAt(name, place) });
    return isProblem(operation) ? undefined : operation;
  }

  /** The commands of a place that are listed below its statement: not the one that the statement itself is. */
  commands(place: number): readonly LineCommand[] {
    const done = this.at(place);
    const { result } = done;
    const { commands, commandCount } = result;
    if (commandCount === 0) return [];
    const kind = sourceOfLine(this.launched.document, done)?.statement?.kind;
    if (commandCount === 1 && (kind === "command" || kind === "raw")) return [];
    const all = commands.map((event, at): LineCommand => ({ kind: "command", at, event }));
    const left = commandCount - commands.length;
    if (left === 0) return all;
    const last = commands.length - 1;
    return [
      ...all.slice(0, last),
      { kind: "gap", at: last, count: left },
      { kind: "command", at: commandCount - 1, event: commands[last] },
    ];
  }

  /** The words of the commands of places, as far as they can still be read: see {@link wordsOf}. @param places in ascending order */
  readWords(places: readonly number[]): void {
    const { run } = this.launched;
    const wanted = places.filter((place) => place < this.past && !this.words.has(this.at(place).result));
    const byTarget = new Map<Target, number[]>();
    // Latest first, as the journal is gone back through.
    for (const place of wanted.reverse()) {
      const target = run.targetBefore(place);
      byTarget.set(target, [...(byTarget.get(target) ?? []), place]);
    }
    for (const [target, those] of byTarget) this.readFrom(target, those);
  }

  /** The doublewords of a command as they were when its line had run; undefined where that is not known. */
  wordsOf(place: number, { event, at }: Extract<LineCommand, { kind: "command" }>): CommandWords | undefined {
    const { result } = this.at(place);
    const found = this.words.get(result)?.[Math.min(at, result.commands.length - 1)];
    // A slot that was written again since the ITS took it has another command now.
    return found !== undefined && Number(found[0] & 0xffn) === event.opcode ? found : undefined;
  }

  private get past(): number {
    return this.launched.run.history.length;
  }

  private readFrom(target: Target, places: readonly number[]): void {
    const read = (place: number): void => {
      const { result } = this.at(place);
      this.words.set(
        result,
        result.commands.map(({ its, queueOffset }) =>
          its < target.map.its.length ? slotWords(target, target.queue(its), queueOffset / COMMAND_BYTES) : undefined,
        ),
      );
    };
    const later = places.filter((place) => this.endOf(place, target) === undefined);
    for (const place of later) read(place);
    const earlier = places.slice(later.length);
    let next = 0;
    target.time?.lookBack(
      earlier.map((place) => this.endOf(place, target) ?? 0),
      () => {
        read(earlier[next++]);
        return true;
      },
    );
  }

  /** The moment when a line of the past was done; undefined: the latest one of its machine. */
  private endOf(place: number, target: Target): Mark | undefined {
    const { run } = this.launched;
    const next = run.history[place + 1];
    return next !== undefined && run.targetBefore(place + 1) === target ? next.mark : undefined;
  }

  /** Notes what the lines above a place have defined. */
  private define(place: number): void {
    for (; this.defined < place; this.defined++) {
      const { defined } = this.at(this.defined).result;
      if (defined === undefined) continue;
      const values = this.values.get(defined.name) ?? [];
      this.values.set(defined.name, values);
      values.push({ from: this.defined + 1, value: defined.value });
    }
  }

  private valueAt(name: string, place: number): bigint | undefined {
    const above = place === 0 ? undefined : this.at(place - 1).inside?.after.locals;
    return localValue(above, name) ?? this.values.get(name)?.findLast(({ from }) => from <= place)?.value;
  }
}
