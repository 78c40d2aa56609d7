import { readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import type { DumpDocument } from "../dumps/document.ts";
import {
  type LayoutFile,
  MAX_LAYOUT_FILE,
  namedLayoutFiles,
  outsideSentence,
  partsOfLayoutFile,
  readLayoutFile,
  withLayoutFiles,
} from "../dumps/layout-files/index.ts";

/** A dump with the layout files that its `# gic:` lines name. @param place of the dump; `-` is the folder that the command runs in */
export function withNamedLayouts(document: DumpDocument, place: string): DumpDocument {
  const words = namedLayoutFiles(document);
  return withLayoutFiles(document, new Map(words.map((word) => [word, layoutOfDump(word, place)])));
}

/**
 * A layout file as a dump names it: below the dump's folder, or below the folder that the command runs in where the dump is there, too. A dump
 * comes from anywhere; its lines lead to nothing else.
 */
function layoutOfDump(word: string, place: string): LayoutFile {
  const parts = partsOfLayoutFile(word);
  if (typeof parts === "string") return { problems: [parts] };
  const own = path.resolve(place === "-" ? "." : path.dirname(place));
  const here = path.resolve(".");
  const root = isBelow(own, here) ? here : own;
  const file = path.join(own, ...parts);
  if (!isBelow(file, root)) return { problems: [outsideSentence(word, `the folder ${root}`)] };
  try {
    // A link may lead out of the folder, too.
    if (!isBelow(realpathSync(file), realpathSync(root)))
      return { problems: [outsideSentence(word, `the folder ${root}`)] };
  } catch {
    // What is not there is said when it is read.
  }
  return readLayoutAt(file, word);
}

/** Reads a layout file. @param shown its name in sentences */
export function readLayoutAt(file: string, shown: string): LayoutFile {
  try {
    const found = statSync(file);
    if (!found.isFile()) return { problems: [`The layout file "${shown}" is no file.`] };
    // What is longer is refused by its length, whatever is in it.
    if (found.size > MAX_LAYOUT_FILE * 4) return readLayoutFile(" ".repeat(MAX_LAYOUT_FILE + 1), shown);
    return readLayoutFile(readFileSync(file, "utf8"), shown);
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    const reason = error.code === "ENOENT" || error.code === "ENOTDIR" ? "it is not there" : String(error.code);
    return { problems: [`The layout file "${shown}" cannot be read: ${reason}.`] };
  }
}

function isBelow(file: string, folder: string): boolean {
  const way = path.relative(folder, file);
  return way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}
