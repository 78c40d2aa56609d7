import { commands, type DebugSession, Disposable, debug, EventEmitter } from "vscode";

/** The type of our sessions in launch.json. */
export const debugType = "gic";

/** What a session does, as its views need to know. `state`: the machine may look different, views read anew what they show. */
export interface SessionEvent {
  readonly kind: "state" | "running" | "ended";
  readonly session: DebugSession;
}

/** The part of a protocol message that is looked at. */
interface Message {
  readonly type?: string;
  readonly event?: string;
  readonly command?: string;
}

const RESUMING = new Set([
  "continue",
  "next",
  "stepIn",
  "stepOut",
  "stepBack",
  "reverseContinue",
  "goto",
  "restartFrame",
]);

/** Turns the protocol's traffic into events, so that views speak of sessions and not of messages. */
export class SessionTracker extends Disposable {
  private readonly events = new EventEmitter<SessionEvent>();
  private readonly activeChanged = new EventEmitter<void>();
  private readonly running = new Map<string, boolean>();
  /** Told of each session of ours. */
  readonly onDidChange = this.events.event;
  /** Told when {@link active} is another session, or none. */
  readonly onDidChangeActive = this.activeChanged.event;

  constructor() {
    const subscriptions: Disposable[] = [];
    super(() => {
      for (const subscription of subscriptions) subscription.dispose();
    });
    subscriptions.push(
      this.events,
      this.activeChanged,
      debug.registerDebugAdapterTrackerFactory(debugType, {
        createDebugAdapterTracker: (session) => ({
          // A step begins with its request: its answer may come after the stop that it leads to.
          onWillReceiveMessage: (message: Message) => {
            if (message.type === "request" && RESUMING.has(message.command ?? "")) this.tell("running", session);
          },
          onDidSendMessage: (message: Message) => {
            if (message.type === "event" && message.event === "gic/stateChanged") this.tell("state", session);
          },
        }),
      }),
      debug.onDidTerminateDebugSession((session) => {
        if (session.type === debugType) this.tell("ended", session);
      }),
      debug.onDidChangeActiveDebugSession(() => {
        this.mark();
        this.activeChanged.fire();
      }),
    );
  }

  /** The session that views follow: the one that the user looks at, if it is ours. */
  get active(): DebugSession | undefined {
    const session = debug.activeDebugSession;
    return session?.type === debugType ? session : undefined;
  }

  /** Whether a session can be asked for the state of its machine. */
  standsStill(session: DebugSession): boolean {
    return this.running.get(session.id) === false;
  }

  private tell(kind: SessionEvent["kind"], session: DebugSession): void {
    if (kind === "ended") this.running.delete(session.id);
    else this.running.set(session.id, kind === "running");
    this.mark();
    this.events.fire({ kind, session });
  }

  /** The keys that `when` clauses of package.json use: the editor's own `debugType` keeps its value when the session has ended. */
  private mark(): void {
    const stopped = this.active !== undefined && this.standsStill(this.active);
    void commands.executeCommand("setContext", "gicWorkbench.session", this.active !== undefined);
    void commands.executeCommand("setContext", "gicWorkbench.stopped", stopped);
  }
}
