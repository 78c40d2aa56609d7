import type { EntryLink, Report } from "../../server/tables-protocol.ts";
import type { CopyForm, FromReport, ReportLabels, ToReport } from "../report-protocol.ts";
import "./report.css";
import { element } from "./parts/dom.ts";
import { connect } from "./parts/editor-link.ts";
import { ReportSection } from "./parts/report-table.ts";

/** Typing pauses after which a filter is applied, in ms: a report may have a hundred thousand rows. */
const SETTLE_MS = 120;

let labels: ReportLabels | undefined;
let sections: readonly ReportSection[] = [];
let timer = 0;

const header = element("header");
const toolbar = element("div", { class: "toolbar", role: "toolbar" });
const filter = element("input", { type: "search", spellcheck: "false", size: "24" });
const status = element("p", { class: "status", role: "status" });
const tables = element("div");
document.body.append(header, element("main", {}, toolbar, status, tables));

const editor = connect<FromReport, ToReport>(accept);
window.addEventListener("error", fail);
window.addEventListener("unhandledrejection", fail);
filter.addEventListener("input", () => {
  clearTimeout(timer);
  timer = window.setTimeout(applyFilter, SETTLE_MS);
});
filter.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  filter.value = "";
  applyFilter();
});
editor.postMessage({ type: "ready" });

function accept(message: ToReport): void {
  if (message.type === "labels") {
    labels = message.labels;
    toolbar.replaceChildren(button(labels.runAgain, { type: "again" }));
  } else if (message.type === "report") {
    if (message.kept !== undefined) editor.setState(message.kept);
    show(message.title, message.report, message.canSwap);
  } else status.textContent = message.text;
}

function button(text: string, message: FromReport): HTMLButtonElement {
  const made = element("button", { class: "action", type: "button", text });
  made.addEventListener("click", () => editor.postMessage(message));
  return made;
}

function show(title: string, report: Report, canSwap: boolean): void {
  const { inputs, result, notes } = report;
  if (labels === undefined) return;
  document.title = title;
  header.replaceChildren(
    element("h1", { text: title }),
    element(
      "dl",
      {},
      ...inputs.flatMap(({ label, name, detail }) => [
        element("dt", { text: label === "" ? name : `${label}  ${name}` }),
        element("dd", { text: detail }),
      ]),
    ),
    resultElement(result, labels),
  );
  offerActions(labels, canSwap);
  const known = labels;
  const reveal = (link: EntryLink) => editor.postMessage({ type: "reveal", link });
  // Run again, a table stays folded or open as the user has left it.
  const left = new Map(sections.map(({ title, root }) => [title, root.open]));
  sections = report.tables.map((table) => new ReportSection(table, known, { reveal }));
  for (const { title, root } of sections) root.open = left.get(title) ?? root.open;
  tables.replaceChildren(...sections.map(({ root }) => root), ...noteElements(notes, labels));
  applyFilter();
}

/** What counts first, with a word for its colour: colours alone say nothing to who does not see them. */
function resultElement({ text, tone }: Report["result"], { tones }: ReportLabels): HTMLElement {
  const mark = tone === undefined ? [] : [element("span", { class: `mark ${tone}`, text: tones[tone] })];
  return element("p", { class: "result" }, ...mark, element("span", { text }));
}

function noteElements(notes: readonly string[], { notes: heading }: ReportLabels): HTMLElement[] {
  if (notes.length === 0) return [];
  const list = element("ul", {}, ...notes.map((text) => element("li", { text })));
  return [element("section", { class: "notes" }, element("h2", { text: heading }), list)];
}

function offerActions({ filter: hint, copy, runAgain, swap }: ReportLabels, canSwap: boolean): void {
  filter.placeholder = hint;
  filter.setAttribute("aria-label", hint);
  const copies = (["text", "markdown", "json"] as const).map((form: CopyForm) =>
    button(copy[form], { type: "copy", form }),
  );
  // Who has asked again by keyboard can do so once more.
  const focused = [...toolbar.children].indexOf(document.activeElement as HTMLElement);
  toolbar.replaceChildren(
    filter,
    button(runAgain, { type: "again" }),
    ...(canSwap ? [button(swap, { type: "swap" })] : []),
    ...copies,
  );
  (toolbar.children[focused] as HTMLElement | undefined)?.focus();
}

function applyFilter(): void {
  const found = sections.reduce((sum, section) => sum + section.filter(filter.value), 0);
  status.textContent = filter.value.trim() !== "" && found === 0 ? (labels?.noMatch ?? "") : "";
}

/** A fault of this page itself. */
function fail(): void {
  status.textContent = labels?.pageFailed ?? "";
}
