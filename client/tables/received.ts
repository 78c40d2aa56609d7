import {
  ALL_VALID,
  AS_GUESSED,
  type DecodedState,
  type ReadingChoice,
  type RowView,
  type ToExtension,
} from "../protocol.ts";

/** Longest text that a page may send, in characters: a row of any table is shorter. */
const MAX_TEXT = 10_000;

/**
 * A message of a page, once it is sure to be one: every part is looked at, and nothing else is taken over.
 * @returns undefined for anything else
 */
export function received(message: unknown): ToExtension | undefined {
  const given = record(message);
  const generation = count(given.generation);
  const row = place(given.row);
  const text = short(given.text);
  switch (given.type) {
    case "ready":
      return { type: "ready", state: given.state };
    case "anyway":
    case "again":
    case "cancel":
      return { type: given.type };
    case "node": {
      const id = short(given.id);
      return id === undefined ? undefined : { type: "node", id };
    }
    case "reading": {
      const reading = readingOf(given.reading);
      return reading && { type: "reading", reading };
    }
    case "copy":
      return text === undefined ? undefined : { type: "copy", text };
  }
  if (generation === undefined) return undefined;
  switch (given.type) {
    case "view": {
      const view = viewOf(given.view);
      return view && { type: "view", generation, view };
    }
    case "rows": {
      const [from, many] = [count(given.from), count(given.count)];
      return from === undefined || many === undefined ? undefined : { type: "rows", generation, from, count: many };
    }
    case "export":
      return { type: "export", generation };
  }
  if (row === undefined) return undefined;
  switch (given.type) {
    case "explain":
      return { type: "explain", generation, row, byUser: given.byUser === true };
    case "reveal":
    case "copyAs":
      return { type: given.type, generation, row };
    case "goTo":
      return text === undefined ? undefined : { type: "goTo", generation, row, text };
    case "edit": {
      const field = count(given.field);
      return text === undefined || field === undefined ? undefined : { type: "edit", generation, row, field, text };
    }
    default:
      return undefined;
  }
}

/** What a page has kept of a window on a dump; undefined when it is nothing of ours. */
export function keptState(state: unknown, uri: string): DecodedState | undefined {
  const given = record(state);
  const node = short(given.node);
  if (given.uri !== uri || node === undefined) return undefined;
  const reading = readingOf(given.reading) ?? AS_GUESSED;
  return { uri, table: short(given.table), node, reading, view: viewOf(given.view) ?? ALL_VALID };
}

function readingOf(value: unknown): ReadingChoice | undefined {
  const given = record(value);
  const [order, layout, base, start] = [given.order, given.layout, given.base, given.start].map(short);
  if (order === undefined || layout === undefined || base === undefined || start === undefined) return undefined;
  return { order, layout, base, start };
}

function viewOf(value: unknown): RowView | undefined {
  const { show, remarks, text, sort, descending } = record(value);
  const shortText = short(text);
  const column = place(sort);
  if ((show !== "valid" && show !== "all") || shortText === undefined || column === undefined) return undefined;
  return { show, remarks: remarks === true, text: shortText, sort: column, descending: descending === true };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function short(value: unknown): string | undefined {
  return typeof value === "string" && value.length <= MAX_TEXT ? value : undefined;
}

function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** A place in a list, or -1 for none. */
function place(value: unknown): number | undefined {
  return value === -1 ? -1 : count(value);
}
