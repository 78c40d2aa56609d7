import type { RegisterTableArguments, RegisterTableBody } from "../../debug-adapter/views-protocol.ts";
import type { TableForm } from "../shared/view-messages.ts";
import type { RegisterLabels } from "../views/view-texts.ts";
import "./live/registers.css";
import { filterField, toggleButton } from "./live/filter-field.ts";
import type { LiveRow } from "./live/live-cell.ts";
import { LiveGrid } from "./live/live-grid.ts";
import { radixes } from "./live/number-text.ts";
import { startPage, unlessStale } from "./live/page.ts";
import {
  comparedWith,
  PINNED,
  type RegisterLayout,
  type RegisterRow,
  registerColumns,
  registerRows,
} from "./live/register-rows.ts";
import { tableText } from "./live/table-text.ts";
import { element } from "./parts/dom.ts";

let labels: RegisterLabels | undefined;
let layout: RegisterLayout = { open: ["GITS0", "GICC0", PINNED], pinned: [], radix: {} };
let find = { text: "", differs: false, changed: false, base: false };
/** Whether the column of what is compared is there. */
let compares = false;
let body: RegisterTableBody | undefined;
let watched: ReadonlySet<string> = new Set();
let rows: readonly RegisterRow[] = [];
/** Counts questions: an answer to an earlier one is too late. */
let asked = 0;

const changedButton = toggleButton(() => search({ ...find, changed: !find.changed }));
const differsButton = toggleButton(() => search({ ...find, differs: !find.differs }));
const baseButton = toggleButton(() => search({ ...find, base: !find.base }));
const status = element("span", { class: "status summary-line", role: "status" });
const grid = new LiveGrid(
  {
    set: (row, _column, value) => void set(row as RegisterRow, value),
    open: (row) => toggle(row as RegisterRow, true),
    toggle: (row, open) => toggle(row as RegisterRow, open),
    select: (row) => {
      const { thing } = row as RegisterRow;
      if (thing.kind === "register" && thing.register.value !== undefined)
        void host.extension.ask("select", { expression: thing.register.expression });
      if (thing.kind === "field") void host.extension.ask("select", { expression: thing.field.expression });
    },
    copy: (text) => void host.extension.ask("copy", { text }),
  },
  true,
);
const filter = filterField(grid.root, (text) => search({ ...find, text }));

const host = startPage<RegisterLabels>({
  content: [
    element(
      "div",
      { class: "toolbar", role: "toolbar" },
      filter.root,
      changedButton,
      differsButton,
      baseButton,
      status,
    ),
    grid.root,
  ],
  begin(given, kept) {
    labels = given;
    filter.label(given);
    changedButton.textContent = given.changedOnly;
    differsButton.textContent = given.differs;
    differsButton.title = given.differsTitle;
    baseButton.hidden = true;
    layout = keptLayout(kept) ?? layout;
    grid.setColumns(registerColumns(given), given.title, given);
  },
  refresh: () => void refresh(),
  clear: () => {
    body = undefined;
    draw();
  },
  watched(expressions) {
    watched = new Set(expressions);
    draw();
  },
  answers: {
    filter({ text }) {
      if (text === undefined) filter.root.focus();
      else search({ ...find, text });
      return null;
    },
    table: ({ form }) => ({ text: wholeTable(form) }),
    act({ action, key, value }) {
      if (action === "pin") pin(key);
      else if (action === "radix") choose(key, value);
      else if (action === "toggle") {
        const row = rows.find((one) => one.key === key);
        if (row !== undefined) toggle(row, row.open !== true);
      }
      return null;
    },
  },
});

function isSearching(): boolean {
  return find.text.trim() !== "" || find.differs || find.changed || find.base;
}

/** Reads what is open, and only that. */
async function refresh(): Promise<void> {
  const question = ++asked;
  const { open, pinned } = layout;
  const isOpen = new Set(open);
  const groups = [...open, ...(isOpen.has(PINNED) ? pinned.map(({ group }) => group) : [])];
  // A register that is open is there under its group and, it may be, pinned.
  const fields = open.flatMap((key) => (key.includes("/") ? [key.slice(key.indexOf("/") + 1)] : []));
  const args: RegisterTableArguments = { groups, fields, ...(isSearching() ? { find } : {}) };
  await host.ask("gic/registerTable", args).then((answer) => {
    if (question !== asked) return;
    body = answer;
    showBase();
    draw();
    // Without something to compare with nothing is another.
    if (answer.base === undefined && find.base) search({ ...find, base: false });
  }, unlessStale);
}

