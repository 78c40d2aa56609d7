import type { DocumentSymbol } from "vscode-languageserver";
import { SymbolKind } from "vscode-languageserver";
import { outline } from "../../language/index.ts";
import { rangeOf, type Script } from "../scripts/script.ts";
import { mappedOutline } from "./mapped-outline.ts";
import type { Entry } from "./outline-entry.ts";

const kinds: Readonly<Record<Entry["kind"], SymbolKind>> = {
  machine: SymbolKind.Module,
  let: SymbolKind.Constant,
  macro: SymbolKind.Function,
  test: SymbolKind.Method,
  device: SymbolKind.Class,
  collection: SymbolKind.Namespace,
  event: SymbolKind.Event,
};

/** Entries at most: beyond that an outline is no help, and its JSON takes longer than everything else that editors ask for. */
const MOST_ENTRIES = 20_000;

/**
 * The outline: machine, names, collections, and devices with the events that are mapped in them. A device reaches from the line that
 * maps it to its last event, but not over the mapping of another: places show where the cursor stands. It ends after 20,000 entries,
 * and has of what is mapped what has run so far.
 */
export function symbols(script: Script): DocumentSymbol[] {
  const named: Entry[] = outline(script.document).map((entry) => ({ ...entry, children: [] }));
  const mapped = mappedOutline(script, MOST_ENTRIES);
  const entries = [...named, ...blockEntries(script), ...mapped].sort((one, other) => one.line - other.line);
  const devices = entries.filter(({ kind }) => kind === "device").map(({ line }) => line);
  let next = 0;
  let left = MOST_ENTRIES;
  return entries.slice(0, MOST_ENTRIES).map((entry) => {
    left--;
    if (entry.kind !== "device") return symbol(script, entry, entry.endLine);
    while (next < devices.length && devices[next] <= entry.line) next++;
    const last = entry.children.at(-1)?.endLine ?? entry.endLine;
    const children = entry.children.slice(0, Math.max(left, 0));
    left -= children.length;
    return symbol(script, { ...entry, children }, Math.min(last, (devices[next] ?? Number.MAX_SAFE_INTEGER) - 1));
  });
}

/** Macros and tests, from the line that opens them to the one that closes them. */
function blockEntries({ document }: Script): Entry[] {
  const entries: Entry[] = [];
  for (const { kind, open, close } of document.blocks.list) {
    const { syntax } = document.lines[open];
    const shared = { line: open, endLine: close, children: [] };
    if (kind === "macro" && syntax.kind === "macro") {
      const detail = syntax.parameters.map(({ name }) => name.text).join(", ");
      entries.push({ kind, name: syntax.name.text, detail, selection: syntax.name, ...shared });
    } else if (kind === "test" && syntax.kind === "test") {
      const title = syntax.title.text.slice(1, -1);
      entries.push({ kind, name: title === "" ? "test" : title, detail: "test", selection: syntax.title, ...shared });
    }
  }
  return entries;
}

function symbol(script: Script, entry: Entry, lastLine: number): DocumentSymbol {
  const endLine = Math.max(lastLine, entry.line);
  const last = script.document.lines[endLine]?.text ?? "";
  return {
    name: entry.name,
    detail: entry.detail,
    kind: kinds[entry.kind],
    range: { start: { line: entry.line, character: 0 }, end: { line: endLine, character: last.length } },
    selectionRange: rangeOf(entry.line, entry.selection),
    ...(entry.children.length > 0 && { children: entry.children.map((child) => symbol(script, child, child.endLine)) }),
  };
}
