import { FileSystemError, type Uri, workspace } from "vscode";

/** What tells that a file was written. */
export interface Stamp {
  readonly mtime: number;
  readonly size: number;
}

/** Undefined of a file that is not there. */
export async function stampOf(uri: Uri): Promise<Stamp | undefined> {
  try {
    const { mtime, size } = await workspace.fs.stat(uri);
    return { mtime, size };
  } catch (error) {
    if (error instanceof FileSystemError && error.code === "FileNotFound") return undefined;
    throw error;
  }
}

/** Whether a file that is known by a stamp has been written since. One that is gone, or was not known, was not. */
export function isWritten(known: Stamp | undefined, now: Stamp | undefined): boolean {
  return known !== undefined && now !== undefined && (now.mtime !== known.mtime || now.size !== known.size);
}
