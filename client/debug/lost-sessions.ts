import { type DebugConfiguration, Disposable, debug, type Memento, Uri, workspace } from "vscode";
import { showWarning } from "../messages.ts";
import { texts } from "../texts.ts";
import { debugType } from "./session-tracker.ts";

const KEY = "gicWorkbench.running";

/** What a session is started by. */
interface Started {
  readonly id: string;
  readonly name: string;
  readonly configuration: DebugConfiguration;
  /** Its workspace folder. */
  readonly folder: string | undefined;
}

/** Sessions run in the extension host, and end with it. The editor says nothing of that: the next host does, and offers to start them again. */
export class LostSessions extends Disposable {
  private running: readonly Started[] = [];

  /** @param restarted whether the window had another host before */
  constructor(memory: Memento, restarted: boolean) {
    const keep = (running: readonly Started[]): void => {
      this.running = running;
      void memory.update(KEY, running);
    };
    const subscriptions = [
      debug.onDidStartDebugSession(({ id, type, name, configuration, workspaceFolder }) => {
        if (type !== debugType) return;
        keep([...this.running, { id, name, configuration, folder: workspaceFolder?.uri.toString() }]);
      }),
      debug.onDidTerminateDebugSession(({ id }) => {
        if (this.running.some((one) => one.id === id)) keep(this.running.filter((one) => one.id !== id));
      }),
    ];
    super(() => {
      for (const subscription of subscriptions) subscription.dispose();
    });
    const before = memory.get<readonly Started[]>(KEY, []);
    if (before.length > 0) keep([]);
    if (restarted) for (const lost of before) void tell(lost);
  }
}

async function tell({ name, configuration, folder }: Started): Promise<void> {
  const again = texts.startAgain();
  if ((await showWarning(texts.sessionLost(name), again)) !== again) return;
  const place = folder === undefined ? undefined : workspace.getWorkspaceFolder(Uri.parse(folder));
  await debug.startDebugging(place, configuration, { noDebug: configuration.noDebug === true });
}
