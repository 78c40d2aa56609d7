import { FileSystemError, type Uri, workspace } from "vscode";
import { pathOf } from "./file-names.ts";
import { reasonOf } from "./inert.ts";
import { texts } from "./texts.ts";

/**
 * Writes a file that is there whole or not at all: where the disk is full, what stood there is put back, and a file that was not there is not
 * there. It is written in its place, so that links and rights stay.
 *
 * @throws Error with a sentence for the user
 */
export async function writeWhole(target: Uri, content: Uint8Array): Promise<void> {
  let before: Uint8Array | undefined;
  let asItWas = true;
  try {
    before = await bytesOf(target);
    asItWas = false;
    await workspace.fs.writeFile(target, content);
  } catch (error) {
    asItWas ||= await putBack(target, before);
    const sentence = asItWas ? texts.notWritten : texts.halfWritten;
    throw new Error(sentence(pathOf(target), codeOf(error)));
  }
}

/** Undefined of a file that is not there. */
async function bytesOf(uri: Uri): Promise<Uint8Array | undefined> {
  try {
    return await workspace.fs.readFile(uri);
  } catch (error) {
    if (error instanceof FileSystemError && error.code === "FileNotFound") return undefined;
    throw error;
  }
}

/** @returns whether the file is as it was */
async function putBack(uri: Uri, before: Uint8Array | undefined): Promise<boolean> {
  try {
    const now = await bytesOf(uri);
    if (before === undefined) {
      if (now !== undefined) await workspace.fs.delete(uri);
    } else if (now === undefined || !isEqual(now, before)) await workspace.fs.writeFile(uri, before);
    return true;
  } catch {
    return false;
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** The system's code, which file systems have in the middle of longer sentences. */
function codeOf(error: unknown): string {
  const reason = reasonOf(error);
  return /\bE[A-Z0-9]{3,}\b/.exec(reason)?.[0] ?? reason.replace(/\.$/, "");
}
