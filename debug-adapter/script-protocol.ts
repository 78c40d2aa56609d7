// How an editor and the adapter in its process name scripts, and what the adapter asks of it.
import type { Fetched } from "../runner/index.ts";

/** A file of an editor that a script names. */
export type NamedFile = Fetched;

/** Documents of an editor, by their URIs: those that were never saved, and files that are on no disk. */
export interface EditorFiles {
  /** The text as it stands in the editor. Rejects where there is none. */
  text(uri: string): Promise<string>;
  /** Something that is another one when the text may be another one; undefined where there is none. */
  version(uri: string): Promise<string | undefined>;
  /** Bytes of a file. Rejects where there is none. */
  bytes(uri: string): Promise<Uint8Array>;
  /** A file that a script names. Why there is none is an answer. */
  named(uri: string): Promise<NamedFile>;
}

/** A path that is a URI: a scheme of two letters and more, since one letter is a drive. */
export function isUri(path: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(path);
}
