import { env, type QuickPickItem, Uri, window, workspace } from "vscode";
import type { TableRow } from "../../dumps/tables/table.ts";
import type { Work } from "../../dumps/work.ts";
import { inSlices } from "../dumps/slices.ts";
import { nameOf } from "../file-names.ts";
import { showCancellable, showInformation, showStatus } from "../messages.ts";
import type { OpenTable } from "./open-table.ts";
import { oneRow, type RowFormat, rowFormats } from "./row-formats.ts";
import { tableTexts } from "./table-texts.ts";

/** Most rows that go into the clipboard, and into a file. */
const MAX_COPIED = 100_000;
const MAX_EXPORTED = 1 << 22;
/** Rows that are put together between two slices. */
const SLICE = 512;

/** Asks what of a table to copy in which form, and copies it. */
export async function copyAs(table: OpenTable, row: TableRow | undefined): Promise<void> {
  const count = table.rowCount.toLocaleString("en");
  const items: (QuickPickItem & { format: RowFormat; row?: TableRow })[] = [];
  for (const format of row === undefined ? [] : rowFormats)
    items.push({ label: tableTexts.copyRow(format.name), format, row });
  for (const format of rowFormats) {
    items.push({ label: tableTexts.copyTable(format.name), description: tableTexts.copyTableDetail(count), format });
  }
  const picked = await window.showQuickPick(items, { title: tableTexts.copyWhat() });
  if (picked === undefined) return;
  if (picked.row !== undefined) {
    await env.clipboard.writeText(oneRow(picked.format, table, picked.row));
    return showStatus(tableTexts.copiedRows("1"));
  }
  if (table.rowCount > MAX_COPIED) return showInformation(tableTexts.copyTooLong(MAX_COPIED.toLocaleString("en")));
  const parts = await inSlices(tableText(table, picked.format, MAX_COPIED));
  await env.clipboard.writeText(parts.join(""));
  showStatus(tableTexts.copiedRows(count));
}

/** Asks for a file and a form, and writes the rows of the view. */
export async function exportAs(table: OpenTable, dump: Uri): Promise<void> {
  const items = rowFormats.map((format) => ({ label: format.name, description: `*.${format.ending}`, format }));
  const picked = await window.showQuickPick(items, { title: tableTexts.exportWhat() });
  if (picked === undefined) return;
  const { name, ending } = picked.format;
  const folder =
    dump.scheme === "file" || dump.scheme.startsWith("vscode") ? dump : workspace.workspaceFolders?.[0]?.uri;
  const file = `${table.table.name}-${table.dump.memory.format(table.table.base)}.${ending}`;
  const defaultUri = folder && Uri.joinPath(folder, folder === dump ? ".." : ".", file);
  const target = await window.showSaveDialog({
    defaultUri,
    filters: { [name]: [ending] },
    title: tableTexts.exportWhat(),
  });
  if (target === undefined) return;
  await exportTo(table, picked.format, target);
}

/** Writes the rows of the view to a file. */
export async function exportTo(table: OpenTable, format: RowFormat, target: Uri): Promise<void> {
  const title = tableTexts.exporting(nameOf(target));
  const parts = await showCancellable(title, (signal) => inSlices(tableText(table, format, MAX_EXPORTED), signal));
  if (parts === undefined) return;
  await workspace.fs.writeFile(target, Buffer.concat(parts.map((part) => Buffer.from(part))));
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
