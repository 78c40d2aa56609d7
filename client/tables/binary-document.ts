import {
  type CustomDocument,
  type CustomDocumentEditEvent,
  EventEmitter,
  RelativePattern,
  Uri,
  workspace,
} from "vscode";
import { readBytes } from "../dumps/dump-source.ts";
import { nameOf } from "../file-names.ts";

/** A file of bytes in the table editor. Edits change what is here; the file changes when the user saves. */
export class BinaryDocument implements CustomDocument {
  readonly uri: Uri;
  private held: Uint8Array;
  private readonly changes = new EventEmitter<void>();
  private readonly edits = new EventEmitter<CustomDocumentEditEvent<BinaryDocument>>();
  readonly onChange = this.changes.event;
  readonly onEdit = this.edits.event;
  private readonly watcher;
  /** Edits made and not undone since the file was read or saved. */
  private unsaved = 0;

  private constructor(uri: Uri, bytes: Uint8Array, unsaved: number) {
    this.uri = uri;
    this.held = bytes;
    this.unsaved = unsaved;
    this.watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.joinPath(uri, ".."), nameOf(uri)));
    this.watcher.onDidChange(() => {
      // What the user has changed is not thrown away for what another program has written.
      if (this.unsaved > 0) return;
      // A file that is gone meanwhile leaves what is here.
      this.revert().catch(() => this.changes.fire());
    });
  }

  /** @param backup copy of unsaved changes that the editor has kept */
  static async open(uri: Uri, backup?: Uri): Promise<BinaryDocument> {
    const bytes = await readBytes(backup ?? uri);
    if (!(bytes instanceof Uint8Array)) throw new Error(bytes.message);
    return new BinaryDocument(uri, bytes, backup === undefined ? 0 : 1);
  }

  get bytes(): Uint8Array {
    return this.held;
  }

  /** Gives bytes other values; undone and done again by the editor's own commands. */
  edit(offset: number, before: Uint8Array, after: Uint8Array, label: string): void {
    const put = (bytes: Uint8Array, step: number) => {
      this.held.set(bytes, offset);
      this.unsaved += step;
      this.changes.fire();
    };
    put(after, 1);
    this.edits.fire({ document: this, label, undo: () => put(before, -1), redo: () => put(after, 1) });
  }

  async save(target: Uri = this.uri): Promise<void> {
    await workspace.fs.writeFile(target, this.held);
    if (target.toString() === this.uri.toString()) this.unsaved = 0;
  }

  /** The file's bytes again. */
  async revert(): Promise<void> {
    const bytes = await readBytes(this.uri);
    if (!(bytes instanceof Uint8Array)) throw new Error(bytes.message);
    this.held = bytes;
    this.unsaved = 0;
    this.changes.fire();
  }

  dispose(): void {
    this.watcher.dispose();
    this.changes.dispose();
    this.edits.dispose();
  }
}
