import type { Diagnostic } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import { type FileRefusal, isRefusal, type ScriptFile, type ScriptFiles } from "../files.ts";
import { limits } from "../limits.ts";
import type { Span } from "../parse/syntax.ts";
import type { Exports } from "./exports.ts";
import type { IncludedFile, ScriptPart } from "./script-part.ts";

/** Every place where scripts are read has it, but this layer knows the types of none of them. */
declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };

/** A file that has been read as a script. */
export interface ReadScript extends ScriptPart {
  readonly refusal: Diagnostic | undefined;
  readonly exports: Exports;
  /** Identities of the files that it includes. */
  includedFiles(): Iterable<string>;
}

/** An included file as the line that includes it sees it. */
export interface Included {
  readonly file: string;
  readonly script: ReadScript;
}

/** Makes the diagnostic of a file that is not included, at its path. */
export type NotIncluded = (place: Span) => Diagnostic;

/** The files that the lines of one file include. */
export interface IncludeTable {
  find(path: string): Included | NotIncluded;
}

/** Reads what a file says; `table` finds what it includes. */
type Parse = (text: string, file: IncludedFile, table: IncludeTable) => ReadScript;

/** A file as it was read. */
interface Loaded {
  readonly bytes: Uint8Array;
  readonly script: ReadScript;
  /** Files in files that it includes: 1 where it includes none. */
  height: number;
}

/** A path that a file includes, and what came of it. */
interface Lookup {
  readonly from: string;
  readonly path: string;
  readonly found: Included | NotIncluded;
  /** Of a file that may not be read: why not. */
  readonly refused: string | undefined;
}

/** Files that have led to one: the script, what it includes, and so on. */
type Chain = readonly IncludedFile[];

/** All files that a script includes, directly or not. Each is read once, until somebody says that files have changed. */
export class IncludeSet {
  private readonly files: ScriptFiles;
  private readonly parse: Parse;
  private readonly root: IncludedFile;
  private readonly loaded = new Map<string, Loaded>();
  private readonly lookups = new Map<string, Lookup>();
  private bytes = 0;

  /** @param root the script's own file */
  constructor(files: ScriptFiles, root: string, parse: Parse) {
    this.files = files;
    this.parse = parse;
    this.root = { identity: root, path: lastPart(root) };
  }

  /** What the script itself includes. */
  get table(): IncludeTable {
    return this.tableOf([this.root]);
  }

  get isEmpty(): boolean {
    return this.lookups.size === 0;
  }

  /** A file by its identity. */
  get(file: string): ReadScript | undefined {
    return this.loaded.get(file)?.script;
  }

  /** Identities of the files that have been read. */
  identities(): Iterable<string> {
    return this.loaded.keys();
  }

