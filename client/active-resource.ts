import { TabInputCustom, TabInputText, type Uri, window } from "vscode";

/** What the user looks at; a file that is too large for a text document has a tab and no editor that extensions see. */
export function activeResource(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof TabInputText || input instanceof TabInputCustom) return input.uri;
  return window.activeTextEditor?.document.uri;
}
