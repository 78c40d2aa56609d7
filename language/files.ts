/** A file that a script may not have, or cannot: why. */
export type FileRefusal =
  /** It is not among the files that the script may read, or a link leads out of them: those in the script's folder, or in the workspace's around it. */
  | { readonly refused: "outside"; readonly root: "script" | "workspace" }
  /** There is none of that name. `beside`: what stands in the folder where names begin, the script or a file that it includes. */
  | { readonly refused: "missing"; readonly beside: "script" | "included" }
  /** A folder, a pipe, a device. */
  | { readonly refused: "not-plain" }
  | { readonly refused: "link-loop" }
  | { readonly refused: "denied" }
  /** More bytes than are read of one file. */
  | { readonly refused: "too-large"; readonly bytes: number; readonly most: number }
  /** With it the included files of one script would have more bytes than they may have together. */
  | { readonly refused: "too-much"; readonly most: number }
  /** What the file system has said: a code such as `EIO`. */
  | { readonly refused: "unreadable"; readonly code: string }
  /** Where the script is read there are no files. */
  | { readonly refused: "unavailable" };

/** A file that a script reads. */
export interface ScriptFile {
  /** The same for the same file, whatever path or link has led to it; paths in the file are relative to it. */
  readonly identity: string;
  readonly bytes: Uint8Array;
}

/**
 * The files that `load` and `include` read. Who knows of files gives it to a `ScriptDocument`; the language itself reads nothing. It reads
 * only inside the workspace or, on the command line, beside the script, and never through a link that leads out.
 */
export interface ScriptFiles {
  /**
   * @param path as the script has it
   * @param from identity of the file that it stands in
   * @param most bytes that are read; a larger file is refused
   */
  read(path: string, from: string, most: number): ScriptFile | FileRefusal;
}

/** What a script knows of files: those that it may read, and which one it is itself. */
export interface ScriptPlace {
  readonly files: ScriptFiles;
  /** Its identity. */
  readonly file: string;
}

/** Of a script where there are no files. */
export const noPlace: ScriptPlace = { files: { read: () => ({ refused: "unavailable" }) }, file: "" };

export function isRefusal(file: ScriptFile | FileRefusal): file is FileRefusal {
  return "refused" in file;
}

/** Why a file is not read, and what to do, as a sentence that goes on behind its name. */
export function refusalSentence(refusal: FileRefusal): string {
  switch (refusal.refused) {
    case "outside":
      return refusal.root === "script"
        ? "it is outside the script's folder, and only files beside the script or below it are read."
        : "it is outside the workspace's folder that the script is in, and only files in there are read.";
    case "missing":
      return refusal.beside === "script"
        ? "there is no such file beside the script."
        : "there is no such file beside the one that names it.";
    case "not-plain":
      return "it is no plain file.";
    case "link-loop":
      return "its links lead nowhere.";
    case "denied":
      return "it may not be read.";
    case "too-large":
      return `it has ${refusal.bytes} bytes; at most ${refusal.most} are read.`;
    case "too-much":
      return `the files that a script includes may have ${refusal.most / 2 ** 20} MiB together.`;
    case "unreadable":
      return `it cannot be read (${refusal.code}).`;
    case "unavailable":
      return "scripts have no files here. Open the script from a folder on disk, or use gicwb.";
  }
}
