import { limits } from "./limits.ts";

/** Why a file is not given to a script. */
export type FileRefusalReason =
  /** It is not among the files that the script may read, or a link leads out of them. */
  | "outside"
  | "missing"
  | "too-large"
  | "unreadable"
  /** Where the script is read there are no files. */
  | "unavailable";

/** A file that a script may not have, or cannot. */
export interface FileRefusal {
  readonly refused: FileRefusalReason;
  /** Of `outside` the folder that files must be in; of `unreadable` what the file system has said. */
  readonly detail?: string | undefined;
}

/** A file that a script reads. */
export interface ScriptFile {
  /** The same for the same file, whatever path has led to it; paths in the file are relative to it. */
  readonly identity: string;
  readonly bytes: Uint8Array;
}

/** The files that scripts may read. Who knows of files gives one to a `ScriptDocument`; the language itself reads nothing. */
export interface ScriptFiles {
  /**
   * @param path as the script has it
   * @param from identity of the file that it stands in
   */
  read(path: string, from: string): ScriptFile | FileRefusal;
}

/** Where there are no files. */
export const noFiles: ScriptFiles = { read: () => ({ refused: "unavailable" }) };

export function isRefusal(file: ScriptFile | FileRefusal): file is FileRefusal {
  return "refused" in file;
}

/** Why a file is refused, and what to do, as sentences. */
export function refusalSentence(path: string, { refused, detail }: FileRefusal): string {
  switch (refused) {
    case "outside":
      return `${path} is not read: only files ${detail === undefined ? "beside the script and in folders below it" : `in ${detail} and below`} are, and no link that leads out. Move it there.`;
    case "missing":
      return `There is no file ${path}. Its path is relative to the file that this line stands in.`;
    case "too-large":
      return `${path} is too large: the files that a script reads may have ${limits.includedBytes / 2 ** 20} MiB together.`;
    case "unreadable":
      return `${path} cannot be read${detail === undefined ? "" : `: ${detail}`}.`;
    case "unavailable":
      return `${path} is not read: scripts have no files here. Open the script from a folder on disk, or use gicwb.`;
  }
}
