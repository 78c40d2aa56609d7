import type { CompletionItem } from "vscode-languageserver";
import { matches } from "../navigation/workspace-symbols.ts";

/** Bytes of JSON of one answer, with room for what frames it. */
const MOST_BYTES = 18_000;

/**
 * The items of an answer, in their order, that fit in 20 KB: all where they fit, else those that the typed letters may mean. Editors ask
 * again at the next letter then.
 */
export function boundedItems(items: readonly CompletionItem[], typed: string): CompletionItem[] {
  if (sizeOf(items) <= MOST_BYTES) return [...items];
  const meant = items.filter((item) => matches(item.filterText ?? item.label, typed));
  const lower = typed.toLowerCase();
  const begins = ({ label }: CompletionItem) => label.toLowerCase().startsWith(lower);
  // What begins with the letters comes first; letters somewhere in a name are a guess.
  const ordered = [...meant.filter(begins), ...meant.filter((item) => !begins(item))];
  const kept: CompletionItem[] = [];
  let bytes = 0;
  for (const item of ordered) {
    bytes += sizeOf(item);
    if (bytes > MOST_BYTES) break;
    kept.push(item);
  }
  return kept;
}

function sizeOf(value: unknown): number {
  return JSON.stringify(value).length + 1;
}
