import { commands, Disposable, type TextDocument, workspace } from "vscode";
import { nameOf } from "../file-names.ts";
import { isWritten, type Stamp, stampOf } from "../file-stamp.ts";
import { reasonOf } from "../inert.ts";
import { showError, showWarning } from "../messages.ts";
import { tableTexts } from "./table-texts.ts";

/**
 * Keeps what saving a dump would undo. The editor asks before it saves over what another program has written, but not where that is as long as
 * what was there before (VS Code `FileService.validateWriteFile`), as it is when tables are edited. A save cannot be held back by an extension:
 * what was there is offered behind it.
 */
export class OverwrittenDumps extends Disposable {
  /** The files of the tables that show, as the editor and the disk had them alike last. */
  private readonly known = new Map<TextDocument, Promise<Stamp | undefined>>();
  /** What another program has written, of saves under way. */
  private readonly replaced = new Map<TextDocument, string>();

  constructor() {
    const subscriptions = [
      workspace.onDidChangeTextDocument(({ document }) => {
        if (!document.isDirty) this.agree(document);
      }),
      workspace.onWillSaveTextDocument((event) => {
        if (this.known.has(event.document)) event.waitUntil(this.look(event.document));
      }),
      workspace.onDidSaveTextDocument((document) => {
        // Also of a text that was changed again while it was saved: the disk has what was saved.
        this.agree(document);
        this.tell(document);
      }),
    ];
    super(() => {
      for (const subscription of subscriptions) subscription.dispose();
    });
  }

  /** A table shows a text. @returns ends that */
  follow(document: TextDocument): Disposable {
    // Of a text that was changed before it is not known what it was read as.
    this.known.set(document, Promise.resolve(undefined));
    if (!document.isDirty) this.agree(document);
    return new Disposable(() => this.known.delete(document));
  }

  private agree(document: TextDocument): void {
    if (!this.known.has(document)) return;
    // A file whose state cannot be asked for cannot be compared.
    const stamp = stampOf(document.uri).catch(() => undefined);
    this.known.set(document, stamp);
  }

  private async look(document: TextDocument): Promise<void> {
    const { uri } = document;
    if (!isWritten(await this.known.get(document), await stampOf(uri))) return;
    const text = new TextDecoder().decode(await workspace.fs.readFile(uri));
    if (text !== document.getText()) this.replaced.set(document, text);
  }

  private tell(document: TextDocument): void {
    const content = this.replaced.get(document);
    this.replaced.delete(document);
    if (content === undefined) return;
    const compare = tableTexts.compareReplaced();
    const name = nameOf(document.uri);
    showWarning(tableTexts.replaced(name), compare)
      .then((choice) => (choice === compare ? show(document, content) : undefined))
      .then(undefined, (error: unknown) => showError(reasonOf(error)));
  }
}

/** Shows what was replaced, as a text without a file, beside what is there now. */
async function show({ uri, languageId }: TextDocument, content: string): Promise<void> {
  const replaced = await workspace.openTextDocument({ content, language: languageId });
  await commands.executeCommand("vscode.diff", replaced.uri, uri, tableTexts.replacedTitle(nameOf(uri)));
}
