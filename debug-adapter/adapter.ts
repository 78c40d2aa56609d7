import type { DebugProtocol } from "@vscode/debugprotocol";
import { consoleText, hexNumber, type NumberStyle } from "../runner/index.ts";
import { assign } from "./assign.ts";
import { type BreakpointRequest, Breakpoints, statementLine } from "./breakpoints.ts";
import { capabilities } from "./capabilities.ts";
import { consoleCompletions } from "./completions.ts";
import type { Scheduler } from "./engine.ts";
import { AdapterError, errors } from "./errors.ts";
import { consoleStatement, evaluateExpression, performStatement } from "./evaluate.ts";
import { launch } from "./launch.ts";
import { addressOf, readMemory, writeMemory } from "./memory.ts";
import { Positions } from "./positions.ts";
import type { LaunchAttributes } from "./protocol.ts";
import { registersBody } from "./registers.ts";
import type { RequestHandlers, RequestTypes } from "./request-types.ts";
import { ScriptSession, type SendEvent, THREAD_ID } from "./script-session.ts";
import type { ScriptSource } from "./script-source.ts";
import { counts, type VariableOptions } from "./variables.ts";

/** What the adapter needs of where it runs. */
export interface AdapterHost {
  readonly source: ScriptSource;
  readonly schedule: Scheduler;
  readonly send: SendEvent;
}

type Client = Partial<DebugProtocol.InitializeRequestArguments>;

/**
 * The debug adapter without its wire: requests in, answers and events out. It runs in a process, in the editor's own process, and in a
 * worker. Whatever causes events is done after the answer, by the scheduler.
 */
export class Adapter {
  private readonly host: AdapterHost;
  private client: Client = {};
  private positions = new Positions({});
  private session: ScriptSession | undefined;
  private launching = false;

  constructor(host: AdapterHost) {
    this.host = host;
  }

  /** Answers a request. @throws AdapterError for the user */
  async handle(command: string, args: unknown): Promise<unknown> {
    if (!Object.hasOwn(this.handlers, command)) throw errors.unknownRequest(command);
    if (args !== undefined && (typeof args !== "object" || args === null)) throw errors.badArguments(command);
    const handler = this.handlers[command as keyof RequestTypes] as (args: unknown) => unknown;
    try {
      return await handler(args ?? {});
    } catch (error) {
      if (error instanceof AdapterError) throw error;
      if (args === undefined) throw errors.badArguments(command);
      throw errors.internal(error instanceof Error ? `${command}: ${error.message}` : command);
    }
  }

  /** Ends the run that is under way. */
  dispose(): void {
    this.session?.engine.dispose();
  }

