import { afterRequests, type Turn } from "../runner/index.ts";
import type { Scheduler } from "./engine/stop.ts";
import type { EditorFiles } from "./script-protocol.ts";
import { GicDebugSession } from "./session.ts";
import { editorSource } from "./sources/editor-source.ts";

/** Milliseconds: in a browser a timer lets everybody else in the process have a turn. */
const GAP_MS = 1;

/**
 * The adapter in a web worker, such as the editor's extension host in a browser: no file system, no process. Every script and saved machine
 * is asked of the editor, by its URI. One adapter serves one session.
 */
export function createDebugAdapter(editor: EditorFiles): GicDebugSession {
  const { turn, end } = messageTurns();
  const schedule: Scheduler = (task, goesOn) => {
    if (goesOn) setTimeout(() => afterRequests(turn, task), GAP_MS);
    else turn(task);
  };
  return new GicDebugSession({ source: editorSource(editor), schedule, exit: end });
}

/** Turns of the event loop by messages: timers of a browser are 4 ms apart. */
function messageTurns(): { readonly turn: Turn; readonly end: () => void } {
  const { port1, port2 } = new MessageChannel();
  const tasks: (() => void)[] = [];
  port1.addEventListener("message", () => tasks.shift()?.());
  port1.start();
  const turn: Turn = (task) => {
    tasks.push(task);
    port2.postMessage(undefined);
  };
  return { turn, end: () => port1.close() };
}
