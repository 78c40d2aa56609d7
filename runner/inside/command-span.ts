import { COMMAND_BYTES, type CommandWords } from "../../architecture/index.ts";
import { littleEndian } from "../../dumps/index.ts";
import { DONE, type Mark, type Outcome } from "../../emulator/index.ts";
import type { EmulatorTarget } from "../emulator-target.ts";
import type { StatementResult } from "../statement-result.ts";

/** A command that an ITS took from its queue during a line, and the stretch of time in which it did. */
export interface CommandSpan {
  readonly its: number;
  /** Guest physical address of its slot in the queue. */
  readonly address: number;
  /** Its four doublewords; undefined where its slot is not RAM. */
  readonly words: CommandWords | undefined;
  readonly outcome: Outcome;
  /** The moment before GITS_CREADR goes over it. */
  readonly from: Mark;
  /** The moment when it is carried out. */
  readonly to: Mark;
}

/**
 * The commands of a line that has just run, in order: those that its result names, found in the journal by the changes of GITS_CREADR.
 * @param begin the moment when the line began @param end and that when it was done, which is the present one
 */
export function commandSpans(
  target: EmulatorTarget,
  result: StatementResult,
  begin: Mark,
  end: Mark,
): readonly CommandSpan[] {
  const taken: { readonly its: number; readonly queueOffset: number; readonly mark: Mark }[] = [];
  for (const { queueOf, old, mark } of target.machine.journal.changes(begin, end)) {
    if (queueOf !== undefined) taken.push({ its: queueOf, queueOffset: old, mark });
  }
  const spans: CommandSpan[] = [];
  let at = 0;
  for (const { its, queueOffset, outcome } of result.commands) {
    // Software moves GITS_CREADR, too, with a store to GITS_CBASER.
    while (at < taken.length && (taken[at].its !== its || taken[at].queueOffset !== queueOffset)) at++;
    if (at >= taken.length) break;
    const address = target.queue(its).address + queueOffset;
    const bytes = target.readMemory(address, COMMAND_BYTES);
    const { mark } = taken[at];
    at++;
    spans.push({ its, address, words: bytes && wordsOf(bytes), outcome, from: mark, to: taken[at]?.mark ?? end });
  }
  return spans;
}

/** The stretch of an MSI of the script, which no queue holds. */
export interface MsiSpan {
  readonly deviceId: number;
  readonly eventId: number;
  readonly from: Mark;
  readonly to: Mark;
}

/** Whether a command did all that it was to do. */
export function isDone({ outcome }: CommandSpan): boolean {
  return outcome === DONE;
}

function wordsOf(bytes: Uint8Array): CommandWords {
  const word = (at: number): bigint => littleEndian(bytes.subarray(at, at + 8));
  return [word(0), word(8), word(16), word(24)];
}
