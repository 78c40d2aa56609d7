import { LAST_INTID } from "../../architecture/intids.ts";
import { layouts } from "../../architecture/layouts/index.ts";
import type { DumpDocument } from "../document.ts";
import type { DumpSection } from "../hex-text/hints.ts";
import { MAX_ENTRIES } from "../limits.ts";
import type { DumpMemory } from "../memory.ts";
import { finish, type Work } from "../work.ts";
import { baseOf, decodeTableWork, isTwoLevel } from "./decode-table.ts";
import { level1Pages } from "./level-one.ts";
import { proposeReading } from "./other-readings.ts";
import { sectionMemory } from "./section-memory.ts";
import { hintOptions, type SectionRequest, type SectionTable, type TablePart } from "./sections.ts";
import { mostPagedEntries } from "./segments.ts";
import type { TableOptions, TableResult } from "./table.ts";
import { assumedLengthDoubt, tableExtent } from "./table-extent.ts";
import { TABLE_NAMES, type TableName } from "./table-names.ts";

/** A table of a dump that is decoded when it is wanted. */
export interface TablePlan {
  readonly section: DumpSection | undefined;
  readonly name: TableName;
  /** Its lines and addresses, where several tables of the section (or dump) begin at the same address. */
  readonly part: TablePart | undefined;
  /** Address of the table, the memory's origin not included. */
  readonly base: number;
  /** Why it is not decoded: the tables before it have all entries that one dump may have ({@link MAX_ENTRIES}). */
  readonly leftOut: string | undefined;
  /** Decodes it, in slices. Nothing is kept. */
  decode(): Work<SectionTable>;
}

const LEFT_OUT = `Not decoded: with this table, the dump's tables could have more than ${MAX_ENTRIES} entries together. Put it into a dump of its own.`;

/** Sections between two slices. */
const SLICE = 64;

/**
 * The tables of a dump: one for each `# gic:` section that is (or may be) the asked table, else the whole dump as the asked table.
 * Empty when nothing says what the dump is. Nothing is decoded; entries that each would have at most are counted in the order of the
 * sections, and those beyond {@link MAX_ENTRIES} are left out, the same ones for everybody who asks.
 */
export function* planTables(document: DumpDocument, request: SectionRequest = {}): Work<TablePlan[]> {
  const found: TablePlan[] = [];
  let entries = 0;
  const plan = (section: DumpSection | undefined, name: TableName, options: SectionRequest, whole: DumpMemory) => {
    const parts = whole.parts();
    for (const [place, { memory, window }] of parts.entries()) {
      const part = window && { number: place + 1, count: parts.length, line: window.line, lastLine: window.lastLine };
      if (request.part !== undefined && (part?.number ?? 1) !== request.part) continue;
      const extent = tableExtent(document, memory, name, options);
      // What cannot be decoded costs nothing.
      if (typeof extent !== "string" && options.refused === undefined)
        entries += mostEntries(document, part, name, options, extent.memory, memory);
      const leftOut = entries > MAX_ENTRIES ? LEFT_OUT : undefined;
      const base = baseOf(memory, options);
      const decode = () => decodePlan(document, section, part, name, options, leftOut);
      found.push({ section, name, part, base, leftOut, decode });
    }
  };
  for (const [place, section] of document.sections.entries()) {
    if (place % SLICE === SLICE - 1) yield;
    const hinted = hintOptions(section.hints, document.layoutFiles).options;
    const name = hinted.table ?? request.table;
    if (name === undefined || (request.table !== undefined && name !== request.table)) continue;
    const memory = yield* sectionMemory(document, section);
    if (!memory.isEmpty) plan(section, name, merge(hinted, request), memory);
  }
  if (found.length > 0) return found;
  // Hints about another table say nothing about the one that is asked for.
  if (request.table !== undefined) plan(undefined, request.table, request, document.memory);
  return found;
}

/** All tables of {@link planTables}, decoded. */
export function decodeSections(document: DumpDocument, request: SectionRequest = {}): SectionTable[] {
  return finish(planTables(document, request)).map(({ decode }) => finish(decode()));
}

function* decodePlan(
  document: DumpDocument,
  section: DumpSection | undefined,
  part: TablePart | undefined,
  name: TableName,
  options: SectionRequest,
  leftOut: string | undefined,
): Work<SectionTable> {
  const notes = documentNotes(document, section);
  if (part !== undefined) notes.push(partNote(part));
  const head = { section, name, part, notes };
  if (leftOut !== undefined) return { ...head, doubts: [], result: { ok: false, message: leftOut, leftOut: true } };
  if (options.refused !== undefined) return { ...head, doubts: [], result: { ok: false, message: options.refused } };
  const whole = section === undefined ? document.memory : yield* sectionMemory(document, section);
  const { memory } = whole.parts()[(part?.number ?? 1) - 1];
  const extent = tableExtent(document, memory, name, options);
  if (typeof extent === "string") return { ...head, doubts: [], result: { ok: false, message: extent } };
  if (extent.note !== undefined) notes.push(extent.note);
  const result = yield* decodeTableWork(extent.memory, name, options, pagesOf(document, memory, part));
  const { doubts, note } = yield* doubtsOf(document, extent.memory, result);
  if (result.ok && extent.note !== undefined) {
    const doubt = yield* assumedLengthDoubt(extent.memory, result.table);
    if (doubt !== undefined) doubts.push(doubt);
  }
  return { ...head, notes: note === undefined ? notes : [...notes, note], doubts, result };
}

