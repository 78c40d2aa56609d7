import {
  type Disposable,
  type Range,
  Selection,
  TextEditorRevealType,
  type Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode";
import { nameOf } from "../file-names.ts";
import { reasonOf } from "../inert.ts";
import { showError } from "../messages.ts";
import { texts } from "../texts.ts";

/** Calls a listener with the position of the cursor (from 0) when the user moves it in the text of a dump. */
export function followText(uri: Uri, listener: (line: number, column: number) => void): Disposable {
  return window.onDidChangeTextEditorSelection(({ textEditor, selections, kind }) => {
    // Without a kind it is a program that has moved it: ours, for a row that was selected.
    if (kind === undefined || textEditor.document.uri.toString() !== uri.toString()) return;
    listener(selections[0].active.line, selections[0].active.character);
  });
}

/** Selects a stretch of a text where it is in sight; the keyboard stays where it is. */
export function markLines(uri: Uri, range: Range): void {
  for (const editor of window.visibleTextEditors) {
    if (editor.document.uri.toString() !== uri.toString()) continue;
    editor.selection = new Selection(range.start, range.end);
    editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

/** Selects a stretch of a file in its editor, which is opened if it is not. */
export async function openLines(uri: Uri, range: Range): Promise<void> {
  const open = window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
  try {
    const document = open?.document ?? (await workspace.openTextDocument(uri));
    const column = open?.viewColumn ?? otherColumn();
    await window.showTextDocument(document, { viewColumn: column, selection: range });
  } catch (error) {
    showError(texts.decodeUnreadable(nameOf(uri), reasonOf(error)));
  }
}

/** The group beside the table, so that both are in sight. */
function otherColumn(): ViewColumn {
  return window.tabGroups.activeTabGroup.viewColumn === ViewColumn.One ? ViewColumn.Beside : ViewColumn.One;
}