  /** Forgets what no line includes any more. @param paths those of the script itself, as it has them */
  keepOnly(paths: ReadonlySet<string>): void {
    const reached = new Set<string>();
    const reach = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const inner of this.loaded.get(file)?.script.includedFiles() ?? []) reach(inner);
    };
    // A file that is refused for a name may be wanted with the next edit.
    for (const { from, path, found } of this.lookups.values())
      if (from === this.root.identity && paths.has(path) && typeof found !== "function") reach(found.file);
    for (const [key, { from, path }] of this.lookups)
      if (from === this.root.identity ? !paths.has(path) : !reached.has(from)) this.lookups.delete(key);
    for (const file of this.loaded.keys()) if (!reached.has(file)) this.drop(file);
  }

  /** Looks at all files again. @returns whether one of them, or what became of a path, is another; it is read anew then */
  refresh(): boolean {
    const { changed, stale } = this.lookAgain();
    if (changed.size === 0) return false;
    for (const [key, { from, found }] of this.lookups)
      if (changed.has(key) || stale.has(from) || leadsTo(stale, found)) this.lookups.delete(key);
    for (const file of stale) this.drop(file);
    return true;
  }

  /** Paths, as the script itself has them, that lead to a file which is another one now. Nothing is read anew for that. */
  changedPaths(): ReadonlySet<string> {
    const { changed, stale } = this.lookAgain();
    const paths = new Set<string>();
    for (const [key, { from, path, found }] of this.lookups)
      if (from === this.root.identity && (changed.has(key) || leadsTo(stale, found))) paths.add(path);
    return paths;
  }

  /** Compares all files with what was read of them. @returns the lookups with another result, and the files that mean something else */
  private lookAgain(): { readonly changed: ReadonlySet<string>; readonly stale: ReadonlySet<string> } {
    const stale = new Set<string>();
    const changed = new Set<string>();
    for (const [key, { from, path, found, refused }] of this.lookups) {
      const file = this.files.read(path, from, limits.includedBytes);
      if (refused !== undefined && refused === refusedAs(file)) continue;
      const before = typeof found === "function" ? undefined : found.file;
      const isSame =
        !isRefusal(file) && before === file.identity && isEqual(this.loaded.get(before)?.bytes, file.bytes);
      if (isSame) continue;
      changed.add(key);
      stale.add(from);
      if (before !== undefined) stale.add(before);
    }
    // Who includes a file that is another means something else.
    for (let size = -1; size !== stale.size; ) {
      size = stale.size;
      for (const { from, found } of this.lookups.values()) if (leadsTo(stale, found)) stale.add(from);
    }
    return { changed, stale };
  }

  private drop(file: string): void {
    this.bytes -= this.loaded.get(file)?.bytes.length ?? 0;
    this.loaded.delete(file);
  }

  private tableOf(chain: Chain): IncludeTable {
    return { find: (path) => this.find(path, chain) };
  }

  private find(path: string, chain: Chain): Included | NotIncluded {
    const from = chain[chain.length - 1].identity;
    const key = `${from}\0${path}`;
    const known = this.lookups.get(key);
    if (known !== undefined && !this.isTooDeep(known.found, chain)) return known.found;
    if (this.lookups.size >= limits.includedFiles) return errors.tooManyIncludes;
    const file = this.files.read(path, from, limits.includedBytes);
    const found = isRefusal(file)
      ? (place: Span) => errors.notIncluded(place, path, file)
      : this.parsed(path, file, chain);
    this.lookups.set(key, { from, path, found, refused: refusedAs(file) });
    return found;
  }

  private isTooDeep(found: Included | NotIncluded, chain: Chain): boolean {
    return typeof found !== "function" && chain.length - 1 + this.heightOf(found.file) > limits.includeDepth;
  }

  private heightOf(file: string): number {
    return this.loaded.get(file)?.height ?? 0;
  }

  private parsed(path: string, { identity, bytes }: ScriptFile, chain: Chain): Included | NotIncluded {
    const at = chain.findIndex((one) => one.identity === identity);
    if (at >= 0) {
      const names = [...chain.slice(at).map((one) => one.path), path];
      return (place) => errors.includesItself(place, names);
    }
    const known = this.loaded.get(identity);
    if (known !== undefined && isEqual(known.bytes, bytes)) {
      const found = { file: identity, script: known.script };
      return this.isTooDeep(found, chain) ? errors.tooManyIncludes : found;
    }
    if (chain.length > limits.includeDepth) return errors.tooManyIncludes;
    if (this.bytes + bytes.length > limits.includedBytes)
      return (place) => errors.notIncluded(place, path, { refused: "too-much", most: limits.includedBytes });
    this.bytes += bytes.length;
    const one = { identity, path };
    const script = this.parse(new TextDecoder().decode(bytes), one, this.tableOf([...chain, one]));
    const { refusal } = script;
    if (refusal !== undefined) {
      this.bytes -= bytes.length;
      return (place) => errors.noScript(place, path, refusal.message);
    }
    const inner = [...script.includedFiles()].map((other) => this.heightOf(other));
    this.loaded.set(identity, { bytes, script, height: 1 + Math.max(0, ...inner) });
    return { file: identity, script };
  }
}

function leadsTo(files: ReadonlySet<string>, found: Lookup["found"]): boolean {
  return typeof found !== "function" && files.has(found.file);
}

/** Why a file is not read, in a form that can be compared. */
function refusedAs(file: ScriptFile | FileRefusal): string | undefined {
  return isRefusal(file) ? JSON.stringify(file) : undefined;
}

function isEqual(a: Uint8Array | undefined, b: Uint8Array): boolean {
  if (a === undefined || a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** The name of a file, for people. */
function lastPart(identity: string): string {
  const name = identity.slice(Math.max(identity.lastIndexOf("/"), identity.lastIndexOf("\\")) + 1);
  return name === "" ? identity : name;
}
