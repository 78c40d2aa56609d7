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
import { isWritten, type Stamp, stampOf } from "../file-stamp.ts";
import { writeWhole } from "../write-whole.ts";
import { tableTexts } from "./table-texts.ts";

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
  /** The file as it was read or saved last; undefined while it is not known, as of what was kept over a reload. */
  private known: Stamp | undefined;

  private constructor(uri: Uri, bytes: ByteStore, unsaved: number, known: Stamp | undefined) {
    this.uri = uri;
    this.held = bytes;
    this.unsaved = unsaved;
    this.known = known;
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
    const known = backup === undefined ? await stampOf(uri) : undefined;
    const bytes = await openBytes(backup ?? uri);
    if ("message" in bytes) throw new Error(bytes.message);
    return new BinaryDocument(uri, bytes, backup === undefined ? 0 : 1, known);
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

  /** Writes the file. @throws Error with a sentence when another program has written it since it was read */
  async save(): Promise<void> {
    const now = await stampOf(this.uri);
    // One that is gone is written anew: nothing of anybody's is lost.
    if (isWritten(this.known, now)) throw new Error(tableTexts.fileChanged(nameOf(this.uri)));
    await this.saveAs(this.uri);
  }

  /** Writes its bytes into a file, whatever is there. */
  async saveAs(target: Uri): Promise<void> {
    const { editableBytes } = this;
    const isOwn = target.toString() === this.uri.toString();
    try {
      // What cannot be changed is the file as it is.
      if (editableBytes !== undefined) await writeWhole(target, editableBytes);
      else if (!isOwn) await workspace.fs.copy(this.uri, target, { overwrite: true });
      if (isOwn) this.unsaved = 0;
    } finally {
      // Also where it failed: what was put back then is no other program's.
      if (isOwn) this.known = await stampOf(this.uri);
    }
  }

  /** The file's bytes again. */
  async revert(): Promise<void> {
    const known = await stampOf(this.uri);
    const bytes = await openBytes(this.uri);
    if ("message" in bytes) throw new Error(bytes.message);
    this.held = bytes;
    this.known = known;
    this.unsaved = 0;
    this.changes.fire();
  }

  dispose(): void {
    this.watcher.dispose();
    this.changes.dispose();
    this.edits.dispose();
  }
}
