import { commands, Disposable, Range, type TextEditor, window, workspace } from "vscode";
import { isMarkedAsState } from "./saved-machines/state-text.ts";

/** Paths of files that were seen to be saved machines, for the Explorer's menu; older ones are forgotten. */
const REMEMBERED = 256;
/** What says what a file is stands in its first lines. */
const HEAD = new Range(0, 0, 50, 0);

/**
 * Keeps the keys of `when` clauses: `gicWorkbench.stateInEditor`, a saved machine is in the active editor; `gicWorkbench.stateFiles`, paths of saved machines that were. The editor's own keys for languages are bound to
 * the editor and are not told to views reliably, and no key tells what a JSON file is.
 */
export function registerEditorContext(): Disposable {
  const states = new Set<string>();
  const set = (key: string, value: unknown) => void commands.executeCommand("setContext", `gicWorkbench.${key}`, value);
  const mark = (editor: TextEditor | undefined) => {
    const document = editor?.document;
    const isState = document !== undefined && isMarkedAsState(document.getText(HEAD));
    set("stateInEditor", isState);
    if (!isState) return;
    // VS Code's resourcePath is the one for files and the other for the rest.
    states.add(document.uri.fsPath);
    states.add(document.uri.path);
    for (const oldest of states) {
      if (states.size <= REMEMBERED) break;
      states.delete(oldest);
    }
    set("stateFiles", [...states]);
  };
  mark(window.activeTextEditor);
  return Disposable.from(
    window.onDidChangeActiveTextEditor(mark),
    workspace.onDidSaveTextDocument((document) => {
      if (document === window.activeTextEditor?.document) mark(window.activeTextEditor);
    }),
  );
}
