import { env, type Memento } from "vscode";

const KEY = "gicWorkbench.session";

/**
 * Whether the window had another extension host before, which fell over or was ended: the editor starts another one, and leaves our pages to
 * nobody. After a reload of the window, which is another session, it brings them back itself. Asked once, by the activation.
 */
export function hostWasRestarted(memory: Memento): boolean {
  const isSameWindow = memory.get<string>(KEY) === env.sessionId;
  if (!isSameWindow) void memory.update(KEY, env.sessionId);
  return isSameWindow;
}
