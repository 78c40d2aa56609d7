import type { InterruptRow, InterruptsArguments, InterruptsBody } from "../../debug-adapter/views-protocol.ts";
import type { TableForm } from "../shared/view-messages.ts";
import type { InterruptLabels } from "../views/view-texts.ts";
import { filterField, toggleButton } from "./live/filter-field.ts";
import { interruptCells, interruptColumns, settableValue } from "./live/interrupt-rows.ts";
import type { LiveRow } from "./live/live-cell.ts";
import { LiveGrid } from "./live/live-grid.ts";
import { startPage, unlessStale } from "./live/page.ts";
import { PagedRows } from "./live/paged-rows.ts";
import { tableText } from "./live/table-text.ts";
import { element } from "./parts/dom.ts";

/** Rows of one request. */
const PAGE = 500;

type Query = Omit<InterruptsArguments, "from" | "count">;
const states = ["pending", "active", "enabled"] as const;

let labels: InterruptLabels | undefined;
let query: Query = { text: "", states: [], changed: false, sort: "intid", descending: false };
let watched: ReadonlySet<string> = new Set();
const interrupts = new WeakMap<LiveRow, InterruptRow>();

const stateButtons = states.map((state) => toggleButton(() => toggleState(state)));
const changedButton = toggleButton(() => change({ ...query, changed: !query.changed }));
const status = element("span", { class: "status summary-line", role: "status" });
const hint = element("p", { class: "hint" });
const grid = new LiveGrid({
  sort: (column) => change({ ...query, sort: column, descending: query.sort === column && !query.descending }),
  set: (row, column, value) => void set(row, column, value),
  open: (row) => {
    const { its, device, event } = interrupts.get(row) ?? {};
    if (device !== undefined) void host.extension.ask("goTo", { its, device, event });
  },
  select: (row, column) => {
    const { device, event, its = 0 } = interrupts.get(row) ?? {};
    if (device !== undefined && its === 0)
      void host.extension.ask("select", {
        expression: `ite[0x${device.toString(16)}, 0x${(event ?? 0).toString(16)}]`,
      });
    void column;
  },
  copy: (text) => void host.extension.ask("copy", { text }),
});
const filter = filterField(grid.root, (text) => change({ ...query, text }));
const rows = new PagedRows(fetchPage, () => grid.show(rows));

const host = startPage<InterruptLabels>({
  content: [
    element("div", { class: "toolbar", role: "toolbar" }, filter.root, ...stateButtons, changedButton, status),
    grid.root,
    hint,
  ],
  begin(given, layout) {
    labels = given;
    filter.label(given);
    hint.textContent = given.keys;
    hint.title = given.keys;
    const names = [given.pendingOnly, given.activeOnly, given.enabledOnly];
    for (const [at, button] of stateButtons.entries()) button.textContent = names[at];
    changedButton.textContent = given.changedOnly;
    query = { ...query, ...keptQuery(layout) };
    grid.setColumns(interruptColumns(given), given.title, given);
    showQuery();
  },
  refresh: () => rows.refresh(),
  clear: () => {
    rows.count = 0;
    grid.show(rows, false);
  },
  watched(expressions) {
    watched = new Set(expressions);
    rows.refresh();
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

async function fetchPage(from: number, count: number): Promise<{ total: number; rows: LiveRow[] }> {
  const body = await host.ask("gic/interrupts", { ...query, from, count });
  showStatus(body);
  return { total: body.matching, rows: body.rows.map(rowOf) };
}

function rowOf(row: InterruptRow): LiveRow {
  if (labels === undefined) throw new Error("no labels");
  const made = interruptCells(row, labels, watched);
  interrupts.set(made, row);
  return made;
}

async function set(row: LiveRow, column: string, value: string): Promise<void> {
  const interrupt = interrupts.get(row);
  const wanted = interrupt && settableValue(column, value);
  if (interrupt === undefined || wanted === undefined) return;
  // What comes of it, or why not, is said; the moment after it comes by itself.
  await host
    .ask("gic/setInterrupt", { key: interrupt.key, ...wanted })
    .then(({ note }) => host.say(note ?? ""), unlessStale);
}

function showStatus({ matching, total, counts, unknownWords, changesKnown }: InterruptsBody): void {
  if (labels === undefined) return;
  for (const [at, state] of states.entries()) {
    const name = [labels.pendingOnly, labels.activeOnly, labels.enabledOnly][at];
    stateButtons[at].textContent = `${name} ${counts[state]}`;
  }
  const count = labels.countOf.replace("{0}", grouped(matching)).replace("{1}", grouped(total));
  const unknown = unknownWords.length === 0 ? "" : labels.unknownWord.replace("{0}", unknownWords.join(" "));
  const unclear = query.changed && !changesKnown ? labels.changesUnknown : "";
  status.textContent = [count, unknown || unclear || (matching === 0 ? labels.noMatch : "")]
    .filter(Boolean)
    .join(" · ");
}

function grouped(count: number): string {
  return count.toLocaleString("en");
}

function toggleState(state: (typeof states)[number]): void {
  const without = query.states.filter((one) => one !== state);
  change({ ...query, states: without.length < query.states.length ? without : [...without, state] });
}

function change(wanted: Query): void {
  query = wanted;
  showQuery();
  void host.extension.ask("keep", { layout: query });
  grid.show(rows, false);
  rows.refresh(true);
}

function showQuery(): void {
  filter.show(query.text);
  for (const [at, state] of states.entries())
    stateButtons[at].setAttribute("aria-pressed", String(query.states.includes(state)));
  changedButton.setAttribute("aria-pressed", String(query.changed));
  grid.setSort(query.sort, query.descending);
}

/** What was kept comes from a file of the editor, so anything may be in it. */
function keptQuery(layout: unknown): Partial<Query> {
  const { text, sort, descending, states: kept } = (layout ?? {}) as Partial<Record<keyof Query, unknown>>;
  return {
    ...(typeof text === "string" ? { text } : {}),
    ...(typeof sort === "string" ? { sort } : {}),
    ...(typeof descending === "boolean" ? { descending } : {}),
    ...(Array.isArray(kept) ? { states: states.filter((state) => kept.includes(state)) } : {}),
  };
}

async function wholeTable(form: TableForm): Promise<string> {
  const columns = labels === undefined ? [] : interruptColumns(labels);
  const all: string[][] = [];
  for (let total = 1; all.length < total; ) {
    const body = await host.ask("gic/interrupts", { ...query, from: all.length, count: PAGE });
    total = body.matching;
    if (body.rows.length === 0) break;
    all.push(...body.rows.map(rowOf).map(({ cells }) => columns.map(({ key }) => cells[key]?.text ?? "")));
  }
  return tableText(
    form,
    columns.map(({ heading }) => heading),
    all,
  );
}
