import { env, type QuickPickItem, Uri, window, workspace } from "vscode";
import type { TableRow } from "../../dumps/tables/table.ts";
import type { Work } from "../../dumps/work.ts";
import { inSlices } from "../dumps/slices.ts";
import { nameOf } from "../file-names.ts";
import { showCancellable, showInformation, showStatus } from "../messages.ts";
import { writeWhole } from "../write-whole.ts";
import type { OpenTable } from "./open-table.ts";
import { oneRow, type RowFormat, rowFormats } from "./row-formats.ts";
import { tableTexts } from "./table-texts.ts";

/** Most rows that go into the clipboard, and into a file. */
const MAX_COPIED = 100_000;
const MAX_EXPORTED = 1_000_000;
/** Rows that are put together between two slices. */
const SLICE = 512;

/** What is copied in which form. */
interface Copied {
  readonly format: RowFormat;
  /** The row; undefined: all rows of the view. */
  readonly row: TableRow | undefined;
}

/** A form by its name or the ending of its files. */
export function rowFormatOf(name: unknown): RowFormat | undefined {
  return rowFormats.find((format) => format.name === name || format.ending === name);
}

/** Copies a row, or with undefined the rows of the view. @param given the form; asked for, with what to copy, when it is left out */
export async function copyAs(table: OpenTable, row: TableRow | undefined, given?: RowFormat): Promise<void> {
  const wanted = given === undefined ? await askWhatToCopy(table, row) : { format: given, row };
  if (wanted === undefined) return;
  if (wanted.row !== undefined) {
    await env.clipboard.writeText(oneRow(wanted.format, table, wanted.row));
    return showStatus(tableTexts.copiedRows("1"));
  }
  if (table.rowCount > MAX_COPIED) return showInformation(tableTexts.copyTooLong(MAX_COPIED.toLocaleString("en")));
  const parts = await inSlices(tableText(table, wanted.format, MAX_COPIED));
  await env.clipboard.writeText(parts.join(""));
  showStatus(tableTexts.copiedRows(table.rowCount.toLocaleString("en")));
}

async function askWhatToCopy(table: OpenTable, row: TableRow | undefined): Promise<Copied | undefined> {
  const description = tableTexts.copyTableDetail(table.rowCount.toLocaleString("en"));
  const items: (QuickPickItem & Copied)[] = [];
  for (const format of row === undefined ? [] : rowFormats) {
    items.push({ label: tableTexts.copyRow(format.name), format, row });
  }
  for (const format of rowFormats) {
    items.push({ label: tableTexts.copyTable(format.name), description, format, row: undefined });
  }
  return window.showQuickPick(items, { title: tableTexts.copyWhat() });
}

/** Writes the rows of the view to a file. @param givenFormat,givenTarget asked for when they are left out */
export async function exportAs(table: OpenTable, dump: Uri, givenFormat?: RowFormat, givenTarget?: Uri): Promise<void> {
  const items = rowFormats.map((format) => ({ label: format.name, description: `*.${format.ending}`, format }));
  const format = givenFormat ?? (await window.showQuickPick(items, { title: tableTexts.exportWhat() }))?.format;
  if (format === undefined) return;
  const target = givenTarget ?? (await askForFile(table, dump, format));
  if (target !== undefined) await exportTo(table, format, target);
}

/** The rows of the view with what is said above them. */
export async function allRows(table: OpenTable): Promise<string> {
  const { subtitle, warnings } = table.gridTable();
  const [format] = rowFormats;
  const parts = await inSlices(tableText(table, format, MAX_COPIED));
  const cut = table.rowCount > MAX_COPIED ? [tableTexts.exportCut(MAX_COPIED.toLocaleString("en"))] : [];
  return `${[subtitle, ...warnings, ...cut].join("\n")}\n\n${parts.join("")}`;
}

function askForFile(table: OpenTable, dump: Uri, { name, ending }: RowFormat): Thenable<Uri | undefined> {
  const isFile = dump.scheme === "file" || dump.scheme.startsWith("vscode");
  const folder = isFile ? Uri.joinPath(dump, "..") : workspace.workspaceFolders?.[0]?.uri;
  const file = `${table.table.name}-${table.dump.memory.format(table.table.base)}.${ending}`;
  const defaultUri = folder && Uri.joinPath(folder, file);
  return window.showSaveDialog({ defaultUri, filters: { [name]: [ending] }, title: tableTexts.exportWhat() });
}

async function exportTo(table: OpenTable, format: RowFormat, target: Uri): Promise<void> {
  const title = tableTexts.exporting(nameOf(target));
  const parts = await showCancellable(title, (signal) => inSlices(tableText(table, format, MAX_EXPORTED), signal));
  if (parts === undefined) return;
  await writeWhole(target, new TextEncoder().encode(parts.join("")));
  showStatus(tableTexts.exported(nameOf(target)));
  if (table.rowCount > MAX_EXPORTED) showInformation(tableTexts.exportCut(MAX_EXPORTED.toLocaleString("en")));
}

function* tableText(table: OpenTable, format: RowFormat, most: number): Work<string[]> {
  const parts = [format.head(table)];
  const count = Math.min(table.rowCount, most);
  let block = "";
  for (let place = 0; place < count; place++) {
    const row = table.rowAt(place);
    if (row !== undefined) block += format.row(table, row, place === count - 1);
    if (place % SLICE !== SLICE - 1) continue;
    parts.push(block);
    block = "";
    yield;
  }
  parts.push(block, format.tail);
  return parts;
}
