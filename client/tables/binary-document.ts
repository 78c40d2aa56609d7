import {
  type CustomDocument,
  type CustomDocumentEditEvent,
  EventEmitter,
  RelativePattern,
  Uri,
  workspace,
} from "vscode";
import type { ByteStore } from "../../dumps/byte-store.ts";
import { openBytes } from "../dumps/dump-source.ts";
import { nameOf } from "../file-names.ts";

/** A file of bytes in the table editor. Edits change what is here; the file changes when the user saves. Of a large file nothing is here, and it cannot be changed. */
export class BinaryDocument implements CustomDocument {
  readonly uri: Uri;
  private held: ByteStore;
  private readonly changes = new EventEmitter<void>();
  private readonly edits = new EventEmitter<CustomDocumentEditEvent<BinaryDocument>>();
  readonly onChange = this.changes.event;
  readonly onEdit = this.edits.event;
  private readonly watcher;
  /** Edits made and not undone since the file was read or saved. */
  private unsaved = 0;

  private constructor(uri: Uri, bytes: ByteStore, unsaved: number) {
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
    const bytes = await openBytes(backup ?? uri);
    if ("message" in bytes) throw new Error(bytes.message);
    return new BinaryDocument(uri, bytes, backup === undefined ? 0 : 1);
  }

  get bytes(): ByteStore {
    return this.held;
  }

  /** Its bytes for changes; undefined of a file that is too large to be held. */
  get editableBytes(): Uint8Array | undefined {
    return this.held instanceof Uint8Array ? this.held : undefined;
  }

  /** Gives bytes other values; undone and done again by the editor's own commands. */
  edit(offset: number, before: Uint8Array, after: Uint8Array, label: string): void {
    const put = (bytes: Uint8Array, step: number) => {
      this.editableBytes?.set(bytes, offset);
      this.unsaved += step;
      this.changes.fire();
    };
    put(after, 1);
    this.edits.fire({ document: this, label, undo: () => put(before, -1), redo: () => put(after, 1) });
  }

  async save(target: Uri = this.uri): Promise<void> {
    const { editableBytes } = this;
    // What cannot be changed is the file as it is.
    if (editableBytes !== undefined) await workspace.fs.writeFile(target, editableBytes);
    else if (target.toString() !== this.uri.toString()) await workspace.fs.copy(this.uri, target, { overwrite: true });
    if (target.toString() === this.uri.toString()) this.unsaved = 0;
  }

  /** The file's bytes again. */
  async revert(): Promise<void> {
    const bytes = await openBytes(this.uri);
    if ("message" in bytes) throw new Error(bytes.message);
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
