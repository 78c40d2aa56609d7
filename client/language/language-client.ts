import { type CancellationToken, type LogOutputChannel, window } from "vscode";
import type { RulePageAnswer, RulePageParams } from "../../server/rule-page-protocol.ts";
import type { ScriptMachineAnswer, ScriptMachineParams } from "../../server/script-machine-protocol.ts";
import type { StateDumpAnswer, StateDumpParams } from "../../server/state-protocol.ts";
import type { TablesAnswers, TablesParams } from "../../server/tables-protocol.ts";
import type { FindTestsAnswer, FindTestsParams, RunTestsAnswer } from "../../server/tests-protocol.ts";
import { showError } from "../messages.ts";
import type { RunTests } from "../tests/test-runner.ts";
import { texts } from "../texts.ts";
import type { StartServer } from "./running-server.ts";
import { ServerRun } from "./server-run.ts";
import { ServerRuns } from "./server-runs.ts";

/** The language server for command scripts: started once, started again when it falls over, and at the user's word. */
export class LanguageServer {
  private readonly channel: LogOutputChannel;
  private readonly runs: ServerRuns<ServerRun>;
  /** A message is on the screen: one trouble, one message. */
  private told = false;

  constructor(start: StartServer) {
    this.channel = window.createOutputChannel(texts.serverName(), { log: true });
    const reports = {
      failed: (reason: string) => void this.offerRestart(texts.serverFailed(reason)),
      fellTooOften: () => void this.offerRestart(texts.serverCrashed()),
    };
    this.runs = new ServerRuns((fell) => new ServerRun(start, this.channel, fell), reports, Date.now);
  }

  /** Starts the server; a failure is told to the user and does not reject. */
  start(): Promise<void> {
    return this.runs.start();
  }

  /** Ends the server, also one that hangs or is starting, and starts it anew. */
  restart(): Promise<void> {
    return this.runs.restart();
  }

  /** The tables of a saved machine as a dump. @throws Error with a sentence when the server does not run */
  async stateDump(params: StateDumpParams): Promise<StateDumpAnswer> {
    return (await this.started()).stateDump(params);
  }

  /** The page of a rule or of a problem's code. @throws Error as {@link stateDump} */
  async rulePage(params: RulePageParams): Promise<RulePageAnswer> {
    return (await this.started()).rulePage(params);
  }

  /** The machine that an open script begins on. @throws Error as {@link stateDump} */
  async scriptMachine(params: ScriptMachineParams): Promise<ScriptMachineAnswer> {
    return (await this.started()).scriptMachine(params);
  }

  /** Answers a question about a dump or whole files. @throws Error as {@link stateDump}, and one of the library's when it is given up */
  async askTables<Name extends keyof TablesAnswers>(
    name: Name,
    params: TablesParams[Name],
    token: CancellationToken,
  ): Promise<TablesAnswers[Name]> {
    return (await this.started()).askTables(name, params, token);
  }

  /** The tests that scripts have. @throws Error as {@link askTables} */
  async findTests(params: FindTestsParams, token: CancellationToken): Promise<FindTestsAnswer> {
    return (await this.started()).findTests(params, token);
  }

  /** Runs tests of scripts. @throws Error as {@link askTables} */
  async runTests(...asked: Parameters<RunTests>): Promise<RunTestsAnswer> {
    return (await this.started()).runTests(...asked);
  }

  private async started(): Promise<ServerRun> {
    await this.runs.start();
    const run = this.runs.current;
    if (run === undefined) throw new Error(texts.stateNoServer());
    return run;
  }

  async dispose(): Promise<void> {
    await this.runs.dispose();
    this.channel.dispose();
  }

  private async offerRestart(message: string): Promise<void> {
    if (this.told) return;
    this.told = true;
    const restart = texts.restart();
    const show = texts.showOutput();
    const picked = await showError(message, restart, show);
    this.told = false;
    if (picked === restart) await this.restart();
    else if (picked === show) this.channel.show();
  }
}
