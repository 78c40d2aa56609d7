import { Range, type Uri, type WebviewPanel } from "vscode";
import { type EditRefusal, fieldPatch } from "../../dumps/edit/index.ts";
import { placeAt } from "../../dumps/hex-text/line-groups.ts";
import type { SectionTable } from "../../dumps/tables/sections.ts";
import type { TableRow } from "../../dumps/tables/table.ts";
import { failureOf } from "../dumps/dump-failures.ts";
import type { DumpResult } from "../dumps/dump-source.ts";
import type { DumpStore } from "../dumps/dump-store.ts";
import { GivenUp } from "../dumps/slices.ts";
import { nameOf } from "../file-names.ts";
import { showInformation, showStatus } from "../messages.ts";
import {
  ALL_VALID,
  type DecodedState,
  type Explained,
  type Failure,
  type GridTable,
  type RowView,
  type ToExtension,
  type ToWindow,
} from "../protocol.ts";
import { texts } from "../texts.ts";
import { checkChange } from "./check-change.ts";
import { type Found, find } from "./find.ts";
import { OpenTable } from "./open-table.ts";
import { readingOffer } from "./reading-offer.ts";
import { keptState, received } from "./received.ts";
import { TableList } from "./table-list.ts";
import type { TableSource } from "./table-sources.ts";
import { pageLabels, tableTexts } from "./table-texts.ts";
import { linesOfEntry } from "./text-places.ts";
import { isReadAnew, styleOptions, wantedTable, withNode, wrongNumber } from "./window-state.ts";
import { WindowWork } from "./window-work.ts";

/** How long the text must stand still before a changed dump is decoded again, in ms. */
const SETTLE_MS = 300;

/** What a window does outside itself. */
export interface WindowActions {
  readonly copy: (text: string) => Thenable<void>;
  /** Selects a stretch of the text, in an editor that is opened if it is not. */
  readonly openLines: (range: Range) => Promise<void>;
  /** Selects a stretch of the text where it is in sight. */
  readonly markLines: (range: Range) => void;
  /** An entry is selected: its bits. */
  readonly selected: (entry: Explained) => void;
  readonly copyAs: (table: OpenTable, row: TableRow | undefined) => Promise<void>;
  readonly exportAs: (table: OpenTable, uri: Uri) => Promise<void>;
}

type Read = Extract<DumpResult, { ok: true }>;

/** One window of the table editor: answers its page, and follows the dump. */
export class TableWindow {
  readonly panel: WebviewPanel;
  readonly source: TableSource;
  private readonly actions: WindowActions;
  private readonly store: DumpStore;
  private readonly subscriptions: { dispose(): unknown }[] = [];
  private state: DecodedState;
  private read: Read | undefined;
  private list: TableList | undefined;
  private section: SectionTable | undefined;
  private table: OpenTable | undefined;
  /** What the table shows that stands there; {@link state} may be ahead of it. */
  private shownState: DecodedState | undefined;
  private failed: Failure | undefined;
  /** Place of the selected row in the view; -1: none. */
  private selected = -1;
  /** Whose tree the page has: it may be long, and need not be sent with each view of rows. */
  private sentList: TableList | undefined;
  private readonly work: WindowWork;
  private generation = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(panel: WebviewPanel, source: TableSource, state: DecodedState, store: DumpStore, actions: WindowActions) {
    this.panel = panel;
    this.source = source;
    this.state = state;
    this.store = store;
    this.work = new WindowWork(store);
    this.actions = actions;
    this.subscriptions.push(
      panel.webview.onDidReceiveMessage((given: unknown) => {
        const message = received(given);
        return message && this.guarded(() => this.answer(message));
      }),
      store.guard.onRelease((uri) => {
        if (uri === state.uri) this.readSoon();
      }),
      source.onChange(() => this.readSoon()),
    );
  }

  /** What the page shows; undefined before it has come up, and when there is no table. */
  get open(): OpenTable | undefined {
    return this.table;
  }

