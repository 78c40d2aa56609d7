import type { QueueBody, QueueSlot } from "../../debug-adapter/views-protocol.ts";
import type { TableForm } from "../shared/view-messages.ts";
import type { QueueLabels } from "../views/view-texts.ts";
import type { LiveColumn, LiveRow } from "./live/live-cell.ts";
import { LiveGrid } from "./live/live-grid.ts";
import { startPage } from "./live/page.ts";
import { PagedRows } from "./live/paged-rows.ts";
import { tableText } from "./live/table-text.ts";
import { element, fill } from "./parts/dom.ts";

/** Slots of one request. */
const PAGE = 500;

let labels: QueueLabels | undefined;
let its = 0;
let pointer = -1;
/** Whether the row that is selected is the pointer's, and none that the user has gone to. */
let follows = true;
const slots = new WeakMap<LiveRow, QueueSlot>();

const itsList = element("select", { class: "its" });
const status = element("span", { class: "status summary-line", role: "status" });
const grid = new LiveGrid({
  set: () => undefined,
  open: (row) => {
    const slot = slots.get(row);
    if (slot?.line !== undefined) void host.extension.ask("goTo", { line: slot.line });
    else if (slot?.text !== undefined) void host.extension.ask("goTo", { expression: `mem64[${slot.address}]` });
  },
  select: (row) => {
    follows = false;
    const slot = slots.get(row);
    if (slot?.text !== undefined) void host.extension.ask("select", { its, slot: slot.slot });
  },
  copy: (text) => void host.extension.ask("copy", { text }),
});
const rows = new PagedRows(fetchPage, () => {
  grid.show(rows);
});

const host = startPage<QueueLabels>({
  content: [element("div", { class: "toolbar", role: "toolbar" }, itsList, status), grid.root],
  begin(given) {
    labels = given;
    itsList.setAttribute("aria-label", given.its);
    grid.setColumns(columns(given), given.title, given);
  },
  refresh: () => rows.refresh(),
  clear: () => {
    rows.count = 0;
    pointer = -1;
    grid.show(rows, false);
  },
  answers: {
    table: async ({ form }) => ({ text: await wholeTable(form) }),
  },
});

itsList.addEventListener("change", () => {
  its = Number(itsList.value);
  pointer = -1;
  rows.refresh(true);
});

async function fetchPage(from: number, count: number): Promise<{ total: number; rows: LiveRow[] }> {
  const body = await host.ask("gic/queue", { its, from, count });
  showStatus(body);
  // The pointer that moves is in sight, unless the user walks other rows.
  if (body.valid && body.reader !== pointer) {
    pointer = body.reader;
    const last = (body.reader + body.slots - 1) % body.slots;
    setTimeout(() => {
      if (!follows && document.activeElement === grid.root) return;
      follows = true;
      grid.select(body.waiting > 0 ? body.reader : last, undefined, false);
    });
  }
  return { total: body.slots, rows: body.rows.map((slot) => rowOf(slot, body)) };
}

function rowOf(slot: QueueSlot, { reader, writer }: QueueBody): LiveRow {
  if (labels === undefined) throw new Error("no labels");
  const { address, text, state, outcome, line, offset } = slot;
  const pointers = [
    ...(slot.slot === reader ? [{ mark: "R", name: "GITS_CREADR" }] : []),
    ...(slot.slot === writer ? [{ mark: "W", name: "GITS_CWRITER" }] : []),
  ];
  const states = {
    next: labels.next,
    waiting: labels.waits,
    consumed: labels.consumed,
    stale: labels.stale,
    empty: labels.empty,
  };
  const made: LiveRow = {
    key: offset,
    context: {
      ...(line === undefined ? {} : { mapped: true, line }),
      ...(text === undefined ? {} : { watch: `mem64[${address}]` }),
    },
    cells: {
      slot: { text: String(slot.slot), kind: "muted" },
      pointer: {
        text: pointers.map(({ mark }) => mark).join(""),
        kind: "on",
        title: pointers.map(({ name }) => name).join(", "),
      },
      command: {
        text: text ?? "",
        // Values count more than the names of arguments, whose order is always the same.
        forms: [text ?? "", (text ?? "").replace(/\b\w+=/g, "")],
        kind: outcome?.good === false ? "bad" : state === "empty" || state === "stale" ? "muted" : "",
        title: [text ?? "", outcome === undefined ? states[state] : outcome.text, ...slot.words]
          .filter(Boolean)
          .join("\n"),
      },
      state: {
        text: states[state],
        kind: state === "next" ? "on" : state === "empty" || state === "stale" ? "muted" : "",
      },
      outcome: { text: outcome?.text ?? "", kind: outcome?.good === false ? "bad" : "" },
      line: { text: line === undefined ? "" : String(line), kind: "muted" },
      address: { text: address, kind: "muted" },
    },
  };
  slots.set(made, slot);
  return made;
}

function showStatus({ itss, valid, enabled, stalled, reader, writer, waiting, slots: count }: QueueBody): void {
  if (labels === undefined) return;
  itsList.hidden = itss < 2;
  if (itsList.options.length !== itss) {
    const choices = Array.from({ length: itss }, (_, at) => ({ value: String(at), label: `ITS ${at}` }));
    fill(itsList, choices, String(its));
  }
  const said = valid
    ? [
        enabled ? labels.enabled : labels.disabled,
        labels.pointers.replace("{0}", String(reader)).replace("{1}", String(writer)).replace("{2}", String(count)),
        stalled ? labels.stalled : "",
        waiting === 0 ? labels.nothingWaits : labels.waiting.replace("{0}", String(waiting)),
      ]
    : [itss === 0 ? labels.noIts : labels.noQueue];
  status.textContent = said.filter(Boolean).join(" · ");
}

function columns(texts: QueueLabels): LiveColumn[] {
  type Key = "slot" | "pointer" | "command" | "state" | "outcome" | "line" | "address";
  const column = (key: Key, width: number, rank: number, more: Partial<LiveColumn> = {}): LiveColumn => ({
    key,
    heading: texts[key],
    align: "left",
    width,
    rank,
    sortable: false,
    ...more,
  });
  return [
    column("slot", 4, 0, { align: "right" }),
    column("pointer", 3, 0),
    column("command", 26, 0, { fill: true }),
    column("state", 9, 3, { spare: 20 }),
    column("outcome", 16, 1),
    column("line", 6, 4, { spare: 24 }),
    column("address", 12, 5, { spare: 24 }),
  ];
}

async function wholeTable(form: TableForm): Promise<string> {
  const shown = labels === undefined ? [] : columns(labels);
  const all: LiveRow[] = [];
  for (let total = 1, from = 0; from < total; from += PAGE) {
    const body = await host.ask("gic/queue", { its, from, count: PAGE });
    total = body.slots;
    all.push(...body.rows.filter(({ state }) => state !== "empty").map((slot) => rowOf(slot, body)));
  }
  const cells = all.map((row) => shown.map(({ key }) => row.cells[key]?.text ?? ""));
  return tableText(
    form,
    shown.map(({ heading }) => heading),
    cells,
  );
}
