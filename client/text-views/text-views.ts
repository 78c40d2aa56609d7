import { Disposable, EventEmitter, languages, type QuickPickItem, Uri, window, workspace } from "vscode";
import { registerCommand, showInformation } from "../messages.ts";
import { textViewTexts } from "./text-view-texts.ts";

const SCHEME = "gic-text";

/** A page of ours that can say as text what it shows. */
export interface TextPage {
  /** What a keybinding calls it. */
  readonly key: string;
  readonly name: string;
  /** Whether the user is at it. */
  readonly isActive: boolean;
  /** All of it, not only what is in sight. @throws Error for the user */
  readonly text: () => string | Promise<string>;
}

/** "Show as Text": what a page shows, in a read-only document, which a screen reader reads line by line and a search goes through. */
export class TextViews extends Disposable {
  private readonly sources: (() => readonly TextPage[])[] = [];
  /** Texts of documents that are open, by their paths. */
  private readonly texts = new Map<string, string>();

  constructor() {
    const subscriptions: Disposable[] = [];
    super(() => {
      for (const subscription of subscriptions) subscription.dispose();
    });
    const changes = new EventEmitter<Uri>();
    const provideTextDocumentContent = ({ path }: Uri): string => this.texts.get(path) ?? textViewTexts.gone();
    subscriptions.push(
      changes,
      workspace.registerTextDocumentContentProvider(SCHEME, {
        onDidChange: changes.event,
        provideTextDocumentContent,
      }),
      workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === SCHEME) this.texts.delete(uri.path);
      }),
      registerCommand("gicWorkbench.showText", async (key?: unknown) => {
        const source = await this.choose(key);
        if (source === undefined) return;
        const uri = Uri.from({ scheme: SCHEME, path: `/${source.name.replace(/[\\/]/g, " ")}.txt` });
        this.texts.set(uri.path, await source.text());
        const document = await workspace.openTextDocument(uri);
        changes.fire(uri);
        await window.showTextDocument(await languages.setTextDocumentLanguage(document, "plaintext"));
      }),
    );
  }

  /** Adds pages, which are asked for each time. */
  add(sources: () => readonly TextPage[]): void {
    this.sources.push(sources);
  }

  /** The page that is named, or that the user is at, or the only one; else the user says which. */
  private async choose(key: unknown): Promise<TextPage | undefined> {
    const all = this.sources.flatMap((sources) => sources());
    const named = all.filter((source) => source.key === key);
    const found = named.length > 0 ? named : all;
    const active = found.find(({ isActive }) => isActive) ?? (found.length === 1 ? found[0] : undefined);
    if (active !== undefined) return active;
    if (found.length === 0) {
      void showInformation(textViewTexts.nothing());
      return undefined;
    }
    const items = found.map((source): QuickPickItem & { source: TextPage } => ({ label: source.name, source }));
    return (await window.showQuickPick(items, { title: textViewTexts.which() }))?.source;
  }
}
