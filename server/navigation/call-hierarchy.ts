import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
  Position,
  Range,
} from "vscode-languageserver";
import { SymbolKind } from "vscode-languageserver";
import type { Block, ScriptPart } from "../../language/index.ts";
import { cursorAt, rangeOf, type Script } from "../scripts/script.ts";
import { targetAt } from "./target-at.ts";

/** A script, or a file that one includes, in which macros stand and are called. */
export interface CallSource {
  readonly uri: string;
  readonly document: ScriptPart;
}

/** The open scripts, and the files that they include and that are not open themselves. */
export function callSources(scripts: Iterable<Script>): CallSource[] {
  const open = [...scripts];
  const sources: CallSource[] = [...open];
  const known = new Set(sources.map(({ document }) => document.identity));
  for (const script of open)
    for (const file of script.document.includedByAny()) {
      const document = script.document.included(file);
      const uri = script.uriOf(file);
      if (known.has(file) || document === undefined || uri === undefined) continue;
      known.add(file);
      sources.push({ uri, document });
    }
  return sources;
}

/** The macro at a position, where calls of it and its own are asked from. @param sources where it may be defined */
export function prepareCallHierarchy(
  script: Script,
  position: Position,
  sources: readonly CallSource[] = [script],
): CallHierarchyItem[] | null {
  const cursor = cursorAt(script, position);
  const target = cursor && targetAt(cursor, script.document);
  const item = target?.kind === "macro" ? macroItem(script, target.name, sources) : undefined;
  return item === undefined ? null : [item];
}

/** Who calls a macro that a source sees: macros, tests, and scripts themselves. @param sources where calls are looked for */
export function incomingCalls(
  source: CallSource,
  name: string,
  sources: readonly CallSource[] = [source],
): CallHierarchyIncomingCall[] {
  const wanted = source.document.macroPlace(name);
  const found = new Map<string, { readonly from: CallHierarchyItem; readonly fromRanges: Range[] }>();
  for (const other of wanted === undefined ? [] : sources) {
    const { document } = other;
    const called = document.macroPlace(name);
    if (called?.line !== wanted?.line || !isSameFile(called?.part, wanted?.part)) continue;
    for (const { line, range, callee } of callsOf(document, 0, document.lines.length)) {
      if (callee !== name) continue;
      const caller = callerOf(document, line);
      const key = `${other.uri} ${caller?.open ?? -1}`;
      const entry = found.get(key) ?? { from: callerItem(other, caller), fromRanges: [] };
      entry.fromRanges.push(range);
      found.set(key, entry);
    }
  }
  return [...found.values()];
}

/** Which macros a macro calls. @param sources where they may be defined */
export function outgoingCalls(
  source: CallSource,
  name: string,
  sources: readonly CallSource[] = [source],
): CallHierarchyOutgoingCall[] {
  const { document } = source;
  const place = document.macroPlace(name);
  const block = place?.part === document ? document.blocks.openedAt(place.line) : undefined;
  if (block === undefined) return [];
  const found = new Map<string, { readonly to: CallHierarchyItem; readonly fromRanges: Range[] }>();
  for (const { range, callee } of callsOf(document, block.open + 1, block.close)) {
    const to = found.get(callee)?.to ?? macroItem(source, callee, sources);
    if (to === undefined) continue;
    const entry = found.get(callee) ?? { to, fromRanges: [] };
    entry.fromRanges.push(range);
    found.set(callee, entry);
  }
  return [...found.values()];
}

function* callsOf({ lines }: ScriptPart, from: number, to: number) {
  for (let line = from; line < to; line++) {
    if (lines[line].kind !== "call") continue;
    const { syntax } = lines[line];
    if (syntax.kind === "call") yield { line, range: rangeOf(line, syntax.word), callee: syntax.word.text };
  }
}

/** Whether two parts are of one file, though each of them may have read it. */
function isSameFile(one: ScriptPart | undefined, other: ScriptPart | undefined): boolean {
  return one === other || (one !== undefined && one.identity !== "" && one.identity === other?.identity);
}

/** The macro or test that a line stands in. */
function callerOf({ blocks }: ScriptPart, line: number): Block | undefined {
  let block = blocks.around(line);
  while (block !== undefined && block.kind !== "macro" && block.kind !== "test") block = block.parent;
  return block;
}

function callerItem(source: CallSource, block: Block | undefined): CallHierarchyItem {
  const syntax = block && source.document.lines[block.open].syntax;
  if (block !== undefined && syntax?.kind === "macro")
    return item(source, syntax.name.text, SymbolKind.Function, block, syntax.name);
  if (block !== undefined && syntax?.kind === "test")
    return item(source, syntax.title.text.slice(1, -1), SymbolKind.Method, block, syntax.title);
  const last = source.document.lines.length - 1;
  return item(source, "script", SymbolKind.File, { open: 0, close: last }, { start: 0, length: 0 });
}

function macroItem(
  { document }: CallSource,
  name: string,
  sources: readonly CallSource[],
): CallHierarchyItem | undefined {
  const place = document.macroPlace(name);
  const source = sources.find((one) => isSameFile(one.document, place?.part));
  if (place === undefined || source === undefined) return undefined;
  const block = place.part.blocks.openedAt(place.line);
  const syntax = block && place.part.lines[block.open].syntax;
  if (block === undefined || syntax?.kind !== "macro") return undefined;
  return item(source, name, SymbolKind.Function, block, syntax.name);
}

function item(
  { uri, document }: CallSource,
  name: string,
  kind: SymbolKind,
  { open, close }: Pick<Block, "open" | "close">,
  selection: { readonly start: number; readonly length: number },
): CallHierarchyItem {
  const range = {
    start: { line: open, character: 0 },
    end: rangeOf(close, { start: 0, length: document.lines[close]?.text.length ?? 0 }).end,
  };
  return { name, kind, uri, range, selectionRange: rangeOf(open, selection) };
}
