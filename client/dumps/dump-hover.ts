import { type Disposable, Hover, languages, MarkdownString, type Position, Range } from "vscode";
import type { DumpDocument } from "../../dumps/document.ts";
import { explainDumpLine } from "../../dumps/explain.ts";
import { placeAt } from "../../dumps/hex-text/line-groups.ts";
import { byHint, readingSentence } from "../../dumps/reading.ts";
import { guessSentence } from "../../dumps/tables/guess-table.ts";
import type { SectionTable } from "../../dumps/tables/sections.ts";
import { tableFor } from "../../dumps/text/line-entries.ts";
import { lineFacts } from "../../dumps/text/line-facts.ts";
import type { TextTable } from "../../dumps/text/text-tables.ts";
import { plain } from "../markdown.ts";
import { failureOf } from "./dump-failures.ts";
import { dumpHoverText } from "./dump-hover-text.ts";
import type { DumpStore, ReadDump } from "./dump-store.ts";

/** Explains the table entries that a dump's line holds. */
export function registerDumpHover(store: DumpStore): Disposable {
  return languages.registerHoverProvider("gicdump", {
    async provideHover(document, position, token) {
      const { version } = document;
      try {
        const read = await store.of(document);
        const table = await read.tableAt(position.line + 1);
        if (token.isCancellationRequested || document.version !== version) return undefined;
        return hoverAt(read, table, position);
      } catch (error) {
        const failure = failureOf(error, document.uri);
        return failure && new Hover(new MarkdownString(plain(`${failure.message} [${failure.code}]`)));
      }
    },
  });
}

function hoverAt(
  { dump, guess }: ReadDump,
  table: TextTable | undefined,
  { line, character }: Position,
): Hover | undefined {
  const found = explainDumpLine(
    dump,
    table === undefined ? [] : [tableHere(dump, table, line, character)],
    line + 1,
    character,
  );
  if (found === undefined) return undefined;
  const facts = table && lineFacts(dump, table, line + 1, character);
  const section = table?.section;
  const left = section?.result.ok === false && section.result.leftOut ? section.result.message : undefined;
  const style = dump.text?.style;
  const remarks = left === undefined ? [...(section?.doubts ?? [])] : [left];
  if (guess !== undefined) remarks.push(guessSentence(guess));
  const text = dumpHoverText(found, remarks, style && readingSentence(style, byHint), facts);
  const { start, end } = facts?.columns ?? found;
  return text === "" ? undefined : new Hover(new MarkdownString(text, true), new Range(line, start, line, end));
}

/** The table, or the first level of it where the position is in that. */
function tableHere(dump: DumpDocument, { section, tables }: TextTable, line: number, character: number): SectionTable {
  const address = placeAt(dump, line + 1, character)?.address ?? dump.text?.lines.bytesOf(line + 1)?.address;
  const table = address === undefined ? undefined : tableFor(tables, address);
  return table === undefined ? section : { ...section, result: { ok: true, table } };
}
