import { type DebugSession, Disposable, EventEmitter, window } from "vscode";
import type { CustomRequests } from "../../debug-adapter/protocol.ts";
import type { SessionTracker } from "../debug/session-tracker.ts";
import type { SessionRequest } from "../shared/view-ids.ts";
import type { SessionState } from "../shared/view-messages.ts";
import { viewTexts } from "./view-texts.ts";

/** A run of the machine shorter than this, in ms, is not told: every step would flicker. */
const PATIENCE_MS = 400;

/** The session that all live views follow, and which of its moments. */
export class LiveSession extends Disposable {
  private readonly tracker: SessionTracker;
  private readonly changes = new EventEmitter<SessionState>();
  readonly onDidChange = this.changes.event;
  private moments = 0;
  private patience: NodeJS.Timeout | undefined;

  constructor(tracker: SessionTracker) {
    const subscriptions: Disposable[] = [];
    super(() => {
      clearTimeout(this.patience);
      for (const subscription of subscriptions) subscription.dispose();
    });
    this.tracker = tracker;
    subscriptions.push(
      this.changes,
      tracker.onDidChange(({ kind, session }) => {
        if (session.id !== tracker.active?.id && kind !== "ended") return;
        if (kind === "running") this.tellLater();
        else this.tell();
      }),
      tracker.onDidChangeActive(() => this.tell()),
      window.onDidChangeActiveTextEditor(() => {
        if (tracker.active === undefined) this.tell();
      }),
    );
  }

  get state(): SessionState {
    const session = this.tracker.active;
    if (session === undefined) {
      return { kind: "none", scriptInEditor: window.activeTextEditor?.document.languageId === "itscmd" };
    }
    const kind = this.tracker.standsStill(session) ? "stopped" : "running";
    return { kind, key: `${session.id} ${this.moments}`, session: session.id, name: session.name };
  }

  /** The session, when it stands still. @throws Error for the user */
  stopped(): DebugSession {
    const session = this.tracker.active;
    if (session === undefined) throw new Error(viewTexts.noSession());
    if (!this.tracker.standsStill(session)) throw new Error(viewTexts.notStopped());
    return session;
  }

  /** Asks the session. @throws Error with the adapter's words */
  async ask<Name extends SessionRequest | "gic/changedBy" | "gic/runBack">(
    request: Name,
    args: CustomRequests[Name]["arguments"],
  ): Promise<CustomRequests[Name]["body"]> {
    return this.stopped().customRequest(request, args);
  }

  /** What views show of this moment is another. */
  lookAgain(): void {
    this.tell();
  }

  private tell(): void {
    clearTimeout(this.patience);
    this.moments++;
    this.changes.fire(this.state);
  }

  private tellLater(): void {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.changes.fire(this.state), PATIENCE_MS);
  }
}
