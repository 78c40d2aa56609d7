import type { Steps } from "../emulator/index.ts";
import type { ScriptRun } from "./script-run.ts";

/** When a piece of state got the value that it has. */
export interface LastChange {
  /** Line that changed it, from 0. Undefined: it has had its value since the machine was made. */
  readonly line: number | undefined;
  /** Place of that line's run in the history of the run. */
  readonly place: number | undefined;
  /** The value before, as `describe` gave it. */
  readonly before: string | undefined;
}

/**
 * Finds the line that last changed what `read` reads, by looking back through the target's journal; nothing is changed by it. It takes
 * longer the further back that line is, some microseconds a line. Between its steps the machine is in the past: nobody may ask it anything.
 * @param read the state as a text: a value, or why there is none. It must change nothing
 * @param describe the value before, for whoever asks; default: as `read` has it
 * @returns undefined when the target keeps no journal, or not one that goes back far enough
 */
export function* lastChange(
  run: ScriptRun,
  read: () => string,
  describe: () => string = read,
): Steps<LastChange | undefined> {
  const { time } = run.target;
  if (time === undefined) return undefined;
  const present = read();
  const { history } = run;
  let at = -1;
  let before: string | undefined;
  function* marks(): Iterable<number> {
    let looked: number | undefined;
    for (const place of run.placesOfMachine()) {
      at = place;
      const { mark } = history[at];
      // A line that has changed nothing began as the one below it.
      if (mark !== looked) yield mark;
      looked = mark;
    }
    at = -1;
  }
  const found = yield* time.lookingBack(marks(), () => {
    if (read() === present) return true;
    before = describe();
    return false;
  });
  if (found !== undefined) return { line: history[at].line, place: at, before };
  return at < 0 ? { line: undefined, place: undefined, before: undefined } : undefined;
}
