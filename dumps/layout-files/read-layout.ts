import type { EntryLayout, TableLayouts } from "../../architecture/layout.ts";
import { layoutNames } from "../../architecture/layouts/index.ts";
import { lpiConfig, lpiPending } from "../../architecture/layouts/lpi.ts";
import { checkFields } from "./check-fields.ts";
import { JsonPlace, LayoutProblems } from "./json-place.ts";
import { type LayoutFile, MAX_LAYOUT_FILE } from "./layout-file.ts";
import { type DescribedEntry, describedEntries, entryProperties, fileProperties } from "./layout-schema.ts";
import { readField } from "./read-field.ts";
import { readValid } from "./read-valid.ts";

/** What output calls the tables that are the same in every implementation. */
const TAKEN_NAMES: readonly string[] = [...layoutNames, "architecture"];

/**
 * Reads a `NAME.giclayout.json`, see `layout-schema.ts`.
 * @param file its name, for the problems, which have the place in the file before the sentence
 */
export function readLayoutFile(text: string, file: string): LayoutFile {
  const problems = new LayoutProblems(file);
  const layouts = readLayout(text, problems);
  if (layouts === undefined || problems.list.length > 0) return { problems: problems.list };
  return { layouts };
}

function readLayout(text: string, problems: LayoutProblems): TableLayouts | undefined {
  const top = new JsonPlace("", problems);
  if (text.length > MAX_LAYOUT_FILE) {
    top.tell(`the file has more than ${MAX_LAYOUT_FILE / 1024} KiB, which no layout needs.`);
    return undefined;
  }
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    top.tell(`the file is no JSON: ${error.message.replace(/\.$/, "")}.`);
    return undefined;
  }
  const object = top.object(content, [...Object.keys(fileProperties), ...describedEntries.map(({ table }) => table)]);
  if (object === undefined) return undefined;
  const name = top
    .at("name")
    .text(
      object.name,
      new RegExp(fileProperties.name.shape.pattern),
      "a name of letters, digits, . _ and -, of 40 characters at most",
    );
  if (name !== undefined && TAKEN_NAMES.includes(name.toLowerCase()))
    top.at("name").tell(`"${name}" is the name of a built-in layout; take another one.`);
  const { maxLength } = fileProperties.title.shape;
  const title = object.title === undefined ? name : top.at("title").anyText(object.title, maxLength);
  const entries: Partial<Record<EntryLayout["kind"], EntryLayout>> = {};
  for (const described of describedEntries) {
    const { table, kind } = described;
    if (object[table] === undefined) continue;
    const entry = readEntryLayout(object[table], described, top.at(table), problems.file);
    if (entry !== undefined) entries[kind] = entry;
  }
  if (describedEntries.every(({ table }) => object[table] === undefined))
    top.tell(
      `the file describes no table; it needs at least one of ${describedEntries.map(({ table }) => table).join(", ")}.`,
    );
  if (name === undefined || title === undefined) return undefined;
  return { name, title, entries: { ...entries, "lpi-config": lpiConfig, "lpi-pending": lpiPending } };
}

function readEntryLayout(
  content: unknown,
  described: DescribedEntry,
  place: JsonPlace,
  source: string,
): EntryLayout | undefined {
  const { kind, entryName, index } = described;
  const known = Object.keys(entryProperties).filter(
    (key) => (key !== "list" || kind === "collection") && (key !== "maxEventBits" || kind === "device"),
  );
  const object = place.object(content, known);
  if (object === undefined) return undefined;
  const [least, most] = described.bytes;
  const bytes = place.at("bytes").integer(object.bytes, least, most, described.bytesReason);
  const list = object.list === undefined ? false : place.at("list").flag(object.list);
  const { minimum, maximum } = entryProperties.maxEventBits.shape;
  const maxEventBits =
    object.maxEventBits === undefined
      ? undefined
      : place.at("maxEventBits").integer(object.maxEventBits, minimum, maximum, "EventIDs have 32 bits");
  const items = place.at("fields").list(object.fields, 256);
  if (bytes === undefined || items === undefined) return undefined;
  const read = items.map((item, at) => readField(item, described, bytes * 8, place.at("fields").at(at)));
  const fields = read.filter((field) => field !== undefined);
  // What is wrong with one field would be told again for all of them.
  if (fields.length < items.length) return undefined;
  checkFields(fields, described, list ?? false, place.at("fields"));
  const valid = readValid(object.valid, fields, kind, place.at("valid"));
  if (valid === undefined) return undefined;
  return {
    kind,
    entryName,
    bytes,
    indexedBy: list === true ? "packed" : "by-id",
    index,
    fields,
    validField: valid.field,
    ...(valid.invalidRaws === undefined ? {} : { invalidRaws: valid.invalidRaws }),
    ...(maxEventBits === undefined ? {} : { maxEventBits }),
    source,
  };
}
