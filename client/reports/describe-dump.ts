import { window } from "vscode";
import { describedTables } from "../../dumps/captures/described-dump.ts";
import { parseNumber } from "../../dumps/hex-text/hints.ts";
import type { DescribedInput } from "../../server/tables-protocol.ts";
import { texts } from "../texts.ts";

/** Asks which table a dump is that does not say it, where it begins and how long it is. @returns undefined when the user gives up */
export async function describeDump(name: string): Promise<DescribedInput | undefined> {
  const items = describedTables.map((table) => ({ label: texts.tableKinds[table](), description: table, table }));
  const picked = await window.showQuickPick(items, { title: texts.decodeWhichTable(name), matchOnDescription: true });
  if (picked === undefined) return undefined;
  const base = await askForNumber(texts.tables.whichBase(name), texts.tables.baseHint());
  if (base === undefined) return undefined;
  const size = await askForNumber(texts.tables.whichSize(name), texts.tables.sizeHint());
  if (size === undefined) return undefined;
  return { table: picked.table, ...(base === "" ? {} : { base }), ...(size === "" ? {} : { size }) };
}

/** @returns "" for nothing */
async function askForNumber(title: string, prompt: string): Promise<string | undefined> {
  const given = await window.showInputBox({
    title,
    prompt,
    validateInput: (text) =>
      text.trim() === "" || parseNumber(text.trim()) !== undefined ? undefined : texts.webview.notNumber(text),
  });
  return given?.trim();
}
