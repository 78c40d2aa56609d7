import type { DebugProtocol } from "@vscode/debugprotocol";

/** Work in milliseconds that nothing is said of: most of it is over by then. */
const PATIENCE_MS = 500;
/** Milliseconds between two messages about the same work. */
const PACE_MS = 250;

/** What work is that takes long, for people. */
export const workTitles = {
  reading: "Reading the script",
  forwards: "Running the script",
  backwards: "Going back",
  elsewhere: "Going to another moment",
  searching: "Looking through what has run",
  byHand: "Carrying out what was asked",
} as const;

/** What is told of work at a moment. */
export interface WorkState {
  /** How far it is, for people. */
  readonly message: string;
  /** 0 to 100; undefined when nobody knows. */
  readonly percentage?: number | undefined;
}

/** Sends an event of the protocol. */
type Send = (event: "progressStart" | "progressUpdate" | "progressEnd", body: object) => void;

/** Tells a client of work that takes long, which it may cancel; a client that does not want to know is told nothing. */
export class Progress {
  /** What is done next, for people. */
  title: (typeof workTitles)[keyof typeof workTitles] = workTitles.forwards;
  private readonly send: Send | undefined;
  private readonly now: () => number;
  private count = 0;
  /** When the work that is under way began, and when something was said of it last. */
  private work: { readonly begun: number; readonly id: string; said: number | undefined } | undefined;
  private cancelledId: string | undefined;

  /** @param send undefined: the client does not want to know @param now a clock in milliseconds */
  constructor(send: Send | undefined, now: () => number = Date.now) {
    this.send = send;
    this.now = now;
  }

  /** Whether the work that is under way was cancelled. */
  get cancelled(): boolean {
    return this.work !== undefined && this.cancelledId === this.work.id;
  }

  /** The work is not over yet. @param state is asked when something is said */
  goesOn(state: () => WorkState): void {
    const { send } = this;
    if (send === undefined) return;
    const now = this.now();
    this.work ??= { begun: now, id: `work-${++this.count}`, said: undefined };
    const { work } = this;
    if (now - work.begun < PATIENCE_MS || (work.said !== undefined && now - work.said < PACE_MS)) return;
    const progressId = work.id;
    if (work.said === undefined) {
      const body = { progressId, title: this.title, cancellable: true, ...state() };
      send("progressStart", body satisfies DebugProtocol.ProgressStartEvent["body"]);
    } else send("progressUpdate", { progressId, ...state() } satisfies DebugProtocol.ProgressUpdateEvent["body"]);
    work.said = now;
  }

  /** The client does not want the work any more. @returns whether it is the one that is under way */
  cancel(progressId: string): boolean {
    if (this.work?.id !== progressId || this.work.said === undefined) return false;
    this.cancelledId = progressId;
    return true;
  }

  /** It is over, however. @param where it has stopped, when it was cancelled */
  over(where: string): void {
    const { work, cancelled } = this;
    this.work = undefined;
    if (work?.said === undefined) return;
    const body = { progressId: work.id, ...(cancelled ? { message: where } : {}) };
    this.send?.("progressEnd", body satisfies DebugProtocol.ProgressEndEvent["body"]);
  }
}
