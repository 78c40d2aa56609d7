import {
  type DebugAdapterTracker,
  type DebugConfiguration,
  type DebugSession,
  Disposable,
  debug,
  type Memento,
  Uri,
  workspace,
} from "vscode";
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

/** The part of a protocol message that is looked at. */
interface Message {
  readonly event?: string;
  readonly command?: string;
}

/**
 * Tells of sessions that nobody has ended, and offers to start them again: those that ran in an extension host which fell over, and those whose
 * adapter, a program that "debugServer" leads to, has gone. The editor says nothing of either.
 */
export class LostSessions extends Disposable {
  private running: readonly Started[] = [];

  /** @param restarted whether the window had another host before */
  constructor(memory: Memento, restarted: boolean) {
    const keep = (running: readonly Started[]): void => {
      this.running = running;
      void memory.update(KEY, running);
    };
    const subscriptions = [
      debug.registerDebugAdapterTrackerFactory(debugType, { createDebugAdapterTracker: watchAdapter }),
      debug.onDidStartDebugSession((session) => {
        if (session.type === debugType) keep([...this.running, startedOf(session)]);
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
    if (restarted) for (const lost of before) void tell(texts.sessionLost(lost.name), lost);
  }
}

function startedOf({ id, name, configuration, workspaceFolder }: DebugSession): Started {
  return { id, name, configuration, folder: workspaceFolder?.uri.toString() };
}

/** Tells when the connection to an adapter breaks before the session is over. */
function watchAdapter(session: DebugSession): DebugAdapterTracker {
  let isOver = false;
  return {
    onWillReceiveMessage: ({ command }: Message) => {
      isOver ||= command === "terminate" || command === "disconnect";
    },
    onDidSendMessage: ({ event }: Message) => {
      isOver ||= event === "terminated";
    },
    onError: ({ message }) => {
      if (!isOver) void tell(texts.adapterGone(session.name, message), startedOf(session));
      isOver = true;
    },
  };
}

async function tell(sentence: string, { configuration, folder }: Started): Promise<void> {
  const again = texts.startAgain();
  if ((await showWarning(sentence, again)) !== again) return;
  const place = folder === undefined ? undefined : workspace.getWorkspaceFolder(Uri.parse(folder));
  await debug.startDebugging(place, configuration, { noDebug: configuration.noDebug === true });
}
