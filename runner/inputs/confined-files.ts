import { type FileRefusal, limits, type ScriptFile, type ScriptFiles, type ScriptPlace } from "../../language/index.ts";

/** What is needed of a file system; Node's `fs` and `path` are that. This layer imports neither. */
export interface FileSystem {
  readonly fs: {
    realpathSync(path: string): string;
    statSync(path: string): { readonly size: number; isFile(): boolean };
    readFileSync(path: string): Uint8Array;
  };
  readonly path: {
    resolve(...parts: string[]): string;
    dirname(path: string): string;
    relative(from: string, to: string): string;
    isAbsolute(path: string): boolean;
    readonly sep: string;
  };
}

/**
 * A script of a file system, and the files that it may include: those in some folders and below, and where none of them holds the
 * script, those in its own. No link leads out of there.
 * @param file its path, or that of a file which is not there, for a script that comes from elsewhere @param folders absolute paths
 */
export function scriptPlace(system: FileSystem, file: string, folders: readonly string[] = []): ScriptPlace {
  const real = realPath(system, system.path.resolve(file));
  const around = folders.map((folder) => realPath(system, folder)).filter((folder) => isIn(system, folder, real));
  return { file: real, files: confinedFiles(system, around.length > 0 ? around : [system.path.dirname(real)]) };
}

/** @param folders real paths */
function confinedFiles(system: FileSystem, folders: readonly string[]): ScriptFiles {
  const { fs, path } = system;
  const outside: FileRefusal = { refused: "outside", detail: folders.join(", ") };
  const isInside = (file: string): boolean => folders.some((folder) => isIn(system, folder, file));
  return {
    read(given, from): ScriptFile | FileRefusal {
      const wanted = path.resolve(path.dirname(from), given);
      // Whether there is something elsewhere is not even looked at.
      if (!isInside(wanted)) return outside;
      try {
        const identity = fs.realpathSync(wanted);
        if (!isInside(identity)) return outside;
        const about = fs.statSync(identity);
        // A pipe would be waited for without end.
        if (!about.isFile()) return { refused: "unreadable", detail: "it is not a regular file" };
        if (about.size > limits.includedBytes) return { refused: "too-large" };
        return { identity, bytes: fs.readFileSync(identity) };
      } catch (error) {
        return refusalOf(error);
      }
    },
  };
}

function refusalOf(error: unknown): FileRefusal {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === undefined) throw error;
  if (code === "ENOENT" || code === "ENOTDIR") return { refused: "missing" };
  if (code === "EACCES" || code === "EPERM") return { refused: "unreadable", detail: "permission denied" };
  return { refused: "unreadable", detail: String(code) };
}

function realPath({ fs }: FileSystem, path: string): string {
  try {
    return fs.realpathSync(path);
  } catch {
    return path;
  }
}

function isIn({ path }: FileSystem, folder: string, file: string): boolean {
  const way = path.relative(folder, file);
  return way !== "" && way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}
