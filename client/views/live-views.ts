import { Disposable, type ExtensionContext, Uri, type WebviewView, window } from "vscode";
import type { SessionTracker } from "../debug/session-tracker.ts";
import { type LiveViewName, viewIds } from "../shared/view-ids.ts";
import type { OfPage, Selection } from "../shared/view-messages.ts";
import type { TextPage } from "../text-views/text-views.ts";
import { LivePage, type LivePageContext, PageGone } from "./live-page.ts";
import { LiveSession } from "./live-session.ts";
import { viewTexts } from "./view-texts.ts";
import { Watches } from "./watches.ts";

/** What is to be seen of live views from outside. */
export interface LiveViewsApi {
  /** The lines that a live view shows; undefined while it is not in sight. */
  readonly seen: (view: LiveViewName) => Promise<readonly string[] | undefined>;
}

/** The live views: their pages, while they are open, and what they share. */
export class LiveViews extends Disposable {
  readonly live: LiveSession;
  readonly watches = new Watches();
  private readonly pages = new Map<LiveViewName, LivePage>();
  /** Views of containers: while one is hidden, its page does not run. */
  private readonly views = new Map<LiveViewName, WebviewView>();
  private readonly titles = new Map<LiveViewName, string>();
  private readonly context: LivePageContext;
  private selected: Selection | undefined;

  constructor(extension: ExtensionContext, tracker: SessionTracker) {
    const subscriptions: Disposable[] = [];
    super(() => {
      for (const page of this.pages.values()) page.dispose();
      for (const subscription of subscriptions) subscription.dispose();
    });
    this.live = new LiveSession(tracker);
    subscriptions.push(this.live, this.watches);
    const views = this;
    this.context = {
      folder: Uri.joinPath(extension.extensionUri, "dist", "webview"),
      live: this.live,
      watches: this.watches,
      memento: extension.workspaceState,
      selection: {
        get now() {
          return views.selected;
        },
        select: (selection) => this.select(selection),
      },
    };
  }

  /** Registers a view of a container. */
  provide(name: Exclude<LiveViewName, "map">, labels: () => Readonly<Record<string, string>>): Disposable {
    return window.registerWebviewViewProvider(viewIds[name], {
      resolveWebviewView: (view: WebviewView) => {
        this.open(name, view.webview, labels());
        this.views.set(name, view);
        view.onDidChangeVisibility(() => {
          if (!view.visible) this.pages.get(name)?.leave();
        });
        view.onDidDispose(() => {
          this.views.delete(name);
          this.close(name);
        });
      },
    });
  }

  /** Shows a page in a webview. */
  open(name: LiveViewName, webview: WebviewView["webview"], labels: Readonly<Record<string, string>>): void {
    this.close(name);
    this.titles.set(name, labels.title);
    this.pages.set(name, new LivePage(webview, name, labels, this.context));
  }

  close(name: LiveViewName): void {
    this.pages.get(name)?.dispose();
    this.pages.delete(name);
  }

  /** What the bit ruler shows. */
  select(selection: Selection): void {
    this.selected = selection;
    // A page that is going does not answer, and needs not.
    this.pages
      .get("bits")
      ?.messenger.ask("selection", selection)
      .catch(() => undefined);
  }

  /** Asks a page. @throws Error for the user when the view is not in sight, or with the page's words */
  async ask<Name extends keyof OfPage>(
    view: LiveViewName,
    request: Name,
    args: OfPage[Name]["arguments"],
  ): Promise<OfPage[Name]["body"]> {
    const page = this.inSight(view);
    if (page === undefined) throw new Error(viewTexts.notShown());
    return page.ask(request, args);
  }

  /** The page of a view, if it is there to answer. */
  private inSight(view: LiveViewName): LivePage | undefined {
    return this.views.get(view)?.visible === false ? undefined : this.pages.get(view);
  }

  /** Views that show something of a session, which they say as text. */
  get textSources(): readonly TextPage[] {
    if (this.live.state.kind === "none") return [];
    return [...this.pages.keys()]
      .filter((view) => this.inSight(view) !== undefined)
      .map((view) => ({
        key: view,
        name: this.titles.get(view) ?? view,
        isActive: false,
        text: async () => (await this.ask(view, "table", { form: "text" })).text,
      }));
  }

  async seen(view: LiveViewName): Promise<readonly string[] | undefined> {
    const page = this.inSight(view);
    if (page === undefined) return undefined;
    try {
      return (await page.ask("seen", null)).lines;
    } catch (error) {
      if (error instanceof PageGone) return undefined;
      throw error;
    }
  }
}
