import type { DumpDocument } from "../../../dumps/document.ts";
import { guestFormatOf } from "../../../dumps/guests/index.ts";
import { HEAD_BYTES, readDump } from "../../../dumps/read-dump.ts";
import { isDoubtful, readingSentence } from "../../../dumps/reading.ts";
import { printable } from "../../../runner/printable.ts";
import { stateDumpText } from "../../../runner/saved-machines/index.ts";
import { layoutOf, withNeighbours } from "../../../server/tables/read-input.ts";
import {
  type DumpOptionValues,
  describedDump,
  dumpOptions,
  dumpRequest,
  dumpTables,
} from "../../answers/decode-dump.ts";
import { rowJson, tableJson } from "../../answers/decoded-json.ts";
import { DecodedOneByOne, type ShownTable } from "../../answers/decoded-tables.ts";
import { saysState } from "../../machine-input.ts";
import { capturedEvents } from "../captured-events.ts";
import { contentArguments, givenContent, layoutArgument, savedState } from "../inputs.ts";
import { limits } from "../limits.ts";
import { anyObject, aText, listOf, objectOf, pageMembers, said } from "../output-schema.ts";
import { pageArguments, pageOf, pageSentence } from "../page.ts";
import { defineTool } from "../tool.ts";
import { toolErrors } from "../tool-errors.ts";
import type { GivenContent, ToolFiles } from "../tool-files.ts";

/** Rows of the text, and problems of a dump that are answered. */
const SHOWN = 25;
const MOST_PROBLEMS = 20;

/** Options of the command line that are an argument here, by the name that they have here. */
const optionOf = {
  as: "as",
  base: "base",
  size: "size",
  first_id: "first-id",
  levels: "levels",
  page_size: "page-size",
  event_bits: "event-bits",
  order: "order",
} as const;

export const decodeGicTable = defineTool({
  name: "decode_gic_table",
  title: "Decode a table of a GIC or ITS",
  description: {
    what: "Decodes the tables in a memory dump, as gdb, QEMU's monitor (xp), crash, hexdump, xxd, U-Boot and others print it: device table, ITT, collection table, vPE table, LPI configuration and pending table, command queue, list registers. Of a folder (a capture with registers or boot log), and of a guest that QEMU, cloud-hypervisor, crosvm, Firecracker or gem5 saved, every mapped event with where it goes",
    when: "when memory of a GIC is at hand, as text or as a file, and its entries are wanted in words",
    whenNot:
      "for one register or one word (explain_gic_value), nor to find out why one MSI does not arrive (trace_msi)",
    limits: `files of ${limits.fileBytes / 2 ** 20} MiB; raw bytes need base; ${limits.rows} rows an answer, ${limits.mostRows} at most, then a cursor`,
  },
  arguments: {
    ...contentArguments("the dump, a line of it as the tool printed it each", "a dump, or a folder with a capture"),
    as: dumpOptions.as,
    layout: layoutArgument,
    base: dumpOptions.base,
    size: dumpOptions.size,
    first_id: dumpOptions["first-id"],
    levels: dumpOptions.levels,
    page_size: dumpOptions["page-size"],
    event_bits: dumpOptions["event-bits"],
    order: dumpOptions.order,
    ...pageArguments,
  },
  output: objectOf({
    input: aText,
    "format?": said(aText, "What the dump was read as."),
    "reading?": said(aText, "How its digits were read, where that was guessed."),
    "tables?": said(listOf(anyObject), "table, layout, layoutReason, base, levels, rowCount, notes, doubts of each."),
    "problems?": said(listOf(aText), "Lines that cannot be read, tables that cannot be decoded."),
    "notes?": listOf(aText),
    ...pageMembers(
      said(
        anyObject,
        "Of a dump: table, index, lastIndex, address, words, text, fields (raw, value, text), notes. Of a capture: deviceId, eventId, intid, icid, target, enabled, priority, pending, address.",
      ),
    ),
  }),
  work(values, { files }) {
    const { text, path, rows, cursor, layout, ...described } = values;
    const content = givenContent({ text, path });
    const name = path ?? "text";
    const options = optionsOf(described);
    const found = capturePath(content, files)
      ? captured(name, content, layout, options, files)
      : dumped(name, content, layout, options, files);
    const origin = files.originOf(
      name,
      text ?? "",
      layout ?? "",
      JSON.stringify(described, (_, value) => (typeof value === "bigint" ? `${value}` : value)),
    );
    const page = pageOf(origin, { rows, cursor }, found.count, found.row);
    const shown = page.rows.slice(0, SHOWN).map(found.line);
    const more =
      page.rows.length > SHOWN ? [`and ${page.rows.length - SHOWN} more rows in the structured content`] : [];
    return {
      text: [...found.heading, ...shown, ...more, pageSentence(page)]
        .filter((line) => line !== undefined)
        .map(printable)
        .join("\n"),
      data: { input: name, ...found.data, ...page },
    };
  },
});

type Described = { readonly [Name in keyof typeof optionOf]: DumpOptionValues[(typeof optionOf)[Name]] };

