import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import * as vscode from "vscode";
import { hex } from "../../architecture/hex.ts";
import { until } from "./until.ts";
import { openFile, writeFile } from "./workspace.ts";

/** Of the Debug menu. */
type DebugCommand = "stepOver" | "stepInto" | "stepBack" | "continue" | "reverseContinue";

/** A session as a test steps it: counts its stops, and waits for the next one. */
export class Debugging implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[] = [];
  private stops = 0;
  private seen = 0;
  /** Reason of the last stop, and when it was told, by performance.now(). */
  reason = "";
  stoppedAt = 0;
  /** When the adapter was asked to pause, by the same clock. */
  pausedAt = 0;
  /** What the editor was answered about the problem of the last stop: it asks for that to show it in its box. */
  problem: DebugProtocol.ExceptionInfoResponse["body"] | undefined;
  /** What the editor was told of work that takes long, in the order in which it was. */
  progress: readonly DebugProtocol.Event[] = [];
  /** The kinds of problems that it offers to stop at, and the filters that the editor has ticked of them. */
  offered: readonly DebugProtocol.ExceptionBreakpointsFilter[] = [];
  filters: readonly string[] = [];
  /** The slots of a queue that the editor has marked. */
  slots: readonly string[] = [];
  /** What the Debug Console was given, since the session began. */
  said = "";

  constructor() {
    this.subscriptions.push(
      vscode.debug.registerDebugAdapterTrackerFactory("gic", {
        createDebugAdapterTracker: () => ({
          onWillReceiveMessage: (message: DebugProtocol.Request) => {
            const { command, arguments: args } = message;
            if (command === "pause") this.pausedAt = performance.now();
            if (command === "setExceptionBreakpoints") {
              const { filters, filterOptions = [] }: DebugProtocol.SetExceptionBreakpointsArguments = args;
              this.filters = [...filters, ...filterOptions.map(({ filterId }) => filterId)];
            }
            if (command === "setInstructionBreakpoints") {
              const { breakpoints }: DebugProtocol.SetInstructionBreakpointsArguments = args;
              this.slots = breakpoints.map((one) => hex(Number(one.instructionReference) + (one.offset ?? 0)));
            }
          },
          onDidSendMessage: (message: DebugProtocol.ProtocolMessage) => this.hear(message),
        }),
      }),
    );
  }

  private hear(message: DebugProtocol.ProtocolMessage): void {
    const { type } = message;
    if (type === "response") {
      const { command, body } = message as DebugProtocol.Response;
      if (command === "exceptionInfo") this.problem = body;
      if (command === "initialize") this.offered = body.exceptionBreakpointFilters;
      return;
    }
    const { event, body } = message as DebugProtocol.Event;
    if (event.startsWith("progress")) this.progress = [...this.progress, message as DebugProtocol.Event];
    if (event === "output") this.said += body.output;
    if (event !== "stopped") return;
    this.stops++;
    this.stoppedAt = performance.now();
    this.reason = body.reason;
    this.problem = undefined;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  get session(): vscode.DebugSession {
    const session = vscode.debug.activeDebugSession;
    assert.ok(session, "a session is active");
    return session;
  }

  /** Waits for a stop that was not waited for yet; the line it is on, from 1. */
  async stopped(): Promise<number> {
    await until("the session to stop", () => this.stops > this.seen);
    this.seen = this.stops;
    return (await this.frame()).line;
  }

  /** The same, once the editor has its cursor there, as a user sees it; with the reason. */
  async shown(): Promise<string> {
    const line = await this.stopped();
    await until(`the cursor on line ${line}`, () => {
      return vscode.window.activeTextEditor?.selection.active.line === line - 1;
    });
    return `${this.reason} ${line}`;
  }

  async frame(): Promise<DebugProtocol.StackFrame> {
    const body: DebugProtocol.StackTraceResponse["body"] = await this.session.customRequest("stackTrace", {
      threadId: 1,
    });
    return body.stackFrames[0];
  }

  /** Gives a command of the Debug menu and waits for the stop it leads to. */
  async press(command: DebugCommand): Promise<number> {
    await vscode.commands.executeCommand(`workbench.action.debug.${command}`);
    return this.stopped();
  }

  /** The same, until the editor shows it. */
  async goes(command: DebugCommand): Promise<string> {
    await vscode.commands.executeCommand(`workbench.action.debug.${command}`);
    return this.shown();
  }

  /** Starts a script that has this text, under a name of its own. */
  async start(text: string, name: string, settings: object = {}): Promise<vscode.Uri> {
    const uri = await writeFile(text, `${name.replace(/\W+/g, "-")}.itscmd`);
    const folder = vscode.workspace.workspaceFolders?.[0];
    const configuration = { type: "gic", request: "launch", name, program: uri.fsPath, ...settings };
    assert.ok(await vscode.debug.startDebugging(folder, configuration));
    return uri;
  }

  async evaluate(expression: string): Promise<string> {
    const { id } = await this.frame();
    const context = "watch";
    const body: DebugProtocol.EvaluateResponse["body"] = await this.session.customRequest("evaluate", {
      expression,
      frameId: id,
      context,
    });
    return body.result;
  }

  /** All scopes with their variables, three levels deep, as text: two of them are equal when nothing differs that a user can see. */
  async everything(): Promise<string> {
    const { id } = await this.frame();
    const { scopes }: DebugProtocol.ScopesResponse["body"] = await this.session.customRequest("scopes", {
      frameId: id,
    });
    const lines: string[] = [];
    for (const scope of scopes) {
      lines.push(scope.name);
      await this.list(scope.variablesReference, 1, lines);
    }
    return lines.join("\n");
  }

  private async list(variablesReference: number, depth: number, lines: string[]): Promise<void> {
    if (variablesReference === 0 || depth > 3) return;
    const body: DebugProtocol.VariablesResponse["body"] = await this.session.customRequest("variables", {
      variablesReference,
    });
    for (const variable of body.variables) {
      lines.push(`${"  ".repeat(depth)}${variable.name} = ${variable.value}`);
      await this.list(variable.variablesReference, depth + 1, lines);
    }
  }

  /** Forgets the stops of a session that has ended. */
  forget(): void {
    this.seen = this.stops;
    this.reason = "";
    this.said = "";
    this.problem = undefined;
    this.progress = [];
  }

  async stop(): Promise<void> {
    await vscode.commands.executeCommand("workbench.debug.viewlet.action.removeAllBreakpoints");
    if (vscode.debug.activeDebugSession === undefined) return;
    await vscode.debug.stopDebugging();
    await until("the session to end", () => vscode.debug.activeDebugSession === undefined);
  }
}

/** The sessions of a suite's tests, one a test: after each it is ended, and the editors are closed. */
export function debuggingInEachTest(): Debugging {
  const debugging = new Debugging();
  // It hears of the sessions of other suites, too.
  beforeEach(() => debugging.forget());
  afterEach(async () => {
    await debugging.stop();
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });
  after(() => debugging.dispose());
  return debugging;
}

/** One session for all tests of a suite: the example, behind the MSI of its EventID 1. @param prepare does more before the first test */
export function debuggingTheExample(prepare: () => Promise<unknown> = async () => undefined): () => Debugging {
  let debugging: Debugging;
  before(async () => {
    debugging = new Debugging();
    const { document } = await openFile("examples", "first-msi.itscmd");
    breakOn(document.uri, 28);
    await vscode.commands.executeCommand("workbench.action.debug.start");
    await debugging.stopped();
    await prepare();
  });
  after(async () => {
    await debugging.stop();
    debugging.dispose();
  });
  return () => debugging;
}

/** A breakpoint on a line, from 1. */
export function breakOn(uri: vscode.Uri, line: number): void {
  vscode.debug.addBreakpoints([
    new vscode.SourceBreakpoint(new vscode.Location(uri, new vscode.Position(line - 1, 0))),
  ]);
}
