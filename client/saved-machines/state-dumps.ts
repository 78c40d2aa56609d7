import {
  Disposable,
  EventEmitter,
  type FileSystemWatcher,
  RelativePattern,
  type TextDocumentContentProvider,
  Uri,
  workspace,
} from "vscode";
import { nameOf, openDocument } from "../file-names.ts";
import { texts } from "../texts.ts";
import { captureDumpUri, stateDumpUri, stateFileOf } from "./state-dump-uri.ts";
import { type AskForDump, readStateDump, type StateDumpResult } from "./state-files.ts";
import { captureDumpScheme, isStateDump, stateDumpScheme } from "./state-text.ts";

/** Has the tables of a saved guest or a capture written as a dump. */
export type ReadCapture = (place: Uri) => Promise<StateDumpResult>;

/** Read-only documents with the tables of state files, saved guests and captures as dumps. They follow their files. */
export class StateDumps extends Disposable implements TextDocumentContentProvider {
  private readonly ask: AskForDump;
  private readonly readCapture: ReadCapture;
  private readonly changes = new EventEmitter<Uri>();
  readonly onDidChange = this.changes.event;
  /** Texts that were made for a document which the editor has not asked for yet. */
  private readonly made = new Map<string, string>();
  private readonly watchers = new Map<string, FileSystemWatcher>();

  constructor(ask: AskForDump, readCapture: ReadCapture) {
    const subscriptions: Disposable[] = [];
    super(() => {
      for (const subscription of [...subscriptions, ...this.watchers.values()]) subscription.dispose();
    });
    this.ask = ask;
    this.readCapture = readCapture;
    subscriptions.push(
      this.changes,
      workspace.registerTextDocumentContentProvider(stateDumpScheme, this),
      workspace.registerTextDocumentContentProvider(captureDumpScheme, this),
      workspace.onDidCloseTextDocument(({ uri }) => this.unwatch(uri)),
    );
  }

  /** Makes the dump of a state file. @returns where it is, or a sentence that says why there is none */
  make(file: Uri): Promise<{ readonly uri: Uri } | { readonly message: string }> {
    return this.makeAt(stateDumpUri(file));
  }

  /** Makes the dump of a saved guest or of a folder with a capture. @returns as {@link make} */
  makeOfCapture(place: Uri): Promise<{ readonly uri: Uri } | { readonly message: string }> {
    return this.makeAt(captureDumpUri(place));
  }

  private async makeAt(uri: Uri): Promise<{ readonly uri: Uri } | { readonly message: string }> {
    const result = await this.read(uri);
    if (!result.ok) return { message: result.message };
    this.made.set(uri.toString(), result.text);
    if (openDocument(uri) !== undefined) this.changes.fire(uri);
    await workspace.openTextDocument(uri);
    return { uri };
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const key = uri.toString();
    const made = this.made.get(key);
    this.made.delete(key);
    const file = stateFileOf(uri);
    this.watch(uri, file);
    if (made !== undefined) return made;
    const result = await this.read(uri);
    // The document stands open while its file may be on its way to be whole again.
    return result.ok ? result.text : `# ${texts.stateNoDump(nameOf(file), result.message).replace(/\s+/g, " ")}\n`;
  }

  private read(dump: Uri): Promise<StateDumpResult> {
    const file = stateFileOf(dump);
    return dump.scheme === captureDumpScheme ? this.readCapture(file) : readStateDump(file, this.ask);
  }

  private watch(dump: Uri, file: Uri): void {
    const key = dump.toString();
    if (this.watchers.has(key)) return;
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.joinPath(file, ".."), nameOf(file)));
    const changed = () => this.changes.fire(dump);
    watcher.onDidChange(changed);
    watcher.onDidCreate(changed);
    this.watchers.set(key, watcher);
  }

  private unwatch(dump: Uri): void {
    if (!isStateDump(dump)) return;
    const key = dump.toString();
    this.watchers.get(key)?.dispose();
    this.watchers.delete(key);
    this.made.delete(key);
  }
}
