import { DebugSession, Event, Response } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { Adapter } from "./adapter.ts";
import type { Scheduler } from "./engine/stop.ts";
import { AdapterError, errors } from "./errors.ts";
import type { ScriptSource } from "./sources/script-source.ts";

/** What a session needs of its surroundings. */
export interface SessionOptions {
  readonly source: ScriptSource;
  readonly schedule: Scheduler;
  /** Ends the process, where there is one of its own. */
  readonly exit: () => void;
  /** A clock in milliseconds; the system's when it is left out. */
  readonly now?: () => number;
}

/** Requests that end what is under way as soon as they come. */
const ending: ReadonlySet<string> = new Set(["terminate", "disconnect"]);

/** The wire: framing and message numbers are DebugSession's, everything else is the {@link Adapter}'s. */
export class GicDebugSession extends DebugSession {
  private readonly adapter: Adapter;
  private readonly exit: () => void;
  /** Requests that are not answered yet, by their seq; those of them that are cancelled; and the one that is being carried out. */
  private readonly waiting = new Set<number>();
  private readonly cancelled = new Set<number>();
  private current = 0;
  /** Done when every request so far is answered. */
  private answered: Promise<void> = Promise.resolve();

  constructor({ source, schedule, exit, now }: SessionOptions) {
    super();
    this.exit = exit;
    this.adapter = new Adapter({
      source,
      schedule,
      now,
      send: (event, body) => this.sendEvent(new Event(event, body)),
    });
  }

  override shutdown(): void {
    this.adapter.dispose();
    this.exit();
  }

  /** Ends from outside, in whatever is under way, and says so: a client that hears nothing would wait. */
  end(): void {
    this.sendEvent(new Event("output", { category: "important", output: `${errors.toldToEnd().message}\n` }));
    this.sendEvent(new Event("terminated"));
    this.shutdown();
  }

  /**
   * Takes a message that came over a wire: any JSON.
   * @returns false when it is none that could be answered
   */
  receive(message: unknown): boolean {
    if (typeof message !== "object" || message === null) return false;
    const { type, seq, command } = message as Partial<DebugProtocol.Request>;
    if (typeof seq !== "number" || !Number.isSafeInteger(seq)) return false;
    // What a client answers was never asked.
    if (type === "response" || type === "event") return true;
    if (type === "request" && typeof command === "string") {
      this.handleMessage(message as DebugProtocol.Request);
      return true;
    }
    const request = { seq, type: "request", command: typeof command === "string" ? command : "" };
    const response: DebugProtocol.Response = new Response(request);
    fail(response, errors.noRequest(type === "request" ? "command" : "type"));
    this.sendResponse(response);
    return true;
  }

  /** Requests are answered in the order in which they came, though reading a script takes a while. */
  protected override dispatchRequest(request: DebugProtocol.Request): void {
    // A statement of the console that takes long must not keep it waiting.
    if (request.command === "pause") this.adapter.pause();
    else if (request.command === "cancel") this.cancel(request);
    else if (ending.has(request.command)) this.adapter.dispose();
    this.waiting.add(request.seq);
    this.answered = this.answered.then(() => this.answer(request));
  }

  /** A request that waits is answered as cancelled; one that is being carried out is paused, which takes it back. */
  private cancel({ arguments: args }: DebugProtocol.Request): void {
    const progressId: unknown = args?.progressId;
    if (typeof progressId === "string" && this.adapter.cancelProgress(progressId)) return;
    const requestId: unknown = args?.requestId;
    if (typeof requestId !== "number" || !this.waiting.has(requestId)) return;
    this.cancelled.add(requestId);
    if (requestId === this.current) this.adapter.cancel();
  }

  private async answer(request: DebugProtocol.Request): Promise<void> {
    const response: DebugProtocol.Response = new Response(request);
    this.current = request.seq;
    try {
      if (this.cancelled.has(request.seq)) throw errors.cancelled();
      response.body = await this.adapter.handle(request.command, request.arguments);
    } catch (error) {
      fail(response, error instanceof AdapterError ? error : errors.internal(request.command));
    }
    this.waiting.delete(request.seq);
    this.cancelled.delete(request.seq);
    this.sendResponse(response);
    if (request.command === "disconnect") this.shutdown();
  }
}

/** The text goes as a variable of the message, because braces in a format are places for variables. */
function fail(response: DebugProtocol.Response, { id, message, showUser }: AdapterError): void {
  response.success = false;
  response.message = message;
  const error: DebugProtocol.Message = { id, format: "{_text}", variables: { _text: message }, showUser };
  response.body = { error };
}
