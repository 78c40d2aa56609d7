import type { DocumentLink } from "vscode-languageserver";
import { rangeOf, type Script } from "../scripts/script.ts";

/** Addresses of pages in a line: up to white space, without the punctuation that ends a sentence. */
const ADDRESS = /https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]/g;
/** Links of a script at most. */
const MOST = 1000;

/** Addresses of pages in comments and messages: where a fact of a script comes from. */
export function documentLinks(script: Script): DocumentLink[] {
  const links: DocumentLink[] = [];
  for (const [index, { text }] of script.document.lines.entries()) {
    // A cheap look before the costly one.
    if (!text.includes("://")) continue;
    for (const match of text.matchAll(ADDRESS)) {
      links.push({ range: rangeOf(index, { start: match.index, length: match[0].length }), target: match[0] });
      if (links.length >= MOST) return links;
    }
  }
  return links;
}
