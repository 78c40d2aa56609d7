import path from "node:path";
import { FileType, type TextDocument, type Uri, workspace } from "vscode";
import type { DumpDocument } from "../dumps/document.ts";
import { looksBinary, readDump } from "../dumps/read-dump.ts";
import { dumpOf } from "./dump-documents.ts";
import { texts } from "./texts.ts";

/** Largest file that is read into the extension, in bytes. */
const MAX_BYTES = 256 * 1024 * 1024;

/** A dump, or a sentence that says why there is none. */
export type DumpResult =
  | { readonly ok: true; readonly dump: DumpDocument }
  | { readonly ok: false; readonly message: string };

/** The open document of an address, saved or not. */
export function openDocument(uri: Uri): TextDocument | undefined {
  return workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}

/** Name of a file as messages show it. */
export function nameOf(uri: Uri): string {
  return path.posix.basename(uri.path);
}

/** Reads a dump: as it stands in the editor if it is open there, else from its file, which may be too large for an editor. */
export async function readDumpAt(uri: Uri): Promise<DumpResult> {
  const document = openDocument(uri);
  const result: DumpResult = document === undefined ? await readFile(uri) : { ok: true, dump: dumpOf(document).dump };
  if (!result.ok || result.dump.memory.spans.length > 0) return result;
  const first = result.dump.problems.find((problem) => problem.line > 0);
  const reason = first === undefined ? "" : `Line ${first.line}: ${first.message}`;
  return { ok: false, message: texts.decodeNoDump(nameOf(uri), reason) };
}

async function readFile(uri: Uri): Promise<DumpResult> {
  const name = nameOf(uri);
  try {
    const { size, type } = await workspace.fs.stat(uri);
    if (type & FileType.Directory) return { ok: false, message: texts.decodeNoEditor() };
    if (size > MAX_BYTES) return { ok: false, message: texts.decodeTooLarge(name, `${MAX_BYTES >> 20} MiB`) };
    const bytes = await workspace.fs.readFile(uri);
    if (looksBinary(bytes.subarray(0, 4096))) return { ok: false, message: texts.decodeBinary(name) };
    return { ok: true, dump: readDump(bytes) };
  } catch (error) {
    return { ok: false, message: texts.decodeUnreadable(name, error instanceof Error ? error.message : String(error)) };
  }
}
