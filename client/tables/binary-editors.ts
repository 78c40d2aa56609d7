import {
  type CustomDocumentBackup,
  type CustomDocumentBackupContext,
  type CustomDocumentEditEvent,
  type CustomDocumentOpenContext,
  type CustomEditorProvider,
  EventEmitter,
  Uri,
  type WebviewPanel,
  workspace,
} from "vscode";
import type { DumpStore } from "../dumps/dump-store.ts";
import { BinaryDocument } from "./binary-document.ts";
import { BinarySource } from "./table-sources.ts";

/** What the editor of VS Code asks of files of bytes. */
export class BinaryEditors implements CustomEditorProvider<BinaryDocument> {
  private readonly adopt: (panel: WebviewPanel, source: BinarySource) => void;
  private readonly store: DumpStore;
  private readonly changes = new EventEmitter<CustomDocumentEditEvent<BinaryDocument>>();
  readonly onDidChangeCustomDocument = this.changes.event;

  constructor(adopt: (panel: WebviewPanel, source: BinarySource) => void, store: DumpStore) {
    this.adopt = adopt;
    this.store = store;
  }

  async openCustomDocument(uri: Uri, { backupId }: CustomDocumentOpenContext): Promise<BinaryDocument> {
    const document = await BinaryDocument.open(uri, backupId === undefined ? undefined : Uri.parse(backupId));
    document.onEdit((edit) => this.changes.fire(edit));
    return document;
  }

  resolveCustomEditor(document: BinaryDocument, panel: WebviewPanel): void {
    this.adopt(panel, new BinarySource(document, this.store));
  }

  saveCustomDocument(document: BinaryDocument): Promise<void> {
    return document.save();
  }

  saveCustomDocumentAs(document: BinaryDocument, target: Uri): Promise<void> {
    return document.saveAs(target);
  }

  revertCustomDocument(document: BinaryDocument): Promise<void> {
    return document.revert();
  }

  async backupCustomDocument(
    document: BinaryDocument,
    { destination }: CustomDocumentBackupContext,
  ): Promise<CustomDocumentBackup> {
    await document.saveAs(destination);
    return { id: destination.toString(), delete: () => void workspace.fs.delete(destination) };
  }
}
