import { type Disposable, Hover, languages, MarkdownString, Range } from "vscode";
import { explainDumpLine } from "../dumps/explain.ts";
import { dumpOf } from "./dump-documents.ts";
import { dumpHoverText } from "./dump-hover-text.ts";

/** Explains the table entries that a dump's line holds. */
export function registerDumpHover(): Disposable {
  return languages.registerHoverProvider("gicdump", {
    provideHover(document, position) {
      const { dump, tables } = dumpOf(document);
      const found = explainDumpLine(dump, tables, position.line + 1, position.character);
      if (found === undefined) return undefined;
      const text = dumpHoverText(found);
      if (text === "") return undefined;
      const { line } = position;
      return new Hover(new MarkdownString(text, true), new Range(line, found.start, line, found.end));
    },
  });
}
