import { FileType, Uri, workspace } from "vscode";
import type { StateDumpAnswer, StateDumpParams } from "../../server/state-protocol.ts";
import { base64 } from "../base64.ts";
import { nameOf, openDocument } from "../file-names.ts";
import { texts } from "../texts.ts";

/** Largest state file, and largest memory beside one, that is given to the language server, in bytes. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Asks the language server, which has the emulator. */
export type AskForDump = (params: StateDumpParams) => Promise<StateDumpAnswer>;

/** The dump of a state file's tables, or a sentence that says why there is none. */
export type StateDumpResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string };

/** Reads a state file, as it stands in the editor if it is open there, and has its tables written as a dump. */
export async function readStateDump(uri: Uri, ask: AskForDump): Promise<StateDumpResult> {
  const name = nameOf(uri);
  try {
    const document = openDocument(uri);
    const text = document?.getText() ?? new TextDecoder().decode(await readFile(uri));
    let answer = await ask({ text });
    if ("memoryFile" in answer) {
      // The name comes from the file, but the server passes plain names alone: it is beside the file.
      const memory = await readFile(Uri.joinPath(uri, "..", answer.memoryFile));
      answer = await ask({ text, raw: base64(memory) });
    }
    if ("dump" in answer) return { ok: true, text: answer.dump };
    const reason = "refusal" in answer ? answer.refusal : texts.stateNoMemory();
    return { ok: false, message: texts.stateRefused(name, reason) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** @throws Error with a sentence for the user */
async function readFile(uri: Uri): Promise<Uint8Array> {
  const name = nameOf(uri);
  const unreadable = (error: unknown): Error =>
    new Error(texts.decodeUnreadable(name, error instanceof Error ? error.message : String(error)));
  const { size, type } = await workspace.fs.stat(uri).then(undefined, (error: unknown) => {
    throw unreadable(error);
  });
  if (type & FileType.Directory) throw unreadable(new Error(texts.isFolder()));
  if (size > MAX_BYTES) throw new Error(texts.stateTooLarge(name, `${MAX_BYTES >> 20} MiB`));
  return workspace.fs.readFile(uri).then(undefined, (error: unknown) => {
    throw unreadable(error);
  });
}
