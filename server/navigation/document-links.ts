import type { DocumentLink } from "vscode-languageserver";
import { rangeOf, type Script } from "../scripts/script.ts";

/** Addresses of pages in a line: up to white space, without the punctuation that ends a sentence. */
const ADDRESS = /https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]/g;
/** Links of a script at most. */
const MOST = 1000;

/** Addresses of pages in comments and messages: where a fact of a script comes from. And the paths of included files, without their quotes. */
export function documentLinks(script: Script): DocumentLink[] {
  const links: DocumentLink[] = [];
  for (const [index, line] of script.document.lines.entries()) {
    const { text } = line;
    const { syntax, statement } = line.kind === "include" ? line : {};
    if (syntax?.kind === "include" && statement?.kind === "include") {
      const { start, length } = syntax.path;
      const target = script.uriOf(statement.file);
      if (target !== undefined) links.push({ range: rangeOf(index, { start: start + 1, length: length - 2 }), target });
    }
    // A cheap look before the costly one.
    if (text.includes("://"))
      for (const match of text.matchAll(ADDRESS))
        links.push({ range: rangeOf(index, { start: match.index, length: match[0].length }), target: match[0] });
    if (links.length >= MOST) break;
  }
  return links.slice(0, MOST);
}
