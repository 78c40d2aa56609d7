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
import { type AskForDump, readStateDump } from "./state-files.ts";
import { isStateDump, stateDumpScheme } from "./state-text.ts";

/** Where the dump of a state file is: a path that ends as dumps do, so that it gets their language, and the file's own address. */
export function stateDumpUri(file: Uri): Uri {
  return Uri.from({ scheme: stateDumpScheme, path: `${file.path}.gicdump`, query: file.toString() });
}

/** The state file that a document is the dump of. */
export function stateFileOf(dump: Uri): Uri {
  return Uri.parse(dump.query, true);
}

/** Read-only documents with the tables of state files as dumps. They follow their files. */
export class StateDumps extends Disposable implements TextDocumentContentProvider {
  private readonly ask: AskForDump;
  private readonly changes = new EventEmitter<Uri>();
  readonly onDidChange = this.changes.event;
  /** Texts that were made for a document which the editor has not asked for yet. */
  private readonly made = new Map<string, string>();
  private readonly watchers = new Map<string, FileSystemWatcher>();

  constructor(ask: AskForDump) {
    const subscriptions: Disposable[] = [];
    super(() => {
      for (const subscription of [...subscriptions, ...this.watchers.values()]) subscription.dispose();
    });
    this.ask = ask;
    subscriptions.push(
      this.changes,
      workspace.registerTextDocumentContentProvider(stateDumpScheme, this),
      workspace.onDidCloseTextDocument(({ uri }) => this.unwatch(uri)),
    );
  }

  /** Makes the dump of a state file. @returns where it is, or a sentence that says why there is none */
  async make(file: Uri): Promise<{ readonly uri: Uri } | { readonly message: string }> {
    const result = await readStateDump(file, this.ask);
    if (!result.ok) return { message: result.message };
    const uri = stateDumpUri(file);
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
    const result = await readStateDump(file, this.ask);
    // The document stands open while its file may be on its way to be whole again.
    return result.ok ? result.text : `# ${texts.stateNoDump(nameOf(file), result.message).replace(/\s+/g, " ")}\n`;
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
