import fs from "node:fs";
import path from "node:path";
import type { ScriptFiles } from "../language/index.ts";
import { filesInFolder } from "../runner/index.ts";

/**
 * Files beside a script of the command line, and in folders below it.
 * @param script the script's name; one that comes from standard input reads from the working directory
 */
export function filesBeside(script: string): ScriptFiles {
  const folder = path.dirname(path.resolve(script));
  return filesInFolder(fs, path, () => ({ script: folder, root: folder }));
}
