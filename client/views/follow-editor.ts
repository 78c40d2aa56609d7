import { Disposable, type TextEditor, window, workspace } from "vscode";
import { expressionAt } from "../debug/expression-at.ts";
import { programOf } from "../debug/programs.ts";
import type { Selection } from "../shared/view-messages.ts";
import type { LiveViews } from "./live-views.ts";

/** Names that stand for something with bits: a register, with its field or PE, or an entry of a table. */
const HAS_BITS = /^(G(ITS|ICR|ICD|ICC|ICH)_|IC[CH]_|CNT|[dic]te\[)/i;

/**
 * Makes the bit ruler follow the cursor in the script that is debugged, and what is written there: the register or entry under it, else the
 * command of its line.
 */
export function followEditor(views: LiveViews): Disposable {
  const follow = ({ document, selections }: TextEditor): void => {
    if (document.languageId !== "itscmd" || views.live.state.kind !== "stopped") return;
    if (views.live.stopped().configuration.program !== programOf(document.uri)) return;
    const { line, character } = selections[0].active;
    const { text } = document.lineAt(line);
    const found = expressionAt(text, character);
    const selection: Selection =
      found !== undefined && HAS_BITS.test(found.text) ? { expression: found.text } : { line: line + 1, text };
    views.select(selection);
  };
  return Disposable.from(
    window.onDidChangeTextEditorSelection(({ textEditor }) => follow(textEditor)),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const editor = window.visibleTextEditors.find((one) => one.document === document);
      const line = editor?.selections[0].active.line ?? -1;
      if (
        editor !== undefined &&
        contentChanges.some(({ range }) => range.start.line <= line && line <= range.end.line)
      )
        follow(editor);
    }),
  );
}
