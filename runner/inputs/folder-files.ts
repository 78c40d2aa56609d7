import type { FileRefusal, ScriptFiles } from "../../language/index.ts";

/** Bytes of a file that a script may read at most. */
const MAX_BYTES = 256 * 1024 * 1024;

/** What reads files on a host: Node's `node:fs`, of which this file knows nothing. */
export interface HostFiles {
  readonly constants: { readonly O_RDONLY: number; readonly O_NOFOLLOW?: number; readonly O_NONBLOCK?: number };
  realpathSync(name: string): string;
  openSync(name: string, flags: number): number;
  fstatSync(file: number): { readonly size: number; isFile(): boolean };
  readFileSync(file: number): Uint8Array;
  closeSync(file: number): void;
}

/** What names of files mean on a host: Node's `node:path`. */
export interface HostPaths {
  readonly sep: string;
  resolve(...parts: string[]): string;
  dirname(name: string): string;
  relative(from: string, to: string): string;
  isAbsolute(name: string): boolean;
}

/** Where files of a script are read. */
export interface ReadableFolder {
  /** The script's folder: names are relative to it. */
  readonly script: string;
  /** The folder that files are inside of: that of the script, or of the workspace around it. */
  readonly root: string;
}

/**
 * Files of a script, inside a folder. What leads out of there, by `..`, an absolute name or a link, is refused, and so is what is no plain
 * file.
 * @param folder asked at each file, absolute names
 */
export function filesInFolder(fs: HostFiles, path: HostPaths, folder: () => ReadableFolder): ScriptFiles {
  const isInside = (root: string, name: string): boolean => {
    const way = path.relative(root, name);
    return way !== "" && way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
  };
  return {
    read(name, from) {
      const { script, root } = folder();
      const outside: FileRefusal = {
        refusal:
          script === root
            ? "it is outside the script's folder, and only files beside the script or below it are read."
            : "it is outside the workspace's folder that the script is in, and only files in there are read.",
      };
      try {
        const place = path.resolve(from === "" ? script : path.dirname(path.resolve(script, from)), name);
        // What is outside by its name alone is not even looked for.
        if (!isInside(root, place)) return outside;
        const real = fs.realpathSync(place);
        return isInside(fs.realpathSync(root), real) ? readPlain(fs, real) : outside;
      } catch (error) {
        return { refusal: reasonOf(error) };
      }
    },
  };
}

/** @param name free of links; one that is put there meanwhile is not followed, and a pipe is not waited for */
function readPlain(fs: HostFiles, name: string): Uint8Array | FileRefusal {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
  const file = fs.openSync(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const status = fs.fstatSync(file);
    const { size } = status;
    if (!status.isFile()) return { refusal: "it is no plain file." };
    if (size > MAX_BYTES) return { refusal: `it has ${size} bytes; at most ${MAX_BYTES} are read.` };
    return new Uint8Array(fs.readFileSync(file));
  } finally {
    fs.closeSync(file);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR") return "there is no such file beside the script.";
  if (code === "ELOOP") return "its links lead nowhere.";
  if (code === "EACCES" || code === "EPERM") return "it may not be read.";
  return `it cannot be read (${code || "unknown error"}).`;
}
