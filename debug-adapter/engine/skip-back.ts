import type { ScriptRun } from "../../runner/index.ts";
import type { Stops } from "../stops/stops.ts";

/** Lines that are looked through and taken back at once: some milliseconds. */
const SKIPPED_LINES = 50_000;

/** Takes back many lines at once, as far as none of them can be one to stop at. @returns whether it has taken back any */
export function skipBack(run: ScriptRun, stops: Stops): boolean {
  const { history } = run;
  if (run.inLine || !stops.data.isEmpty || !stops.slots.isEmpty || history.length < 2) return false;
  let at = history.length - 1;
  const oldest = Math.max(at - SKIPPED_LINES, 0);
  while (at > oldest && !stops.mayStop(history[at]) && !stops.mayStop(history[at - 1])) at--;
  return at < history.length - 1 && run.rewindToPlace(at);
}
