import type { FileRefusal, ScriptFile, ScriptPlace } from "../../language/index.ts";

/** A host's files and what their names mean: Node's `node:fs` and `node:path`, of which this layer knows nothing. */
export interface FileSystem {
  readonly fs: {
    readonly constants: { readonly O_RDONLY: number; readonly O_NOFOLLOW?: number; readonly O_NONBLOCK?: number };
    realpathSync(name: string): string;
    openSync(name: string, flags: number): number;
    fstatSync(file: number): { readonly size: number; isFile(): boolean };
    readFileSync(file: number): Uint8Array;
    closeSync(file: number): void;
  };
  readonly path: {
    readonly sep: string;
    resolve(...parts: string[]): string;
    dirname(name: string): string;
    relative(from: string, to: string): string;
    isAbsolute(name: string): boolean;
  };
}

/**
 * A script of a file system, and the files that it may read: those in the innermost of some folders that holds it, and below; where none
 * does, those in its own folder and below. What leads out of there, by `..`, an absolute name or a link, is refused, and so is what is no
 * plain file. Names are relative to the folder that the script is named in, those in an included file to the folder of that file.
 * @param script its path, or that of a file which is not there, for a script that comes from elsewhere
 * @param folders paths, asked at each file
 */
export function scriptPlace(system: FileSystem, script: string, folders: () => readonly string[]): ScriptPlace {
  const { path } = system;
  const folder = path.dirname(path.resolve(script));
  const own = realPath(system, path.resolve(script));
  const read = (name: string, from: string, most: number): ScriptFile | FileRefusal => {
    const root = rootOf(system, folder, folders());
    const place = path.resolve(from === own ? folder : path.dirname(from), name);
    const found = readBelow(system, root, place, most, from === own ? "script" : "included");
    return found === "outside" ? { refused: "outside", root: root === folder ? "script" : "workspace" } : found;
  };
  return { file: own, files: { read } };
}

/**
 * A plain file below a folder. What leads out of there, by `..`, an absolute name or a link, is `outside`.
 * @param root of what may be read @param place absolute @param most bytes that it may have @param beside what is named in a refusal
 */
export function readBelow(
  system: FileSystem,
  root: string,
  place: string,
  most: number,
  beside: "script" | "included" = "script",
): ScriptFile | FileRefusal | "outside" {
  const { fs } = system;
  try {
    const realRoot = fs.realpathSync(root);
    // What is outside by its name alone is not even looked for; a file that is included already is known by its real name.
    if (!isInside(system, root, place) && !isInside(system, realRoot, place)) return "outside";
    const identity = fs.realpathSync(place);
    return isInside(system, realRoot, identity) ? readPlain(fs, identity, most) : "outside";
  } catch (error) {
    return refusalOf(error, beside);
  }
}

/** The innermost of some folders that is a script's folder or around it; without one the script's folder itself. */
function rootOf(system: FileSystem, script: string, folders: readonly string[]): string {
  const { path } = system;
  const holding = folders
    .map((folder) => path.resolve(folder))
    .filter((folder) => folder === script || isInside(system, folder, script));
  return holding.sort((a, b) => b.length - a.length)[0] ?? script;
}

/** @param name free of links; one that is put there meanwhile is not followed, and a pipe is not waited for */
function readPlain(fs: FileSystem["fs"], name: string, most: number): ScriptFile | FileRefusal {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
  const file = fs.openSync(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const status = fs.fstatSync(file);
    const { size } = status;
    if (!status.isFile()) return { refused: "not-plain" };
    if (size > most) return { refused: "too-large", bytes: size, most };
    return { identity: name, bytes: new Uint8Array(fs.readFileSync(file)) };
  } finally {
    fs.closeSync(file);
  }
}

function refusalOf(error: unknown, beside: "script" | "included"): FileRefusal {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR") return { refused: "missing", beside };
  if (code === "ELOOP") return { refused: "link-loop" };
  if (code === "EACCES" || code === "EPERM") return { refused: "denied" };
  return { refused: "unreadable", code: code || "unknown error" };
}

/** A path without its links; the path itself of a file that is not there. */
function realPath({ fs }: FileSystem, name: string): string {
  try {
    return fs.realpathSync(name);
  } catch {
    return name;
  }
}

/** Whether a path is below a folder. */
export function isInside({ path }: FileSystem, folder: string, name: string): boolean {
  const way = path.relative(folder, name);
  return way !== "" && way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}