/** What else the words of a table can be. */
function* doubtsOf(
  document: DumpDocument,
  memory: DumpMemory,
  result: TableResult,
): Work<{ doubts: string[]; note?: string }> {
  if (!result.ok) return { doubts: [] };
  const { table } = result;
  const doubts: string[] = [];
  if (table.closeLayout !== undefined) {
    doubts.push(`The words make about as much sense in the layout ${table.closeLayout}: say which it is.`);
  }
  const style = document.text?.style;
  const words = style?.main && { order: style.main.order, groupBytes: style.groupBytes };
  const { doubt, note } = yield* proposeReading(memory, table, words);
  if (doubt !== undefined) doubts.push(doubt);
  return { doubts, note };
}

function partNote({ number, count, line, lastLine }: TablePart): string {
  return `lines ${line} to ${lastLine}, table ${number} of ${count} whose addresses begin anew`;
}

/** Where pages of a two-level table are looked up: not in another table with the same addresses. */
function pagesOf(document: DumpDocument, memory: DumpMemory, part: TablePart | undefined): DumpMemory {
  return part === undefined && document.memory.windows.length < 2 ? document.memory : memory;
}

/** The most entries that are looked at to decode a table. */
function mostEntries(
  document: DumpDocument,
  part: TablePart | undefined,
  name: TableName,
  options: TableOptions,
  memory: DumpMemory,
  whole: DumpMemory,
): number {
  const kind = TABLE_NAMES[name];
  const pages = pagesOf(document, whole, part);
  const isByte = kind === "lpi-config" || kind === "lpi-pending";
  const isEntry = kind !== "command-queue" && kind !== "list-registers" && !isByte;
  const entryBytes = isByte ? 1 : (isEntry && options.layout?.entries[kind]?.bytes) || 8;
  const { eventBits } = options;
  // An ITT of a core is as long as its EventIDs are many, whatever is behind it.
  const most = kind === "itt" && eventBits !== undefined ? 2 ** Math.min(eventBits, 32) : LAST_INTID + 1;
  const own = Math.min(memory.size / entryBytes, LAST_INTID + 1, most);
  const base = baseOf(memory, options);
  if (!isTwoLevel(kind, options, pages, base)) return own;
  const pageEntries = (options.pageSize ?? 0x10000) / entryBytes;
  const named = document.core === undefined ? own : countPages(memory, base);
  return own + Math.min(named * pageEntries, mostPagedEntries(pages, entryBytes));
}

/** Level-2 pages that a level-1 table names. */
function countPages(memory: DumpMemory, base: number): number {
  let count = 0;
  for (const page of level1Pages(memory, layouts["kvm-rev0"], base)) if (page !== undefined) count++;
  return count;
}

/** What is to be said about a table because of the dump that it is in: what was left out of it, and which bytes are others'. */
function documentNotes(document: DumpDocument, section: DumpSection | undefined): string[] {
  const notes = document.limits.map(({ line, message }) => (line === 0 ? message : `line ${line}: ${message}`));
  if (section === undefined) return notes;
  const { line, lastLine } = section;
  const later = document.overlaps.find((overlap) => {
    return overlap.earlierLine >= line && overlap.earlierLine <= lastLine && overlap.line > lastLine;
  });
  if (later !== undefined) {
    const address = document.memory.format(later.address);
    notes.push(
      `bytes from ${address} on stand again in line ${later.line}, outside this section; the later line counts`,
    );
  }
  return notes;
}

/** What was asked for counts before what the dump says. */
function merge(hinted: SectionRequest, request: SectionRequest): SectionRequest {
  return {
    layout: request.layout ?? hinted.layout,
    ...(request.layout === undefined && hinted.refused !== undefined ? { refused: hinted.refused } : {}),
    base: request.base ?? hinted.base,
    size: request.size ?? hinted.size,
    firstId: request.firstId ?? hinted.firstId,
    levels: request.levels ?? hinted.levels,
    pageSize: request.pageSize ?? hinted.pageSize,
    eventBits: request.eventBits ?? hinted.eventBits,
    vtr: request.vtr ?? hinted.vtr,
    listOrder: request.listOrder ?? hinted.listOrder,
    form: request.form ?? hinted.form,
  };
}
