import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import * as vscode from "vscode";
import { until } from "./until.ts";

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

  constructor() {
    this.subscriptions.push(
      vscode.debug.registerDebugAdapterTrackerFactory("gic", {
        createDebugAdapterTracker: () => ({
          onWillReceiveMessage: (message: DebugProtocol.Request) => {
            if (message.command === "pause") this.pausedAt = performance.now();
          },
          onDidSendMessage: (message: DebugProtocol.Event) => {
            if (message.type !== "event" || message.event !== "stopped") return;
            this.stops++;
            this.stoppedAt = performance.now();
            this.reason = (message as DebugProtocol.StoppedEvent).body.reason;
          },
        }),
      }),
    );
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

  async frame(): Promise<DebugProtocol.StackFrame> {
    const body: DebugProtocol.StackTraceResponse["body"] = await this.session.customRequest("stackTrace", {
      threadId: 1,
    });
    return body.stackFrames[0];
  }

  /** Gives a command of the Debug menu and waits for the stop it leads to. */
  async press(command: "stepOver" | "stepBack" | "continue" | "reverseContinue"): Promise<number> {
    await vscode.commands.executeCommand(`workbench.action.debug.${command}`);
    return this.stopped();
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
  }

  async stop(): Promise<void> {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
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

/** A breakpoint on a line, from 1. */
export function breakOn(uri: vscode.Uri, line: number): void {
  vscode.debug.addBreakpoints([
    new vscode.SourceBreakpoint(new vscode.Location(uri, new vscode.Position(line - 1, 0))),
  ]);
}
