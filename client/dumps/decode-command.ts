import { type Disposable, Uri, window, workspace } from "vscode";
import { isTableName, type TableName, tableNames } from "../../dumps/tables/table-names.ts";
import { activeResource } from "../active-resource.ts";
import { nameOf } from "../file-names.ts";
import { registerCommand, showError, showInformation, showProgress, showWarning } from "../messages.ts";
import type { StateDumps } from "../saved-machines/state-dumps.ts";
import { binaryTableEditorType, type TableEditors, tableEditorType } from "../tables/table-editors.ts";
import { texts } from "../texts.ts";
import { HeldBack } from "./decoding-guard.ts";
import { failureOf } from "./dump-failures.ts";
import { lookAt, readDumpAt } from "./dump-source.ts";
import type { DumpStore } from "./dump-store.ts";

/** Texts up to so many characters are read before anything is asked: whether they are dumps at all is known within 50 ms. */
const READ_FIRST = 1 << 20;

/** The command that shows the decoded table of a dump beside it; of a saved machine, a saved guest or a capture it makes the dump first. */
export function registerDecodeCommand(editors: TableEditors, stateDumps: StateDumps, store: DumpStore): Disposable {
  return registerCommand("gicWorkbench.decode", async (resource?: unknown, table?: unknown) => {
    const uri = resource instanceof Uri ? resource : activeResource();
    for (;;) {
      try {
        return await decode(editors, stateDumps, store, uri, table);
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
  editors: TableEditors,
  stateDumps: StateDumps,
  store: DumpStore,
  uri: Uri | undefined,
  table: unknown,
): Promise<void> {
  if (uri === undefined) {
    showInformation(texts.decodeNoEditor());
    return;
  }
  const look = await showProgress(texts.webview.decoding(nameOf(uri)), () => lookAt(uri));
  if (look.kind === "none") {
    showError(look.message);
    return;
  }
  if (look.kind === "state" || look.kind === "capture") {
    const made = await showProgress(texts.webview.decoding(nameOf(uri)), () =>
      look.kind === "state" ? stateDumps.make(uri) : stateDumps.makeOfCapture(uri),
    );
    if ("message" in made) {
      showError(made.message);
      return;
    }
    await window.showTextDocument(await workspace.openTextDocument(made.uri), { preview: false });
    return decode(editors, stateDumps, store, made.uri, table);
  }
  if (look.kind === "text" && look.size <= READ_FIRST) {
    const result = await readDumpAt(uri, store);
    if (!result.ok) {
      showError(result.message);
      return;
    }
  }
  const wanted = typeof table === "string" && isTableName(table) ? table : undefined;
  const name = wanted ?? (look.told ? undefined : await askForTable(uri));
  if (name === undefined && !look.told) return;
  await editors.show(uri, look.kind === "text" ? tableEditorType : binaryTableEditorType, name);
}

/** Asks which table it is, before anything of it is decoded. */
async function askForTable(uri: Uri): Promise<TableName | undefined> {
  const items = tableNames.map((name) => ({ label: texts.tableKinds[name](), description: name, name }));
  const picked = await window.showQuickPick(items, {
    title: texts.decodeWhichTable(nameOf(uri)),
    matchOnDescription: true,
  });
  return picked?.name;
}
