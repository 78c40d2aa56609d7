import type { TimelineBody, TimelineRow } from "../../debug-adapter/views-protocol.ts";
import type { TableForm } from "../shared/view-messages.ts";
import type { TimelineLabels } from "../views/view-texts.ts";
import "./live/timeline.css";
import { filterField, toggleButton } from "./live/filter-field.ts";
import type { LiveRow } from "./live/live-cell.ts";
import { LiveGrid } from "./live/live-grid.ts";
import { startPage, unlessStale } from "./live/page.ts";
import { PagedRows } from "./live/paged-rows.ts";
import { tableText } from "./live/table-text.ts";
import { timelineColumns, timelineRow } from "./live/timeline-rows.ts";
import { element } from "./parts/dom.ts";

/** Rows of one request. */
const PAGE = 500;
/** Rows that are copied at most. */
const MOST_COPIED = 100_000;

let labels: TimelineLabels | undefined;
let query = { text: "", failed: false };
/** The row where the session stood when it was brought into sight. */
let shownPresent = "";
const things = new WeakMap<LiveRow, TimelineRow>();

document.body.classList.add("timeline");
const failedButton = toggleButton(() => change({ ...query, failed: !query.failed }));
const status = element("span", { class: "status summary-line", role: "status" });
const hint = element("p", { class: "hint" });
const grid = new LiveGrid({
  set: () => undefined,
  open: (row) => void goTo(row),
  press: (row) => void goTo(row),
  select: (row) => {
    const thing = things.get(row);
    if (thing?.kind === "statement") void host.extension.ask("select", { line: thing.line });
  },
  copy: (text) => void host.extension.ask("copy", { text }),
});
const filter = filterField(grid.root, (text) => change({ ...query, text }));
const rows = new PagedRows(fetchPage, () => grid.show(rows));

const host = startPage<TimelineLabels>({
  content: [element("div", { class: "toolbar", role: "toolbar" }, filter.root, failedButton, status), grid.root, hint],
  begin(given, layout) {
    labels = given;
    filter.label(given);
    failedButton.textContent = given.failedOnly;
    hint.textContent = given.keys;
    query = { ...query, ...keptQuery(layout) };
    grid.setColumns(timelineColumns(given), given.title, given);
    showQuery();
  },
  refresh: () => rows.refresh(),
  clear: () => {
    rows.count = 0;
    shownPresent = "";
    grid.show(rows, false);
  },
  answers: {
    filter({ text }) {
      if (text === undefined) filter.root.focus();
      else change({ ...query, text });
      return null;
    },
    table: async ({ form }) => ({ text: await wholeTable(form) }),
  },
});

/** A page, once the whole of the session is looked through. */
async function fetchPage(from: number, count: number): Promise<{ total: number; rows: LiveRow[] }> {
  const asked = query;
  for (;;) {
    const body = await host.ask("gic/timeline", { ...asked, from, count });
    showStatus(body);
    if (body.searched < body.lines && asked === query) continue;
    bringIntoSight(body);
    return { total: body.matching, rows: body.rows.map(rowOf) };
  }
}

/** Where the session stands is in sight, when it stands elsewhere than before. */
function bringIntoSight({ present, matching, lines }: TimelineBody): void {
  const stands = `${present} ${lines}`;
  if (stands === shownPresent || matching === 0) return;
  shownPresent = stands;
  setTimeout(() => grid.select(Math.min(present, matching - 1), undefined, false));
}

function rowOf(row: TimelineRow): LiveRow {
  if (labels === undefined) throw new Error("no labels");
  const made = timelineRow(row, labels);
  things.set(made, row);
  return made;
}

/** Goes to before what a row stands for. */
async function goTo(row: LiveRow): Promise<void> {
  const thing = things.get(row);
  if (thing === undefined || thing.moment === "next" || thing.kind === "gap") return;
  const { line, place, command } = thing;
  // The moment after it comes by itself.
  await host
    .ask("gic/goTo", { line, place, ...(command === undefined ? {} : { command }) })
    .then(() => undefined, unlessStale);
}

function showStatus({ matching, lines, searched, unknownWords, notCompared }: TimelineBody): void {
  if (labels === undefined) return;
  const isFiltered = query.text.trim() !== "" || query.failed;
  const said = [
    isFiltered ? labels.rowsCount.replace("{0}", grouped(matching)) : "",
    labels.linesCount.replace("{0}", grouped(lines)),
    searched < lines ? labels.searched.replace("{0}", grouped(searched)) : "",
    unknownWords.length === 0 ? "" : labels.unknownWord.replace("{0}", unknownWords.join(" ")),
    notCompared === 0 ? "" : labels.notCompared.replace("{0}", grouped(notCompared)),
    isFiltered && matching === 0 && unknownWords.length === 0 && searched === lines ? labels.noMatch : "",
  ];
  status.textContent = said.filter(Boolean).join(" · ");
}

function grouped(count: number): string {
  return count.toLocaleString("en");
}

function change(wanted: typeof query): void {
  query = wanted;
  shownPresent = "";
  showQuery();
  void host.extension.ask("keep", { layout: query });
  grid.show(rows, false);
  rows.refresh(true);
}

function showQuery(): void {
  filter.show(query.text);
  failedButton.setAttribute("aria-pressed", String(query.failed));
}

/** What was kept comes from a file of the editor, so anything may be in it. */
function keptQuery(layout: unknown): Partial<typeof query> {
  const { text, failed } = (layout ?? {}) as Partial<Record<keyof typeof query, unknown>>;
  return {
    ...(typeof text === "string" ? { text } : {}),
    ...(typeof failed === "boolean" ? { failed } : {}),
  };
}

async function wholeTable(form: TableForm): Promise<string> {
  const columns = labels === undefined ? [] : timelineColumns(labels).filter(({ key }) => key !== "mark");
  const all: string[][] = [];
  for (let total = 1; all.length < Math.min(total, MOST_COPIED); ) {
    const body = await host.ask("gic/timeline", { ...query, from: all.length, count: PAGE });
    total = body.matching;
    if (body.rows.length === 0 && body.searched === body.lines) break;
    all.push(
      ...body.rows.map(rowOf).map(({ cells }) => [
        ...columns.map(({ key }) => cells[key]?.text ?? ""),
        // A program reads what a person copies elsewhere; who reads on gets the marks in words.
        ...(form === "text" ? [cells.mark?.said ?? ""] : []),
      ]),
    );
  }
  return tableText(
    form,
    [...columns.map(({ heading }) => heading), ...(form === "text" ? [labels?.mark ?? ""] : [])],
    all,
  );
}
