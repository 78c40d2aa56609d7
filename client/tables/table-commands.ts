import { Disposable, Uri, window } from "vscode";
import { registerCommand, showInformation } from "../messages.ts";
import { copyAs, exportAs, rowFormatOf } from "./copy-rows.ts";
import type { TableEditors } from "./table-editors.ts";
import { tableTexts } from "./table-texts.ts";
import type { TableWindow } from "./table-window.ts";

/**
 * Commands of the table editor: for the window that the user looks at, or, from a keybinding or another extension, for a dump that is named
 * first. What is not given is asked for.
 */
export function registerTableCommands(editors: TableEditors): Disposable {
  const command = (name: string, run: (shown: TableWindow, ...rest: unknown[]) => unknown) =>
    registerCommand(name, (dump?: unknown, ...rest: unknown[]) => {
      const shown = editors.windowOf(dump instanceof Uri ? dump : undefined);
      if (shown === undefined) return showInformation(tableTexts.noTableEditor());
      return run(shown, ...(dump instanceof Uri ? rest : []));
    });
  return Disposable.from(
    command("gicWorkbench.tables.goTo", (shown, text) =>
      typeof text === "string" ? shown.goTo(text) : shown.focus("goTo"),
    ),
    command("gicWorkbench.tables.filter", (shown) => shown.focus("filter")),
    command("gicWorkbench.tables.edit", (shown, row, field, text) => editField(shown, row, field, text)),
    command("gicWorkbench.tables.copy", (shown, format, what) => {
      const row = what === "table" ? undefined : shown.selectedRow;
      return shown.open && copyAs(shown.open, row, rowFormatOf(format));
    }),
    command("gicWorkbench.tables.export", (shown, format, target) => {
      const file = target instanceof Uri ? target : undefined;
      return shown.open && exportAs(shown.open, shown.source.uri, rowFormatOf(format), file);
    }),
  );
}

/** Changes a field: of the selected row, and asked for, where it is not given. */
async function editField(shown: TableWindow, place: unknown, field: unknown, value: unknown): Promise<void> {
  const at = typeof place === "number" ? place : shown.selectedPlace;
  const explained = shown.open?.explain(at);
  if (explained === undefined) return showInformation(tableTexts.selectFirst());
  const names = explained.fields.map(({ name }) => name);
  const items = explained.fields.map(({ name, text, bits }) => ({ label: name, description: text, detail: bits }));
  const name =
    typeof field === "string" ? field : (await window.showQuickPick(items, { title: tableTexts.editWhich() }))?.label;
  const found = name === undefined ? -1 : names.indexOf(name);
  if (found < 0) return;
  const ask = {
    title: explained.title,
    prompt: tableTexts.editValue(names[found]),
    value: explained.fields[found].value,
  };
  const text = typeof value === "string" ? value : await window.showInputBox(ask);
  if (text !== undefined) await shown.edit(at, found, text);
}
