import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import type { FileRefusal, ScriptFiles } from "../language/index.ts";

/** Bytes of a file that a script may read at most. */
const MAX_BYTES = 256 * 1024 * 1024;

const OUTSIDE: FileRefusal = {
  refusal: "it is outside the script's folder, and only files beside the script or below it are read.",
};

/**
 * Files beside a script of the command line, and in folders below it. What leads out of there, by `..`, an absolute name or a link, is
 * refused, and so is what is no plain file.
 * @param script the script's name; one that comes from standard input reads from the working directory
 */
export function filesBeside(script: string): ScriptFiles {
  const folder = path.dirname(path.resolve(script));
  return {
    read(name, from) {
      const base = from === "" ? folder : path.dirname(path.resolve(folder, from));
      try {
        // What is outside by its name alone is not even looked for.
        if (!isInside(folder, path.resolve(base, name))) return OUTSIDE;
        return readInside(realpathSync(folder), path.resolve(base, name));
      } catch (error) {
        return { refusal: reasonOf(error) };
      }
    },
  };
}

function isInside(folder: string, name: string): boolean {
  const way = path.relative(folder, name);
  return way !== "" && way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

function readInside(root: string, name: string): Uint8Array | FileRefusal {
  const real = realpathSync(name);
  if (!isInside(root, real)) return OUTSIDE;
  // The name is free of links now; one that is put there meanwhile is not followed, and a pipe is not waited for.
  const file = openSync(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const status = fstatSync(file);
    const { size } = status;
    if (!status.isFile()) return { refusal: "it is no plain file." };
    if (size > MAX_BYTES) return { refusal: `it has ${size} bytes; at most ${MAX_BYTES} are read.` };
    return new Uint8Array(readFileSync(file));
  } finally {
    closeSync(file);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR") return "there is no such file beside the script.";
  if (code === "ELOOP") return "its links lead nowhere.";
  if (code === "EACCES" || code === "EPERM") return "it may not be read.";
  return `it cannot be read (${code || "unknown error"}).`;
}
