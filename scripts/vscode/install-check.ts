import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runQuietly } from "../process.ts";
import type { Npm } from "./npm-step.ts";
import { filesInArchive } from "./package-archive.ts";

/** What a comparison with the registry's archives found. */
export interface Comparison {
  /** Files that are missing or have another size than in the archive, by their paths below the folder. */
  readonly wrong: readonly string[];
  /** Packages whose archives npm does not keep, so that nothing could be compared. */
  readonly unknown: readonly string[];
}

/**
 * Compares the packages that npm has put below a folder with their archives, which npm keeps in its cache by their checksum:
 * npm itself takes no notice of a file that it could not write.
 */
export async function compareWithArchives(npm: Npm, folder: string): Promise<Comparison> {
  const cache = (await runQuietly(npm.file, [...npm.args, "config", "get", "cache"])).output.trim();
  const lock = JSON.parse(readFileSync(path.join(folder, "node_modules", ".package-lock.json"), "utf8"));
  const wrong: string[] = [];
  const unknown: string[] = [];
  for (const [where, { integrity }] of Object.entries<{ integrity?: string }>(lock.packages)) {
    const archive = path.join(cache, "_cacache", "content-v2", ...contentPath(integrity ?? ""));
    if (!existsSync(archive) || !statSync(archive).isFile()) {
      unknown.push(where);
      continue;
    }
    for (const [name, size] of await filesInArchive(archive)) {
      if (path.basename(name) === ".gitignore") continue; // npm may give it another name.
      const file = path.join(where, name);
      if (sizeOf(path.join(folder, file)) !== size) wrong.push(file);
    }
  }
  return { wrong, unknown };
}

function contentPath(integrity: string): string[] {
  const [algorithm = "", sum = ""] = integrity.split("-");
  const hex = Buffer.from(sum, "base64").toString("hex");
  return [algorithm, hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)];
}

/** Name of the list that closes an install: every file with its size. */
const list = "complete.json";

export function recordComplete(home: string): void {
  writeFileSync(path.join(home, list), JSON.stringify(sizesBelow(home)));
}

/** True when every file is there as the install has left it. */
export function isComplete(home: string): boolean {
  let sizes: Record<string, number>;
  try {
    sizes = JSON.parse(readFileSync(path.join(home, list), "utf8"));
  } catch {
    return false; // No list, or one that was cut off: the install did not come to its end.
  }
  return Object.entries(sizes).every(([file, size]) => sizeOf(path.join(home, file)) === size);
}

function sizesBelow(home: string): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const entry of readdirSync(home, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    sizes[path.relative(home, file)] = statSync(file).size;
  }
  return sizes;
}

function sizeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}
