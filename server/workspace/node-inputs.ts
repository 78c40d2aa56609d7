import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { ScriptFiles } from "../../language/index.ts";
import { filesInFolder } from "../../runner/index.ts";

/**
 * Files that a script names: inside the folder of the workspace that it lies in, the innermost; of a script outside of all of them beside it.
 * @param folders URIs of the workspace's folders
 * @returns undefined for a script that is on no disk
 */
export function nodeInputs(uri: string, folders: () => readonly string[]): ScriptFiles | undefined {
  const script = folderOf(uri);
  if (script === undefined) return undefined;
  return filesInFolder(fs, path, () => {
    const around = folders().flatMap((folder) => pathOf(folder) ?? []);
    const holding = around.filter((folder) => isAround(folder, script));
    return { script, root: holding.sort((a, b) => b.length - a.length)[0] ?? script };
  });
}

function isAround(folder: string, inner: string): boolean {
  const way = path.relative(folder, inner);
  return way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

function folderOf(uri: string): string | undefined {
  const file = pathOf(uri);
  return file === undefined ? undefined : path.dirname(file);
}

/** The path of a file's URI; undefined for every other text that a client sends. */
function pathOf(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    return path.resolve(fileURLToPath(uri));
  } catch {
    // A URI of another machine, or with a slash in a name: there is no such file here.
    return undefined;
  }
}
