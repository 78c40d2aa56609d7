import fs from "node:fs";
import path from "node:path";
import type { ScriptFiles } from "../../language/index.ts";
import { filesInFolder } from "../../runner/index.ts";

/** Files that a script on disk names. @param root absolute folder that they are inside of; absent, or not around the script: the script's */
export function nodeInputs(program: string, root: string | undefined): ScriptFiles {
  const script = path.dirname(path.resolve(program));
  const way = root === undefined ? ".." : path.relative(root, script);
  const isAround = way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
  const folder = { script, root: root !== undefined && isAround ? path.resolve(root) : script };
  return filesInFolder(fs, path, () => folder);
}
