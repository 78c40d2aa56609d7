import { Range, type TextDocument, type Uri, WorkspaceEdit, workspace } from "vscode";
import type { ByteStore } from "../../dumps/byte-store.ts";
import type { DumpDocument } from "../../dumps/document.ts";
import {
  applyEdits,
  checkEdit,
  type EditRefusal,
  type EditResult,
  type FieldPatch,
  refuse,
  textEdits,
} from "../../dumps/edit/index.ts";
import type { StyleOptions } from "../../dumps/hex-text/byte-order.ts";
import type { Work } from "../../dumps/work.ts";
import { type DumpResult, readBytesAt, readDumpAt } from "../dumps/dump-source.ts";
import type { DumpStore } from "../dumps/dump-store.ts";
import { inSlices } from "../dumps/slices.ts";
import { isStateDump } from "../saved-machines/state-text.ts";
import type { BinaryDocument } from "./binary-document.ts";
import { tableTexts } from "./table-texts.ts";

/** Decodes the table of an edited dump, and says why it does not have what the edit is for. */
export type CheckTable = (dump: DumpDocument) => Work<EditRefusal | undefined>;

/** Where the dump of a window comes from, and its edits go to. */
export interface TableSource {
  readonly uri: Uri;
  /** Why nothing of it can be changed, in a sentence; undefined: it can. */
  readonly readOnly: string | undefined;
  /** Rejects with HeldBack, and with GivenUp after an abort or a change of the document. */
  read(options: StyleOptions, signal: AbortSignal): Promise<DumpResult>;
  /** @returns what ends the listening */
  onChange(listener: () => void): { dispose(): unknown };
  /** Changes the document, not its file: that is for the user to save. */
  apply(
    read: Extract<DumpResult, { ok: true }>,
    patch: FieldPatch,
    options: StyleOptions,
    check: CheckTable,
    signal: AbortSignal,
  ): Promise<EditResult<void>>;
}

/** A dump that is a text in the editor: undo, dirty state and save are the editor's own. */
export class TextSource implements TableSource {
  readonly uri: Uri;
  readonly readOnly: string | undefined;
  private readonly store: DumpStore;

  constructor(uri: Uri, store: DumpStore) {
    this.uri = uri;
    this.store = store;
    this.readOnly = isStateDump(uri) ? tableTexts.stateReadOnly() : undefined;
  }

  read(options: StyleOptions, signal: AbortSignal): Promise<DumpResult> {
    return readDumpAt(this.uri, this.store, signal, options);
  }

  onChange(listener: () => void): { dispose(): unknown } {
    return workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && document.uri.toString() === this.uri.toString()) listener();
    });
  }

  async apply(
    { dump, identity }: Extract<DumpResult, { ok: true }>,
    patch: FieldPatch,
    options: StyleOptions,
    check: CheckTable,
    signal: AbortSignal,
  ): Promise<EditResult<void>> {
    if (this.readOnly !== undefined) return refuse("GIC-EDIT-FORMAT", this.readOnly);
    const document = await workspace.openTextDocument(this.uri);
    const { version } = document;
    if (version !== identity.version) return refuse("GIC-EDIT-READING", tableTexts.changedMeanwhile());
    const edits = textEdits(dump, patch);
    if (!edits.ok) return edits;
    const edited = applyEdits(document.getText(), edits.value);
    const wrong = await this.store.guard.run(identity, () =>
      inSlices(checkedText(dump, edited, patch, options, check), signal),
    );
    if (wrong !== undefined) return wrong;
    if (document.version !== version) return refuse("GIC-EDIT-READING", tableTexts.changedMeanwhile());
    const change = new WorkspaceEdit();
    for (const { start, end, text } of edits.value) change.replace(this.uri, rangeOf(document, start, end), text);
    return (await workspace.applyEdit(change))
      ? { ok: true, value: undefined }
      : refuse("GIC-EDIT-FORMAT", tableTexts.notApplied());
  }
}

/** A dump that is a file of bytes, or a text that is too large for an editor. */
export class BinarySource implements TableSource {
  readonly uri: Uri;
  private readonly document: BinaryDocument;
  private readonly store: DumpStore;
  /** The bytes that the dump was read from. */
  private readBytes: ByteStore | undefined;

  constructor(document: BinaryDocument, store: DumpStore) {
    this.uri = document.uri;
    this.document = document;
    this.store = store;
  }

  get readOnly(): string | undefined {
    return this.document.editableBytes === undefined ? tableTexts.largeReadOnly() : undefined;
  }

  read(options: StyleOptions, signal: AbortSignal): Promise<DumpResult> {
    this.readBytes = this.document.bytes;
    return readBytesAt(this.uri, this.readBytes, this.store, signal, options);
  }

  onChange(listener: () => void): { dispose(): unknown } {
    return this.document.onChange(listener);
  }

  async apply(
    { dump, identity }: Extract<DumpResult, { ok: true }>,
    patch: FieldPatch,
    _options: StyleOptions,
    check: CheckTable,
    signal: AbortSignal,
  ): Promise<EditResult<void>> {
    const bytes = this.document.editableBytes;
    if (bytes === undefined) return refuse("GIC-EDIT-FORMAT", tableTexts.largeReadOnly());
    if (dump.text !== undefined) return refuse("GIC-EDIT-FORMAT", tableTexts.binaryText());
    if (this.document.bytes !== this.readBytes) return refuse("GIC-EDIT-READING", tableTexts.changedMeanwhile());
    const offset = fileOffset(dump, patch);
    if (!offset.ok) return offset;
    // The dump reads the document's bytes where they are: changed for the check, they are put back if it fails.
    bytes.set(patch.after, offset.value);
    const wrong = await this.store.guard
      .run(identity, () => inSlices(check(dump), signal))
      .finally(() => bytes.set(patch.before, offset.value));
    if (wrong !== undefined) return wrong;
    this.document.edit(offset.value, patch.before, patch.after, patch.name);
    return { ok: true, value: undefined };
  }
}

function* checkedText(
  dump: DumpDocument,
  edited: string,
  patch: FieldPatch,
  options: StyleOptions,
  check: CheckTable,
): Work<EditRefusal | undefined> {
  const read = yield* checkEdit(dump, edited, patch, options);
  return read.ok ? yield* check(read.value) : read;
}

/** Where a patch's bytes are in a file that holds memory as it is. */
function fileOffset({ memory }: DumpDocument, { address, after }: FieldPatch): EditResult<number> {
  const { stretches } = memory;
  const at = memory.indexOf(address);
  if (at < 0 || stretches.isRepeat(at) || address + after.length > stretches.ends[at]) {
    return refuse("GIC-EDIT-FORMAT", "The file does not hold these bytes in one piece of their own.");
  }
  return { ok: true, value: stretches.offsets[at] + address - stretches.starts[at] };
}

function rangeOf(document: TextDocument, start: number, end: number): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}
