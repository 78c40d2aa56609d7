import { fileSource } from "./file-source.ts";
import { GicDebugSession } from "./session.ts";

/** The adapter inside an editor's own process: messages come and go as objects. One adapter serves one session. */
export function createDebugAdapter(): GicDebugSession {
  // The process is the editor's and goes on.
  return new GicDebugSession({ source: fileSource, schedule: setImmediate, exit: () => undefined });
}
