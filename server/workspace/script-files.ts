import type { ScriptPlace } from "../../language/index.ts";

/** A script of the workspace that need not be open. */
export interface ScriptFile {
  readonly uri: string;
  /** Different when its content may be. */
  readonly stamp: string;
}

/** Scripts that were found. */
export interface ScriptList {
  readonly files: readonly ScriptFile[];
  /** Whether those are all: not so many are looked for as there may be. */
  readonly isWhole: boolean;
}

/** The scripts of folders, where the server can read files. Reading never leaves the folders, nor follows a link. */
export interface ScriptFiles {
  /** @param folders URIs */
  list(folders: readonly string[]): Promise<ScriptList>;
  /** The text; undefined when it cannot be read, or is too large to be a script. */
  read(uri: string): Promise<string | undefined>;
  /**
   * What a script knows of the files that it names: those inside the folder of the workspace that it lies in, the innermost; of a script
   * outside of all of them beside it. Undefined for one that is on no disk. Absent: for every script.
   * @param folders URIs of the workspace's folders, as they are when a file is read
   */
  place?(uri: string, folders: () => readonly string[]): ScriptPlace | undefined;
  /** Tells when files that were read and not there yet are there: what has read them reads them again. Absent: files are there at once. */
  onFetched?(listener: () => void): void;
  /** Files may be others: fetches again what was fetched. */
  fetchAgain?(): Promise<void>;
  /** URI of a file by its identity. */
  uriOf?(file: string): string;
}

/** Where no files can be read: in a browser's worker. */
export const noFiles: ScriptFiles = {
  list: () => Promise.resolve({ files: [], isWhole: true }),
  read: () => Promise.resolve(undefined),
};
