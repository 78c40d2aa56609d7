import { commands, type Disposable, type TextEditor, window } from "vscode";

/**
 * Keeps the key `gicWorkbench.scriptInEditor` of `when` clauses: a command script is in the active editor. The editor's own keys
 * for languages are bound to the editor and are not told to views reliably.
 */
export function registerEditorContext(): Disposable {
  const mark = (editor: TextEditor | undefined) =>
    void commands.executeCommand("setContext", "gicWorkbench.scriptInEditor", editor?.document.languageId === "itscmd");
  mark(window.activeTextEditor);
  return window.onDidChangeActiveTextEditor(mark);
}
