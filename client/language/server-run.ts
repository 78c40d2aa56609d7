import { type CancellationToken, type LogOutputChannel, Uri } from "vscode";
import {
  BaseLanguageClient,
  CloseAction,
  ErrorAction,
  type LanguageClientOptions,
  type MessageTransports,
  MessageType,
  ProgressType,
  ResponseError,
  ShowMessageNotification,
} from "vscode-languageclient";
import { type FileAnswer, type FileParams, fileRequest, scriptsRequest } from "../../server/files-protocol.ts";
import { type RulePageAnswer, type RulePageParams, rulePageRequest } from "../../server/rule-page-protocol.ts";
import {
  type ScriptMachineAnswer,
  type ScriptMachineParams,
  scriptMachineRequest,
} from "../../server/script-machine-protocol.ts";
import { type StateDumpAnswer, type StateDumpParams, stateDumpRequest } from "../../server/state-protocol.ts";
import type { TablesAnswers, TablesParams } from "../../server/tables-protocol.ts";
import {
  type FindTestsAnswer,
  type FindTestsParams,
  findTestsRequest,
  type RunTestsAnswer,
  runTestsRequest,
  type TestEvent,
} from "../../server/tests-protocol.ts";
import { base64 } from "../base64.ts";
import { inert, reasonOf } from "../inert.ts";
import { showError, showInformation } from "../messages.ts";
import { namedFile, workspaceScripts } from "../named-file.ts";
import type { RunTests } from "../tests/test-runner.ts";
import { texts } from "../texts.ts";
import { rulePageLink } from "./rule-pages.ts";
import type { RunningServer, StartServer } from "./running-server.ts";
import type { Run } from "./server-runs.ts";

/** How long a server may take to end by itself when it is asked to, in ms. */
const GRACE_MS = 1000;

const testProgress = new ProgressType<readonly TestEvent[]>();

/** A language server that was started, with the client that speaks with it. Neither outlives the other. */
export class ServerRun implements Run {
  readonly started: Promise<void>;
  private readonly client: Client;
  private readonly channel: LogOutputChannel;
  private server: RunningServer | undefined;
  private ending = false;
  /** Runs of tests so far, whose progress is told apart by their numbers. */
  private testRuns = 0;
  private readonly ended: Promise<void>;
  private tellEnd: () => void = () => undefined;

  /** @param fell called when the server has ended and nobody has asked for that */
  constructor(start: StartServer, channel: LogOutputChannel, fell: () => void) {
    this.channel = channel;
    this.ended = new Promise((resolve) => {
      this.tellEnd = resolve;
    });
    const transports = async (): Promise<MessageTransports> => {
      this.server = await start(channel);
      return this.server.transports;
    };
    this.client = new Client(
      transports,
      clientOptions(channel, () => {
        if (this.ending) return;
        this.ending = true;
        void this.leave();
        fell();
      }),
    );
    this.client.onNotification(ShowMessageNotification.type, ({ type, message }) => {
      if (type === MessageType.Error) void showError(message);
      else showInformation(message);
    });
    this.client.onRequest<FileAnswer, void>(fileRequest, async ({ uri }: FileParams) => {
      const file = await namedFile(Uri.parse(uri));
      return "bytes" in file ? { base64: base64(file.bytes) } : file;
    });
    this.client.onRequest(scriptsRequest, workspaceScripts);
    this.started = Promise.race([this.client.start(), this.ended]);
  }

  async end(): Promise<void> {
    this.ending = true;
    // A server that hangs does not answer, and its client refuses then to have stopped: it is left behind.
    if (this.client.isRunning()) {
      await this.client.stop(GRACE_MS).catch((error: unknown) => this.channel.warn(reasonOf(error)));
    }
    await this.leave();
  }

  private async leave(): Promise<void> {
    await this.server?.end();
    this.tellEnd();
  }

  /** The tables of a saved machine as a dump. @throws as {@link ask} */
  stateDump(params: StateDumpParams): Promise<StateDumpAnswer> {
    return this.ask(stateDumpRequest, params);
  }

