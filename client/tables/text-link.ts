import {
  type Disposable,
  type Range,
  Selection,
  type TextEditor,
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

/** What connects a window with the text of its dump: each shows where the other one is. */
export class TextLink {
  private readonly uri: Uri;
  private readonly subscription: Disposable;
  /** What was selected for a row, which is not the user's doing. */
  private marked: Range | undefined;

  /** @param listener told of the position of the cursor, from 0, when the user moves it */
  constructor(uri: Uri, listener: (line: number, column: number) => void) {
    this.uri = uri;
    this.subscription = window.onDidChangeTextEditorSelection(({ textEditor, selections: [selection] }) => {
      if (!this.isOurs(textEditor) || this.marked?.isEqual(selection)) return;
      this.marked = undefined;
      listener(selection.active.line, selection.active.character);
    });
  }

  /** Selects a stretch of the text where it is in sight; the keyboard stays where it is. */
  mark(range: Range): void {
    for (const editor of window.visibleTextEditors) {
      if (!this.isOurs(editor)) continue;
      this.marked = range;
      editor.selection = new Selection(range.start, range.end);
      editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
    }
  }

  /** Selects a stretch of the text in its editor, which is opened if it is not. */
  async open(range: Range): Promise<void> {
    const open = window.visibleTextEditors.find((editor) => this.isOurs(editor));
    try {
      const document = open?.document ?? (await workspace.openTextDocument(this.uri));
      this.marked = range;
      await window.showTextDocument(document, { viewColumn: open?.viewColumn ?? otherColumn(), selection: range });
    } catch (error) {
      showError(texts.decodeUnreadable(nameOf(this.uri), reasonOf(error)));
    }
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private isOurs({ document }: TextEditor): boolean {
    return document.uri.toString() === this.uri.toString();
  }
}

/** The group beside the table, so that both are in sight. */
function otherColumn(): ViewColumn {
  return window.tabGroups.activeTabGroup.viewColumn === ViewColumn.One ? ViewColumn.Beside : ViewColumn.One;
}
