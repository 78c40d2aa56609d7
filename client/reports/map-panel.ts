import { Disposable, env, Uri, ViewColumn, type WebviewPanel, window } from "vscode";
import type { InterruptMap } from "../../dumps/captures/interrupt-map.ts";
import type { EntryLink } from "../../server/tables-protocol.ts";
import { reasonOf } from "../inert.ts";
import { showError, showStatus } from "../messages.ts";
import type { FromMap, MapLabels, ToMap } from "../report-protocol.ts";
import { texts } from "../texts.ts";
import { webviewHtml } from "../webview-html.ts";

/** A map with what its entries lead to. */
export interface MadeMap {
  readonly map: InterruptMap;
  /** One line about where it comes from. */
  readonly detail: string;
  /** Shows the entry at an address. */
  readonly reveal: (link: Pick<EntryLink, "address" | "bytes">) => Promise<void>;
}

/** Where a map comes from: a capture; a debug session can be one as well. */
export interface MapSource {
  readonly key: string;
  readonly title: string;
  /** @returns undefined when there is none, which the user knows by then */
  make(): Promise<MadeMap | undefined>;
}

/** Bytes of an entry of an ITT or a device table. */
const ENTRY_BYTES = 8;

/** Windows with interrupt maps, at most one for each source. */
export class MapPanels extends Disposable {
  private readonly windows = new Map<string, { readonly panel: WebviewPanel; made: MadeMap }>();
  private readonly folder: Uri;

  constructor(extensionUri: Uri) {
    super(() => {
      for (const { panel } of this.windows.values()) panel.dispose();
    });
    this.folder = Uri.joinPath(extensionUri, "dist", "webview");
  }

  /** The maps that show. */
  get maps(): readonly InterruptMap[] {
    return [...this.windows.values()].map(({ made }) => made.map);
  }

  async show(source: MapSource): Promise<void> {
    const made = await source.make();
    if (made === undefined) return;
    const known = this.windows.get(source.key);
    if (known !== undefined) {
      known.made = made;
      known.panel.reveal();
      send(known.panel, source.title, made);
      return;
    }
    const panel = window.createWebviewPanel("gicWorkbench.interruptMap", source.title, ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: [this.folder],
      retainContextWhenHidden: true,
    });
    const shown = { panel, made };
    this.windows.set(source.key, shown);
    panel.onDidDispose(() => this.windows.delete(source.key));
    panel.webview.onDidReceiveMessage(async (message: FromMap) => {
      try {
        if (message.type === "ready") {
          post(panel, { type: "labels", labels: labels() });
          send(panel, source.title, shown.made);
        } else if (message.type === "again") {
          const anew = await source.make();
          if (anew === undefined) return;
          shown.made = anew;
          send(panel, source.title, anew);
        } else if (message.type === "copy") {
          await env.clipboard.writeText(message.text);
          showStatus(texts.copied(message.text));
        } else {
          await shown.made.reveal({ address: `0x${message.address.toString(16)}`, bytes: ENTRY_BYTES });
        }
      } catch (error) {
        void showError(reasonOf(error));
      }
    });
    panel.webview.html = webviewHtml(panel.webview, this.folder, "interrupt-map");
  }
}

function send(panel: WebviewPanel, title: string, { map, detail }: MadeMap): void {
  post(panel, { type: "map", title, detail, map });
}

function post(panel: WebviewPanel, message: ToMap): void {
  void panel.webview.postMessage(message);
}

function labels(): MapLabels {
  const { map, tables, webview } = texts;
  return {
    filter: map.filter(),
    filterHint: map.filterHint(),
    devices: map.devices(),
    collections: map.collections(),
    pes: map.pes(),
    noPe: map.noPe(),
    unknownPe: map.unknownPe(),
    vpes: map.vpes(),
    enabled: map.enabled(),
    disabled: map.disabled(),
    enabledUnknown: map.enabledUnknown(),
    pending: map.pending(),
    pendingCount: map.pendingCount(),
    priority: map.priority(),
    events: map.events(),
    shown: map.shown("{0}", "{1}"),
    leftOut: map.leftOut(),
    noMatch: map.noMatch(),
    keys: map.keys(),
    all: map.all(),
    flow: map.flow(),
    runAgain: tables.runAgain(),
    pageFailed: webview.pageFailed(),
  };
}
