import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
  Position,
  Range,
} from "vscode-languageserver";
import { SymbolKind } from "vscode-languageserver";
import type { Block, ScriptDocument } from "../../language/index.ts";
import { cursorAt, lineRange, rangeOf, type Script } from "../scripts/script.ts";
import { targetAt } from "./target-at.ts";

/** The macro at a position, where calls of it and its own are asked from. */
export function prepareCallHierarchy(script: Script, position: Position): CallHierarchyItem[] | null {
  const cursor = cursorAt(script, position);
  const target = cursor && targetAt(cursor, script.document);
  const item = target?.kind === "macro" ? macroItem(script, target.name) : undefined;
  return item === undefined ? null : [item];
}

/** Who calls a macro: macros, tests, and the script itself. */
export function incomingCalls(script: Script, name: string): CallHierarchyIncomingCall[] {
  const found = new Map<number, { readonly from: CallHierarchyItem; readonly fromRanges: Range[] }>();
  for (const { line, range, callee } of callsOf(script.document, 0, script.document.lines.length)) {
    if (callee !== name) continue;
    const caller = callerOf(script.document, line);
    const key = caller?.open ?? -1;
    const entry = found.get(key) ?? { from: callerItem(script, caller), fromRanges: [] };
    entry.fromRanges.push(range);
    found.set(key, entry);
  }
  return [...found.values()];
}

/** Which macros a macro calls. */
export function outgoingCalls(script: Script, name: string): CallHierarchyOutgoingCall[] {
  const line = script.document.macroLine(name);
  const block = line === undefined ? undefined : script.document.blocks.openedAt(line);
  if (block === undefined) return [];
  const found = new Map<string, { readonly to: CallHierarchyItem; readonly fromRanges: Range[] }>();
  for (const { range, callee } of callsOf(script.document, block.open + 1, block.close)) {
    const to = found.get(callee)?.to ?? macroItem(script, callee);
    if (to === undefined) continue;
    const entry = found.get(callee) ?? { to, fromRanges: [] };
    entry.fromRanges.push(range);
    found.set(callee, entry);
  }
  return [...found.values()];
}

function* callsOf({ lines }: ScriptDocument, from: number, to: number) {
  for (let line = from; line < to; line++) {
    if (lines[line].kind !== "call") continue;
    const { syntax } = lines[line];
    if (syntax.kind === "call") yield { line, range: rangeOf(line, syntax.word), callee: syntax.word.text };
  }
}

/** The macro or test that a line stands in. */
function callerOf({ blocks }: ScriptDocument, line: number): Block | undefined {
  let block = blocks.around(line);
  while (block !== undefined && block.kind !== "macro" && block.kind !== "test") block = block.parent;
  return block;
}

function callerItem(script: Script, block: Block | undefined): CallHierarchyItem {
  const syntax = block && script.document.lines[block.open].syntax;
  if (block !== undefined && syntax?.kind === "macro")
    return item(script, syntax.name.text, SymbolKind.Function, block, syntax.name);
  if (block !== undefined && syntax?.kind === "test")
    return item(script, syntax.title.text.slice(1, -1), SymbolKind.Method, block, syntax.title);
  const last = script.document.lines.length - 1;
  return item(script, "script", SymbolKind.File, { open: 0, close: last }, { start: 0, length: 0 });
}

function macroItem(script: Script, name: string): CallHierarchyItem | undefined {
  const line = script.document.macroLine(name);
  const block = line === undefined ? undefined : script.document.blocks.openedAt(line);
  const syntax = block && script.document.lines[block.open].syntax;
  if (block === undefined || syntax?.kind !== "macro") return undefined;
  return item(script, name, SymbolKind.Function, block, syntax.name);
}

function item(
  script: Script,
  name: string,
  kind: SymbolKind,
  { open, close }: Pick<Block, "open" | "close">,
  selection: { readonly start: number; readonly length: number },
): CallHierarchyItem {
  const range = { start: { line: open, character: 0 }, end: lineRange(script, close).end };
  return { name, kind, uri: script.uri, range, selectionRange: rangeOf(open, selection) };
}
