import {
  commands,
  Disposable,
  EventEmitter,
  type ExtensionContext,
  env,
  type TextDocument,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
} from "vscode";
import type { TableName } from "../../dumps/tables/table-names.ts";
import type { DumpStore } from "../dumps/dump-store.ts";
import { nameOf } from "../file-names.ts";
import { ALL_VALID, AS_GUESSED, type DecodedState, type Explained, type Failure, type GridRow } from "../protocol.ts";
import type { TextPage } from "../text-views/text-views.ts";
import { webviewHtml } from "../webview-html.ts";
import { BinaryEditors } from "./binary-editors.ts";
import { allRows, copyAs, exportAs } from "./copy-rows.ts";
import { OverwrittenDumps } from "./overwritten.ts";
import { type TableSource, TextSource } from "./table-sources.ts";
import { TableWindow } from "./table-window.ts";
import { TextLink } from "./text-link.ts";

/** Editors of package.json: of texts, and of files that are no text or too large for an editor of VS Code. */
export const tableEditorType = "gicWorkbench.tables";
export const binaryTableEditorType = "gicWorkbench.binaryTables";

/** An entry that is selected, and the name of the dump that it is in. */
export interface SelectedEntry {
  readonly entry: Explained;
  readonly dump: string;
}

/** The windows of the table editor, at most one for each dump. */
export class TableEditors extends Disposable {
  private readonly windows = new Map<string, TableWindow>();
  /** What windows that are about to open are to show first. */
  private readonly wanted = new Map<string, DecodedState>();
  private readonly selections = new EventEmitter<SelectedEntry>();
  /** Told of each entry that is selected in a window. */
  readonly onDidSelect = this.selections.event;
  private readonly folder: Uri;
  private readonly icon: Uri;
  private readonly store: DumpStore;

  constructor({ extensionUri }: ExtensionContext, store: DumpStore) {
    super(() => {
      for (const shown of this.windows.values()) shown.panel.dispose();
      this.selections.dispose();
    });
    this.folder = Uri.joinPath(extensionUri, "dist", "webview");
    this.icon = Uri.joinPath(extensionUri, "media", "table.svg");
    this.store = store;
  }

  /** Opens the editor of a dump beside its text, or shows the one that is open. @param table what the dump is taken for, if it does not say it */
  async show(uri: Uri, viewType: string, table: TableName | undefined): Promise<void> {
    const state = { uri: uri.toString(), table, node: "", reading: AS_GUESSED, view: ALL_VALID };
    const known = this.windows.get(state.uri);
    if (known !== undefined) {
      known.panel.reveal(undefined, false);
      // What shows follows its text; what was chosen in it stays.
      return table === undefined && known.open !== undefined ? undefined : known.choose(state);
    }
    this.wanted.set(state.uri, state);
    const viewColumn = viewType === tableEditorType ? ViewColumn.Beside : ViewColumn.Active;
    await commands.executeCommand("vscode.openWith", uri, viewType, { viewColumn, preserveFocus: false });
  }

  /** Rows that the window of a dump shows. */
  rowsOf(dump: Uri, from: number, count: number): GridRow[] | undefined {
    return this.windows.get(dump.toString())?.open?.rows(from, count);
  }

  /** The tables that show, as text. */
  get textSources(): readonly TextPage[] {
    return [...this.windows.values()].flatMap(({ panel, open }) =>
      open === undefined
        ? []
        : [{ key: "tables", name: open.gridTable().title, isActive: panel.active, text: () => allRows(open) }],
    );
  }

  /** What the window of a dump says instead of showing rows. */
  failureOf(dump: Uri): Failure | undefined {
    return this.windows.get(dump.toString())?.failure;
  }

  /** The window of a dump; without one, the one that the user looks at. */
  windowOf(dump?: Uri): TableWindow | undefined {
    if (dump !== undefined) return this.windows.get(dump.toString());
    return [...this.windows.values()].find(({ panel }) => panel.active);
  }

  /** Makes a panel that the editor gives the window of a dump. */
  adopt(panel: WebviewPanel, source: TableSource): void {
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.folder] };
    panel.iconPath = this.icon;
    const key = source.uri.toString();
    const state = this.wanted.get(key) ?? { uri: key, node: "", reading: AS_GUESSED, view: ALL_VALID };
    this.wanted.delete(key);
    const link = new TextLink(source.uri, (line, column) => shown.selectAt(line, column));
    const shown = new TableWindow(panel, source, state, this.store, {
      copy: (text) => env.clipboard.writeText(text),
      openLines: (range) => link.open(range),
      markLines: (range) => link.mark(range),
      selected: (entry) => this.selections.fire({ entry, dump: nameOf(source.uri) }),
      copyAs,
      exportAs,
    });
    this.windows.set(key, shown);
    panel.onDidDispose(() => {
      link.dispose();
      shown.dispose();
      if (this.windows.get(key) === shown) this.windows.delete(key);
    });
    panel.webview.html = webviewHtml(panel.webview, this.folder, "table-editor");
  }
}

/** Registers the editors. */
export function registerTableEditors(context: ExtensionContext, store: DumpStore): TableEditors {
  const editors = new TableEditors(context, store);
  const overwritten = new OverwrittenDumps();
  const text = {
    resolveCustomTextEditor: (document: TextDocument, panel: WebviewPanel) => {
      const followed = overwritten.follow(document);
      panel.onDidDispose(() => followed.dispose());
      editors.adopt(panel, new TextSource(document.uri, store));
    },
  };
  const binary = new BinaryEditors((panel, source) => editors.adopt(panel, source), store);
  const options = { webviewOptions: { retainContextWhenHidden: false } };
  context.subscriptions.push(
    editors,
    overwritten,
    window.registerCustomEditorProvider(tableEditorType, text, options),
    window.registerCustomEditorProvider(binaryTableEditorType, binary, options),
  );
  return editors;
}
