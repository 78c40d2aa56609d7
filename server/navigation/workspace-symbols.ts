import type { DocumentSymbol, WorkspaceSymbol } from "vscode-languageserver";
import type { Script } from "../scripts/script.ts";
import { symbols } from "./symbols.ts";

/** Symbols of one answer at most: a list that nobody reads to its end. */
const MOST = 500;

/** Names, machines and what is mapped, in all scripts, whose name has the letters of a query in their order. */
export function workspaceSymbols(scripts: Iterable<Script>, query: string): WorkspaceSymbol[] {
  const found: WorkspaceSymbol[] = [];
  for (const script of scripts) {
    for (const symbol of symbols(script)) {
      if (!add(found, script, symbol, query, undefined)) return found;
    }
  }
  return found;
}

/** @returns whether there is room for more */
function add(
  found: WorkspaceSymbol[],
  script: Script,
  { name, kind, selectionRange, children = [] }: DocumentSymbol,
  query: string,
  containerName: string | undefined,
): boolean {
  if (found.length >= MOST) return false;
  if (matches(name, query))
    found.push({ name, kind, containerName, location: { uri: script.uri, range: selectionRange } });
  return children.every((child) => add(found, script, child, query, name));
}

/** Whether a name has all letters of a query, in their order, whatever their case. */
export function matches(name: string, query: string): boolean {
  const letters = name.toLowerCase();
  let at = 0;
  for (const letter of query.toLowerCase()) {
    if (letter === " ") continue;
    at = letters.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
