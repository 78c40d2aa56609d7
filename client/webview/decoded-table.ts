import type { Failure, Labels, Shown, ToWindow } from "../protocol.ts";
import "./decoded-table.css";
import { Details } from "./parts/details.ts";
import { element } from "./parts/dom.ts";
import { Grid } from "./parts/grid.ts";
import { Toolbar } from "./parts/toolbar.ts";
import { onMessage, vscode } from "./parts/vscode-api.ts";

let generation = 0;
let labels: Labels | undefined;

const heading = element("header");
const status = element("p", { class: "status", role: "status" });
const grid = new Grid({
  needRows: (from, count) => vscode.postMessage({ type: "rows", generation, from, count }),
  select: (row) => vscode.postMessage({ type: "explain", generation, row }),
  open: (row) => vscode.postMessage({ type: "reveal", generation, row }),
  copy: (text) => vscode.postMessage({ type: "copy", text }),
});
const details = new Details(() => vscode.postMessage({ type: "reveal", generation, row: grid.selected }));
const toolbar = new Toolbar({
  table: (value) => vscode.postMessage({ type: "table", value }),
  layout: (value) => vscode.postMessage({ type: "layout", value }),
  find: (text) => vscode.postMessage({ type: "find", generation, text }),
});

document.body.append(heading, toolbar.root, status, grid.root, details.root);
document.addEventListener("keydown", (event) => {
  if (event.key !== "f" || !(event.ctrlKey || event.metaKey)) return;
  toolbar.focusFind();
  event.preventDefault();
});
onMessage(accept);
window.addEventListener("error", fail);
window.addEventListener("unhandledrejection", fail);
vscode.postMessage({ type: "ready" });

function accept(message: ToWindow): void {
  if (message.type === "labels") {
    labels = message.labels;
    toolbar.name(labels);
    return;
  }
  if (message.type === "busy") {
    status.textContent = message.text;
    return;
  }
  if (message.type === "error") {
    generation = message.generation;
    showFailure(message.failure);
    return;
  }
  if (message.type === "show") {
    vscode.setState(message.state);
    show(message.shown, message.goTo);
    return;
  }
  if (message.generation !== generation) return;
  if (message.type === "rows") grid.accept(message.from, message.rows);
  else if (message.type === "explained") details.show(message.explained, labels?.openLine ?? "");
  else {
    status.textContent = message.remark ?? "";
    grid.select(message.row);
    if (message.row >= 0) grid.root.focus();
  }
}

function show(shown: Shown, goTo: string): void {
  const { table, failure, problems } = shown;
  generation = shown.generation;
  toolbar.offer(shown.tables, shown.chosenTable, shown.layouts, shown.chosenLayout, table === undefined ? "" : goTo);
  const lines = [...(table?.notes ?? []), ...(problems === undefined ? [] : [problems])];
  heading.replaceChildren(
    element("h1", { text: table?.title ?? "" }),
    element("p", { class: "subtitle", text: table?.subtitle ?? "" }),
    ...(table?.reading === undefined ? [] : [element("p", { class: "subtitle", text: table.reading })]),
    ...lines.map((text) => element("p", { class: "note", text })),
  );
  heading.hidden = table === undefined && lines.length === 0;
  status.textContent = failure ?? (table?.rowCount === 0 ? (labels?.noEntries ?? "") : "");
  grid.root.hidden = table === undefined || table.rowCount === 0;
  details.root.hidden = grid.root.hidden;
  details.clear(`${labels?.selectHint ?? ""} ${labels?.keys ?? ""}`);
  if (table === undefined) return;
  grid.show(table);
  if (grid.selected >= 0) grid.select(grid.selected);
}

/** Says what went wrong where the table would be, with a way on where there is one. */
function showFailure({ message, code, anyway }: Failure): void {
  heading.hidden = true;
  grid.root.hidden = true;
  details.root.hidden = true;
  toolbar.offer([], "", [], "", "");
  status.replaceChildren(element("span", { text: `${message} [${code}]` }));
  if (anyway === undefined) return;
  const button = element("button", { class: "link", type: "button", text: anyway });
  button.addEventListener("click", () => vscode.postMessage({ type: "anyway" }));
  status.append(" ", button);
}

/** A fault of this page itself. */
function fail(): void {
  status.textContent = labels?.pageFailed ?? "";
}