/** The arguments as the options that they are. */
function optionsOf(values: Described): DumpOptionValues {
  const names = Object.keys(optionOf) as (keyof typeof optionOf)[];
  const given = Object.fromEntries(names.map((name) => [optionOf[name], values[name]]));
  // Each has the value that its option has.
  return given as unknown as DumpOptionValues;
}

/** Whether it is a folder, or a guest that another program saved. */
function capturePath({ path }: GivenContent, files: ToolFiles): boolean {
  if (path === undefined) return false;
  if (files.isFolder(path)) return true;
  const { name, bytes } = files.file(path);
  return guestFormatOf(bytes.subarray(0, HEAD_BYTES), name) !== undefined;
}

/** What was found, its rows made one by one. */
interface Found {
  readonly heading: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
  readonly count: number;
  readonly row: (at: number) => Readonly<Record<string, unknown>>;
  readonly line: (row: Readonly<Record<string, unknown>>) => string;
}

function captured(
  name: string,
  content: GivenContent,
  layout: string | undefined,
  options: DumpOptionValues,
  files: ToolFiles,
): Found {
  const given = Object.entries(options).find(([, value]) => value !== undefined);
  if (given !== undefined)
    throw toolErrors.notWith(
      given[0].replace("-", "_"),
      "a capture",
      "it is about one table, and a capture is walked from its registers",
    );
  const { heading, notes, count, row } = capturedEvents(name, files.input(content, layout), files.access);
  return {
    heading: [heading, ...notes.map((note) => `note: ${note}`)],
    data: notes.length === 0 ? {} : { notes },
    count,
    row,
    line: (one) =>
      Object.entries(one)
        .map(([key, value]) => `${key} ${Array.isArray(value) ? value.join(",") : value}`)
        .join("  "),
  };
}

function dumped(
  name: string,
  content: GivenContent,
  layout: string | undefined,
  options: DumpOptionValues,
  files: ToolFiles,
): Found {
  const bytes = content.path === undefined ? new TextEncoder().encode(content.text) : files.file(content.path).bytes;
  const isState = saysState(new TextDecoder().decode(bytes.subarray(0, 1024)));
  if (isState && content.path === undefined)
    throw toolErrors.refused("A saved machine is given as text.", "Give the path of its file.");
  const document = isState
    ? readDump(stateDumpText(savedState(content.path ?? "", files)))
    : withNeighbours(describedDump(name, bytes, options), files.input(content).beside ?? [], files.access);
  const problems = document.problems
    .slice(0, MOST_PROBLEMS)
    .map(({ line, message, code }) => `line ${line}: ${message} [${code}]`);
  const more = document.problemCount - problems.length;
  if (more > 0) problems.push(`and ${more} more like these.`);
  const plans = dumpTables(name, document, dumpRequest(layoutOf(layout), options), isState);
  const decoded = new DecodedOneByOne(name, document, plans, (line) => problems.push(line));
  const tables = [...decoded];
  // It is an error that tables were left out, or lines: it is said before the rows.
  decoded.exitCode();
  const style = document.text?.style;
  const reading = style === undefined || isState ? undefined : readingSentence(style);
  const places = tables.map(({ table }, at) => ({
    table,
    from: tables.slice(0, at).reduce((sum, other) => sum + other.table.rowCount, 0),
  }));
  return {
    heading: [
      ...(style !== undefined && reading !== undefined && isDoubtful(style) ? [reading] : []),
      ...problems.map((problem) => `problem: ${problem}`),
      ...tables.flatMap((table) => headLines(document, table)),
    ],
    data: {
      format: document.format,
      ...(reading === undefined ? {} : { reading }),
      tables: tables.map((table) => tableJson(document, table)),
      ...(problems.length === 0 ? {} : { problems }),
    },
    count: tables.reduce((sum, { table }) => sum + table.rowCount, 0),
    row: (at) => {
      const { table, from } = places.findLast((place) => place.from <= at && place.table.rowCount > 0) ?? places[0];
      return { table: table.name, ...rowJson(document, table.row(at - from)) };
    },
    line: rowLine,
  };
}

/** A row in a line: its id, its address, and what its fields say. */
function rowLine({ table, index, lastIndex, address, text, fields, notes }: Readonly<Record<string, unknown>>): string {
  const ids = index === lastIndex ? `${index}` : `${index}-${lastIndex}`;
  const words = Object.entries(fields as Readonly<Record<string, { readonly text: string }>>);
  const said = typeof text === "string" ? text : words.map(([name, field]) => `${name} ${field.text}`).join(", ");
  const noted = Array.isArray(notes) && notes.length > 0 ? ` (${notes.join("; ")})` : "";
  return `${table} ${ids} at ${address}: ${said}${noted}`;
}

function headLines(document: DumpDocument, { table, notes, doubts }: ShownTable): string[] {
  const { name, base, rowCount, layout, layoutReason } = table;
  return [
    `${name} at ${document.memory.format(base)}: ${rowCount} valid ${rowCount === 1 ? "entry" : "entries"}; layout ${layout} (${layoutReason})`,
    ...doubts.map((doubt) => `warning: ${doubt}`),
    ...[...table.notes, ...notes].map((note) => `note: ${note}`),
  ];
}
