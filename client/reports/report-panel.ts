import { Disposable, env, Uri, ViewColumn, type WebviewPanel, window } from "vscode";
import type { EntryLink, Report } from "../../server/tables-protocol.ts";
import { reasonOf } from "../inert.ts";
import { showError, showStatus } from "../messages.ts";
import type { CopyForm, FromReport, KeptQuestion, ReportLabels, ToReport } from "../report-protocol.ts";
import type { TextPage } from "../text-views/text-views.ts";
import { texts } from "../texts.ts";
import { webviewHtml } from "../webview-html.ts";
import type { ReadSource } from "./input-source.ts";
import type { KeptWindow } from "./kept-question.ts";
import { reportMarkdown, reportText } from "./report-text.ts";
import type { EntryRevealer } from "./reveal-entry.ts";

/** Type of the windows, by which the editor knows who fills them after a reload. */
export const REPORT_WINDOW = "gicWorkbench.report";

/** A report with what its links lead to. */
export interface MadeReport {
  readonly report: Report;
  /** In the order of the request's inputs. */
  readonly sources: readonly ReadSource[];
}

/** A question that a window shows the answer of. */
export interface Question {
  /** Two questions with one key have one window. */
  readonly key: string;
  readonly title: string;
  /** What its window keeps over a reload of the editor; absent: nothing, and it does not come back. */
  kept?(): KeptQuestion;
  /** Asks anew. @returns undefined when there is no answer, which the user knows by then */
  ask(): Promise<MadeReport | undefined>;
  /** The same question with its sides changed. */
  readonly swapped?: () => Question;
}

/** A report that a window shows. */
export interface ShownReport {
  readonly title: string;
  readonly report: Report;
  readonly kept: KeptQuestion | undefined;
}

interface Shown {
  readonly panel: WebviewPanel;
  question: Question;
  /** Undefined in a window that came back, until there is an answer. */
  made: MadeReport | undefined;
  /** Why there is no answer yet, as its page says it. */
  failure?: string;
}

/** Windows with reports, at most one for each question. */
export class ReportPanels extends Disposable {
  private readonly windows = new Map<string, Shown>();
  private readonly folder: Uri;
  private readonly revealer: EntryRevealer;
  private readonly changed: () => void;

  /** @param changed is told when {@link kept} is another */
  constructor(extensionUri: Uri, revealer: EntryRevealer, changed: () => void) {
    super(() => {
      for (const { panel } of this.windows.values()) panel.dispose();
    });
    this.folder = Uri.joinPath(extensionUri, "dist", "webview");
    this.revealer = revealer;
    this.changed = changed;
  }

  /** Asks, and shows the answer in the question's window. */
  async show(question: Question): Promise<void> {
    const made = await question.ask();
    if (made === undefined) return;
    const known = this.windows.get(question.key);
    if (known === undefined) {
      this.fill(this.open(question.title), question, made);
      return;
    }
    known.question = question;
    known.made = made;
    this.changed();
    known.panel.reveal(undefined, false);
    this.send(known);
  }

  /** The reports that show, the latest question last. */
  get reports(): readonly ShownReport[] {
    return [...this.windows.values()].flatMap(({ question, made }) =>
      made === undefined ? [] : [{ title: question.title, report: made.report, kept: question.kept?.() }],
    );
  }

  /** The same as text. */
  get textSources(): readonly TextPage[] {
    return [...this.windows.values()].flatMap(({ panel, question: { title }, made }) =>
      made === undefined
        ? []
        : [{ key: "report", name: title, isActive: panel.active, text: () => reportText(title, made.report) }],
    );
  }

  /** What windows say that came back and have no answer. */
  get failures(): readonly string[] {
    return [...this.windows.values()].flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
  }

  /** The windows that can be filled again. */
  get kept(): readonly KeptWindow[] {
    return [...this.windows.values()].flatMap(({ question }) => {
      const kept = question.kept?.();
      return kept === undefined ? [] : [{ type: REPORT_WINDOW, title: question.title, question: kept }];
    });
  }

  /** Fills a window that the editor brought back: asks when its page has come up. */
  restore(panel: WebviewPanel, question: Question): void {
    if (this.windows.has(question.key)) panel.dispose();
    else this.fill(panel, question, undefined);
  }

  /** Follows a link of a report that shows. */
  async follow(title: string, link: EntryLink): Promise<void> {
    const shown = [...this.windows.values()].find(({ question }) => question.title === title);
    if (shown !== undefined) await this.reveal(shown, link);
  }