/** The column and the button of what values are compared with. */
function showBase(): void {
  const { base } = body ?? {};
  if (labels === undefined) return;
  baseButton.hidden = base === undefined;
  if (base !== undefined) baseButton.textContent = labels.baseOnly.replace("{0}", comparedWith(base, labels));
  if (compares === (base !== undefined)) return;
  compares = base !== undefined;
  grid.setColumns(registerColumns(labels, compares), labels.title, labels);
}

function draw(): void {
  if (labels === undefined) return;
  rows = body === undefined ? [] : registerRows(body, layout, isSearching(), labels, watched);
  grid.show({ count: rows.length, row: (at) => rows[at] });
  changedButton.setAttribute("aria-pressed", String(find.changed));
  differsButton.setAttribute("aria-pressed", String(find.differs));
  baseButton.setAttribute("aria-pressed", String(find.base));
  filter.show(find.text);
  status.textContent = body === undefined ? "" : statusText(body, labels);
}

function statusText({ model, groups, leftOut, changesKnown }: RegisterTableBody, texts: RegisterLabels): string {
  if (!isSearching()) return model;
  const found = groups.reduce((sum, { registers }) => sum + (registers?.length ?? 0), 0);
  if (find.changed && !changesKnown) return texts.changesUnknown;
  if (found === 0) return texts.noMatch;
  const count = texts.registersCount.replace("{0}", String(found));
  return leftOut > 0 ? `${count}, ${texts.leftOut.replace("{0}", String(leftOut))}` : count;
}

function search(wanted: typeof find): void {
  find = wanted;
  draw();
  void refresh();
}

function toggle(row: RegisterRow, open: boolean): void {
  if (row.open === undefined) return;
  const others = layout.open.filter((key) => key !== row.key);
  change({ ...layout, open: open ? [...others, row.key] : others });
}

function pin(key: string): void {
  const [group, expression] = [key.slice(0, key.indexOf("/")), key.slice(key.indexOf("/") + 1)];
  const others = layout.pinned.filter((one) => one.expression !== expression);
  const isNew = others.length === layout.pinned.length;
  if (isNew && group === PINNED) return;
  const open = isNew && !layout.open.includes(PINNED) ? [...layout.open, PINNED] : layout.open;
  change({ ...layout, open, pinned: isNew ? [...others, { group, expression }] : others });
}

function choose(expression: string, value: string | undefined): void {
  const radix = radixes.find((one) => one === value);
  const { [expression]: _before, ...others } = layout.radix;
  change({ ...layout, radix: radix === undefined ? others : { ...others, [expression]: radix } });
}

function change(wanted: RegisterLayout): void {
  layout = wanted;
  void host.extension.ask("keep", { layout });
  draw();
  void refresh();
}

async function set({ thing }: RegisterRow, value: string): Promise<void> {
  if (thing.kind === "group") return;
  const expression = thing.kind === "register" ? thing.register.expression : thing.field.expression;
  try {
    await host.extension.ask("assign", { expression, value });
    host.say("");
  } catch (error) {
    host.say(error instanceof Error ? error.message : String(error));
  }
}

/** The rows that are open, as they show. */
function wholeTable(form: TableForm): string {
  if (labels === undefined) return "";
  const columns = registerColumns(labels, compares);
  const indent = (row: LiveRow): string => (form === "text" ? "  ".repeat((row.level ?? 1) - 1) : "");
  const cells = rows.map((row) =>
    columns.map(({ key }, at) => `${at === 0 ? indent(row) : ""}${row.cells[key]?.text ?? ""}`),
  );
  return tableText(
    form,
    columns.map(({ heading }) => heading),
    cells,
  );
}

/** What was kept comes from a file of the editor, so anything may be in it. */
function keptLayout(kept: unknown): RegisterLayout | undefined {
  const { open, pinned, radix } = (kept ?? {}) as Partial<Record<keyof RegisterLayout, unknown>>;
  if (!Array.isArray(open) || !Array.isArray(pinned) || typeof radix !== "object" || radix === null) return undefined;
  const isText = (value: unknown): value is string => typeof value === "string";
  return {
    open: open.filter(isText),
    pinned: pinned.filter((one) => isText(one?.group) && isText(one?.expression)),
    radix: Object.fromEntries(Object.entries(radix).filter(([, value]) => radixes.includes(value))),
  };
}
