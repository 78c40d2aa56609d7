import { Disposable, EventEmitter, FileType, RelativePattern, type Uri, workspace } from "vscode";
import { openDocument } from "../file-names.ts";
import { isScript, MOST_SCRIPTS, scriptGlob } from "./script-texts.ts";

/** From a change to a look at the script, in ms: what comes in one go is looked at once. */
const PAUSE_MS = 300;

/** New names that are looked at one by one: one may be a folder that has come with scripts in it. Of more the workspace is looked at. */
const MOST_NEW = 50;

/** Tells which scripts may be others: in the editor, on disk, or gone. */
export class ChangedScripts extends Disposable {
  private readonly looks = new EventEmitter<readonly Uri[]>();
  private readonly saves = new EventEmitter<Uri>();
  private readonly edits = new EventEmitter<Uri>();
  private readonly lost = new EventEmitter<void>();
  private readonly deleted = new EventEmitter<Uri>();
  private readonly pending = new Map<string, Uri>();
  /** Files whose change on disk was made by saving them here: that was told already. */
  private readonly saved = new Set<string>();
  /** New files and folders that are no scripts. */
  private readonly made = new Map<string, Uri>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Scripts whose tests may be others, some time after the last change of one. */
  readonly onDidSettle = this.looks.event;
  /** A script that was saved, or changed on disk. */
  readonly onDidSave = this.saves.event;
  /** So much has changed that any script may be another. */
  readonly onDidLoseCount = this.lost.event;
  /** A file or a folder that is gone; of what was in a folder nothing is told. */
  readonly onDidDelete = this.deleted.event;
  /** A script that has another text. */
  readonly onDidChange = this.edits.event;

  constructor() {
    const watcher = workspace.createFileSystemWatcher(scriptGlob);
    // Of a folder that comes or goes the editor tells, and not of the files in it.
    const folders = workspace.createFileSystemWatcher("**", false, true, false);
    const subscriptions: Disposable[] = [watcher, folders];
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
      this.lost,
      this.deleted,
      folders.onDidDelete((uri) => this.deleted.fire(uri)),
      folders.onDidCreate((uri) => {
        if (uri.path.endsWith(".itscmd")) return;
        if (this.made.size <= MOST_NEW) this.made.set(uri.toString(), uri);
        this.later();
      }),
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

  /** A script may be another, or gone. */
  touch(uri: Uri): void {
    this.pending.set(uri.toString(), uri);
    this.later();
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.settle(), PAUSE_MS);
  }

  private async settle(): Promise<void> {
    const made = [...this.made.values()];
    this.made.clear();
    if (made.length > MOST_NEW) this.lost.fire();
    else for (const uri of made) for (const script of await scriptsIn(uri)) this.pending.set(script.toString(), script);
    const uris = [...this.pending.values()];
    this.pending.clear();
    if (uris.length > 0) this.looks.fire(uris);
  }
}

/** The scripts in a folder that has just come; none in a file. */
async function scriptsIn(uri: Uri): Promise<Uri[]> {
  try {
    const { type } = await workspace.fs.stat(uri);
    if ((type & FileType.Directory) === 0) return [];
    return await workspace.findFiles(new RelativePattern(uri, scriptGlob), undefined, MOST_SCRIPTS);
  } catch {
    // It has gone again.
    return [];
  }
}
