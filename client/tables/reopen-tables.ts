import { commands, TabInputCustom, window } from "vscode";
import { binaryTableEditorType, tableEditorType } from "./table-editors.ts";

/** Opens the tables anew that an extension host has left with pages that nobody answers. */
export async function reopenTables(): Promise<void> {
  for (const { tabs, viewColumn } of window.tabGroups.all) {
    for (const tab of tabs) {
      const { input, isActive, isDirty } = tab;
      const isOurs =
        input instanceof TabInputCustom && [tableEditorType, binaryTableEditorType].includes(input.viewType);
      // Closing one with unsaved changes would ask: its user does that.
      if (!isOurs || isDirty) continue;
      await window.tabGroups.close(tab, true);
      const options = { viewColumn, preserveFocus: true, background: !isActive };
      await commands.executeCommand("vscode.openWith", input.uri, input.viewType, options);
    }
  }
}