  private readonly handlers: RequestHandlers = {
    initialize: (args) => {
      if (args.pathFormat !== undefined && args.pathFormat !== "path") throw errors.uriPaths();
      this.client = args;
      this.positions = new Positions(args);
      return capabilities;
    },
    launch: async (args) => {
      if (this.session !== undefined || this.launching) throw errors.alreadyLaunched();
      this.launching = true;
      try {
        const launched = await launch(args, this.host.source);
        this.session = this.makeSession(launched, new Breakpoints(launched.document));
      } finally {
        this.launching = false;
      }
      this.host.schedule(() => this.host.send("initialized"));
      return undefined;
    },
    attach: () => {
      throw errors.noAttach();
    },
    configurationDone: () => {
      const session = this.launched();
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

    setBreakpoints: ({ source, breakpoints = [], lines = [] }) => {
      const requests = breakpoints.length > 0 ? breakpoints : lines.map((line) => ({ line }));
      const session = this.session;
      if (session === undefined || !this.isScript(source)) {
        const message = "This file is not the script that is being debugged.";
        return { breakpoints: requests.map(({ line }) => ({ verified: false, line, message })) };
      }
      const placed = session.engine.breakpoints.set(requests.map((request) => this.breakpointRequest(request)));
      return { breakpoints: placed.map((breakpoint) => session.breakpointBody(breakpoint)) };
    },
    setExceptionBreakpoints: ({ filters = [] }) => {
      this.launched().engine.filters = new Set(filters);
      return undefined;
    },
    breakpointLocations: ({ source, line, endLine }) => {
      const session = this.launched();
      if (!this.isScript(source)) return { breakpoints: [] };
      const { document } = session.launched;
      const last = this.positions.fromLine(endLine ?? line);
      const found: DebugProtocol.BreakpointLocation[] = [];
      let at = statementLine(document, this.positions.fromLine(line));
      while (at !== undefined && at <= last) {
        found.push(this.positions.statement(document, at));
        at = statementLine(document, at + 1);
      }
      return { breakpoints: found };
    },
    exceptionInfo: () => {
      const { engine, launched } = this.launched();
      if (engine.exception === undefined) throw errors.noException();
      const { line, problem } = engine.exception;
      const where = `${launched.name}:${line + 1}:${problem.start + 1}`;
      return {
        exceptionId: problem.code,
        description: problem.message,
        breakMode: "always",
        details: { message: problem.message, typeName: problem.code, stackTrace: `at ${where}` },
      };
    },

    continue: () => {
      this.move(({ engine }) => engine.continue());
      return { allThreadsContinued: true };
    },
    next: () => this.move(({ engine }) => engine.step()),
    stepIn: () => this.move(({ engine }) => engine.step()),
    // A script has one frame: to step out of it is to run to its end.
    stepOut: () => this.move(({ engine }) => engine.continue()),
    stepBack: () => this.move(({ engine }) => engine.stepBack()),
    reverseContinue: () => this.move(({ engine }) => engine.reverseContinue()),
    pause: () => {
      this.launched().engine.pause();
      return undefined;
    },

    threads: () => ({ threads: [{ id: THREAD_ID, name: "ITS 0" }] }),
    stackTrace: ({ startFrame = 0 }) => {
      const session = this.launched();
      return { stackFrames: startFrame > 0 ? [] : [session.frame()], totalFrames: 1 };
    },
    scopes: () => {
      const { scopes, variables } = this.launched();
      return {
        scopes: scopes.sections().map(({ name, hint, children }) => ({
          name,
          ...(hint === undefined ? {} : { presentationHint: hint }),
          variablesReference: variables.reference(name, children),
          ...counts(children),
          expensive: false,
        })),
      };
    },
    variables: ({ variablesReference, filter, start, count, format }) => ({
      variables: this.launched().variables.list(
        variablesReference,
        { filter, start, count },
        styleOf(format),
        this.variableOptions(),
      ),
    }),
    setVariable: ({ variablesReference, name, value, format }) => {
      const session = this.stopped();
      const node = session.variables.find(variablesReference, name);
      if (node.writable !== true || node.expression === undefined) {
        throw session.launched.run.lookup(name) === undefined ? errors.notWritable(name) : errors.letIsFixed(name);
      }
      const result = assign(node.expression, value, session.launched.run);
      this.host.schedule(() => session.edited(result));
      return this.valueBody(node.expression, styleOf(format), session);
    },
    setExpression: ({ expression, value, format }) => {
      const session = this.stopped();
      const result = assign(expression, value, session.launched.run);
      this.host.schedule(() => session.edited(result));
      return this.valueBody(expression, styleOf(format), session);
    },
    evaluate: ({ expression, context, format }) => {
      const session = this.launched();
      if (typeof expression !== "string") throw errors.badArguments("evaluate");
      const { run } = session.launched;
      const statement = context === "repl" ? consoleStatement(expression) : undefined;
      if (statement === undefined) {
        const { value, ...rest } = this.valueBody(expression, styleOf(format), session);
        return { ...rest, result: value, variablesReference: rest.variablesReference ?? 0 };
      }
      this.stopped();
      // A statement that fails may have changed the machine too.
      this.host.schedule(() => session.edited());
      const result = performStatement(expression, statement, run);
      const isCommand = statement.kind === "command" || statement.kind === "raw";
      return { result: consoleText(result, run.target, isCommand), variablesReference: 0 };
    },
    completions: ({ text, column, line }) => {
      const lines = text.split(/\r\n|\n|\r/);
      const at = line === undefined ? 0 : Math.max(this.positions.fromLine(line), 0);
      const targets = consoleCompletions(
        lines[at] ?? "",
        Math.max(this.positions.fromColumn(column), 0),
        this.launched().launched.run,
      );
      return { targets };
    },

    readMemory: ({ memoryReference, offset = 0, count }) => {
      const session = this.launched();
      const piece = readMemory(session.launched.run.target, addressOf(memoryReference, offset), count);
      session.watchMemory(memoryReference, offset, count);
      return piece;
    },
    writeMemory: ({ memoryReference, offset = 0, data, allowPartial = false }) => {
      const session = this.stopped();
      const address = addressOf(memoryReference, offset);
      const bytesWritten = writeMemory(session.launched.run.target, address, data, allowPartial);
      this.host.schedule(() => session.edited());
      return { bytesWritten };
    },
    "gic/registers": (args) => registersBody(this.launched().launched.run.target, args),
  };

  private launched(): ScriptSession {
    if (this.session === undefined) throw errors.notLaunched();
    return this.session;
  }

  /** The session, for what must not be done while the script runs. */
  private stopped(): ScriptSession {
    const session = this.launched();
    if (session.engine.running) throw errors.running();
    return session;
  }

  private move(go: (session: ScriptSession) => void): undefined {
    const session = this.stopped();
    this.host.schedule(() => go(session));
    return undefined;
  }

  private async restart(changed: LaunchAttributes | undefined): Promise<undefined> {
    const old = this.launched();
    const attributes = { ...old.launched.attributes, ...changed };
    const launched = await launch(attributes, this.host.source);
    old.engine.dispose();
    const { breakpoints } = old.engine;
    const placed = breakpoints.replace(launched.document);
    const session = this.makeSession(launched, breakpoints);
    session.engine.filters = old.engine.filters;
    this.session = session;
    this.host.schedule(() => {
      for (const breakpoint of placed) {
        this.host.send("breakpoint", { reason: "changed", breakpoint: session.breakpointBody(breakpoint) });
      }
      session.begin();
    });
    return undefined;
  }

  private makeSession(launched: ScriptSession["launched"], breakpoints: Breakpoints): ScriptSession {
    const { send, schedule } = this.host;
    const memoryEvents = this.client.supportsMemoryEvent === true;
    return new ScriptSession(launched, breakpoints, { positions: this.positions, send, schedule, memoryEvents });
  }

  private isScript({ path }: DebugProtocol.Source): boolean {
    return path !== undefined && this.host.source.same(path, this.launched().launched.program);
  }

  private breakpointRequest({ line, condition, hitCondition, logMessage }: DebugProtocol.SourceBreakpoint) {
    return {
      line: this.positions.fromLine(line),
      condition: nonEmpty(condition),
      hitCondition: nonEmpty(hitCondition),
      logMessage: nonEmpty(logMessage),
    } satisfies BreakpointRequest;
  }

  private variableOptions(): VariableOptions {
    return {
      types: this.client.supportsVariableType === true,
      memoryReferences: this.client.supportsMemoryReferences === true,
    };
  }

  private valueBody(
    expression: string,
    style: NumberStyle,
    { launched, variables }: ScriptSession,
  ): DebugProtocol.SetVariableResponse["body"] {
    const node = evaluateExpression(expression, launched.run, style);
    const { types, memoryReferences } = this.variableOptions();
    return {
      value: node.value,
      ...(types && node.type !== undefined ? { type: node.type } : {}),
      ...(memoryReferences && node.address !== undefined ? { memoryReference: hexNumber(node.address) } : {}),
      variablesReference: variables.reference(`= ${expression}`, node.children),
      ...counts(node.children),
    };
  }
}

function styleOf(format: DebugProtocol.ValueFormat | undefined): NumberStyle {
  return { hex: format?.hex === true };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text;
}
