import { fileSource } from "./file-source.ts";
import { GicDebugSession } from "./session.ts";

/**
 * The adapter with the scripts of the file system. One adapter serves one session.
 * @param exit what ends the process after the session; none inside an editor's own process, which goes on
 */
export function createDebugAdapter(exit: () => void = () => undefined): GicDebugSession {
  return new GicDebugSession({ source: fileSource, schedule: setImmediate, exit });
}
