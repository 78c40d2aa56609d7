import type { DumpDocument } from "../document.ts";
import { isLayoutFile, type LayoutFile, type LayoutFiles } from "./layout-file.ts";
import { readLayoutFile } from "./read-layout.ts";

/** Layout files that one dump may name; those beyond are not read. */
const MAX_FILES = 16;

/** The layout files that the `# gic:` lines of a dump name, as they name them, each once. */
export function namedLayoutFiles({ sections }: Pick<DumpDocument, "sections">): string[] {
  const names = new Set<string>();
  for (const { hints } of sections) {
    if (hints.layout !== undefined && isLayoutFile(hints.layout)) names.add(hints.layout);
    if (names.size === MAX_FILES) break;
  }
  return [...names];
}

/** A layout file that a line of a dump names, as whoever has files found it. */
export type NamedLayoutFile =
  | { readonly word: string; readonly text: string }
  /** Why it is not read, a sentence. */
  | { readonly word: string; readonly problem: string };

/** What named files describe. */
export function layoutsOf(named: readonly NamedLayoutFile[]): LayoutFiles {
  return new Map(
    named.map((file): [string, LayoutFile] => [
      file.word,
      "text" in file ? readLayoutFile(file.text, file.word) : { problems: [file.problem] },
    ]),
  );
}

/** A dump with what was read of the layout files that it names. */
export function withLayoutFiles(document: DumpDocument, files: LayoutFiles): DumpDocument {
  return files.size === 0 ? document : { ...document, layoutFiles: files };
}

/**
 * The way from a dump's folder to a layout file that one of its lines names, which must not lead out of what the dump belongs to.
 * @param word as the line has it, with / or \
 * @returns its parts, each a name or `..`, or a sentence that says why it is refused
 */
export function partsOfLayoutFile(word: string): readonly string[] | string {
  const parts = word.split(/[/\\]/).filter((part) => part !== "" && part !== ".");
  if (/^([/\\]|[a-z][a-z0-9+.-]*:)/i.test(word))
    return `The layout file "${word}" has to be named by its way from the dump, as in layouts/mine.giclayout.json.`;
  return parts;
}

/** Why a layout file outside of what a dump belongs to is not read. @param within "the workspace", "the folder …" */
export function outsideSentence(word: string, within: string): string {
  return `The layout file "${word}" is outside ${within}; put it beside the dump.`;
}
