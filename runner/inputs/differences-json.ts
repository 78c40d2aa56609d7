import { allCaptureNotes } from "../../dumps/captures/index.ts";
import { type Differences, differ, notComparedText } from "../../dumps/compare/index.ts";
import type { InputTables } from "./tables-input.ts";

/** Names of what is an address or a word: texts with 0x in JSON, whose numbers are exact to 2^53 only. */
const texts = new Set(["address", "addressA", "addressB", "entry", "ittAddress", "a", "b"]);

/** Differences as one object. Addresses, words and register values are texts with 0x; ids and counts are numbers. */
export function differencesJson(a: InputTables, b: InputTables, differences: Differences): unknown {
  const { notCompared, ...found } = differences;
  return {
    a: sideJson(a),
    b: sideJson(b),
    same: !differ(differences),
    ...(plain(found) as object),
    notCompared: notCompared.map((part) => ({ ...part, text: notComparedText(part) })),
  };
}

function sideJson({ name, itss, reports }: InputTables): object {
  return {
    input: name,
    notes: reports.flatMap(allCaptureNotes),
    itss: itss.map(({ layout, report }) => ({
      layout: layout.name,
      devices: report.devices.length,
      events: report.devices.reduce((sum, { events }) => sum + events.length, 0),
    })),
  };
}

function plain(value: unknown, name = ""): unknown {
  if (typeof value === "bigint" || (typeof value === "number" && texts.has(name))) return `0x${value.toString(16)}`;
  if (Array.isArray(value)) return value.map((item) => plain(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, key)]));
}
