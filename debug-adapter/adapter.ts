import { capabilities } from "./capabilities.ts";
import { Progress, workTitles } from "./engine/progress.ts";
import type { Scheduler } from "./engine/stop.ts";
import { AdapterError, errors } from "./errors.ts";
import { type BetweenSlices, type Launched, launch } from "./launching/launch.ts";
import { Positions, SCRIPT_REFERENCE } from "./positions.ts";
import type { LaunchAttributes } from "./protocol.ts";
import { isRequestName, type RequestArguments, readArguments } from "./request-arguments.ts";
import type { RequestContext } from "./request-context.ts";
import type { RequestHandlers } from "./request-types.ts";
import { ScriptSession, type SendEvent } from "./script-session.ts";
import type { ScriptSource } from "./sources/script-source.ts";
import { type StateCommands, stateRequests } from "./state-requests.ts";
import { statementLine } from "./stops/line-breakpoints.ts";
import { type StopCommands, stopRequests } from "./stops/stop-requests.ts";
import { Stops } from "./stops/stops.ts";
import { type ViewCommands, viewRequests } from "./views/view-requests.ts";

/** What the adapter needs of where it runs. */
export interface AdapterHost {
  readonly source: ScriptSource;
  readonly schedule: Scheduler;
  readonly send: SendEvent;
  /** A clock in milliseconds; the system's when it is left out. */
  readonly now?: (() => number) | undefined;
}

/** Moves that go only one way. */
const directions: Readonly<Record<string, "forwards" | "backwards">> = {
  continue: "forwards",
  next: "forwards",
  stepIn: "forwards",
  stepOut: "forwards",
  stepBack: "backwards",
  reverseContinue: "backwards",
};

const atOnce: BetweenSlices = () => Promise.resolve();

type Client = Partial<RequestArguments<"initialize">>;

/**
 * The debug adapter without its wire: requests in, answers and events out. It runs in a process, in the editor's own process, and in a
 * worker. Whatever causes events is done after the answer, by the scheduler.
 */
export class Adapter {
  private readonly host: AdapterHost;
  private readonly handlers: RequestHandlers;
  private client: Client = {};
  private positions = new Positions({});
  private session: ScriptSession | undefined;
  /** A script is being read; `ended`: nobody wants it any more. */
  private launching: "no" | "yes" | "ended" = "no";
  private progress = new Progress(undefined);

  constructor(host: AdapterHost) {
    this.host = { ...host, schedule: (task, goesOn) => host.schedule(() => this.guarded(task), goesOn) };
    const context = this.context();
    this.handlers = {
      ...this.runRequests(),
      ...stopRequests(context),
      ...stateRequests(context),
      ...viewRequests(context),
    };
  }

  /** Answers a request. @throws AdapterError for the user */
  async handle(command: string, args: unknown): Promise<unknown> {
    if (!isRequestName(command)) throw errors.unknownRequest(command);
    const handler = this.handlers[command] as (args: unknown) => unknown;
    const checked = readArguments(command, args);
    try {
      return await handler(checked);
    } catch (error) {
      if (error instanceof AdapterError) throw error;
      throw errors.internal(error instanceof Error ? `${command}: ${error.message}` : command);
    }
  }

  /** A request to pause has come: what is under way is not to go on. */
  pause(): void {
    this.session?.engine.pause();
  }

  /** The client does not want the answer any more of the request that is being carried out. */
  cancel(): void {
    this.endReading();
    this.pause();
  }

  private endReading(): void {
    if (this.launching === "yes") this.launching = "ended";
  }

  /** The client does not want work any more that it was told of. @returns whether it is under way */
  cancelProgress(progressId: string): boolean {
    const cancelled = this.progress.cancel(progressId);
    if (cancelled) this.pause();
    return cancelled;
  }

  /** Ends the run that is under way, or the reading of the script. */
  dispose(): void {
    this.endReading();
    this.session?.engine.dispose();
  }

  /**
   * Does a task that answers no request. Nobody is there to catch its failure: in the editor's own process the session would hang, in a
   * process of its own that would end. So the failure ends the session, with a sentence.
   */
  private guarded(task: () => void): void {
    try {
      task();
    } catch (error) {
      this.dispose();
      const { message } = errors.sessionFailed(error instanceof Error ? error.message : String(error));
      this.host.send("output", { category: "important", output: `${message}\n` });
      this.host.send("terminated");
    }
  }

