import type { DecodedState, Failure, Labels, RowView, Shown, ToWindow, TreeNode } from "../protocol.ts";
import "./table-editor.css";
import { Details } from "./parts/details.ts";
import { element } from "./parts/dom.ts";
import { Grid } from "./parts/grid.ts";
import { beginAt, isChord } from "./parts/keyboard.ts";
import { ReadingBox } from "./parts/reading-box.ts";
import { Toolbar } from "./parts/toolbar.ts";
import { Tree } from "./parts/tree.ts";
import { onMessage, vscode } from "./parts/vscode-api.ts";

let generation = 0;
let labels: Labels | undefined;
let view: RowView | undefined;
let nodes: readonly TreeNode[] = [];

const heading = element("header");
const status = element("p", { class: "status", role: "status" });
const busy = element("div", { class: "busy", role: "status" });
const grid = new Grid({
  needRows: (from, count) => vscode.postMessage({ type: "rows", generation, from, count }),
  select: (row, byUser) => vscode.postMessage({ type: "explain", generation, row, byUser }),
  open: (row) => vscode.postMessage({ type: "reveal", generation, row }),
  enter: () => details.focus(),
  sort: (column) => {
    if (view === undefined) return;
    const isSame = view.sort === column || (column === 0 && view.sort < 0);
    changeView({ ...view, sort: column === 0 ? -1 : column, descending: isSame && !view.descending });
  },
  copy: (text) => vscode.postMessage({ type: "copy", text }),
});
const details = new Details({
  open: () => vscode.postMessage({ type: "reveal", generation, row: grid.selected }),
  copy: () => vscode.postMessage({ type: "copyAs", generation, row: grid.selected }),
  edit: (field, text) => vscode.postMessage({ type: "edit", generation, row: grid.selected, field, text }),
  leave: () => grid.root.focus(),
});
const tree = new Tree((id) => vscode.postMessage({ type: "node", id }));
const toolbar = new Toolbar({
  node: (id) => vscode.postMessage({ type: "node", id }),
  goTo: (text) => vscode.postMessage({ type: "goTo", generation, text, row: grid.selected }),
  view: changeView,
  export: () => vscode.postMessage({ type: "export", generation }),
});

const reading = new ReadingBox((chosen) => vscode.postMessage({ type: "reading", reading: chosen }));

toolbar.leaveTo(grid.root);
const begin = beginAt(() => (grid.root.hidden ? undefined : grid.root));

const main = element("main", {}, heading, reading.root, toolbar.root, busy, status, grid.root, details.root);
document.body.append(tree.root, main);
busy.hidden = true;
document.addEventListener("keydown", (event) => {
  const what = isChord(event, "f") ? "filter" : isChord(event, "g") ? "goTo" : undefined;
  if (what === undefined) return;
  toolbar.focus(what);
  event.preventDefault();
  // The editor's own key for it comes later, and would take what has been typed by then.
  event.stopPropagation();
});
onMessage(accept);
window.addEventListener("error", fail);
window.addEventListener("unhandledrejection", fail);
vscode.postMessage({ type: "ready", state: vscode.getState() });

function accept(message: ToWindow): void {
  switch (message.type) {
    case "labels":
      labels = message.labels;
      toolbar.name(labels);
      reading.name(labels);
      break;
    case "busy":
      showBusy(message.text);
      break;
    case "idle":
      busy.hidden = true;
      if (message.text !== "") say(message.text, false);
      break;
    case "error":
      generation = message.generation;
      showFailure(message.failure);
      break;
    case "show":
      show(message.shown, message.state, message.row);
      break;
    case "said":
      say(message.text, message.isRefusal);
      break;
    case "focus":
      toolbar.focus(message.what);
      break;
    default:
      if (message.generation === generation) acceptRows(message);
  }
}

/** Takes what is about the rows that show. */
function acceptRows(message: Extract<ToWindow, { type: "rows" | "explained" | "select" }>): void {
  if (message.type === "rows") grid.accept(message.from, message.rows);
  else if (message.type === "explained") {
    if (labels !== undefined) details.show(message.explained, labels);
  } else {
    grid.select(message.row, message.focus);
    if (message.focus) grid.root.focus();
  }
}

function changeView(wanted: RowView): void {
  vscode.postMessage({ type: "view", generation, view: wanted });
}

function show(shown: Shown, state: DecodedState, row: number): void {
  if (labels === undefined) return;
  const { table, failure } = shown;
  vscode.setState(state);
  if (table !== undefined) document.title = table.title;
  generation = shown.generation;
  view = shown.view;
  busy.hidden = true;
  nodes = shown.tree ?? nodes;
  document.body.classList.toggle("has-tree", nodes.length > 1);
  tree.show(nodes, shown.chosen, labels.tables);
  toolbar.offer(shown, nodes);
  reading.show(shown.reading, table?.facts ?? [], table !== undefined, labels);
  reading.root.hidden = table === undefined && Object.values(shown.reading.chosen).every((value) => value === "");
  heading.replaceChildren(
    element("h1", { text: table?.title ?? "" }),
    element("p", { class: "subtitle", text: table?.subtitle ?? "" }),
    ...(table?.warnings ?? []).map((text) => element("p", { class: "note", text })),
  );
  heading.hidden = table === undefined;
  say(failure ?? (table?.rowCount === 0 ? emptyText(shown, labels) : ""), false);
  grid.root.hidden = table === undefined || table.rowCount === 0;
  details.root.hidden = grid.root.hidden;
  details.clear(`${labels.selectHint} ${labels.keys}`);
  if (table !== undefined) grid.show(table, shown.view, row, labels);
  if (!details.isAwaited) begin();
}

function emptyText({ view: shown }: Shown, { noneShown, noEntries }: Labels): string {
  return shown.remarks || shown.text !== "" || shown.show === "all" ? noneShown : noEntries;
}

function say(text: string, isRefusal: boolean): void {
  status.textContent = text;
  status.classList.toggle("refusal", isRefusal);
}

/** What takes long shows, with a way to end it; what is done at once does not flicker (the style sheet waits). */
function showBusy(text: string): void {
  const cancel = element("button", { class: "link", type: "button", text: labels?.cancel ?? "" });
  cancel.addEventListener("click", () => vscode.postMessage({ type: "cancel" }));
  busy.replaceChildren(element("progress", { "aria-label": text }), element("span", { text }), cancel);
  busy.hidden = false;
}

/** Says what went wrong where the table would be, with a way on where there is one. */
function showFailure({ message, code, anyway }: Failure): void {
  busy.hidden = true;
  heading.hidden = true;
  reading.root.hidden = true;
  grid.root.hidden = true;
  details.root.hidden = true;
  say(`${message} [${code}]`, false);
  const isCancelled = code === "GIC-DUMP-CANCELLED";
  const text = isCancelled ? labels?.again : anyway;
  if (text === undefined) return;
  const button = element("button", { class: "link", type: "button", text });
  button.addEventListener("click", () => vscode.postMessage({ type: isCancelled ? "again" : "anyway" }));
  status.append(" ", button);
}

/** A fault of this page itself. */
function fail(): void {
  say(labels?.pageFailed ?? "", true);
}
