import type { ScriptFiles as ScriptInputs } from "../../language/index.ts";

/** A script of the workspace that need not be open. */
export interface ScriptFile {
  readonly uri: string;
  /** Different when its content may be. */
  readonly stamp: string;
}

/** The scripts of folders, where the server can read files. Reading never leaves the folders, nor follows a link. */
export interface ScriptFiles {
  /** @param folders URIs */
  list(folders: readonly string[]): Promise<readonly ScriptFile[]>;
  /** The text; undefined when it cannot be read, or is too large to be a script. */
  read(uri: string): Promise<string | undefined>;
  /**
   * The files that a script names; undefined where none can be read for it. Absent: for no script.
   * @param folders URIs of the workspace's folders, as they are when a file is read
   */
  inputs?(uri: string, folders: () => readonly string[]): ScriptInputs | undefined;
}

/** Where no files can be read: in a browser's worker. */
export const noFiles: ScriptFiles = {
  list: () => Promise.resolve([]),
  read: () => Promise.resolve(undefined),
};