  private runRequests(): Omit<RequestHandlers, StopCommands | StateCommands | ViewCommands> {
    return {
      initialize: (args) => {
        if (args.pathFormat !== undefined && args.pathFormat !== "path") throw errors.uriPaths();
        this.client = args;
        this.positions = new Positions(args);
        const { send, now } = this.host;
        this.progress = new Progress(args.supportsProgressReporting === true ? send : undefined, now);
        return capabilities;
      },
      launch: async (args) => {
        if (this.session !== undefined || this.launching !== "no") throw errors.alreadyLaunched();
        const { launched, version, included } = await this.read(args);
        this.session = this.makeSession(launched, new Stops(launched.document));
        this.session.version = version;
        this.session.versionOfIncluded = included;
        this.host.schedule(() => this.host.send("initialized"));
        return undefined;
      },
      attach: () => {
        throw errors.noAttach();
      },
      configurationDone: () => {
        const session = this.launched();
        if (session.configured) throw errors.alreadyConfigured();
        session.configured = true;
        this.host.schedule(() => session.begin());
        return undefined;
      },
      restart: (args) => this.restart(args.arguments),
      terminate: () => {
        this.dispose();
        this.host.schedule(() => this.host.send("terminated"));
        return undefined;
      },
      disconnect: () => {
        this.dispose();
        return undefined;
      },

      continue: async () => {
        await this.move("continue", ({ engine }) => engine.continue());
        return { allThreadsContinued: true };
      },
      next: ({ granularity }) =>
        this.move("next", ({ engine }) => engine.step({ micro: granularity === "instruction" })),
      stepIn: ({ granularity }) =>
        this.move("stepIn", ({ engine }) => engine.step({ into: true, micro: granularity === "instruction" })),
      stepOut: () => this.move("stepOut", ({ engine }) => engine.stepOut()),
      stepBack: ({ granularity }) =>
        this.move("stepBack", ({ engine }) => engine.stepBack({ micro: granularity === "instruction" })),
      reverseContinue: () => this.move("reverseContinue", ({ engine }) => engine.reverseContinue()),
      gotoTargets: ({ source, line }) => {
        const session = this.launched();
        const { document, run } = session.launched;
        const at = statementLine(document, this.positions.fromLine(line));
        // Only what has run can be taken back exactly, and again to where it was; a line further down is run to.
        const isPast = at !== undefined && run.lastRunOf(at) !== undefined;
        if (!this.isScript(source) || at === undefined || !(isPast || session.takenBack.placeOf(at) !== undefined))
          return { targets: [] };
        const label = `${isPast ? "Back" : "Forward"} to line ${at + 1}`;
        return { targets: [{ id: at, label, ...this.positions.statement(document, at) }] };
      },
      goto: ({ targetId }) => this.move("goto", (session) => session.goTo({ line: targetId })),
      "gic/goTo": async ({ line, place, command }) => {
        await this.move("gic/goTo", (session) => session.goTo({ line: line - 1, place }, command));
        return {};
      },
      restartFrame: () => this.move("restartFrame", ({ engine }) => engine.backToStart()),
      pause: () => {
        this.launched().engine.pause();
        return undefined;
      },
    };
  }

  private context(): RequestContext {
    const adapter = this;
    return {
      schedule: this.host.schedule,
      get positions() {
        return adapter.positions;
      },
      get variableOptions() {
        const { supportsVariableType, supportsMemoryReferences } = adapter.client;
        return { types: supportsVariableType === true, memoryReferences: supportsMemoryReferences === true };
      },
      launched: () => this.launched(),
      stopped: () => this.stopped(),
      isScript: (source) => this.isScript(source),
      includedFile: (source) => this.includedFile(source),
    };
  }

  private isScript({ path, sourceReference }: { readonly path?: string; readonly sourceReference?: number }): boolean {
    const { program, imported } = this.session?.launched ?? {};
    if (imported === true) return sourceReference === SCRIPT_REFERENCE;
    return path !== undefined && program !== undefined && this.host.source.same(path, program);
  }

