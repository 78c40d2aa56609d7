import type { TableLayouts } from "../../architecture/layout.ts";

/** Ending of the names of files that describe a layout. */
export const LAYOUT_FILE_ENDING = ".giclayout.json";

/** Characters of such a file that are read at most: the longest that says something has a few thousand. */
export const MAX_LAYOUT_FILE = 256 * 1024;

/** A layout of the user's own, or what is wrong with the file, a sentence each. */
export type LayoutFile = { readonly layouts: TableLayouts } | { readonly problems: readonly string[] };

/** Layout files by the words of the `# gic:` lines that name them. */
export type LayoutFiles = ReadonlyMap<string, LayoutFile>;

/** Why a layout file is not there when nobody looked for it. */
export const NOT_READ = "Layout files are not read here: give the layout's name, or decode the dump where its file is.";

/** Whether a word that stands for a layout is the name of a file, and not that of a layout. */
export function isLayoutFile(word: string): boolean {
  return word.toLowerCase().endsWith(".json");
}
