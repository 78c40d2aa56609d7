import { Range, Uri, type WebviewPanel, workspace } from "vscode";
import type { DumpDocument } from "../dumps/document.ts";
import { placeOfAddress } from "../dumps/hex-text/line-groups.ts";
import { isLayoutName } from "../dumps/tables/sections.ts";
import { isTableName } from "../dumps/tables/table-names.ts";
import { DecodedTables } from "./decoded-tables.ts";
import { readDumpAt } from "./dump-source.ts";
import { nameOf } from "./file-names.ts";
import { showInformation, showStatus } from "./messages.ts";
import type { DecodedState, Labels, ToExtension, ToWindow } from "./protocol.ts";
import { texts } from "./texts.ts";

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
  readonly #uri: Uri;
  readonly #actions: DecodeActions;
  readonly #subscriptions: { dispose(): unknown }[] = [];
  #state: DecodedState;
  #dump: DumpDocument | undefined;
  #tables: DecodedTables | undefined;
  #generation = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(panel: WebviewPanel, state: DecodedState, actions: DecodeActions) {
    this.panel = panel;
    this.#uri = Uri.parse(state.uri);
    this.#state = state;
    this.#actions = actions;
    this.#subscriptions.push(
      panel.webview.onDidReceiveMessage((message: ToExtension) => this.#answer(message)),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && document.uri.toString() === state.uri) this.#readSoon();
      }),
    );
  }

  /** What the page shows; undefined before it has come up, and when there is no dump. */
  get tables(): DecodedTables | undefined {
    return this.#tables;
  }

  /** Shows another table of the dump, or the same one read anew. */
  async choose(state: DecodedState): Promise<void> {
    this.#state = state;
    await this.#read();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #answer(message: ToExtension): Promise<void> {
    const tables = this.#tables;
    switch (message.type) {
      case "ready":
        this.#send({ type: "labels", labels: labels() });
        await this.#read();
        return;
      case "table":
        this.#state = { ...this.#state, chosen: Number(message.value) };
        this.#decode();
        return;
      case "layout":
        this.#state = { ...this.#state, layout: message.value };
        this.#decode();
        return;
      case "copy":
        await this.#actions.copy(message.text);
        showStatus(texts.copied(message.text.replaceAll("\t", "  ")));
        return;
    }
    const { generation } = message;
    if (tables === undefined || tables.generation !== generation) return;
    if (message.type === "rows") {
      const { from, count } = message;
      this.#send({ type: "rows", generation, from, rows: tables.rows(from, count) });
    } else if (message.type === "find") {
      this.#send({ type: "found", generation, ...tables.find(message.text) });
    } else if (message.type === "explain") {
      const explained = tables.explain(message.row);
      if (explained !== undefined) this.#send({ type: "explained", generation, row: message.row, explained });
    } else {
      await this.#reveal(tables, message.row);
    }
  }

  #readSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(), SETTLE_MS);
  }

  async #read(): Promise<void> {
    const result = await readDumpAt(this.#uri);
    if (result.ok) {
      this.#dump = result.dump;
      this.#decode();
      return;
    }
    this.#dump = undefined;
    this.#tables = undefined;
    const none = { tables: [], chosenTable: "", layouts: [], chosenLayout: "", table: undefined };
    const shown = { generation: ++this.#generation, ...none, failure: result.message };
    this.#send({ type: "show", shown, goTo: "", state: this.#state });
  }

  #decode(): void {
    if (this.#dump === undefined) return;
    const { table, layout, chosen } = this.#state;
    const request = {
      table: table !== undefined && isTableName(table) ? table : undefined,
      layout: layout !== undefined && isLayoutName(layout) ? layout : undefined,
    };
    this.#tables = new DecodedTables(this.#dump, request, chosen, ++this.#generation);
    const goTo = texts.webview.goTo(this.#tables.table?.indexName ?? "");
    this.#send({ type: "show", shown: this.#tables.shown(), goTo, state: this.#state });
  }

  /** Selects a row's entry in the text of the dump. */
  async #reveal(tables: DecodedTables, row: number): Promise<void> {
    const entry = tables.placeOf(row);
    if (entry === undefined || this.#dump === undefined) return;
    const first = placeOfAddress(this.#dump, entry.address);
    const last = placeOfAddress(this.#dump, entry.address + Math.max(entry.byteCount, 1) - 1);
    if (first !== undefined && last !== undefined) {
      // Digits of a little-endian number run from its last byte to its first.
      const places = [first, last].sort((a, b) => a.line - b.line || a.start - b.start);
      const range = new Range(places[0].line - 1, places[0].start, places[1].line - 1, places[1].end);
      await this.#actions.openLines(this.#uri, range);
      return;
    }
    const line = this.#dump.text?.lines.lineOf(entry.address);
    if (line !== undefined) await this.#actions.openLines(this.#uri, new Range(line - 1, 0, line, 0));
    else showInformation(texts.dumpGone(nameOf(this.#uri)));
  }

  #send(message: ToWindow): void {
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
  };
}
