import type { BitsArguments, BitsBody, BitsField } from "../../debug-adapter/views-protocol.ts";
import type { Explained } from "../protocol.ts";
import type { TableForm } from "../shared/view-messages.ts";
import type { BitsLabels } from "../views/view-texts.ts";
import "./live/bits.css";
import type { LiveColumn, LiveRow } from "./live/live-cell.ts";
import { LiveGrid } from "./live/live-grid.ts";
import { valueForms } from "./live/number-text.ts";
import { startPage } from "./live/page.ts";
import { tableText } from "./live/table-text.ts";
import { BitRuler } from "./parts/bit-ruler.ts";
import { element } from "./parts/dom.ts";

let labels: BitsLabels | undefined;
let selection: BitsArguments | undefined;
/** An entry of a dump that was selected last. */
let entry: BitsBody | undefined;
let shown: BitsBody | undefined;
let watched: ReadonlySet<string> = new Set();
let asked = 0;

const title = element("h2", { class: "summary-line" });
const summary = element("p");
const words = element("p", { class: "summary-line" });
const fixed = element("p", { class: "summary-line" });
const ruler = new BitRuler((field) => ruler.mark(field));
const head = element("div", { class: "bits-head" }, title, words, ruler.root, summary, fixed);
document.body.classList.add("bits");
const empty = element("p", { class: "hint summary-line" });
const grid = new LiveGrid({
  set: (row, _column, value) => void setField(row.key, value),
  open: () => undefined,
  select: (row) => ruler.mark(shown?.fields.findIndex(({ name }) => name === row.key) ?? -1),
  copy: (text) => void host.extension.ask("copy", { text }),
});

const host = startPage<BitsLabels>({
  content: [empty, head, grid.root],
  begin(given) {
    labels = given;
    empty.textContent = given.selectHint;
    grid.setColumns(columns(given), given.title, given);
    draw();
  },
  refresh: () => void refresh(),
  clear: () => {
    // An entry of a dump needs no session.
    shown = entry;
    draw();
  },
  watched(expressions) {
    watched = new Set(expressions);
    draw();
  },
  answers: {
    selection(given) {
      if ("entry" in given) showEntry(given.entry, given.dump);
      else {
        selection = given;
        if (entry !== undefined) shown = undefined;
        entry = undefined;
        host.showWithoutSession(false);
        void refresh();
      }
      return null;
    },
    table: ({ form }) => ({ text: textOf(form) }),
    act: async ({ action, key, value = "" }) => {
      if (action === "set") await setField(key, value);
      return null;
    },
  },
});

async function refresh(): Promise<void> {
  if (selection === undefined || entry !== undefined) return;
  const question = ++asked;
  try {
    // What is selected may have no bits, or not yet: then the ones before stay.
    const body = await host.extension.ask("session", { request: "gic/bits", arguments: selection });
    if (question !== asked) return;
    shown = body as BitsBody;
    host.say("");
    draw();
  } catch (error) {
    if (question === asked && shown === undefined) host.say(error instanceof Error ? error.message : String(error));
  }
}

/** Shows an entry of a dump as the table editor has it. */
function showEntry({ title: name, summary: about, address, words: all, fields }: Explained, dump: string): void {
  asked++;
  entry = {
    title: name,
    summary: [dump, address, about].filter(Boolean).join(" · "),
    words: all,
    fields: fields.map(({ name: field, msb, lsb, text, summary: meaning }) => ({
      name: field,
      msb,
      lsb,
      text,
      summary: meaning,
      values: [],
    })),
  };
  shown = entry;
  host.say("");
  host.showWithoutSession(true);
  draw();
}

function draw(): void {
  head.hidden = shown === undefined;
  grid.root.hidden = shown === undefined;
  empty.hidden = shown !== undefined;
  if (shown === undefined || labels === undefined) return;
  const { fields, previous, resetValue } = shown;
  title.textContent = shown.title;
  summary.textContent = shown.summary;
  fixed.textContent = shown.fixed === undefined ? "" : shown.fixed === "slot" ? labels.fixedSlot : labels.fixedRaw;
  fixed.hidden = shown.fixed === undefined;
  const value = shown.words.map((word) => valueForms(word)[0]).join(" ");
  const then =
    previous === undefined ? "" : labels.before.replace("{0}", previous.map((word) => valueForms(word)[0]).join(" "));
  const reset = resetValue === undefined ? "" : labels.afterReset.replace("{0}", valueForms(resetValue)[0]);
  words.replaceChildren(
    element("code", { text: value, class: previous === undefined ? "" : "changed" }),
    ...[then, reset].filter(Boolean).map((text) => element("span", { text: ` · ${text}` })),
  );
  ruler.show({
    title: shown.title,
    summary: shown.summary,
    address: "",
    words: shown.words,
    notes: [],
    editable: false,
    fields: fields.map((field) => ({ ...field, bits: range(field), value: field.text })),
  });
  const rows = [...fields].sort((a, b) => b.msb - a.msb).map((field) => rowOf(field));
  // The view scrolls as a whole: the picture and the fields belong together.
  grid.root.style.setProperty("--rows", String(rows.length + 1));
  grid.show({ count: rows.length, row: (at) => rows[at] });
}

