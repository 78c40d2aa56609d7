import { type Disposable, Uri, window, workspace } from "vscode";
import type { DumpDocument } from "../dumps/document.ts";
import { decodeSections } from "../dumps/tables/section-tables.ts";
import { isTableName, type TableName, tableNames } from "../dumps/tables/table-names.ts";
import { activeResource } from "./active-resource.ts";
import type { DecodePanels } from "./decode-panel.ts";
import { readDumpAt } from "./dump-source.ts";
import { nameOf } from "./file-names.ts";
import { registerCommand, showError, showInformation } from "./messages.ts";
import type { StateDumps } from "./state-dumps.ts";
import { texts } from "./texts.ts";

/** The command that shows the decoded table of a dump beside it; of a saved machine it makes the dump first. */
export function registerDecodeCommand(panels: DecodePanels, stateDumps: StateDumps): Disposable {
  return registerCommand("gicWorkbench.decode", (resource?: unknown, table?: unknown) =>
    decode(panels, stateDumps, resource instanceof Uri ? resource : activeResource(), table),
  );
}

/** @param table name of a table, from a keybinding or another extension; asked for when the dump does not tell it */
async function decode(
  panels: DecodePanels,
  stateDumps: StateDumps,
  uri: Uri | undefined,
  table: unknown,
): Promise<void> {
  if (uri === undefined) {
    showInformation(texts.decodeNoEditor());
    return;
  }
  const result = await readDumpAt(uri);
  if (!result.ok && result.isState) {
    const made = await stateDumps.make(uri);
    if ("message" in made) {
      showError(made.message);
      return;
    }
    await window.showTextDocument(await workspace.openTextDocument(made.uri), { preview: false });
    return decode(panels, stateDumps, made.uri, table);
  }
  if (!result.ok) {
    showError(result.message);
    return;
  }
  const wanted = typeof table === "string" && isTableName(table) ? table : undefined;
  const told = wanted !== undefined || decodeSections(result.dump).length > 0;
  const name = told ? wanted : await askForTable(uri, result.dump);
  if (!told && name === undefined) return;
  await panels.show({ uri: uri.toString(), table: name, chosen: 0 });
}

/** Asks which table it is, and says what the dump would be as each. */
async function askForTable(uri: Uri, dump: DumpDocument): Promise<TableName | undefined> {
  const items = tableNames.map((name) => {
    const result = decodeSections(dump, { table: name })[0]?.result;
    return { label: texts.tableKinds[name](), description: name, detail: result && detailOf(result), name };
  });
  const picked = await window.showQuickPick(items, {
    title: texts.decodeWhichTable(nameOf(uri)),
    matchOnDescription: true,
  });
  return picked?.name;
}

function detailOf(result: ReturnType<typeof decodeSections>[number]["result"]): string {
  if (!result.ok) return result.message;
  const { rowCount } = result.table;
  return rowCount === 1 ? texts.webview.oneEntry() : texts.webview.entries(rowCount.toLocaleString("en"));
}
