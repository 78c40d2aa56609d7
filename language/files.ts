/** Why a file is not read, as a sentence for the user. */
export interface FileRefusal {
  readonly refusal: string;
}

/**
 * Reads files that a script names, for `load`. The host gives it: it reads only inside the workspace or, on the command line, beside the
 * script, and never through a link that leads out.
 */
export interface ScriptFiles {
  /**
   * @param path as the script writes it, relative to the file that names it
   * @param from that file; empty = the script itself
   */
  read(path: string, from: string): Uint8Array | FileRefusal;
}

export function isRefusal(read: Uint8Array | FileRefusal): read is FileRefusal {
  return !(read instanceof Uint8Array);
}
