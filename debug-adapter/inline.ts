import { afterRequests } from "../runner/index.ts";
import type { Scheduler } from "./engine/stop.ts";
import type { EditorFiles } from "./script-protocol.ts";
import { GicDebugSession } from "./session.ts";
import { editorSource, eitherSource } from "./sources/editor-source.ts";
import { fileSource } from "./sources/file-source.ts";

/** Milliseconds, Node's shortest timer. An editor's process writes what it has to say behind one of those. */
const GAP_MS = 1;

const schedule: Scheduler = (task, goesOn) => {
  if (goesOn) setTimeout(() => afterRequests(setImmediate, task), GAP_MS);
  else setImmediate(task);
};

/**
 * The adapter with the scripts of the file system. One adapter serves one session.
 * @param exit what ends the process after the session; none inside an editor's own process, which goes on
 * @param editor documents that are no files, of the editor in whose process it runs
 */
export function createDebugAdapter(exit: () => void = () => undefined, editor?: EditorFiles): GicDebugSession {
  const source = editor === undefined ? fileSource : eitherSource(fileSource, editorSource(editor));
  return new GicDebugSession({ source, schedule, exit });
}