  private open(title: string): WebviewPanel {
    return window.createWebviewPanel(
      REPORT_WINDOW,
      title,
      { viewColumn: ViewColumn.Active, preserveFocus: false },
      { retainContextWhenHidden: true, enableFindWidget: true },
    );
  }

  private fill(panel: WebviewPanel, question: Question, made: MadeReport | undefined): void {
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.folder] };
    const shown: Shown = { panel, question, made };
    this.windows.set(question.key, shown);
    this.changed();
    panel.onDidDispose(() => {
      if (this.windows.get(shown.question.key) === shown) this.windows.delete(shown.question.key);
      this.changed();
    });
    panel.webview.onDidReceiveMessage((message: FromReport) => this.answer(shown, message).catch(tell));
    panel.webview.html = webviewHtml(panel.webview, this.folder, "report");
  }

  private async answer(shown: Shown, message: FromReport): Promise<void> {
    switch (message.type) {
      case "ready":
        post(shown.panel, { type: "labels", labels: labels() });
        if (shown.made === undefined) await this.askAgain(shown, shown.question);
        else this.send(shown);
        return;
      case "copy":
        if (shown.made === undefined) return;
        await env.clipboard.writeText(copied(message.form, shown.question.title, shown.made.report));
        showStatus(texts.tables.copied(shown.question.title));
        return;
      case "reveal":
        await this.reveal(shown, message.link);
        return;
      case "again":
        await this.askAgain(shown, shown.question);
        return;
      case "swap": {
        const swapped = shown.question.swapped?.();
        if (swapped !== undefined) await this.askAgain(shown, swapped);
      }
    }
  }

  private async askAgain(shown: Shown, question: Question): Promise<void> {
    if (shown.made === undefined) post(shown.panel, { type: "busy", text: texts.tables.askingAgain(question.title) });
    let made: MadeReport | undefined;
    let reason = texts.tables.noAnswer();
    try {
      made = await question.ask();
    } catch (error) {
      if (shown.made !== undefined) throw error;
      reason = reasonOf(error);
    }
    if (made === undefined) {
      // What stood there stands; a window that came back has nothing yet.
      if (shown.made !== undefined) return;
      shown.failure = texts.tables.notAskedAgain(reason);
      post(shown.panel, { type: "failed", text: shown.failure });
      return;
    }
    shown.failure = undefined;
    if (shown.question.key !== question.key) {
      // Another window may have that question already; the one in which it was asked stays.
      const other = this.windows.get(question.key);
      if (other !== undefined && other !== shown) other.panel.dispose();
      this.windows.delete(shown.question.key);
      this.windows.set(question.key, shown);
    }
    shown.question = question;
    shown.made = made;
    shown.panel.title = question.title;
    this.changed();
    this.send(shown);
  }

  private async reveal({ made }: Shown, link: EntryLink): Promise<void> {
    const uri = link.file === undefined ? undefined : made?.sources[link.input]?.uris.get(link.file);
    await this.revealer.reveal(link, uri);
  }

  private send({ panel, question, made }: Shown): void {
    if (made === undefined) return;
    const { title, swapped } = question;
    // Its JSON stays here, where it is copied.
    const { json: _json, ...report } = made.report;
    post(panel, { type: "report", title, report, canSwap: swapped !== undefined, kept: question.kept?.() });
  }
}

function post(panel: WebviewPanel, message: ToReport): void {
  void panel.webview.postMessage(message);
}

function tell(error: unknown): void {
  void showError(reasonOf(error));
}

function copied(form: CopyForm, title: string, report: Report): string {
  if (form === "markdown") return reportMarkdown(title, report);
  if (form === "text") return reportText(title, report);
  if (report.json === undefined) throw new Error(texts.tables.jsonTooLong());
  return `${report.json}\n`;
}

function labels(): ReportLabels {
  const { tables, webview } = texts;
  return {
    filter: tables.filter(),
    copy: { text: tables.copyText(), markdown: tables.copyMarkdown(), json: tables.copyJson() },
    runAgain: tables.runAgain(),
    swap: tables.swap(),
    rowsOf: tables.rowsOf("{0}", "{1}"),
    showMore: tables.showMore(),
    noMatch: tables.noMatch(),
    reveal: tables.reveal(),
    notes: tables.notes(),
    tones: { bad: tables.bad(), warning: tables.warning(), good: tables.good() },
    pageFailed: webview.pageFailed(),
  };
}
