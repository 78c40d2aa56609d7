import { Disposable, env, Uri, ViewColumn, type WebviewPanel, window } from "vscode";
import type { EntryLink, Report } from "../../server/tables-protocol.ts";
import { reasonOf } from "../inert.ts";
import { showError, showStatus } from "../messages.ts";
import type { CopyForm, FromReport, ReportLabels, ToReport } from "../report-protocol.ts";
import { texts } from "../texts.ts";
import { webviewHtml } from "../webview-html.ts";
import type { ReadSource } from "./input-source.ts";
import { reportMarkdown, reportText } from "./report-text.ts";
import type { EntryRevealer } from "./reveal-entry.ts";

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
  /** Asks anew. @returns undefined when there is no answer, which the user knows by then */
  ask(): Promise<MadeReport | undefined>;
  /** The same question with its sides changed. */
  readonly swapped?: () => Question;
}

interface Shown {
  readonly panel: WebviewPanel;
  question: Question;
  made: MadeReport;
}

/** Windows with reports, at most one for each question. */
export class ReportPanels extends Disposable {
  private readonly windows = new Map<string, Shown>();
  private readonly folder: Uri;
  private readonly revealer: EntryRevealer;

  constructor(extensionUri: Uri, revealer: EntryRevealer) {
    super(() => {
      for (const { panel } of this.windows.values()) panel.dispose();
    });
    this.folder = Uri.joinPath(extensionUri, "dist", "webview");
    this.revealer = revealer;
  }

  /** Asks, and shows the answer in the question's window. */
  async show(question: Question): Promise<void> {
    const made = await question.ask();
    if (made === undefined) return;
    const known = this.windows.get(question.key);
    if (known === undefined) {
      this.open(question, made);
      return;
    }
    known.question = question;
    known.made = made;
    known.panel.reveal(undefined, false);
    this.send(known);
  }

  /** The reports that show, the latest question last. */
  get reports(): readonly { readonly title: string; readonly report: Report }[] {
    return [...this.windows.values()].map(({ question, made }) => ({ title: question.title, report: made.report }));
  }

  /** Follows a link of a report that shows. */
  async follow(title: string, link: EntryLink): Promise<void> {
    const shown = [...this.windows.values()].find(({ question }) => question.title === title);
    if (shown !== undefined) await this.reveal(shown, link);
  }

  private open(question: Question, made: MadeReport): void {
    const { title } = question;
    const panel = window.createWebviewPanel(
      "gicWorkbench.report",
      title,
      { viewColumn: ViewColumn.Active, preserveFocus: false },
      { enableScripts: true, localResourceRoots: [this.folder], retainContextWhenHidden: true, enableFindWidget: true },
    );
    const shown: Shown = { panel, question, made };
    this.windows.set(question.key, shown);
    panel.onDidDispose(() => {
      if (this.windows.get(shown.question.key) === shown) this.windows.delete(shown.question.key);
    });
    panel.webview.onDidReceiveMessage((message: FromReport) => this.answer(shown, message).catch(tell));
    panel.webview.html = webviewHtml(panel.webview, this.folder, "report");
  }

  private async answer(shown: Shown, message: FromReport): Promise<void> {
    switch (message.type) {
      case "ready":
        post(shown.panel, { type: "labels", labels: labels() });
        this.send(shown);
        return;
      case "copy":
        await env.clipboard.writeText(copied(message.form, shown));
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
    const made = await question.ask();
    if (made === undefined) return;
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
    this.send(shown);
  }

  private async reveal({ made }: Shown, link: EntryLink): Promise<void> {
    const uri = link.file === undefined ? undefined : made.sources[link.input]?.uris.get(link.file);
    await this.revealer.reveal(link, uri);
  }

  private send({ panel, question, made }: Shown): void {
    const { title, swapped } = question;
    // Its JSON stays here, where it is copied.
    const { json: _json, ...report } = made.report;
    post(panel, { type: "report", title, report, canSwap: swapped !== undefined });
  }
}

function post(panel: WebviewPanel, message: ToReport): void {
  void panel.webview.postMessage(message);
}

function tell(error: unknown): void {
  void showError(reasonOf(error));
}

function copied(form: CopyForm, { question, made }: Shown): string {
  const { report } = made;
  if (form === "markdown") return reportMarkdown(question.title, report);
  if (form === "text") return reportText(question.title, report);
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
