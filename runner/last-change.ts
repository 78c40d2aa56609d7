import type { ScriptRun } from "./script-run.ts";

/** When a piece of state got the value that it has. */
export interface LastChange {
  /** Line that changed it, from 0. Undefined: it has had its value since the machine was made. */
  readonly line: number | undefined;
  /** The value before, as `read` gave it. */
  readonly before: string | undefined;
}

/**
 * Finds the line that last changed what `read` reads, by looking back through the target's journal; nothing is changed by it.
 * @param read the state as a text: a value, or why there is none. It must change nothing
 * @returns undefined when the target keeps no journal, or not one that goes back far enough
 */
export function lastChange(run: ScriptRun, read: () => string): LastChange | undefined {
  const { time } = run.target;
  if (time === undefined) return undefined;
  const present = read();
  const { history, machineStart } = run;
  let at = history.length;
  let before: string | undefined;
  function* marks(): Iterable<number> {
    for (at = history.length - 1; at >= machineStart; at--) yield history[at].mark;
  }
  const found = time.lookBack(marks(), () => {
    before = read();
    return before === present;
  });
  if (found !== undefined) return { line: history[at].line, before };
  return at < machineStart ? { line: undefined, before: undefined } : undefined;
}