  /** The page of a rule or of a problem's code. @throws as {@link ask} */
  rulePage(params: RulePageParams): Promise<RulePageAnswer> {
    return this.ask<RulePageAnswer>(rulePageRequest, params);
  }

  /** The machine that an open script begins on. @throws as {@link ask} */
  async scriptMachine(params: ScriptMachineParams): Promise<ScriptMachineAnswer> {
    return this.ask<ScriptMachineAnswer>(scriptMachineRequest, params);
  }

  /** @throws Error with a sentence when the server does not run, or is ended before it answers */
  private async ask<Answer>(request: string, params: object, token?: CancellationToken): Promise<Answer> {
    if (!this.client.isRunning()) throw new Error(texts.stateNoServer());
    return this.unlessEnded(this.client.sendRequest<Answer>(request, params, token));
  }

  /** Answers a question about a dump or whole files. @throws Error as {@link ask}, and one of the library's when it is given up */
  askTables<Name extends keyof TablesAnswers>(
    name: Name,
    params: TablesParams[Name],
    token: CancellationToken,
  ): Promise<TablesAnswers[Name]> {
    return this.ask(name, params, token);
  }

  /** The tests that scripts have. @throws as {@link askTables} */
  findTests(params: FindTestsParams, token: CancellationToken): Promise<FindTestsAnswer> {
    return this.ask(findTestsRequest, params, token);
  }

  /** Runs tests of scripts. @param tell is told what becomes of them, in order, before the answer @throws as {@link askTables} */
  async runTests(...[params, tell, token]: Parameters<RunTests>): Promise<RunTestsAnswer> {
    const partialResultToken = `gic-tests-${++this.testRuns}`;
    const listening = this.client.onProgress(testProgress, partialResultToken, tell);
    try {
      return await this.ask(runTestsRequest, { ...params, partialResultToken }, token);
    } finally {
      listening.dispose();
    }
  }

  private async unlessEnded<Answer>(request: Promise<Answer>): Promise<Answer> {
    const ended = this.ended.then(() => undefined);
    const asked = request.catch((error: unknown) => {
      if (!this.ending) throw error;
    });
    const answer = await Promise.race([asked, ended]);
    if (answer === undefined) throw new Error(texts.stateNoServer());
    return answer;
  }
}

/** What the library tells in boxes of its own goes to the log: one trouble, one message, and that is ours. */
class Client extends BaseLanguageClient {
  private readonly transports: () => Promise<MessageTransports>;

  constructor(transports: () => Promise<MessageTransports>, options: LanguageClientOptions) {
    super("gicWorkbench", texts.serverName(), options);
    this.transports = transports;
  }

  protected override createMessageTransports(): Promise<MessageTransports> {
    return this.transports();
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  override warn(message: string, data?: unknown): void {
    super.warn(message, data, false);
  }

  override info(message: string, data?: unknown): void {
    super.info(message, data, false);
  }

  /**
   * The library forgets its promise of a start when the server ends in the middle of it, and then nobody hears that it was broken. Who asks
   * while the start is under way gets the promise itself; what the first one who asks is told is the same or less.
   */
  override start(): Promise<void> {
    super.start().catch(() => undefined);
    return super.start();
  }

  /** The library stops a client whose start has failed, and refuses to in the same breath. */
  override stop(timeout?: number): Promise<void> {
    return this.isRunning() ? super.stop(timeout) : Promise.resolve();
  }
}

function clientOptions(channel: LogOutputChannel, closed: () => void): LanguageClientOptions {
  return {
    documentSelector: [{ language: "itscmd" }],
    outputChannel: channel,
    // The server sends what it knows soon after a keystroke, and the rest when all lines have run; asked for it would come once.
    initializationOptions: { diagnostics: "push", rulePages: rulePageLink },
    synchronize: { configurationSection: "gicWorkbench" },
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        closed();
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
    initializationFailedHandler: () => false,
    middleware: {
      // VS Code shows why a rename is refused.
      async sendRequest(type, param, token, next) {
        try {
          return await next(type, param, token);
        } catch (error) {
          if (!(error instanceof ResponseError)) throw error;
          throw new ResponseError(error.code, inert(error.message), error.data);
        }
      },
    },
  };
}