function rowOf(field: BitsField): LiveRow {
  const { name, msb, lsb, text, summary: meaning, access, expression, values, edit } = field;
  const mask = ((1n << BigInt(msb - lsb + 1)) - 1n) << BigInt(lsb);
  const isChanged = shown?.previous !== undefined && ((number(shown.words) ^ number(shown.previous)) & mask) !== 0n;
  const raw = shown === undefined ? 0n : (number(shown.words) & mask) >> BigInt(lsb);
  const choices = values.map((one) => ({ value: one.value, label: `${one.value} (${one.name})` }));
  const plain = text.replace(/ \(.*\)$/, "");
  return {
    key: name,
    context: {
      ...(expression === undefined ? { name } : { name: expression, watch: expression }),
      ...(expression === undefined && edit === undefined ? {} : { field: name }),
    },
    cells: {
      bits: { text: range(field) },
      field: { text: name, title: meaning },
      value: {
        text,
        title: `${text}\n${meaning}`,
        kind: isChanged ? "changed" : "",
        ...(expression === undefined ? {} : { watched: watched.has(expression) }),
        ...(expression === undefined && edit === undefined
          ? {}
          : {
              control:
                choices.length === 0
                  ? { kind: "text", value: plain }
                  : {
                      kind: "choice",
                      value: String(raw),
                      choices: choices.some(({ value }) => value === String(raw))
                        ? choices
                        : [{ value: String(raw), label: String(raw) }, ...choices],
                    },
            }),
      },
      access: { text: access ?? "", kind: "muted" },
      meaning: { text: meaning, kind: "muted" },
    },
  };
}

function columns(texts: BitsLabels): LiveColumn[] {
  const column = (key: "bits" | "field" | "value" | "access" | "meaning", more: Partial<LiveColumn>): LiveColumn => ({
    key,
    heading: texts[key],
    align: "left",
    width: 8,
    rank: 0,
    sortable: false,
    ...more,
  });
  return [
    column("bits", { width: 9, align: "right" }),
    column("field", { width: 14, least: 6, fill: true }),
    column("value", { width: 14, least: 6, fill: true }),
    column("access", { width: 6, rank: 2 }),
    column("meaning", { width: 14, rank: 1, fill: true }),
  ];
}

/** What shows, as text: all columns, also those that there is no room for. */
function textOf(form: TableForm): string {
  if (shown === undefined || labels === undefined) return "";
  const all = columns(labels);
  const rows = [...shown.fields].sort((a, b) => b.msb - a.msb).map((field) => rowOf(field).cells);
  const cells = rows.map((row) => all.map(({ key }) => row[key]?.text ?? ""));
  const above =
    form === "text"
      ? `${[title, words, summary, fixed]
          .map(({ textContent }) => textContent)
          .filter(Boolean)
          .join("\n")}\n\n`
      : "";
  return `${above}${tableText(
    form,
    all.map(({ heading }) => heading),
    cells,
  )}`;
}

/** Gives a field another value, or says why not. */
async function setField(field: string, value: string): Promise<void> {
  const { expression, edit } = shown?.fields.find(({ name }) => name === field) ?? {};
  const source = shown?.source;
  try {
    if (expression !== undefined) await host.extension.ask("assign", { expression, value });
    else if (edit !== undefined && source !== undefined) {
      const { start, length, before } = edit;
      const text = before + value.trim();
      await host.extension.ask("editLine", { line: source.line, was: source.text, start, length, text });
    } else return;
    host.say("");
  } catch (error) {
    host.say(error instanceof Error ? error.message : String(error));
  }
}

function range({ msb, lsb }: BitsField): string {
  return msb === lsb ? `[${msb}]` : `[${msb}:${lsb}]`;
}

/** The words as one number, the one with bit 0 first. */
function number(all: readonly string[]): bigint {
  return all.reduceRight((sum, word) => (sum << BigInt((word.length - 2) * 4)) | BigInt(word), 0n);
}
