import { Range, Uri, type WebviewPanel, workspace } from "vscode";
import { placeOfAddress } from "../../dumps/hex-text/line-groups.ts";
import { isLayoutName } from "../../dumps/tables/sections.ts";
import { isTableName } from "../../dumps/tables/table-names.ts";
import { nameOf } from "../file-names.ts";
import { showInformation, showStatus } from "../messages.ts";
import type { DecodedState, Failure, Labels, ToExtension, ToWindow } from "../protocol.ts";
import { texts } from "../texts.ts";
import { DecodedTables } from "./decoded-tables.ts";
import { failureOf } from "./dump-failures.ts";
import { type DumpResult, readDumpAt } from "./dump-source.ts";
import type { DumpStore } from "./dump-store.ts";
import { GivenUp, inSlices } from "./slices.ts";

/** How long the text must stand still before a changed dump is decoded again, in ms. */
const SETTLE_MS = 300;

/** What a window does outside itself. */
export interface DecodeActions {
  readonly copy: (text: string) => Thenable<void>;
  readonly openLines: (uri: Uri, range: Range) => Promise<void>;
}

/** One window with a decoded table: answers its page, and follows the text of the dump. */
export class DecodeWindow {
  readonly panel: WebviewPanel;
  private readonly uri: Uri;
  private readonly actions: DecodeActions;
  private readonly store: DumpStore;
  private readonly subscriptions: { dispose(): unknown }[] = [];
  private state: DecodedState;
  private read: Extract<DumpResult, { ok: true }> | undefined;
  private decoded: DecodedTables | undefined;
  private failed: Failure | undefined;
  /** Ends the reading and decoding that is under way. */
  private work = new AbortController();
  private generation = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(panel: WebviewPanel, state: DecodedState, store: DumpStore, actions: DecodeActions) {
    this.panel = panel;
    this.uri = Uri.parse(state.uri);
    this.state = state;
    this.store = store;
    this.actions = actions;
    this.subscriptions.push(
      panel.webview.onDidReceiveMessage((message: ToExtension) => this.guarded(() => this.answer(message))),
      store.guard.onRelease((uri) => {
        if (uri === state.uri) this.readSoon();
      }),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && document.uri.toString() === state.uri) this.readSoon();
      }),
    );
  }

  /** What the page shows; undefined before it has come up, and when there is no dump. */
  get tables(): DecodedTables | undefined {
    return this.decoded;
  }

  /** Why the page shows no table. */
  get failure(): Failure | undefined {
    return this.failed;
  }

  /** Shows another table of the dump, or the same one read anew. */
  async choose(state: DecodedState): Promise<void> {
    this.state = state;
    await this.guarded(() => this.readAndDecode());
  }

  dispose(): void {
    this.work.abort();
    clearTimeout(this.timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async answer(message: ToExtension): Promise<void> {
    const tables = this.decoded;
    switch (message.type) {
      case "ready":
        this.send({ type: "labels", labels: labels() });
        await this.readAndDecode();
        return;
      case "anyway":
        this.store.guard.release(this.state.uri);
        return;
      case "table":
        this.state = { ...this.state, chosen: Number(message.value) };
        await this.decode(this.begin());
        return;
      case "layout":
        this.state = { ...this.state, layout: message.value };
        await this.decode(this.begin());
        return;
      case "copy":
        await this.actions.copy(message.text);
        showStatus(texts.copied(message.text.replaceAll("\t", "  ")));
        return;
    }
    const { generation } = message;
    if (tables === undefined || tables.generation !== generation) return;
    if (message.type === "rows") {
      const { from, count } = message;
      this.send({ type: "rows", generation, from, rows: tables.rows(from, count) });
    } else if (message.type === "find") {
      this.send({ type: "found", generation, ...tables.find(message.text) });
    } else if (message.type === "explain") {
      const explained = tables.explain(message.row);
      if (explained !== undefined) this.send({ type: "explained", generation, row: message.row, explained });
    } else {
      await this.reveal(tables, message.row);
    }
  }

  private readSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.guarded(() => this.readAndDecode()), SETTLE_MS);
  }

  /** Whatever fails is said in the page: it must not stay empty without a word. */
  private async guarded(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      const failure = failureOf(error, this.uri);
      if (failure === undefined) return;
      this.decoded = undefined;
      this.failed = failure;
      this.send({ type: "error", generation: ++this.generation, failure });
    }
  }

  /** Gives up what is under way for something newer. */
  private begin(): AbortSignal {
    this.work.abort();
    this.work = new AbortController();
    return this.work.signal;
  }

  private async readAndDecode(): Promise<void> {
    const signal = this.begin();
    this.send({ type: "busy", text: texts.webview.decoding(nameOf(this.uri)) });
    const result = await readDumpAt(this.uri, this.store, signal).catch((error: unknown) => {
      // Not given up by this window: the document was changed or closed meanwhile, and is to be read anew.
      if (error instanceof GivenUp && !signal.aborted) this.readSoon();
      throw error;
    });
    if (signal.aborted) return;
    if (result.ok) {
      this.read = result;
      await this.decode(signal);
      return;
    }
    this.read = undefined;
    this.decoded = undefined;
    const none = { tables: [], chosenTable: "", layouts: [], chosenLayout: "", table: undefined };
    const shown = { generation: ++this.generation, ...none, failure: result.message };
    this.send({ type: "show", shown, goTo: "", state: this.state });
  }

  private async decode(signal: AbortSignal): Promise<void> {
    const read = this.read;
    if (read === undefined) return;
    const { table, layout, chosen } = this.state;
    const request = {
      table: table !== undefined && isTableName(table) ? table : undefined,
      layout: layout !== undefined && isLayoutName(layout) ? layout : undefined,
    };
    const work = DecodedTables.of(read.dump, request, chosen, ++this.generation);
    const tables = await this.store.guard.run(read.identity, () => inSlices(work, signal));
    if (signal.aborted) return;
    this.decoded = tables;
    this.failed = undefined;
    const goTo = texts.webview.goTo(tables.table?.indexName ?? "");
    this.send({ type: "show", shown: tables.shown(), goTo, state: this.state });
  }

  /** Selects a row's entry in the text of the dump. */
  private async reveal(tables: DecodedTables, row: number): Promise<void> {
    const entry = tables.placeOf(row);
    const dump = this.read?.dump;
    if (entry === undefined || dump === undefined) return;
    const first = placeOfAddress(dump, entry.address);
    const last = placeOfAddress(dump, entry.address + Math.max(entry.byteCount, 1) - 1);
    if (first !== undefined && last !== undefined) {
      // Digits of a little-endian number run from its last byte to its first.
      const places = [first, last].sort((a, b) => a.line - b.line || a.start - b.start);
      const range = new Range(places[0].line - 1, places[0].start, places[1].line - 1, places[1].end);
      await this.actions.openLines(this.uri, range);
      return;
    }
    const line = dump.text?.lines.lineOf(entry.address);
    if (line !== undefined) await this.actions.openLines(this.uri, new Range(line - 1, 0, line, 0));
    else showInformation(texts.dumpGone(nameOf(this.uri)));
  }

  private send(message: ToWindow): void {
    void this.panel.webview.postMessage(message);
  }
}

function labels(): Labels {
  const { webview } = texts;
  return {
    table: webview.table(),
    layout: webview.layout(),
    goToHint: webview.goToHint(),
    openLine: webview.openLine(),
    keys: webview.keys(),
    selectHint: webview.selectHint(),
    noEntries: webview.noEntries(),
    pageFailed: webview.pageFailed(),
  };
}
