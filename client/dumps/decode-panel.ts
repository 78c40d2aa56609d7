import {
  Disposable,
  type ExtensionContext,
  env,
  type Range,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
  workspace,
} from "vscode";
import { nameOf } from "../file-names.ts";
import { reasonOf } from "../inert.ts";
import { showError } from "../messages.ts";
import type { DecodedState, Failure, GridRow } from "../protocol.ts";
import { texts } from "../texts.ts";
import { webviewHtml } from "../webview-html.ts";
import { DecodeWindow } from "./decode-window.ts";
import type { DumpStore } from "./dump-store.ts";

/** Type of the windows, also in `activationEvents`: they come back after a restart. */
export const decodedTableViewType = "gicWorkbench.decodedTable";

/** The windows with decoded tables, at most one for each file. */
export class DecodePanels extends Disposable {
  private readonly windows = new Map<string, DecodeWindow>();
  private readonly extensionUri: Uri;
  private readonly store: DumpStore;

  constructor({ extensionUri }: ExtensionContext, store: DumpStore) {
    super(() => {
      for (const shown of this.windows.values()) shown.panel.dispose();
    });
    this.extensionUri = extensionUri;
    this.store = store;
  }

  /** Opens the window of a dump beside its text, or shows the one that is open. */
  async show(state: DecodedState): Promise<void> {
    const known = this.windows.get(state.uri);
    if (known !== undefined) {
      known.panel.reveal(undefined, true);
      await known.choose(state);
      return;
    }
    const title = texts.decodedTitle(nameOf(Uri.parse(state.uri)));
    const column = { viewColumn: ViewColumn.Beside, preserveFocus: false };
    this.adopt(window.createWebviewPanel(decodedTableViewType, title, column), state);
  }

  /** Gives a window that the editor has kept its content again. */
  restore(panel: WebviewPanel, state: DecodedState): void {
    this.adopt(panel, state);
  }

  /** Rows that the window of a dump shows. */
  rowsOf(dump: Uri, from: number, count: number): GridRow[] | undefined {
    return this.windows.get(dump.toString())?.tables?.rows(from, count);
  }

  /** What the window of a dump says instead of showing rows. */
  failureOf(dump: Uri): Failure | undefined {
    return this.windows.get(dump.toString())?.failure;
  }

  private adopt(panel: WebviewPanel, state: DecodedState): void {
    const folder = Uri.joinPath(this.extensionUri, "dist", "webview");
    panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
    panel.iconPath = Uri.joinPath(this.extensionUri, "media", "table.svg");
    const shown = new DecodeWindow(panel, state, this.store, {
      copy: (text) => env.clipboard.writeText(text),
      openLines,
    });
    this.windows.set(state.uri, shown);
    panel.onDidDispose(() => {
      shown.dispose();
      if (this.windows.get(state.uri) === shown) this.windows.delete(state.uri);
    });
    panel.webview.html = webviewHtml(panel.webview, folder, "decoded-table");
  }
}

/** Registers the windows, so that they come back after a restart of the editor. */
export function registerDecodePanels(context: ExtensionContext, store: DumpStore): DecodePanels {
  const panels = new DecodePanels(context, store);
  context.subscriptions.push(
    panels,
    window.registerWebviewPanelSerializer(decodedTableViewType, {
      async deserializeWebviewPanel(panel: WebviewPanel, state: unknown) {
        if (isState(state)) panels.restore(panel, state);
        else panel.dispose();
      },
    }),
  );
  return panels;
}

function isState(state: unknown): state is DecodedState {
  const { uri, chosen } = (state ?? {}) as Partial<DecodedState>;
  return typeof uri === "string" && typeof chosen === "number";
}

/** Selects a stretch of a file in its editor, which is opened if it is not. */
async function openLines(uri: Uri, range: Range): Promise<void> {
  const open = window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
  try {
    const document = open?.document ?? (await workspace.openTextDocument(uri));
    const column = open?.viewColumn ?? ViewColumn.One;
    await window.showTextDocument(document, { viewColumn: column, selection: range });
  } catch (error) {
    showError(texts.decodeUnreadable(nameOf(uri), reasonOf(error)));
  }
}
