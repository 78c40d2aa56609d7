import { globSync, readFileSync } from "node:fs";
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "../..");

/** Every page of the project that people read, by its path from the root. */
export const pages: readonly string[] = globSync(["*.md", "docs/**/*.md", "media/**/*.md"], { cwd: root })
  .map((page) => page.split(path.sep).join("/"))
  .sort();

export const textOf = (page: string): string => readFileSync(path.join(root, page), "utf8");

/** A line of a page that is no code block; of blocks their lines. Lines count from 1. */
export interface PageLine {
  readonly line: number;
  readonly text: string;
  /** In a block: the words behind its fence, "" where there are none or it is only indented. */
  readonly block: string | undefined;
  /** The line of three backticks that begins or ends a block. */
  readonly isFence?: true;
}

/** The lines of a page, those of blocks of code marked as such. */
export function linesOf(text: string): PageLine[] {
  let fence: string | undefined;
  let isBlank = true;
  let isIndented = false;
  return text.split("\n").map((content, index) => {
    const line = index + 1;
    const marker = /^\s*```(.*)$/.exec(content);
    if (marker !== null) {
      fence = fence === undefined ? marker[1].trim() : undefined;
      return { line, text: "", block: "", isFence: true };
    }
    if (fence !== undefined) return { line, text: content, block: fence };
    // A block without a fence begins behind a blank line; below a list item it would be text of that.
    isIndented = content.startsWith("    ") && (isBlank || isIndented);
    isBlank = content.trim() === "";
    return isIndented ? { line, text: content.slice(4), block: "" } : { line, text: content, block: undefined };
  });
}

/** The anchors that GitHub and VS Code give the headings of a page: small letters, without punctuation, `-` for blanks. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const { text: line, block } of linesOf(text)) {
    const [, title] = (block === undefined ? /^#{1,6}\s+(.*?)\s*$/.exec(line) : undefined) ?? [];
    if (title === undefined) continue;
    const words = title
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replaceAll("&lt;", "<")
      .replaceAll("\\", "");
    const anchor = words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
      .replaceAll(" ", "-");
    for (let number = 0, free = anchor; ; free = `${anchor}-${++number}`) {
      if (anchors.has(free)) continue;
      anchors.add(free);
      break;
    }
  }
  return anchors;
}
