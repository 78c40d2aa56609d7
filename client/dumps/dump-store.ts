import { Disposable, type TextDocument, type Uri, workspace } from "vscode";
import type { DumpDocument } from "../../dumps/document.ts";
import { findLineStarts } from "../../dumps/hex-text/scan-line-of.ts";
import {
  LAYOUT_FILE_ENDING,
  layoutsOf,
  type NamedLayoutFile,
  withLayoutFiles,
} from "../../dumps/layout-files/index.ts";
import { readDumpWork } from "../../dumps/read-dump.ts";
import { guessTable, type TableGuess } from "../../dumps/tables/guess-table.ts";
import { planTables, type TablePlan } from "../../dumps/tables/section-tables.ts";
import { linesOf } from "../../dumps/tables/sections.ts";
import { type EntryIndex, entryIndex } from "../../dumps/text/entry-index.ts";
import { type TextTable, textTable } from "../../dumps/text/text-tables.ts";
import type { Work } from "../../dumps/work.ts";
import type { Failure } from "../protocol.ts";
import type { DecodingGuard, DumpIdentity } from "./decoding-guard.ts";
import { readNamedLayouts } from "./layout-files.ts";
import { inSlices } from "./slices.ts";

/** Decoded tables of a dump that are kept for hovers. */
const KEPT_TABLES = 8;

/** A dump with the tables that its own `# gic:` lines describe. */
export interface ReadDump {
  readonly identity: DumpIdentity;
  readonly dump: DumpDocument;
  /** The layout files that its lines name. */
  readonly layoutFiles: readonly NamedLayoutFile[];
  readonly plans: readonly TablePlan[];
  /** Which table it was taken for, where nothing says it. */
  readonly guess: TableGuess | undefined;
  /** Does work about the dump under the guard, in slices. Rejects with GivenUp when the text has changed. */
  run<T>(work: Work<T>): Promise<T>;
  /** A table, decoded and ready to give rows. */
  table(plan: TablePlan): Promise<TextTable>;
  /** The entries of all tables and what they name; made when it is asked for the first time. */
  index(): Promise<EntryIndex>;
  /** The plan of the table that a line is in, from 1; undefined outside all tables. */
  planAt(line: number): TablePlan | undefined;
  /** The table that a line is in, decoded and ready to give rows; undefined outside all tables. */
  tableAt(line: number): Promise<TextTable | undefined>;
}

interface Reading {
  readonly version: number;
  readonly abort: AbortController;
  readonly result: Promise<ReadDump>;
}

/** The dumps that open documents hold, each read once a version: a hover a second must not read 50 MB a second. */
export class DumpStore extends Disposable {
  readonly guard: DecodingGuard;
  private readonly readings = new Map<TextDocument, Reading>();
  private readonly listeners = new Set<(document: TextDocument, failure: Failure) => void>();
  private readonly staleListeners = new Set<(document: TextDocument) => void>();
  /** Documents whose lines name layout files. */
  private readonly withLayouts = new WeakSet<TextDocument>();
  private layouts: Disposable | undefined;
  /** Versions of which a failure was told. */
  private readonly toldVersions = new WeakMap<TextDocument, number>();

  constructor(guard: DecodingGuard) {
    const subscriptions: Disposable[] = [];
    super(() => {
      for (const { abort } of this.readings.values()) abort.abort();
      for (const subscription of subscriptions) subscription.dispose();
      this.layouts?.dispose();
    });
    this.guard = guard;
    subscriptions.push(
      workspace.onDidCloseTextDocument((document) => this.forget(document)),
      workspace.onDidChangeTextDocument(({ document }) => {
        if (this.readings.get(document)?.version !== document.version) this.forget(document);
        if (document.uri.path.endsWith(".json")) this.layoutChanged();
      }),
    );
  }

  /** Begins to watch layout files, with the first dump that names one. */
  private watchLayouts(): void {
    if (this.layouts !== undefined) return;
    const layouts = workspace.createFileSystemWatcher(`**/*${LAYOUT_FILE_ENDING}`);
    this.layouts = layouts;
    const changed = () => this.layoutChanged();
    layouts.onDidChange(changed);
    layouts.onDidCreate(changed);
    layouts.onDidDelete(changed);
  }

  /** Reads the text of an open document. Rejects with HeldBack, and with GivenUp when the document changes meanwhile. */
  of(document: TextDocument): Promise<ReadDump> {
    const known = this.readings.get(document);
    if (known?.version === document.version) return known.result;
    this.forget(document);
    const abort = new AbortController();
    const reading = { version: document.version, abort, result: this.read(document, abort.signal) };
    this.readings.set(document, reading);
    // What failed is tried again when it is asked for again: it may be held back no longer.
    reading.result.catch(() => {
      if (this.readings.get(document) === reading) this.readings.delete(document);
    });
    return reading.result;
  }

