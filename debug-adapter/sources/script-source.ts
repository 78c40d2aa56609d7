import type { ScriptDocument, ScriptPlace } from "../../language/index.ts";

/** A state file's text, and the memory beside it when it names a file for that. */
export interface StateFile {
  readonly text: string;
  readonly raw?: Uint8Array;
}

/** Where scripts and saved machines come from. The adapter knows no file system: in a browser there is none. */
export interface ScriptSource {
  /**
   * The text of a script.
   * @throws AdapterError for what is missing, a directory, empty, too large or not readable
   */
  read(path: string): Promise<string>;
  /** Something that is another text whenever the script's text may be another one, for little; undefined when nobody can say. */
  version?(path: string): Promise<string | undefined>;
  /** The same of the files that the script of a path includes. */
  versionOfIncluded?(path: string, document: ScriptDocument): Promise<string>;
  /** Reads the files that a script names again, where `place` keeps them. */
  readAgain?(): Promise<void>;
  /**
   * A saved machine. What its text says is not looked at, but for the name of its memory, which is that of a file beside it.
   * @throws AdapterError likewise, and for a name that leads elsewhere
   */
  readState(path: string): Promise<StateFile>;
  /** Whether two paths mean the same file. */
  same(a: string, b: string): boolean;
  /**
   * The files that a script names. Absent, or undefined: none are read for it.
   * @param root absolute path of the folder around the script that they are inside of; absent, or not around it: the script's
   */
  place?(path: string, root: string | undefined): ScriptPlace | undefined;
  /**
   * Reads the files that a script names, where `place` has them not at once. @returns whether there is one that was not there: the script means
   * something else by now
   */
  fetch?(document: ScriptDocument): Promise<boolean>;
  /** The last part of a path, for people. */
  name(path: string): string;
}

/** Versions of many files as one. */
export async function versionsOf(
  files: Iterable<string>,
  versionOf: (file: string) => Promise<string | undefined>,
): Promise<string> {
  const versions = await Promise.all([...files].map(async (file) => [file, await versionOf(file)]));
  return versions.length === 0 ? "" : JSON.stringify(versions);
}