  private includedFile({ path }: { readonly path?: string }): string | undefined {
    const included = this.session?.launched.document.includedByAny() ?? [];
    return path === undefined ? undefined : [...included].find((file) => this.host.source.same(path, file));
  }

  private launched(): ScriptSession {
    if (this.session === undefined) throw errors.notLaunched();
    return this.session;
  }

  private stopped(): ScriptSession {
    const session = this.launched();
    if (session.engine.running) throw errors.running();
    return session;
  }

  private async move(request: string, go: (session: ScriptSession) => void): Promise<undefined> {
    if (!this.launched().configured) throw errors.notConfigured(request);
    await this.lookAtScript(this.stopped());
    const session = this.stopped();
    session.progress.title = workTitles[directions[request] ?? "elsewhere"];
    go(session);
    return undefined;
  }

  /** Looks whether the script's text has changed since it was read. */
  private async lookAtScript(session: ScriptSession): Promise<void> {
    const { program, imported } = session.launched;
    if (program === undefined || imported) return;
    const version = await this.versionOf(program);
    if (version !== undefined && version !== session.version) {
      session.version = version;
      session.scriptChanged(await this.host.source.read(program));
    }
    const included = await this.versionOfIncluded(session.launched);
    if (included === session.versionOfIncluded) return;
    session.versionOfIncluded = included;
    await this.host.source.readAgain?.();
    session.includedChanged();
    // It may include other files by now.
    session.versionOfIncluded = await this.versionOfIncluded(session.launched);
  }

  private async versionOfIncluded({ program, document }: Launched): Promise<string> {
    return program === undefined ? "" : ((await this.host.source.versionOfIncluded?.(program, document)) ?? "");
  }

  private async versionOf(program: unknown): Promise<string | undefined> {
    return typeof program === "string" && program !== "" ? await this.host.source.version?.(program) : undefined;
  }

  /** Reads what is launched. Meanwhile the client may say that it does not want it any more. */
  private async read(
    attributes: LaunchAttributes,
    between: BetweenSlices = this.betweenSlices,
  ): Promise<{ launched: Launched; version: string | undefined; included: string }> {
    this.launching = "yes";
    this.progress.title = workTitles.reading;
    try {
      const version = await this.versionOf(attributes.program);
      const launched = await launch(attributes, this.host.source, between);
      return { launched, version, included: await this.versionOfIncluded(launched) };
    } finally {
      this.launching = "no";
      this.progress.over("cancelled");
    }
  }

  private readonly betweenSlices: BetweenSlices = async (lines, total) => {
    this.progress.goesOn(() => ({
      message: `line ${Math.ceil(lines)} of ${total}`,
      percentage: (100 * lines) / total,
    }));
    await new Promise<void>((resolve) => this.host.schedule(resolve, true));
    if (this.launching === "ended" || this.progress.cancelled) throw errors.cancelled();
  };

  private async restart(changed: LaunchAttributes | undefined): Promise<undefined> {
    const old = this.launched();
    const attributes = { ...old.launched.attributes, ...changed };
    // A run that is under way is not to go on meanwhile.
    const { launched, version, included } = await this.read(
      attributes,
      old.engine.running ? atOnce : this.betweenSlices,
    );
    old.engine.dispose();
    const { stops } = old.engine;
    const placed = stops.replace(launched.document);
    const session = this.makeSession(launched, stops);
    session.version = version;
    session.versionOfIncluded = included;
    session.configured = true;
    this.session = session;
    this.host.schedule(() => {
      for (const breakpoint of placed) {
        this.host.send("breakpoint", { reason: "changed", breakpoint: session.breakpointBody(breakpoint) });
      }
      session.begin();
    });
    return undefined;
  }

  private makeSession(launched: ScriptSession["launched"], stops: Stops): ScriptSession {
    const { send, schedule } = this.host;
    const memoryEvents = this.client.supportsMemoryEvent === true;
    const { now } = this.host;
    return new ScriptSession(launched, stops, {
      positions: this.positions,
      send,
      schedule,
      memoryEvents,
      progress: this.progress,
      now,
    });
  }
}
