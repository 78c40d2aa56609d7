import { afterRequests } from "../runner/index.ts";
import type { Scheduler } from "./engine/stop.ts";
import { fileSource } from "./file-source.ts";
import { GicDebugSession } from "./session.ts";

/** Milliseconds, Node's shortest timer. An editor's process writes what it has to say behind one of those. */
const GAP_MS = 1;

const schedule: Scheduler = (task, goesOn) => {
  if (goesOn) setTimeout(() => afterRequests(setImmediate, task), GAP_MS);
  else setImmediate(task);
};

/**
 * The adapter with the scripts of the file system. One adapter serves one session.
 * @param exit what ends the process after the session; none inside an editor's own process, which goes on
 */
export function createDebugAdapter(exit: () => void = () => undefined): GicDebugSession {
  return new GicDebugSession({ source: fileSource, schedule, exit });
}
