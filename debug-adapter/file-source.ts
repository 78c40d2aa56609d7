import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { AdapterError, errors } from "./errors.ts";
import type { ScriptSource } from "./script-source.ts";

/** A script has 16 Mi characters at most (language/limits.ts), which are 48 MiB of UTF-8 at most. */
const MAX_MEBIBYTES = 48;

/** Scripts of the file system. */
export const fileSource: ScriptSource = {
  async read(file) {
    try {
      const about = await stat(file);
      if (about.isDirectory()) throw errors.directory(file);
      if (!about.isFile()) throw errors.notReadable(file, "it is not a regular file");
      if (about.size > MAX_MEBIBYTES * 1024 * 1024) throw errors.tooLarge(file, MAX_MEBIBYTES);
      if (about.size === 0) throw errors.empty(file);
      return await readFile(file, "utf8");
    } catch (error) {
      throw asAdapterError(file, error);
    }
  },
  same(a, b) {
    const left = path.resolve(a);
    const right = path.resolve(b);
    // File systems of Windows do not tell letter cases apart, and editors send drive letters in either.
    return process.platform === "win32" ? left.toLowerCase() === right.toLowerCase() : left === right;
  },
  name: (file) => path.basename(file),
};

function asAdapterError(file: string, error: unknown): unknown {
  if (error instanceof AdapterError || !(error instanceof Error) || !("code" in error)) return error;
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return errors.notFound(file);
  if (error.code === "EACCES" || error.code === "EPERM") return errors.notReadable(file, "permission denied");
  return errors.notReadable(file, String(error.code));
}
