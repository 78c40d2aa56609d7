import fs from "node:fs";
import { open, opendir, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { limits } from "../../language/index.ts";
import { scriptPlace } from "../../runner/index.ts";
import type { ScriptFile, ScriptFiles } from "./script-files.ts";

/** Scripts that are found at most, folders that are looked into, and how deep. */
const MOST_FILES = 1000;
const MOST_FOLDERS = 5000;
const DEEPEST = 12;
/** Folders that hold what others have made. */
const SKIPPED: ReadonlySet<string> = new Set(["node_modules", "out", "dist", "target", "build"]);

/** Scripts on disk. */
export const nodeFiles: ScriptFiles = {
  place(uri, folders) {
    const file = pathOf(uri);
    const around = () => folders().flatMap((folder) => pathOf(folder) ?? []);
    return file === undefined ? undefined : scriptPlace({ fs, path }, file, around);
  },
  uriOf: (file) => pathToFileURL(file).href,
  async list(folders) {
    const walked: Walked = { files: [], foldersLeft: MOST_FOLDERS, isWhole: true };
    for (const folder of folders) {
      if (folder.startsWith("file:")) await walk(fileURLToPath(folder), 0, walked);
    }
    return walked;
  },
  async read(uri) {
    try {
      const handle = await open(fileURLToPath(uri));
      try {
        const { size } = await handle.stat();
        return size > limits.characters ? undefined : await handle.readFile("utf8");
      } finally {
        await handle.close();
      }
    } catch {
      // It has gone since it was listed, or is not ours to read: then it is no script of the workspace.
      return undefined;
    }
  },
};

/** The path of a file's URI; undefined for every other text that a client sends. */
function pathOf(uri: string): string | undefined {
  if (!/^file:/i.test(uri)) return undefined;
  try {
    return path.resolve(fileURLToPath(uri));
  } catch {
    // A URI of another machine, or with a slash in a name: there is no such file here.
    return undefined;
  }
}

/** What was found so far. */
interface Walked {
  readonly files: ScriptFile[];
  foldersLeft: number;
  isWhole: boolean;
}

async function walk(folder: string, depth: number, walked: Walked): Promise<void> {
  if (depth > DEEPEST || walked.foldersLeft-- <= 0) {
    walked.isWhole = false;
    return;
  }
  try {
    for await (const entry of await opendir(folder)) {
      const place = path.join(folder, entry.name);
      // A link is neither a file nor a folder here, so none leads out.
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name) && !entry.name.startsWith(".")) await walk(place, depth + 1, walked);
      } else if (entry.isFile() && entry.name.endsWith(".itscmd")) {
        if (walked.files.length >= MOST_FILES) {
          walked.isWhole = false;
          return;
        }
        const { mtimeMs, size } = await stat(place);
        walked.files.push({ uri: pathToFileURL(place).href, stamp: `${mtimeMs} ${size}` });
      }
    }
  } catch {
    // A folder that cannot be read has no scripts for us.
  }
}
