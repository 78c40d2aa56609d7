import { type Disposable, window } from "vscode";
import { expressionAt } from "../debug/expression-at.ts";
import { programOf } from "../debug/programs.ts";
import type { Selection } from "../shared/view-messages.ts";
import type { LiveViews } from "./live-views.ts";

/** Names that stand for something with bits: a register, with its field or PE, or an entry of a table. */
const HAS_BITS = /^(G(ITS|ICR|ICD|ICC|ICH)_|IC[CH]_|CNT|[dic]te\[)/i;

/** Makes the bit ruler follow the cursor in the script that is debugged: the register or entry under it, else the command of its line. */
export function followEditor(views: LiveViews): Disposable {
  return window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
    const { document } = textEditor;
    if (document.languageId !== "itscmd" || views.live.state.kind !== "stopped") return;
    if (views.live.stopped().configuration.program !== programOf(document.uri)) return;
    const { line, character } = selections[0].active;
    const found = expressionAt(document.lineAt(line).text, character);
    const selection: Selection =
      found !== undefined && HAS_BITS.test(found.text) ? { expression: found.text } : { line: line + 1 };
    views.select(selection);
  });
}
