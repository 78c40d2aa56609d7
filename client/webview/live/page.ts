import type { CustomRequests } from "../../../debug-adapter/protocol.ts";
import { type Answers, Messenger } from "../../shared/messenger.ts";
import type { SessionRequest } from "../../shared/view-ids.ts";
import type { OfExtension, OfPage, SessionState } from "../../shared/view-messages.ts";
import type { CommonLabels } from "../../views/view-texts.ts";
import { element } from "../parts/dom.ts";
import { connect, type EditorLink } from "../parts/editor-link.ts";
import { beginAt } from "../parts/keyboard.ts";

/** What a page of a live view does with what it is told. */
export interface LivePageParts<Labels extends CommonLabels> {
  /** Everything of the page but what is said when there is no session. */
  readonly content: readonly HTMLElement[];
  /** Once, before anything else. */
  readonly begin: (labels: Labels, layout: unknown) => void;
  /** The machine stands at another moment, or is another. */
  readonly refresh: () => void;
  /** The session is over. */
  readonly clear: () => void;
  readonly watched?: (expressions: readonly string[]) => void;
  readonly answers?: Partial<Pick<Answers<OfPage>, "selection" | "table" | "filter" | "act">>;
}

/** The page's end of the line to the extension. */
export interface LiveHost {
  ask<Name extends SessionRequest>(
    request: Name,
    args: CustomRequests[Name]["arguments"],
  ): Promise<CustomRequests[Name]["body"]>;
  readonly extension: Messenger<OfExtension, OfPage>;
  /** Says what went wrong, where the view is. */
  say(text: string): void;
  /** Whether the view has something to show though there is no session. */
  showWithoutSession(on: boolean): void;
}

/** Starts a page: connects it, and shows the view or why there is nothing to show. */
export function startPage<Labels extends CommonLabels>(parts: LivePageParts<Labels>): LiveHost {
  let labels: Labels | undefined;
  let session: SessionState | undefined;
  let shownKey = "";
  const said = element("p", { class: "said", role: "status" });
  const welcome = element("div", { class: "welcome" });
  const content = element("div", { class: "content" }, ...parts.content);
  const heading = element("h1", { class: "unseen" });
  const asText = element("p", { class: "unseen" });
  document.body.append(element("main", {}, heading, asText, welcome, said, content));
  content.hidden = true;
  said.hidden = true;

  const begin = beginAt(() =>
    content.hidden ? welcome.querySelector("button") : content.querySelector('[tabindex="0"]'),
  );
  const say = (text: string): void => {
    said.textContent = text;
    said.hidden = text === "";
  };
  let needsNone = false;
  const showContent = (): void => {
    const isShown = needsNone || (session !== undefined && session.kind !== "none");
    content.hidden = !isShown;
    welcome.hidden = isShown;
  };
  const update = (state: SessionState): null => {
    session = state;
    showContent();
    document.body.classList.toggle("running", state.kind === "running");
    if (state.kind === "none") {
      say("");
      shownKey = "";
      parts.clear();
      if (labels !== undefined) welcome.replaceChildren(...welcomeOf(labels, state.scriptInEditor, extension));
      begin();
    } else if (state.kind === "stopped" && state.key !== shownKey) {
      shownKey = state.key;
      say("");
      parts.refresh();
      begin();
    }
    return null;
  };
  let link: EditorLink<unknown> | undefined;
  const extension = new Messenger<OfExtension, OfPage>((message) => link?.postMessage(message), {
    session: update,
    watched: ({ expressions }) => {
      parts.watched?.(expressions);
      return null;
    },
    selection: (selection) => parts.answers?.selection?.(selection) ?? null,
    table: (args) => {
      if (parts.answers?.table === undefined) throw new Error("no table");
      return parts.answers.table(args);
    },
    filter: (args) => parts.answers?.filter?.(args) ?? null,
    act: async (args) => (await parts.answers?.act?.(args)) ?? null,
    seen: () => ({ lines: seenLines() }),
  });
  link = connect<unknown, unknown>((message) => void extension.accept(message));
  // No keybinding can tell which view of a side bar has the keyboard.
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.key !== "F2") return;
    event.preventDefault();
    event.stopPropagation();
    void extension.ask("showText", null);
  });
  const fail = (): void => say(labels?.pageFailed ?? "");
  window.addEventListener("error", fail);
  window.addEventListener("unhandledrejection", fail);
  void extension.ask("start", null).then((started) => {
    labels = started.labels as Labels;
    document.title = labels.title;
    heading.textContent = labels.title;
    asText.textContent = labels.asText;
    parts.begin(labels, started.layout);
    parts.watched?.(started.watched);
    if (started.selection !== undefined) void parts.answers?.selection?.(started.selection);
    update(started.session);
  });
  return {
    extension,
    say,
    showWithoutSession(on) {
      needsNone = on;
      showContent();
    },
    async ask(request, args) {
      try {
        return (await extension.ask("session", { request, arguments: args })) as never;
      } catch (error) {
        // What came too late is asked for again with the next moment.
        if (session?.kind === "stopped" && session.key === shownKey) {
          const reason = error instanceof Error ? error.message : String(error);
          say((labels?.failed ?? "{0}").replace("{0}", reason));
        }
        throw new Stale(error);
      }
    },
  };
}

/** What was asked for is not to be had: it has been said, or does not matter any more. */
export class Stale extends Error {
  constructor(cause: unknown) {
    super("stale", { cause });
  }
}

/** Passes over what is not to be had; see {@link Stale}. */
export function unlessStale(error: unknown): void {
  if (!(error instanceof Stale)) throw error;
}

function welcomeOf(
  labels: CommonLabels,
  scriptInEditor: boolean,
  extension: Messenger<OfExtension, OfPage>,
): HTMLElement[] {
  const button = element("button", {
    class: "primary",
    type: "button",
    text: scriptInEditor ? labels.debugScript : labels.openScript,
  });
  button.addEventListener("click", () => void extension.ask("debug", null));
  return [element("p", { text: labels.noSession }), button];
}

/** The lines that show: rows of grids, and what else is said. */
function seenLines(): string[] {
  const isShown = (found: HTMLElement): boolean => found.offsetParent !== null;
  const rows = [
    ...document.querySelectorAll<HTMLElement>('[role="row"], .said, .welcome p, .summary-line, [role="treeitem"]'),
  ];
  return rows.filter(isShown).map((row) => {
    const cells = [
      ...row.querySelectorAll<HTMLElement>('[role="gridcell"], [role="columnheader"], [role="rowheader"]'),
    ];
    if (cells.length === 0) return row.innerText.trim();
    return cells.map((cell) => cell.dataset.seen ?? cell.innerText.trim()).join("|");
  });
}
