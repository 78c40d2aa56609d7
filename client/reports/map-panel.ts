import { Disposable, env, Uri, ViewColumn, type WebviewPanel, window } from "vscode";
import type { InterruptMap } from "../../dumps/captures/interrupt-map.ts";
import type { EntryLink } from "../../server/tables-protocol.ts";
import { reasonOf } from "../inert.ts";
import { showError, showStatus } from "../messages.ts";
import type { FromMap, KeptQuestion, MapLabels, ToMap } from "../report-protocol.ts";
import type { TextPage } from "../text-views/text-views.ts";
import { texts } from "../texts.ts";
import { mapText } from "../webview/parts/map-text.ts";
import { webviewHtml } from "../webview-html.ts";
import type { KeptWindow } from "./kept-question.ts";

/** Type of the windows, by which the editor knows who fills them after a reload. */
export const MAP_WINDOW = "gicWorkbench.interruptMap";

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
  /** What its window keeps over a reload of the editor; absent: nothing, and it does not come back. */
  kept?(): KeptQuestion;
  /** @returns undefined when there is none, which the user knows by then */
  make(): Promise<MadeMap | undefined>;
}

/** Bytes of an entry of an ITT or a device table. */
const ENTRY_BYTES = 8;

interface Shown {
  readonly panel: WebviewPanel;
  readonly source: MapSource;
  /** Undefined in a window that came back, until there is a map. */
  made: MadeMap | undefined;
}

/** Windows with interrupt maps, at most one for each source. */
export class MapPanels extends Disposable {
  private readonly windows = new Map<string, Shown>();
  private readonly folder: Uri;
  private readonly changed: () => void;

  /** @param changed is told when {@link kept} is another */
  constructor(extensionUri: Uri, changed: () => void) {
    super(() => {
      for (const { panel } of this.windows.values()) panel.dispose();
    });
    this.folder = Uri.joinPath(extensionUri, "dist", "webview");
    this.changed = changed;
  }

  /** The maps that show. */
  get maps(): readonly InterruptMap[] {
    return [...this.windows.values()].flatMap(({ made }) => (made === undefined ? [] : [made.map]));
  }

  /** The same as text. */
  get textSources(): readonly TextPage[] {
    return [...this.windows.values()].flatMap(({ panel, made }) => {
      if (made === undefined) return [];
      const { map, detail } = made;
      const text = () => `${panel.title}\n${detail}\n\n${mapText(map, labels())}`;
      return [{ key: "interruptMap", name: panel.title, isActive: panel.active, text }];
    });
  }

  /** The windows that can be filled again. */
  get kept(): readonly KeptWindow[] {
    return [...this.windows.values()].flatMap(({ panel, source }) => {
      const question = source.kept?.();
      return question === undefined ? [] : [{ type: MAP_WINDOW, title: panel.title, question }];
    });
  }

  /** Fills a window that the editor brought back: its map is made when its page has come up. */
  restore(panel: WebviewPanel, source: MapSource): void {
    if (this.windows.has(source.key)) panel.dispose();
    else this.fill(panel, source, undefined);
  }

  async show(source: MapSource): Promise<void> {
    const made = await source.make();
    if (made === undefined) return;
    const known = this.windows.get(source.key);
    if (known !== undefined) {
      known.made = made;
      known.panel.reveal();
      send(known.panel, source, made);
      return;
    }
    const panel = window.createWebviewPanel(MAP_WINDOW, source.title, ViewColumn.Active, {
      retainContextWhenHidden: true,
    });
    this.fill(panel, source, made);
  }

  private fill(panel: WebviewPanel, source: MapSource, made: MadeMap | undefined): void {
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.folder] };
    const shown: Shown = { panel, source, made };
    this.windows.set(source.key, shown);
    this.changed();
    panel.onDidDispose(() => {
      this.windows.delete(source.key);
      this.changed();
    });
    panel.webview.onDidReceiveMessage(async (message: FromMap) => {
      try {
        if (message.type === "ready") {
          post(panel, { type: "labels", labels: labels() });
          if (shown.made === undefined) await makeAgain(shown, source);
          else send(panel, source, shown.made);
        } else if (message.type === "again") {
          await makeAgain(shown, source);
        } else if (message.type === "copy") {
          await env.clipboard.writeText(message.text);
          showStatus(texts.copied(message.text));
        } else {
          await shown.made?.reveal({ address: `0x${message.address.toString(16)}`, bytes: ENTRY_BYTES });
        }
      } catch (error) {
        void showError(reasonOf(error));
      }
    });
    panel.webview.html = webviewHtml(panel.webview, this.folder, "interrupt-map");
  }
}

/** Makes the map anew; one that stands there stands when there is none. */
async function makeAgain(shown: Shown, source: MapSource): Promise<void> {
  const isEmpty = shown.made === undefined;
  if (isEmpty) post(shown.panel, { type: "busy", text: texts.tables.askingAgain(source.title) });
  let made: MadeMap | undefined;
  let reason = texts.tables.noAnswer();
  try {
    made = await source.make();
  } catch (error) {
    if (!isEmpty) throw error;
    reason = reasonOf(error);
  }
  if (made !== undefined) {
    shown.made = made;
    send(shown.panel, source, made);
  } else if (isEmpty) post(shown.panel, { type: "failed", text: texts.tables.notAskedAgain(reason) });
}

function send(panel: WebviewPanel, source: MapSource, { map, detail }: MadeMap): void {
  post(panel, { type: "map", title: source.title, detail, map, kept: source.kept?.() });
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
    pendingHere: map.pendingHere(),
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
