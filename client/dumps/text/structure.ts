import {
  type Disposable,
  DocumentSymbol,
  FoldingRange,
  FoldingRangeKind,
  languages,
  Range,
  SymbolKind,
  type TextDocument,
} from "vscode";
import { parseNumber } from "../../../dumps/hex-text/hints.ts";
import { dumpFolds } from "../../../dumps/text/folds.ts";
import { dumpOutline, type OutlineTable } from "../../../dumps/text/outline.ts";
import { texts } from "../../texts.ts";
import type { DumpStore } from "../dump-store.ts";
import { withDump } from "./providers.ts";

/** The tables of a dump and their entries in the outline; sections and stretches of zeros as folds. */
export function registerStructure(store: DumpStore): Disposable[] {
  return [
    languages.registerDocumentSymbolProvider(
      "gicdump",
      {
        provideDocumentSymbols: (document, token) =>
          withDump(store, document, token, async ({ run, dump, plans }) => {
            const outline = await run(dumpOutline(dump, plans));
            const symbols = outline.map((table) => tableSymbol(document, table));
            const more = plans.length - outline.length;
            const last = symbols.at(-1);
            if (more > 0 && last !== undefined) symbols.push(moreTables(more, last.selectionRange));
            return symbols;
          }),
      },
      { label: "GIC" },
    ),
    languages.registerFoldingRangeProvider("gicdump", {
      provideFoldingRanges: (document, _context, token) =>
        withDump(store, document, token, async ({ run, dump }) => {
          const folds = await run(dumpFolds(dump));
          return folds.map(({ first, last, kind }) => {
            return new FoldingRange(first - 1, last - 1, kind === "section" ? FoldingRangeKind.Region : undefined);
          });
        }),
    }),
  ];
}

function moreTables(count: number, range: Range): DocumentSymbol {
  return new DocumentSymbol(texts.moreTables(count.toLocaleString("en")), "", SymbolKind.Null, range, range);
}

function tableSymbol(document: TextDocument, table: OutlineTable): DocumentSymbol {
  const { plan, address, firstLine, lastLine, rowCount, layout, entries } = table;
  const first = document.lineAt(Math.min(firstLine, document.lineCount) - 1).range;
  const last = document.lineAt(Math.min(lastLine, document.lineCount) - 1).range;
  const device = parseNumber(plan.section?.hints["device-id"] ?? "");
  const name = device === undefined ? plan.name : texts.ittOfDevice(`0x${device.toString(16)}`);
  const count =
    rowCount === undefined
      ? undefined
      : rowCount === 1
        ? texts.webview.oneEntry()
        : texts.webview.entries(rowCount.toLocaleString("en"));
  const detail = [address, layout === "architecture" ? undefined : layout, count].filter((part) => part !== undefined);
  const symbol = new DocumentSymbol(
    name,
    detail.join(" · "),
    SymbolKind.Array,
    new Range(first.start, last.end),
    first,
  );
  symbol.children = entries.map(({ name: entry, detail: words, place }) => {
    const { line, start, end } = place;
    const range = new Range(line - 1, start, line - 1, end);
    return entry === undefined
      ? new DocumentSymbol(texts.moreEntries(words), "", SymbolKind.Null, range, range)
      : new DocumentSymbol(entry, words, SymbolKind.Struct, range, range);
  });
  return symbol;
}
