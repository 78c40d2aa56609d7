import {
  type CancellationToken,
  CancellationTokenSource,
  type Diagnostic,
  Disposable,
  languages,
  type OutputChannel,
  type TextDocument,
  window,
  workspace,
} from "vscode";
import type { DumpCheckAnswer, DumpCheckParams } from "../../../server/dump-check-protocol.ts";
import { nameOf } from "../../file-names.ts";
import { reasonOf } from "../../inert.ts";
import { changesSetting, setting } from "../../settings.ts";
import { texts } from "../../texts.ts";
import { HeldBack } from "../decoding-guard.ts";
import type { DumpStore } from "../dump-store.ts";
import { GivenUp } from "../slices.ts";
import { checkNote, checkProblem } from "./check-problems.ts";
import { onlyDumps } from "./providers.ts";
import type { RuleLinks } from "./rule-links.ts";

/** Asks the language server, which has the emulator. Rejects after a cancel. */
export type AskForCheck = (params: DumpCheckParams, token: CancellationToken) => Promise<DumpCheckAnswer>;

/** How long the text must stand still before it is checked again, in ms. */
const SETTLE_MS = 500;
/** Longest text that is given to the language server, in characters. */
const MAX_CHARACTERS = 16 * 1024 * 1024;

interface Check {
  readonly version: number;
  readonly source: CancellationTokenSource;
  /** What `gicwb check` would print, or why there was no check; undefined when it was cancelled. */
  readonly result: Promise<readonly string[] | undefined>;
}

/**
 * Has every open dump checked as `gicwb check` does, and shows what that says in Problems. The language server does it; a check of a text
 * that has changed meanwhile is cancelled.
 */
export class DumpChecks extends Disposable {
  private readonly store: DumpStore;
  private readonly ask: AskForCheck;
  private readonly links: RuleLinks;
  private readonly problems = languages.createDiagnosticCollection("gicdump-check");
  private readonly waiting = new Map<TextDocument, NodeJS.Timeout>();
  private readonly checks = new Map<TextDocument, Check>();
  private channel: OutputChannel | undefined;

  constructor(store: DumpStore, ask: AskForCheck, links: RuleLinks) {
    const subscriptions: { dispose(): unknown }[] = [];
    super(() => {
      for (const timer of this.waiting.values()) clearTimeout(timer);
      for (const { source } of this.checks.values()) source.cancel();
      for (const subscription of subscriptions) subscription.dispose();
      this.channel?.dispose();
    });
    this.store = store;
    this.ask = ask;
    this.links = links;
    subscriptions.push(
      this.problems,
      workspace.onDidOpenTextDocument((document) => this.look(document, 0)),
      workspace.onDidChangeTextDocument(({ document }) => this.look(document, SETTLE_MS)),
      workspace.onDidCloseTextDocument((document) => this.forget(document)),
      workspace.onDidChangeConfiguration((change) => {
        if (!changesSetting(change, "dumps.check", "dumps.checkModels", "maxProblems")) return;
        for (const document of workspace.textDocuments) this.lookAgain(document);
      }),
      store.onStale((document) => {
        this.checks.delete(document);
        this.look(document, SETTLE_MS);
      }),
      store.guard.onRelease((uri) => {
        for (const document of workspace.textDocuments) if (document.uri.toString() === uri) this.lookAgain(document);
      }),
    );
    for (const document of workspace.textDocuments) this.look(document, 0);
  }

  /** Checks a document now, unless that is done, and shows all that `gicwb check` prints. */
  async show(document: TextDocument): Promise<void> {
    const lines = await this.check(document);
    if (lines === undefined) return;
    this.channel ??= window.createOutputChannel(texts.checkChannel());
    this.channel.clear();
    this.channel.appendLine(lines.join("\n"));
    this.channel.show(true);
  }

  private look(document: TextDocument, pause: number): void {
    if (!onlyDumps(document)) return;
    clearTimeout(this.waiting.get(document));
    this.checks.get(document)?.source.cancel();
    this.waiting.set(
      document,
      setTimeout(() => {
        this.waiting.delete(document);
        if (setting("dumps.check", document)) void this.check(document);
        else this.set(document, undefined, []);
      }, pause),
    );
  }

  private lookAgain(document: TextDocument): void {
    this.checks.delete(document);
    this.look(document, 0);
  }

  private forget(document: TextDocument): void {
    clearTimeout(this.waiting.get(document));
    this.waiting.delete(document);
    this.checks.get(document)?.source.cancel();
    this.checks.delete(document);
    this.problems.delete(document.uri);
  }

  private check(document: TextDocument): Promise<readonly string[] | undefined> {
    const known = this.checks.get(document);
    if (known?.version === document.version && !known.source.token.isCancellationRequested) return known.result;
    known?.source.cancel();
    const source = new CancellationTokenSource();
    const check = { version: document.version, source, result: this.run(document, source.token) };
    this.checks.set(document, check);
    return check.result;
  }

  /** @returns undefined when it was cancelled, or nothing says that the document holds tables */
  private async run(document: TextDocument, token: CancellationToken): Promise<readonly string[] | undefined> {
    try {
      const { plans, layoutFiles } = await this.store.of(document);
      if (token.isCancellationRequested || document.isClosed) return undefined;
      if (plans.length === 0) return this.set(document, undefined, []);
      const text = document.getText();
      const name = nameOf(document.uri);
      if (text.length > MAX_CHARACTERS)
        return this.refuse(document, texts.checkTooLarge(name, `${MAX_CHARACTERS >> 20} Mi`));
      const models = setting("dumps.checkModels", document);
      const maxProblems = setting("maxProblems", document);
      const answer = await this.ask({ text, name, layoutFiles, models, maxProblems }, token);
      const link = await this.links.ready();
      if (token.isCancellationRequested || document.isClosed) return undefined;
      if ("notChecked" in answer) return this.set(document, [texts.checkNoTables(name)], []);
      if ("refusal" in answer) return this.refuse(document, texts.checkFailed(name, answer.refusal));
      const found = answer.problems.map((problem) => checkProblem(document, problem, link));
      if (answer.more > 0) found.push(checkNote(document, texts.checkMore(answer.more), "GIC-DUMP-CHECK"));
      return this.set(document, answer.lines, found);
    } catch (error) {
      // That a dump cannot be read is said where it is read.
      if (token.isCancellationRequested || error instanceof GivenUp || error instanceof HeldBack) return undefined;
      return this.refuse(document, texts.checkFailed(nameOf(document.uri), reasonOf(error)));
    }
  }

  private refuse(document: TextDocument, reason: string): readonly string[] | undefined {
    return this.set(document, [reason], [checkNote(document, reason, "GIC-DUMP-CHECK")]);
  }

  private set<Lines extends readonly string[] | undefined>(
    document: TextDocument,
    lines: Lines,
    found: readonly Diagnostic[],
  ): Lines | undefined {
    if (document.isClosed) return undefined;
    this.problems.set(document.uri, found);
    return lines;
  }
}
