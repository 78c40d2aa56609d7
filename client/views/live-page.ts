import { commands, type Disposable, env, type Memento, type Uri, type Webview } from "vscode";
import { showStatus } from "../messages.ts";
import { Messenger } from "../shared/messenger.ts";
import { type LiveViewName, ownStyles, sessionRequests, sharedStyle, viewPages } from "../shared/view-ids.ts";
import type { OfExtension, OfPage, Selection } from "../shared/view-messages.ts";
import { texts } from "../texts.ts";
import { webviewHtml } from "../webview-html.ts";
import { editLine } from "./edit-line.ts";
import type { LiveSession } from "./live-session.ts";
import { showPlace } from "./script-place.ts";
import { viewTexts } from "./view-texts.ts";
import type { Watches } from "./watches.ts";

/** What all pages share. */
export interface LivePageContext {
  readonly folder: Uri;
  readonly live: LiveSession;
  readonly watches: Watches;
  /** Layouts of views, kept over restarts of the editor. */
  readonly memento: Memento;
  /** What is selected, in whichever view. */
  readonly selection: { readonly now: Selection | undefined; select(selection: Selection, by: LiveViewName): void };
}

/**
 * How long a page may take to load. A view that is hidden while the editor makes it counts as visible for the extension, and its page is not
 * loaded until it is shown again: no event tells of that.
 */
const startLimitMs = 5_000;

/** A page went before it answered. */
export class PageGone extends Error {
  constructor() {
    super(viewTexts.wentAway());
  }
}

/** A page of a live view, as long as it is there: answers what it asks, and tells it of the session. */
export class LivePage {
  readonly messenger: Messenger<OfPage, OfExtension>;
  /** True when the page runs, false when it went before: what is said to it until then is lost. */
  private started: Promise<boolean> = Promise.resolve(false);
  private settleStart: (runs: boolean) => void = () => undefined;
  private readonly subscriptions: Disposable[] = [];

  constructor(
    webview: Webview,
    name: LiveViewName,
    labels: Readonly<Record<string, string>>,
    context: LivePageContext,
  ) {
    const { folder, live, watches, memento, selection } = context;
    webview.options = { enableScripts: true, localResourceRoots: [folder] };
    const layoutKey = `gicWorkbench.layout.${name}`;
    const watched = (): readonly string[] => {
      const { state } = live;
      return state.kind === "stopped" ? watches.watched(live.stopped()) : [];
    };
    this.awaitStart();
    this.messenger = new Messenger<OfPage, OfExtension>((message) => void webview.postMessage(message), {
      start: () => {
        // Its answer goes first.
        setTimeout(() => this.settleStart(true), 0);
        return {
          labels,
          session: live.state,
          layout: memento.get(layoutKey),
          watched: watched(),
          selection: selection.now,
        };
      },
      session: async ({ request, arguments: args }) => {
        if (!sessionRequests.includes(request)) throw new Error(`no request ${request}`);
        const body = await live.ask(request, args as never);
        if (request === "gic/setInterrupt" && "statements" in body) {
          showStatus(body.note ?? viewTexts.didStatements(body.statements.join("; ")));
        }
        return body;
      },
      assign: async ({ expression, value }) => live.stopped().customRequest("setExpression", { expression, value }),
      editLine: async (edit) => {
        await editLine(live, edit);
        return null;
      },
      goTo: async (place) => {
        await showPlace(live, place);
        return null;
      },
      copy: async ({ text }) => {
        await env.clipboard.writeText(text);
        showStatus(texts.copied(text.length > 80 ? `${text.slice(0, 80)}…` : text));
        return null;
      },
      select: (selected) => {
        selection.select(selected, name);
        return null;
      },
      keep: async ({ layout }) => {
        await memento.update(layoutKey, layout);
        return null;
      },
      showText: async () => {
        await commands.executeCommand("gicWorkbench.showText", name);
        return null;
      },
      debug: async () => {
        const { state } = live;
        if (state.kind === "none" && state.scriptInEditor) await commands.executeCommand("gicWorkbench.debugScript");
        else if (state.kind === "none") await commands.executeCommand("workbench.action.quickOpen", ".itscmd");
        return null;
      },
    });
    const tell = <Name extends keyof OfPage>(request: Name, args: OfPage[Name]["arguments"]): void => {
      // A page that is going does not answer, and needs not.
      this.messenger.ask(request, args as never).catch(() => undefined);
    };
    this.subscriptions.push(
      webview.onDidReceiveMessage((message) => this.messenger.accept(message)),
      live.onDidChange((state) => tell("session", state)),
      watches.onDidChange(() => tell("watched", { expressions: watched() })),
    );
    const own = ownStyles[name];
    webview.html = webviewHtml(webview, folder, viewPages[name], [...(own === undefined ? [] : [own]), sharedStyle]);
  }

  /** Asks the page, as soon as it runs. @throws PageGone when it goes before it answers; Error with its words */
  async ask<Name extends keyof OfPage>(request: Name, args: OfPage[Name]["arguments"]): Promise<OfPage[Name]["body"]> {
    if (!(await this.runs())) throw new PageGone();
    return this.messenger.ask(request, args);
  }

  /** The editor lets a hidden page go, and loads it anew when its view is shown: what was asked is not answered. */
  leave(): void {
    this.settleStart(false);
    this.messenger.close(new PageGone());
    this.awaitStart();
  }

  dispose(): void {
    this.settleStart(false);
    this.messenger.close(new PageGone());
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async runs(): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, startLimitMs, false);
    });
    try {
      return await Promise.race([this.started, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private awaitStart(): void {
    this.started = new Promise((resolve) => {
      this.settleStart = resolve;
    });
  }
}
