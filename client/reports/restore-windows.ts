import { Disposable, Uri, type WebviewPanel, window } from "vscode";
import type { KeptQuestion, KeptSource } from "../report-protocol.ts";
import { texts } from "../texts.ts";
import type { AskTables } from "./ask-tables.ts";
import { checkQuestion } from "./check-command.ts";
import { comparison } from "./compare-command.ts";
import { type InputSource, sourceOf } from "./input-source.ts";
import { keptQuestion } from "./kept-question.ts";
import { mapSource } from "./map-command.ts";
import { MAP_WINDOW, type MapPanels } from "./map-panel.ts";
import { type Question, REPORT_WINDOW, type ReportPanels } from "./report-panel.ts";
import type { EntryRevealer } from "./reveal-entry.ts";
import { traceQuestion } from "./trace-command.ts";

/** Fills windows that the editor brings back after a reload: what they were about is asked anew. */
export class WindowRestorer extends Disposable {
  private readonly ask: AskTables;
  private readonly reports: ReportPanels;
  private readonly maps: MapPanels;
  private readonly revealer: EntryRevealer;

  constructor(ask: AskTables, reports: ReportPanels, maps: MapPanels, revealer: EntryRevealer) {
    const serializer = {
      deserializeWebviewPanel: (panel: WebviewPanel, state: unknown) => this.restore(panel, state),
    };
    const registered = [REPORT_WINDOW, MAP_WINDOW].map((type) =>
      window.registerWebviewPanelSerializer(type, serializer),
    );
    super(() => {
      for (const registration of registered) registration.dispose();
    });
    this.ask = ask;
    this.reports = reports;
    this.maps = maps;
    this.revealer = revealer;
  }

  /** @param state what the window's page kept; a window of which nothing is known goes away */
  async restore(panel: WebviewPanel, state: unknown): Promise<void> {
    const kept = keptQuestion(state);
    if (kept === undefined) panel.dispose();
    else if (kept.kind === "map") this.maps.restore(panel, mapSource(this.ask, this.revealer, found(kept.source)));
    else this.reports.restore(panel, this.question(kept));
  }

  private question(kept: Exclude<KeptQuestion, { readonly kind: "map" }>): Question {
    if (kept.kind === "compare") return comparison(this.ask, found(kept.a), found(kept.b));
    const source = found(kept.source);
    return kept.kind === "trace" ? traceQuestion(this.ask, source, kept) : checkQuestion(this.ask, source);
  }
}

/** The source that was kept. One that was a session says, when it is read, that it is over. */
function found(kept: KeptSource): InputSource {
  const { name, uris, described } = kept;
  if (uris.length > 0) {
    const source = sourceOf(uris.map((uri) => Uri.parse(uri)));
    source.described = described;
    return source;
  }
  return {
    name,
    key: `gone ${name}`,
    kept: () => kept,
    read: () => Promise.reject(new Error(texts.tables.sessionGone(name))),
  };
}
