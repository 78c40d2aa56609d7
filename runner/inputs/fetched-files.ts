import type { ScriptPlace } from "../../language/index.ts";
import { type FileSystem, scriptPlace } from "./confined-files.ts";

/** What became of a file: its bytes, its size where it is too large to be sent, or the file system's code of why there is none. */
export type Fetched =
  | { readonly bytes: Uint8Array }
  | { readonly size: number }
  | { readonly code: string }
  | { readonly notPlain: true };

/** Files that are fetched for the scripts of one program, and the bytes that are kept of them together. */
const MOST_FILES = 1000;
const MOST_BYTES = 256 * 1024 * 1024;

/** Told of a file until it is there. */
const ON_ITS_WAY: Fetched = { code: "it is being read" };
const TOO_MANY: Fetched = { code: `scripts read ${MOST_FILES} files here` };
const TOO_MUCH: Fetched = { code: `scripts read ${MOST_BYTES >> 20} MiB here` };

/**
 * Files of a file system that answers later, such as an editor's in a browser, for scripts, which read at once. What is read and not there is
 * noted; when it has been fetched, who has read it reads again. Which files a script may read is decided as on a disk (confined-files.ts).
 */
export class FetchedFiles {
  private readonly fetch: (path: string) => Promise<Fetched>;
  private readonly files = new Map<string, Fetched>();
  private readonly missing = new Set<string>();
  private bytes = 0;

  /** @param fetch reads a file by its absolute path, which has slashes; what it says of a link is taken for the file, so it follows none */
  constructor(fetch: (path: string) => Promise<Fetched>) {
    this.fetch = fetch;
  }

  /** As `scriptPlace`. @param script,folders absolute paths with slashes */
  place(script: string, folders: () => readonly string[]): ScriptPlace {
    return scriptPlace(this.system, script, folders);
  }

  /** Whether something was read that is not there yet. */
  get isWaiting(): boolean {
    return this.missing.size > 0;
  }

  /** Fetches what was read and not there. @returns whether there was something */
  async fetchMissing(): Promise<boolean> {
    const paths = [...this.missing];
    this.missing.clear();
    await Promise.all(paths.map((path) => this.renew(path)));
    return paths.length > 0;
  }

  /** Fetches everything again. @returns whether some file is another */
  async fetchAgain(): Promise<boolean> {
    const changes = await Promise.all([...this.files.keys()].map((path) => this.renew(path)));
    return changes.includes(true);
  }

  private async renew(path: string): Promise<boolean> {
    const before = this.files.get(path);
    const found = await this.fetch(path);
    this.bytes -= sizeOf(before);
    const kept = this.bytes + sizeOf(found) > MOST_BYTES ? TOO_MUCH : found;
    this.bytes += sizeOf(kept);
    this.files.set(path, kept);
    return before === undefined || !isSame(before, kept);
  }

  private find(path: string): Fetched {
    const found = this.files.get(path);
    if (found !== undefined) return found;
    if (this.files.size + this.missing.size >= MOST_FILES && !this.missing.has(path)) return TOO_MANY;
    this.missing.add(path);
    return ON_ITS_WAY;
  }

  /** Files as numbers: that of an open one is its place in a list. */
  private readonly open = new Map<number, Fetched>();
  private handles = 0;

  private readonly system: FileSystem = {
    path: slashPaths,
    fs: {
      constants: { O_RDONLY: 0 },
      // No link is followed, so a path is a file's name.
      realpathSync: (name) => name,
      openSync: (name) => {
        const found = this.find(name);
        const code = "size" in found ? `it has ${found.size} bytes, which are not sent` : "code" in found && found.code;
        if (code) throw Object.assign(new Error(code), { code });
        this.open.set(++this.handles, found);
        return this.handles;
      },
      fstatSync: (file) => {
        const found = this.open.get(file);
        return {
          size: sizeOf(found),
          isFile: () => !(found && "notPlain" in found),
        };
      },
      readFileSync: (file) => {
        const found = this.open.get(file);
        return found && "bytes" in found ? found.bytes : new Uint8Array();
      },
      closeSync: (file) => void this.open.delete(file),
    },
  };
}

function sizeOf(file: Fetched | undefined): number {
  return file && "bytes" in file ? file.bytes.length : 0;
}

function isSame(a: Fetched, b: Fetched): boolean {
  if (!("bytes" in a) || !("bytes" in b)) return JSON.stringify(a) === JSON.stringify(b);
  return a.bytes.length === b.bytes.length && a.bytes.every((byte, at) => byte === b.bytes[at]);
}

/** Paths with slashes, as URIs have them on every system. */
export const slashPaths: FileSystem["path"] = {
  sep: "/",
  isAbsolute: (name) => name.startsWith("/"),
  resolve: (...parts) =>
    `/${walked(parts.reduce((path, part) => (part.startsWith("/") ? part : `${path}/${part}`), "")).join("/")}`,
  dirname: (name) => name.slice(0, name.lastIndexOf("/")) || "/",
  relative(from, to) {
    const [a, b] = [walked(from), walked(to)];
    const common = a.findIndex((part, at) => part !== b[at]);
    const shared = common < 0 ? a.length : common;
    return [...a.slice(shared).map(() => ".."), ...b.slice(shared)].join("/");
  },
};

function walked(path: string): string[] {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts;
}
