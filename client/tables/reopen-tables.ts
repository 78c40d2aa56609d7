import { commands, env, type Memento, TabInputCustom, window } from "vscode";
import { binaryTableEditorType, tableEditorType } from "./table-editors.ts";

const KEY = "gicWorkbench.session";

/**
 * Opens the tables anew that stand in the window of an extension host that fell over. The editor starts another host, and leaves them with
 * pages that nobody answers; after a reload of the window, which is another session, it fills them itself.
 */
export async function reopenTables(memory: Memento): Promise<void> {
  const isSameWindow = memory.get<string>(KEY) === env.sessionId;
  await memory.update(KEY, env.sessionId);
  if (!isSameWindow) return;
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
