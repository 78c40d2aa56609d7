import { FileType, Range, type Uri, workspace } from "vscode";
import type { DumpDocument } from "../../dumps/document.ts";
import { looksBinary, readDumpWork } from "../../dumps/read-dump.ts";
import { nameOf, openDocument } from "../file-names.ts";
import { beginsLikeState, isStateDump } from "../saved-machines/state-text.ts";
import { texts } from "../texts.ts";
import type { DumpIdentity } from "./decoding-guard.ts";
import { type DumpStore, fileIdentity } from "./dump-store.ts";
import { inSlices } from "./slices.ts";

/** Largest file that is read into the extension, in bytes. */
const MAX_BYTES = 256 * 1024 * 1024;

/** A dump, or a sentence that says why there is none; `isState`: because it is a saved machine, whose dump has to be made. */
export type DumpResult =
  | { readonly ok: true; readonly dump: DumpDocument; readonly identity: DumpIdentity }
  | { readonly ok: false; readonly message: string; readonly isState?: true };

/**
 * Reads a dump: as it stands in the editor if it is open there, else from its file, which may be too large for an editor. Rejects with
 * HeldBack, and with GivenUp after an abort or a change of the text.
 */
export async function readDumpAt(uri: Uri, store: DumpStore, signal?: AbortSignal): Promise<DumpResult> {
  const document = openDocument(uri) ?? (isStateDump(uri) ? await workspace.openTextDocument(uri) : undefined);
  if (document !== undefined && beginsLikeState(document.getText(new Range(0, 0, 8, 0)))) return stateInstead(uri);
  const result: DumpResult =
    document === undefined ? await readFile(uri, store, signal) : { ok: true, ...(await store.of(document)) };
  if (!result.ok || !result.dump.memory.isEmpty) return result;
  const first = result.dump.problems.find((problem) => problem.line > 0);
  const reason = first === undefined ? "" : `Line ${first.line}: ${first.message}`;
  return { ok: false, message: texts.decodeNoDump(nameOf(uri), reason) };
}

async function readFile(uri: Uri, store: DumpStore, signal?: AbortSignal): Promise<DumpResult> {
  const name = nameOf(uri);
  let bytes: Uint8Array;
  try {
    const { size, type } = await workspace.fs.stat(uri);
    if (type & FileType.Directory) return { ok: false, message: texts.decodeNoEditor() };
    if (size > MAX_BYTES) return { ok: false, message: texts.decodeTooLarge(name, `${MAX_BYTES >> 20} MiB`) };
    bytes = await workspace.fs.readFile(uri);
    if (beginsLikeState(new TextDecoder().decode(bytes.subarray(0, 1024)))) return stateInstead(uri);
    if (looksBinary(bytes.subarray(0, 4096))) return { ok: false, message: texts.decodeBinary(name) };
  } catch (error) {
    return { ok: false, message: texts.decodeUnreadable(name, error instanceof Error ? error.message : String(error)) };
  }
  const identity = await fileIdentity(uri);
  const dump = await store.guard.run(identity, () => inSlices(readDumpWork(bytes), signal));
  return { ok: true, dump, identity };
}

function stateInstead(uri: Uri): DumpResult {
  return { ok: false, message: texts.decodeIsState(nameOf(uri)), isState: true };
}
