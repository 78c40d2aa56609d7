import { type CommandWords, commandByOpcode } from "../../architecture/index.ts";
import {
  commandIds,
  commandSpans,
  EmulatorTarget,
  type LineDone,
  outcomeText,
  type ScriptRun,
  type StatementResult,
  shownText,
  type Target,
} from "../../runner/index.ts";

/** In what two machines differ behind a line: what each of them has, for people. */
export interface MachineDifference {
  /** `outcome`, `value`, `device`, `event`, `collection`, `LPI`, or the code of a problem. */
  readonly what: string;
  readonly own: string;
  readonly other: string;
}

/** The same script on another model, line for line beside the one that is debugged. */
export class Lockstep {
  readonly twin: ScriptRun;
  private last: LineDone | undefined;

  constructor(twin: ScriptRun) {
    this.twin = twin;
  }

  /** Brings the other machine to where a run is. A line that is in the middle of being carried out has not begun there. */
  follow(run: ScriptRun): void {
    const { twin } = this;
    if (twin.history.length > run.history.length) twin.rewindToPlace(run.history.length);
    while (twin.history.length < run.history.length) this.last = twin.step();
  }

  /** The first difference that a line has made which has just run. */
  difference(run: ScriptRun, { result }: LineDone): MachineDifference | undefined {
    this.follow(run);
    const other = this.last?.result;
    if (other === undefined) return undefined;
    return differingResult(result, other) ?? differingState(run, result, this.twin.target);
  }
}

function differingResult(own: StatementResult, other: StatementResult): MachineDifference | undefined {
  const count = Math.max(own.commands.length, other.commands.length);
  for (let at = 0; at < count; at++) {
    const [mine, its] = [own.commands[at], other.commands[at]].map((one) => one && outcomeText(one.outcome));
    if (mine !== its) return { what: "outcome", own: mine ?? "not carried out", other: its ?? "not carried out" };
  }
  const [mine, its] = [own, other].map(({ shown }) => (shown === undefined ? "none" : shownText(shown)));
  if (mine !== its) return { what: "value", own: mine, other: its };
  const codes = [own, other].map(({ problems }) => problems.map(({ code }) => code).join(", "));
  if (codes[0] === codes[1]) return undefined;
  return { what: "problem", own: codes[0] || "none", other: codes[1] || "none" };
}

/** Looks at what the commands of a line name. */
function differingState(run: ScriptRun, result: StatementResult, other: Target): MachineDifference | undefined {
  const { target } = run;
  const begin = run.history.at(-1)?.mark;
  if (!(target instanceof EmulatorTarget) || begin === undefined) return undefined;
  for (const { its, words } of commandSpans(target, result, begin, target.time.mark())) {
    if (words === undefined || its >= other.map.its.length) continue;
    const [own, its2] = [stateOf(target, its, words), stateOf(other, its, words)];
    const at = own.findIndex(([, text], index) => text !== its2[index]?.[1]);
    if (at >= 0) return { what: own[at][0], own: own[at][1], other: its2[at]?.[1] ?? "none" };
  }
  return undefined;
}

/** What a command names, as a machine has it. */
function stateOf(target: Target, its: number, words: CommandWords): readonly (readonly [what: string, text: string])[] {
  const command = commandByOpcode(Number(words[0] & 0xffn));
  if (command === undefined) return [];
  const { deviceId, eventId, icid } = commandIds(command, words);
  const tables = target.tables(its);
  const device = deviceId === undefined ? undefined : tables.device(deviceId);
  const event = deviceId === undefined || eventId === undefined ? undefined : tables.event(deviceId, eventId);
  const collection = icid ?? event?.icid;
  const pe = collection === undefined ? undefined : tables.collection(collection)?.target;
  const lpi = event === undefined ? undefined : target.lpi(event.intid);
  return [
    ["device", device === undefined ? "not mapped" : `${device.eventBits} EventID bits`],
    ["event", event === undefined ? "not mapped" : `INTID ${event.intid}, ICID ${event.icid ?? "none"}`],
    ["collection", pe === undefined ? "not mapped" : `PE ${pe}`],
    [
      "LPI",
      lpi === undefined
        ? "none"
        : `${lpi.pending ? "pending" : "not pending"}, ${lpi.enabled ? "enabled" : "disabled"}, priority ${lpi.priority}`,
    ],
  ];
}
