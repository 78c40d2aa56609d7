import { Disposable, EventEmitter, type Uri, workspace } from "vscode";
import { openDocument } from "../file-names.ts";
import { isScript, scriptGlob } from "./script-texts.ts";

/** From a change to a look at the script, in ms: what comes in one go is looked at once. */
const PAUSE_MS = 300;

/** Tells which scripts may be others: in the editor, on disk, or gone. */
export class ChangedScripts extends Disposable {
  private readonly looks = new EventEmitter<readonly Uri[]>();
  private readonly saves = new EventEmitter<Uri>();
  private readonly edits = new EventEmitter<Uri>();
  private readonly pending = new Map<string, Uri>();
  /** Files whose change on disk was made by saving them here: that was told already. */
  private readonly saved = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Scripts whose tests may be others, some time after the last change of one. */
  readonly onDidSettle = this.looks.event;
  /** A script that was saved, or changed on disk. */
  readonly onDidSave = this.saves.event;
  /** A script that has another text. */
  readonly onDidChange = this.edits.event;

  constructor() {
    const watcher = workspace.createFileSystemWatcher(scriptGlob);
    const subscriptions: Disposable[] = [watcher];
    super(() => {
      clearTimeout(this.timer);
      for (const subscription of subscriptions) subscription.dispose();
    });
    const onDisk = (uri: Uri) => {
      if (!this.saved.delete(uri.toString()) && openDocument(uri)?.isDirty !== true) this.saves.fire(uri);
      this.touch(uri);
    };
    subscriptions.push(
      this.looks,
      this.saves,
      this.edits,
      watcher.onDidCreate(onDisk),
      watcher.onDidChange(onDisk),
      watcher.onDidDelete((uri) => this.touch(uri)),
      workspace.onDidOpenTextDocument((document) => {
        if (isScript(document)) this.touch(document.uri);
      }),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (!isScript(document) || contentChanges.length === 0) return;
        this.edits.fire(document.uri);
        this.touch(document.uri);
      }),
      workspace.onDidSaveTextDocument((document) => {
        if (!isScript(document)) return;
        if (document.uri.scheme === "file") this.saved.add(document.uri.toString());
        this.saves.fire(document.uri);
      }),
      workspace.onDidCloseTextDocument((document) => {
        if (document.languageId === "itscmd") this.touch(document.uri);
      }),
    );
  }

  private touch(uri: Uri): void {
    this.pending.set(uri.toString(), uri);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const uris = [...this.pending.values()];
      this.pending.clear();
      this.looks.fire(uris);
    }, PAUSE_MS);
  }
}
