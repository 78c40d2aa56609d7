import type { FileRename, TextEdit } from "vscode-languageserver";
import { type ScriptLine, stringValue } from "../../language/index.ts";
import type { Span } from "../../language/parse/syntax.ts";
import { rangeOf } from "../scripts/script.ts";

/**
 * Paths of `include` and `load` lines that have to be others once files or folders have other names, of a script that may be one of them.
 * Files are told apart by what they are called: nothing is looked up on a disk.
 * @param uri of the script before
 */
export function pathsAfterRename(
  uri: string,
  lines: readonly ScriptLine[],
  renames: readonly FileRename[],
): readonly TextEdit[] {
  const own = partsOf(uri);
  const moves = renames.map(({ oldUri, newUri }) => ({ from: partsOf(oldUri), to: partsOf(newUri) }));
  const moved = (parts: Parts): Parts => {
    const move = moves.find(({ from }) => isAtOrBelow(parts, from));
    return move === undefined ? parts : [...move.to, ...parts.slice(move.from.length)];
  };
  const edits: TextEdit[] = [];
  for (const [line, source] of lines.entries()) {
    const path = pathOf(source);
    if (path === undefined) continue;
    const given = stringValue(path.text);
    const target = resolved(own.slice(0, -1), given);
    if (target === undefined) continue;
    const before = relative(own.slice(0, -1), target);
    const after = relative(moved(own).slice(0, -1), moved(target));
    if (before === after) continue;
    edits.push({ range: rangeOf(line, path), newText: `"${after.replace(/[\\"]/g, "\\$&")}"` });
  }
  return edits;
}

/** A path as the parts between its slashes. */
type Parts = readonly string[];

function partsOf(uri: string): Parts {
  return uri.replace(/\/+$/, "").split("/").map(decoded);
}

/** Clients write the same address with other escapes: `c%3A` and `C:`. */
function decoded(part: string): string {
  try {
    const text = decodeURIComponent(part);
    return /^[A-Z]:$/.test(text) ? text.toLowerCase() : text;
  } catch {
    return part;
  }
}

/** The path of an `include` or a `load`, with its quotes. */
function pathOf({ kind, syntax }: ScriptLine): (Span & { readonly text: string }) | undefined {
  if (kind === "include" && syntax.kind === "include") return syntax.path;
  return kind === "load" && syntax.kind === "load" ? syntax.file : undefined;
}

/** Where a path leads from a folder; undefined for one that is absolute, or leads out of everything. */
function resolved(folder: Parts, path: string): Parts | undefined {
  if (/^([/\\]|[A-Za-z]:)/.test(path)) return undefined;
  const parts = [...folder];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.length === 0 ? undefined : parts;
}

/** The way from a folder to a file. */
function relative(folder: Parts, file: Parts): string {
  let common = 0;
  while (common < folder.length && common < file.length - 1 && folder[common] === file[common]) common++;
  return [...folder.slice(common).map(() => ".."), ...file.slice(common)].join("/");
}

function isAtOrBelow(parts: Parts, folder: Parts): boolean {
  return folder.length <= parts.length && folder.every((part, at) => part === parts[at]);
}
