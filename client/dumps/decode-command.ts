import { type Disposable, Uri, window, workspace } from "vscode";
import type { DumpDocument } from "../../dumps/document.ts";
import { planTables } from "../../dumps/tables/section-tables.ts";
import type { SectionTable } from "../../dumps/tables/sections.ts";
import { isTableName, type TableName, tableNames } from "../../dumps/tables/table-names.ts";
import type { Work } from "../../dumps/work.ts";
import { activeResource } from "../active-resource.ts";
import { nameOf } from "../file-names.ts";
import { registerCommand, showError, showInformation, showProgress, showWarning } from "../messages.ts";
import type { StateDumps } from "../saved-machines/state-dumps.ts";
import { texts } from "../texts.ts";
import type { DecodePanels } from "./decode-panel.ts";
import { HeldBack } from "./decoding-guard.ts";
import { failureOf } from "./dump-failures.ts";
import { type DumpResult, readDumpAt } from "./dump-source.ts";
import type { DumpStore } from "./dump-store.ts";
import { inSlices } from "./slices.ts";

/** The command that shows the decoded table of a dump beside it; of a saved machine it makes the dump first. */
export function registerDecodeCommand(panels: DecodePanels, stateDumps: StateDumps, store: DumpStore): Disposable {
  return registerCommand("gicWorkbench.decode", async (resource?: unknown, table?: unknown) => {
    const uri = resource instanceof Uri ? resource : activeResource();
    for (;;) {
      try {
        return await decode(panels, stateDumps, store, uri, table);
      } catch (error) {
        if (uri === undefined) throw error;
        if (!(await tellFailure(error, uri, store))) return;
      }
    }
  });
}

/**
 * Says why a dump was not decoded.
 * @returns whether to try again: its text has changed meanwhile, or it was held back and the user wants it decoded nevertheless
 */
export async function tellFailure(error: unknown, uri: Uri, store: DumpStore): Promise<boolean> {
  const failure = failureOf(error, uri);
  if (failure === undefined) return true;
  if (!(error instanceof HeldBack)) {
    showError(`${failure.message} [${failure.code}]`);
    return false;
  }
  const anyway = texts.decodeAnyway();
  if ((await showWarning(`${failure.message} [${failure.code}]`, anyway)) !== anyway) return false;
  store.guard.release(uri.toString());
  return true;
}

/** @param table name of a table, from a keybinding or another extension; asked for when the dump does not tell it */
async function decode(
  panels: DecodePanels,
  stateDumps: StateDumps,
  store: DumpStore,
  uri: Uri | undefined,
  table: unknown,
): Promise<void> {
  if (uri === undefined) {
    showInformation(texts.decodeNoEditor());
    return;
  }
  const result = await readDumpAt(uri, store);
  if (!result.ok && result.isState) {
    const made = await stateDumps.make(uri);
    if ("message" in made) {
      showError(made.message);
      return;
    }
    await window.showTextDocument(await workspace.openTextDocument(made.uri), { preview: false });
    return decode(panels, stateDumps, store, made.uri, table);
  }
  if (!result.ok) {
    showError(result.message);
    return;
  }
  const wanted = typeof table === "string" && isTableName(table) ? table : undefined;
  const told = wanted !== undefined || (await inSlices(planTables(result.dump))).length > 0;
  const name = told ? wanted : await askForTable(uri, result, store);
  if (!told && name === undefined) return;
  await panels.show({ uri: uri.toString(), table: name, chosen: 0 });
}

/** Asks which table it is, and says what the dump would be as each. */
async function askForTable(
  uri: Uri,
  { dump, identity }: Extract<DumpResult, { ok: true }>,
  store: DumpStore,
): Promise<TableName | undefined> {
  const results = await showProgress(texts.webview.decoding(nameOf(uri)), () =>
    store.guard.run(identity, () => inSlices(asEachTable(dump))),
  );
  const items = tableNames.map((name) => {
    const result = results.get(name);
    return { label: texts.tableKinds[name](), description: name, detail: result && detailOf(result), name };
  });
  const picked = await window.showQuickPick(items, {
    title: texts.decodeWhichTable(nameOf(uri)),
    matchOnDescription: true,
  });
  return picked?.name;
}

function* asEachTable(dump: DumpDocument): Work<Map<TableName, SectionTable["result"]>> {
  const results = new Map<TableName, SectionTable["result"]>();
  for (const name of tableNames) {
    const [plan] = yield* planTables(dump, { table: name });
    if (plan !== undefined) results.set(name, (yield* plan.decode()).result);
  }
  return results;
}

function detailOf(result: SectionTable["result"]): string {
  if (!result.ok) return result.message;
  const { rowCount } = result.table;
  return rowCount === 1 ? texts.webview.oneEntry() : texts.webview.entries(rowCount.toLocaleString("en"));
}
