import { commands, type DebugSession, Disposable, debug, EventEmitter } from "vscode";
import type { RegistersBody, StateChangedBody } from "../../debug-adapter/protocol.ts";
import { debugType, type SessionTracker } from "../debug/session-tracker.ts";
import { reasonOf } from "../inert.ts";

/** Where the session that the user looks at stands. */
export interface SessionPlace {
  /** "Linux 7.2 KVM": the machine changes where the script begins another one. Undefined until it is known. */
  readonly model: string | undefined;
  /** Line that runs next, from 1; undefined at the end, and of a session without a script. */
  readonly line: number | undefined;
  readonly ended: boolean;
  readonly running: boolean;
}

interface Message {
  readonly type?: string;
  readonly event?: string;
  readonly command?: string;
  readonly body?: unknown;
}

/** Requests that the walkthrough waits for, and the keys that say that a user has made one. */
const steps: Readonly<Record<string, string>> = {
  next: "gicWorkbench.hasStepped",
  stepIn: "gicWorkbench.hasStepped",
  stepBack: "gicWorkbench.hasSteppedBack",
  reverseContinue: "gicWorkbench.hasSteppedBack",
};

/** Follows the session that the user looks at. */
export class SessionPlaces extends Disposable {
  private readonly tracker: SessionTracker;
  private readonly changes = new EventEmitter<void>();
  private readonly states = new Map<string, StateChangedBody>();
  private readonly models = new Map<string, string>();
  readonly onDidChange = this.changes.event;

  constructor(tracker: SessionTracker) {
    const subscriptions: Disposable[] = [];
    super(() => {
      for (const subscription of subscriptions) subscription.dispose();
    });
    this.tracker = tracker;
    subscriptions.push(
      this.changes,
      debug.registerDebugAdapterTrackerFactory(debugType, {
        createDebugAdapterTracker: (session) => ({
          onWillReceiveMessage: ({ type, command }: Message) => {
            const key = type === "request" && command !== undefined ? steps[command] : undefined;
            if (key !== undefined) void commands.executeCommand("setContext", key, true);
          },
          onDidSendMessage: ({ type, event, body }: Message) => {
            if (type === "event" && event === "gic/stateChanged") {
              this.states.set(session.id, body as StateChangedBody);
              // The tracker has told of it before: then the place was the old one.
              this.changes.fire();
            }
          },
        }),
      }),
      tracker.onDidChange(({ kind, session }) => {
        if (kind === "ended") {
          this.states.delete(session.id);
          this.models.delete(session.id);
        }
        this.changes.fire();
        if (kind === "state") void this.askForModel(session);
      }),
      tracker.onDidChangeActive(() => this.changes.fire()),
    );
  }

  /** Undefined while no session of ours is looked at. */
  get now(): SessionPlace | undefined {
    const session = this.tracker.active;
    if (session === undefined) return undefined;
    const state = this.states.get(session.id);
    return {
      model: this.models.get(session.id),
      line: state === undefined || state.ended ? undefined : state.line,
      ended: state?.ended === true,
      running: !this.tracker.standsStill(session),
    };
  }

  private async askForModel(session: DebugSession): Promise<void> {
    try {
      const { model }: RegistersBody = await session.customRequest("gic/registers", {});
      if (this.models.get(session.id) === model || !this.states.has(session.id)) return;
      this.models.set(session.id, model);
      this.changes.fire();
    } catch (error) {
      // It has gone on or ended meanwhile; what is not known is not shown.
      console.debug(`gic/registers: ${reasonOf(error)}`);
    }
  }
}
