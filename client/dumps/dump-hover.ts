import { type Disposable, Hover, languages, MarkdownString, type Position, Range } from "vscode";
import { explainDumpLine } from "../../dumps/explain.ts";
import { readingSentence } from "../../dumps/reading.ts";
import type { SectionTable } from "../../dumps/tables/sections.ts";
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
        return hoverAt(read, table?.section, position);
      } catch (error) {
        const failure = failureOf(error, document.uri);
        return failure && new Hover(new MarkdownString(plain(`${failure.message} [${failure.code}]`)));
      }
    },
  });
}

function hoverAt(
  { dump }: ReadDump,
  table: SectionTable | undefined,
  { line, character }: Position,
): Hover | undefined {
  const found = explainDumpLine(dump, table === undefined ? [] : [table], line + 1, character);
  if (found === undefined) return undefined;
  const left = table?.result.ok === false && table.result.leftOut ? table.result.message : undefined;
  const style = dump.text?.style;
  const remarks = left === undefined ? [...(table?.doubts ?? [])] : [left];
  const text = dumpHoverText(found, remarks, style && readingSentence(style));
  return text === ""
    ? undefined
    : new Hover(new MarkdownString(text, true), new Range(line, found.start, line, found.end));
}