  /** Tells that something about a dump failed, once a version: what is asked for at each move of the mouse fails each time. */
  tellFailure(document: TextDocument, failure: Failure): void {
    if (this.toldVersions.get(document) === document.version) return;
    this.toldVersions.set(document, document.version);
    for (const listener of this.listeners) listener(document, failure);
  }

  /** @returns what ends the listening */
  onFailure(listener: (document: TextDocument, failure: Failure) => void): Disposable {
    this.listeners.add(listener);
    return new Disposable(() => this.listeners.delete(listener));
  }

  /** Tells that a dump reads as another one, though its text is the same: a layout file has changed. @returns what ends the listening */
  onStale(listener: (document: TextDocument) => void): Disposable {
    this.staleListeners.add(listener);
    return new Disposable(() => this.staleListeners.delete(listener));
  }

  private layoutChanged(): void {
    for (const document of [...this.readings.keys()]) {
      if (!this.withLayouts.has(document)) continue;
      this.forget(document);
      for (const listener of this.staleListeners) listener(document);
    }
  }

  private async read(document: TextDocument, signal: AbortSignal): Promise<ReadDump> {
    const text = document.getText();
    const { version } = document;
    const identity = { ...(await fileIdentity(document.uri)), size: text.length, version };
    const run = <T>(work: Work<T>) => this.guard.run(identity, () => inSlices(work, signal));
    const bare = await run(readText(text));
    if (bare.sections.length > 0) this.watchLayouts();
    const layoutFiles = await readNamedLayouts(bare, document.uri);
    if (layoutFiles.length > 0) this.withLayouts.add(document);
    const { dump, plans, guess } = await run(plan(withLayoutFiles(bare, layoutsOf(layoutFiles))));
    const tables = new Map<TablePlan, Promise<TextTable>>();
    const table = (plan: TablePlan): Promise<TextTable> => {
      const found = tables.get(plan) ?? run(textTable(dump, plan));
      tables.delete(plan);
      tables.set(plan, found);
      for (const oldest of tables.keys()) {
        if (tables.size <= KEPT_TABLES) break;
        tables.delete(oldest);
      }
      return found;
    };
    const tableAt = async (line: number): Promise<TextTable | undefined> => {
      const plan = planAt(plans, line);
      return plan === undefined ? undefined : table(plan);
    };
    let index: Promise<EntryIndex> | undefined;
    return {
      identity,
      dump,
      layoutFiles,
      plans,
      guess,
      run,
      table,
      tableAt,
      planAt: (line) => planAt(plans, line),
      index: () => {
        index ??= run(entryIndex(dump, plans));
        return index;
      },
    };
  }

  private forget(document: TextDocument): void {
    this.readings.get(document)?.abort.abort();
    this.readings.delete(document);
  }
}

type Planned = Pick<ReadDump, "dump" | "plans" | "guess">;

function* readText(text: string): Work<DumpDocument> {
  const dump = yield* readDumpWork(text);
  if (dump.text !== undefined) yield* findLineStarts(dump.text);
  return dump;
}

function* plan(dump: DumpDocument): Work<Planned> {
  const plans = yield* planTables(dump);
  if (plans.length > 0) return { dump, plans, guess: undefined };
  const guess = yield* guessTable(dump);
  if (guess === undefined) return { dump, plans, guess };
  const { table, layout, levels } = guess;
  return { dump, plans: yield* planTables(dump, { table, layout, levels }), guess };
}

/** The table of the section (or part of one) that a line is in; they are in the order of their lines. */
function planAt(plans: readonly TablePlan[], line: number): TablePlan | undefined {
  let low = 0;
  let high = plans.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const lines = linesOf(plans[middle]);
    if (lines === undefined || line > lines.lastLine) low = middle + 1;
    else if (line < lines.line) high = middle - 1;
    else return plans[middle];
  }
  // A table that is in no lines of its own is the only one.
  return plans.length === 1 && linesOf(plans[0]) === undefined ? plans[0] : undefined;
}

/** What tells a file from the same one with other content; size and time are 0 where there is none. */
export async function fileIdentity(uri: Uri): Promise<DumpIdentity> {
  const none = { size: 0, mtime: 0 };
  // A document that was never saved has no file.
  const { size, mtime } = uri.scheme === "untitled" ? none : await workspace.fs.stat(uri).then(undefined, () => none);
  return { uri: uri.toString(), size, mtime, version: 0 };
}
