import { type DebugSession, Disposable, debug, EventEmitter } from "vscode";
import { debugType } from "../debug/session-tracker.ts";

/** A data breakpoint as the protocol has it, as far as it is looked at here. */
interface DataBreakpoint {
  readonly dataId: string;
}

interface Traffic {
  readonly type?: string;
  readonly command?: string;
  readonly arguments?: { readonly breakpoints?: readonly DataBreakpoint[] };
}

/**
 * Values that sessions stop at because a view has asked for it. Extensions cannot add data breakpoints to the list that the editor keeps, and
 * each of its requests replaces all: so the requests of the editor are watched, and what views want is sent behind each together with it.
 */
export class Watches extends Disposable {
  private readonly bySession = new Map<string, { ofEditor: readonly DataBreakpoint[]; readonly own: Set<string> }>();
  private readonly changes = new EventEmitter<DebugSession>();
  readonly onDidChange = this.changes.event;
  /** Sessions that are being sent to by this class. */
  private readonly sending = new Set<string>();

  constructor() {
    const subscriptions: Disposable[] = [];
    super(() => {
      for (const subscription of subscriptions) subscription.dispose();
    });
    subscriptions.push(
      this.changes,
      debug.registerDebugAdapterTrackerFactory(debugType, {
        createDebugAdapterTracker: (session) => ({
          onWillReceiveMessage: (message: Traffic) => {
            if (message.type !== "request" || message.command !== "setDataBreakpoints") return;
            if (this.sending.has(session.id)) return;
            const known = this.of(session);
            known.ofEditor = message.arguments?.breakpoints ?? [];
            if (known.own.size > 0) setTimeout(() => void this.send(session));
          },
        }),
      }),
      debug.onDidTerminateDebugSession((session) => this.bySession.delete(session.id)),
    );
  }

  /** Expressions that a session stops at when they change. */
  watched(session: DebugSession): readonly string[] {
    return [...this.of(session).own];
  }

  /**
   * Watches a value, or no longer.
   * @returns why it cannot be watched; undefined when all is well
   */
  async toggle(session: DebugSession, expression: string): Promise<string | undefined> {
    const { own } = this.of(session);
    if (!own.delete(expression)) {
      const info = await session.customRequest("dataBreakpointInfo", { name: expression });
      if (info.dataId === null) return String(info.description);
      own.add(expression);
    }
    await this.send(session);
    this.changes.fire(session);
    return undefined;
  }

  private of(session: DebugSession) {
    const known = this.bySession.get(session.id) ?? { ofEditor: [], own: new Set<string>() };
    this.bySession.set(session.id, known);
    return known;
  }

  private async send(session: DebugSession): Promise<void> {
    const { ofEditor, own } = this.of(session);
    this.sending.add(session.id);
    try {
      const added = [...own].map((dataId) => ({ dataId, accessType: "write" }));
      await session.customRequest("setDataBreakpoints", { breakpoints: [...ofEditor, ...added] });
    } finally {
      this.sending.delete(session.id);
    }
  }
}