  /** The entry that is selected in the page. */
  get selectedRow(): TableRow | undefined {
    return this.table?.rowAt(this.selected);
  }

  /** Its place in the view; -1: none. */
  get selectedPlace(): number {
    return this.selected;
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

  /** Puts the keyboard into a field of the page. */
  focus(what: "goTo" | "filter"): void {
    this.send({ type: "focus", what });
  }

  /** Selects what a text names: an id, `INTID 8195`, `@0x40100000`. */
  async goTo(text: string): Promise<void> {
    await this.guarded(() => this.find(text));
  }

  /** Gives a field of an entry another value. @param row place in the view */
  async edit(row: number, field: number, text: string): Promise<void> {
    await this.guarded(() => this.change(row, field, text));
  }

  /** Selects the row whose bytes stand at a position of the text; counts from 0. */
  selectAt(line: number, column: number): void {
    const { table, read } = this;
    const held = read?.dump.text?.lines.bytesOf(line + 1);
    if (table === undefined || read === undefined || held === undefined) return;
    // The cursor may stand right behind digits.
    const place = placeAt(read.dump, line + 1, column) ?? placeAt(read.dump, line + 1, column - 1);
    const address = place?.address ?? held.address;
    const row = table.placeOf(address);
    if (row >= 0 && row !== this.selected) this.select(table, row, false);
  }

  dispose(): void {
    this.work.end();
    clearTimeout(this.timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async answer(message: ToExtension): Promise<void> {
    switch (message.type) {
      case "ready":
        this.send({ type: "labels", labels: pageLabels() });
        this.sentList = undefined;
        // A page that was hidden comes up anew; what it showed is here.
        if (this.table !== undefined) return this.show(this.table);
        this.state = keptState(message.state, this.state.uri) ?? this.state;
        return this.readAndDecode();
      case "anyway":
        return this.store.guard.release(this.state.uri);
      case "again":
        return this.readAndDecode();
      case "cancel":
        return this.work.cancel();
      case "node":
        return this.chooseNode(message.id);
      case "reading": {
        const { reading } = message;
        const before = this.state.reading;
        const wrong = wrongNumber(reading);
        if (wrong !== undefined) return this.say(texts.webview.notNumber(wrong), true);
        this.state = { ...this.state, reading };
        return isReadAnew(before, reading) ? this.readAndDecode() : this.decode(this.begin());
      }
      case "copy":
        await this.actions.copy(message.text);
        return showStatus(texts.copied(message.text.replaceAll("\t", "  ")));
    }
    const { table } = this;
    const { generation } = message;
    if (table === undefined || table.generation !== generation) return;
    switch (message.type) {
      case "rows": {
        const { from, count } = message;
        return this.send({ type: "rows", generation, from, rows: table.rows(from, count) });
      }
      case "explain":
        return this.explain(table, message.row, message.byUser);
      case "reveal":
        return this.reveal(table, message.row);
      case "goTo":
        this.selected = message.row;
        return this.find(message.text);
      case "view":
        this.state = { ...this.state, view: message.view };
        return this.showView(this.begin(tableTexts.filtering()));
      case "edit":
        return this.change(message.row, message.field, message.text);
      case "copyAs":
        return this.actions.copyAs(table, table.rowAt(message.row));
      case "export":
        return this.actions.exportAs(table, this.source.uri);
    }
  }

  private readSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.guarded(() => this.readAndDecode()), SETTLE_MS);
  }

  /** Whatever fails is said in the page: it must not stay empty without a word. */
  private async guarded(act: () => Promise<void> | void): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (error instanceof GivenUp && this.work.takeCancel()) return this.afterCancel();
      const failure = failureOf(error, this.source.uri);
      if (failure !== undefined) this.fail(failure);
    }
  }

  /** The table that stood there still stands; without one, the page says how to go on. */
  private afterCancel(): void {
    if (this.table !== undefined) {
      this.state = this.shownState ?? this.state;
      this.show(this.table);
      this.send({ type: "idle", text: tableTexts.cancelled() });
    } else this.fail({ code: "GIC-DUMP-CANCELLED", message: tableTexts.cancelledRead() });
  }

  private fail(failure: Failure): void {
    this.table = undefined;
    this.failed = failure;
    this.send({ type: "error", generation: ++this.generation, failure });
  }

  /** Gives up what is under way for something newer. */
  private begin(text = texts.webview.decoding(nameOf(this.source.uri))): AbortSignal {
    const signal = this.work.begin();
    this.send({ type: "busy", text });
    return signal;
  }

  private async readAndDecode(): Promise<void> {
    const signal = this.begin();
    const result = await this.source.read(styleOptions(this.state), signal).catch((error: unknown) => {
      // Not given up by this window: the document was changed or closed meanwhile, and is to be read anew.
      if (error instanceof GivenUp && !signal.aborted) this.readSoon();
      throw error;
    });
    if (signal.aborted) throw new GivenUp();
    if (result.ok) {
      this.read = result;
      this.list = await this.work.run(result.identity, TableList.of(result.dump, wantedTable(this.state)), signal);
      return this.decode(signal);
    }
    this.read = undefined;
    this.list = undefined;
    this.section = undefined;
    this.showNothing(result.message);
  }

  private async decode(signal: AbortSignal): Promise<void> {
    const { read, list } = this;
    if (read === undefined || list === undefined) return;
    const node = list.has(this.state.node) ? this.state.node : list.first;
    if (node === "") return this.showNothing(tableTexts.whichTable());
    if (node !== this.state.node) this.state = { ...this.state, node };
    this.section = await this.work.run(read.identity, list.decode(node, this.state.reading), signal);
    if (signal.aborted) throw new GivenUp();
    await this.showView(signal);
  }

  /** Shows the rows that the view asks for, with the row that was selected selected again. */
  private async showView(signal: AbortSignal): Promise<void> {
    const { read, section } = this;
    if (read === undefined || section === undefined) return;
    const before = this.selectedRow;
    const generation = ++this.generation;
    const table = await this.work.run(
      read.identity,
      OpenTable.of(read.dump, section, this.state.view, generation),
      signal,
    );
    if (signal.aborted) throw new GivenUp();
    if (table === undefined) return this.showNothing(section.result.ok ? "" : section.result.message);
    this.table = table;
    this.shownState = this.state;
    this.failed = undefined;
    this.selected = before === undefined ? -1 : table.placeOfRow(before);
    this.show(table);
  }

  private show(table: OpenTable | undefined, failure?: string): void {
    const { list, state, read } = this;
    const shown = {
      generation: table?.generation ?? ++this.generation,
      tree: list !== undefined && list === this.sentList ? undefined : (list?.nodes ?? []),
      chosen: state.node,
      reading: readingOffer(state.reading, read?.dump, this.section, table),
      view: state.view,
      table: table && readOnlyTable(table.gridTable(), this.source.readOnly),
      failure,
    };
    this.sentList = list;
    this.send({ type: "show", shown, state, row: this.selected });
  }

  private showNothing(message: string): void {
    this.table = undefined;
    this.selected = -1;
    this.show(undefined, message);
  }

  private async chooseNode(id: string): Promise<void> {
    this.selected = -1;
    this.state = withNode(this.state, id);
    await (this.state.node === "" ? this.readAndDecode() : this.decode(this.begin()));
  }

  private select(table: OpenTable, row: number, focus: boolean): void {
    this.selected = row;
    this.send({ type: "select", generation: table.generation, row, focus });
  }

  private explain(table: OpenTable, row: number, byUser: boolean): void {
    const explained = table.explain(row);
    if (explained === undefined || this.read === undefined) return;
    this.selected = row;
    this.send({ type: "explained", generation: table.generation, row, explained });
    this.actions.selected(explained);
    const entry = byUser ? table.rowAt(row) : undefined;
    const place = entry && linesOfEntry(this.read.dump, entry);
    if (place !== undefined) this.actions.markLines(new Range(...place));
  }

  /** Selects a row's entry in the text of the dump, opened if it is not. */
  private async reveal(table: OpenTable, row: number): Promise<void> {
    const entry = table.rowAt(row);
    if (entry === undefined || this.read === undefined) return;
    const place = linesOfEntry(this.read.dump, entry);
    if (place !== undefined) await this.actions.openLines(new Range(...place));
    else if (this.read.dump.text !== undefined) showInformation(texts.dumpGone(nameOf(this.source.uri)));
  }

  private async find(text: string): Promise<void> {
    const { read, list, table } = this;
    if (read === undefined || list === undefined || table === undefined) return;
    const signal = this.begin(tableTexts.searching(text.trim()));
    const work = find(text, {
      list,
      table,
      node: this.state.node,
      selected: this.selectedRow,
      reading: this.state.reading,
    });
    const found = await this.work.run(read.identity, work, signal);
    if (signal.aborted) throw new GivenUp();
    await this.goToFound(found, table, signal);
  }

  private async goToFound(found: Found, shown: OpenTable, signal: AbortSignal): Promise<void> {
    const { remark } = found;
    if (found.row === undefined) {
      this.send({ type: "idle", text: "" });
      return this.say(remark ?? "", true);
    }
    let table: OpenTable | undefined = shown;
    if (found.node !== this.state.node) {
      this.state = {
        ...this.state,
        node: found.node,
        reading: { ...this.state.reading, base: "", layout: "" },
        view: ALL_VALID,
      };
      this.selected = -1;
      await this.decode(signal);
      table = this.table;
    }
    let row = table?.placeOfRow(found.row) ?? -1;
    const said = [remark];
    if (row < 0) {
      const show: RowView["show"] = found.isValid ? this.state.view.show : "all";
      this.state = { ...this.state, view: { ...ALL_VALID, show } };
      await this.showView(signal);
      table = this.table;
      row = table?.placeOfRow(found.row) ?? -1;
      if (found.isValid) said.push(tableTexts.filterCleared());
    }
    this.send({ type: "idle", text: "" });
    if (table !== undefined && row >= 0) this.select(table, row, true);
    this.say(said.filter((sentence) => sentence !== undefined).join(" "), false);
  }

  private async change(place: number, field: number, text: string): Promise<void> {
    const { read, list, table } = this;
    const row = table?.rowAt(place);
    if (read === undefined || list === undefined || table === undefined || row === undefined) return;
    const patch = fieldPatch(read.dump.memory, table.table, row, field, text);
    if (!patch.ok) return this.refused(patch);
    const { name, meaning, before, after } = patch.value;
    if (after.every((byte, at) => byte === before[at])) return this.say(tableTexts.sameValue(name, text.trim()), false);
    const check = checkChange(this.state, { row, field, name, meaning });
    const signal = this.begin();
    const made = await this.source.apply(read, patch.value, styleOptions(this.state), check, signal);
    this.send({ type: "idle", text: "" });
    if (!made.ok) return this.refused(made);
    clearTimeout(this.timer);
    await this.readAndDecode();
    this.say(tableTexts.changedField(name, text.trim()), false);
  }

  private refused({ message, code }: EditRefusal): void {
    this.say(`${message} [${code}]`, true);
  }

  private say(text: string, isRefusal: boolean): void {
    this.send({ type: "said", text, isRefusal });
  }

  private send(message: ToWindow): void {
    void this.panel.webview.postMessage(message);
  }
}

/** @param reason why nothing can be changed; undefined: it can */
function readOnlyTable(table: GridTable, reason: string | undefined): GridTable {
  if (reason === undefined) return table;
  return { ...table, subtitle: `${table.subtitle} · ${tableTexts.readOnly()}`, facts: [...table.facts, reason] };
}
