import { COMMAND_BYTES, type CommandWords } from "../../architecture/index.ts";
import { littleEndian } from "../../dumps/index.ts";
import type { Mark, Outcome } from "../../emulator/index.ts";
import type { EmulatorTarget } from "../emulator-target.ts";
import type { StatementResult } from "../statement-result.ts";

/** A command that an ITS took from its queue during a line, and the stretch of time in which it did. */
export interface CommandSpan {
  readonly its: number;
  /** Guest physical address of its slot in the queue. */
  readonly address: number;
  /** Its four doublewords; undefined where its slot is not RAM. */
  readonly words: CommandWords | undefined;
  /** Undefined in the middle of very many, whose outcomes are not kept. */
  readonly outcome: Outcome | undefined;
  /** The moment before GITS_CREADR goes over it. */
  readonly from: Mark;
  /** The moment when it is carried out. */
  readonly to: Mark;
}

/** A change of GITS_CREADR. */
interface Taken {
  readonly its: number;
  readonly queueOffset: number;
  readonly mark: Mark;
}

/**
 * The commands of a line that has just run, in order, found in the journal by the changes of GITS_CREADR.
 * @param begin the moment when the line began @param end and that when it was done, which is the present one
 */
export function commandSpans(
  target: EmulatorTarget,
  { commands, commandCount }: StatementResult,
  begin: Mark,
  end: Mark,
): readonly CommandSpan[] {
  if (commandCount === 0) return [];
  const taken: Taken[] = [];
  for (const { queueOf, old, mark } of target.machine.journal.changes(begin, end)) {
    if (queueOf !== undefined) taken.push({ its: queueOf, queueOffset: old, mark });
  }
  const span = (at: number, outcome: Outcome | undefined): CommandSpan => {
    const { its, queueOffset, mark } = taken[at];
    const address = target.queue(its).address + queueOffset;
    const bytes = target.readMemory(address, COMMAND_BYTES);
    return { its, address, words: bytes && wordsOf(bytes), outcome, from: mark, to: taken[at + 1]?.mark ?? end };
  };
  if (taken.length === commandCount) {
    // Of very many the first ones are kept, and the last.
    const kept = commandCount === commands.length ? commandCount : commands.length - 1;
    return taken.map((_, at) =>
      span(
        at,
        (at < kept ? commands[at] : at === commandCount - 1 ? commands[commands.length - 1] : undefined)?.outcome,
      ),
    );
  }
  // Software moves GITS_CREADR, too, with a store to GITS_CBASER.
  const spans: CommandSpan[] = [];
  let at = 0;
  for (const { its, queueOffset, outcome } of commands) {
    while (at < taken.length && (taken[at].its !== its || taken[at].queueOffset !== queueOffset)) at++;
    if (at >= taken.length) break;
    spans.push(span(at, outcome));
    at++;
  }
  return spans;
}

/** The stretch of an MSI of the script, which no queue holds. */
export interface MsiSpan {
  readonly its: number;
  readonly deviceId: number;
  readonly eventId: number;
  readonly from: Mark;
  readonly to: Mark;
}

function wordsOf(bytes: Uint8Array): CommandWords {
  const word = (at: number): bigint => littleEndian(bytes.subarray(at, at + 8));
  return [word(0), word(8), word(16), word(24)];
}

export function isCommandSpan(span: CommandSpan | MsiSpan): span is CommandSpan {
  return "address" in span;
}
