import { FileType, Range, type Uri, workspace } from "vscode";
import type { ByteStore } from "../../dumps/byte-store.ts";
import type { DumpDocument } from "../../dumps/document.ts";
import { guestFormatOf } from "../../dumps/guests/index.ts";
import type { StyleOptions } from "../../dumps/hex-text/byte-order.ts";
import { layoutsOf, withLayoutFiles } from "../../dumps/layout-files/index.ts";
import { rawDump } from "../../dumps/raw-dump.ts";
import { binaryFormat, HEAD_BYTES, looksBinary, readBinaryWork, readDumpWork } from "../../dumps/read-dump.ts";
import { hintOptions } from "../../dumps/tables/sections.ts";
import type { Work } from "../../dumps/work.ts";
import { nameOf, openDocument } from "../file-names.ts";
import { host } from "../host.ts";
import { reasonOf } from "../inert.ts";
import { beginsLikeState, isStateDump } from "../saved-machines/state-text.ts";
import { texts } from "../texts.ts";
import type { DumpIdentity } from "./decoding-guard.ts";
import { type DumpStore, fileIdentity } from "./dump-store.ts";
import { readNamedLayouts } from "./layout-files.ts";
import { inSlices } from "./slices.ts";

/** Largest file that is read into the extension, in bytes; of a larger one that is no text what is looked at is read. */
const MAX_BYTES = 256 * 1024 * 1024;
/** Larger files are no documents that an editor of VS Code gives to extensions, in bytes. */
const MAX_DOCUMENT_BYTES = 50 * 1024 * 1024;

/** A dump, or a sentence that says why there is none; `isState`: because it is a saved machine, whose dump has to be made. */
export type DumpResult =
  | { readonly ok: true; readonly dump: DumpDocument; readonly identity: DumpIdentity }
  | { readonly ok: false; readonly message: string; readonly isState?: true };

/**
 * Reads a dump: as it stands in the editor if it is open there, else from its file, which may be too large for an editor. Rejects with
 * HeldBack, and with GivenUp after an abort or a change of the text.
 * @param options what the user says about how it is read
 */
export async function readDumpAt(
  uri: Uri,
  store: DumpStore,
  signal?: AbortSignal,
  options: StyleOptions = {},
): Promise<DumpResult> {
  const document = openDocument(uri) ?? (isStateDump(uri) ? await workspace.openTextDocument(uri) : undefined);
  if (document === undefined) {
    const bytes = await openBytes(uri);
    return "message" in bytes ? bytes : readBytesAt(uri, bytes, store, signal, options);
  }
  if (beginsLikeState(document.getText(new Range(0, 0, 8, 0)))) return stateInstead(uri);
  if (options.order === undefined && options.base === undefined) {
    return withBytes(uri, { ok: true, ...(await store.of(document)) });
  }
  const text = document.getText();
  const identity = { ...(await fileIdentity(uri)), size: text.length, version: document.version };
  const dump = await store.guard.run(identity, () => inSlices(readDumpWork(text, options), signal));
  return withBytes(uri, { ok: true, dump: await withLayouts(dump, uri), identity });
}

/** Reads a dump from the bytes of a file: text of any tool, a core, or raw memory. */
export async function readBytesAt(
  uri: Uri,
  bytes: ByteStore,
  store: DumpStore,
  signal?: AbortSignal,
  options: StyleOptions = {},
): Promise<DumpResult> {
  if (beginsLikeState(new TextDecoder().decode(bytes.subarray(0, 1024)))) return stateInstead(uri);
  const identity = { ...(await fileIdentity(uri)), size: bytes.length };
  const dump = await store.guard.run(identity, () => inSlices(readBytesWork(bytes, options), signal));
  return withBytes(uri, { ok: true, dump: await withLayouts(dump, uri), identity });
}

/** The bytes of a file, where they are when it is large and no text; or why they are not read. */
export async function openBytes(uri: Uri): Promise<ByteStore | { readonly ok: false; readonly message: string }> {
  const name = nameOf(uri);
  try {
    const { size, type } = await workspace.fs.stat(uri);
    if (type & FileType.Directory) return { ok: false, message: texts.decodeNoEditor() };
    if (size > MAX_BYTES) return await largeBytes(uri);
    const bytes = await workspace.fs.readFile(uri);
    // The editor gives a Buffer of Node, whose slice is no copy; all code here takes it for one.
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  } catch (error) {
    return { ok: false, message: texts.decodeUnreadable(name, reasonOf(error)) };
  }
}

/** A large file; one of text has to be read whole, which it is too large for, and files that are elsewhere have no parts. */
async function largeBytes(uri: Uri): Promise<ByteStore | { readonly ok: false; readonly message: string }> {
  try {
    const large = uri.scheme === "file" ? await host().openLarge?.(uri) : undefined;
    if (large !== undefined && !isText(large.subarray(0, HEAD_BYTES))) return large;
    return { ok: false, message: texts.decodeTooLarge(nameOf(uri), `${MAX_BYTES >> 20} MiB`) };
  } catch (error) {
    return { ok: false, message: reasonOf(error) };
  }
}

/** What a file is, as far as it can be told without reading it as a dump. */
export type FileLook =
  /** `told`: a `# gic:` line says which table it is. */
  | { readonly kind: "text"; readonly told: boolean; readonly size: number }
  /** Raw memory, a core, or a text that is too large for an editor. */
  | { readonly kind: "file"; readonly told: boolean }
  | { readonly kind: "state" }
  /** A folder, or a guest that another program saved: its tables are to be found. */
  | { readonly kind: "capture" }
  | { readonly kind: "none"; readonly message: string };

/** A line that says which table the lines after it are. */
const TABLE_HINT = /^[ \t]*#[ \t]*gic:.*\btable=([\w-]+)/gim;

/** Looks at a file before anything is decoded. */
export async function lookAt(uri: Uri): Promise<FileLook> {
  const document = openDocument(uri) ?? (isStateDump(uri) ? await workspace.openTextDocument(uri) : undefined);
  if (document !== undefined) {
    const text = document.getText();
    if (isGuest(new TextEncoder().encode(text.slice(0, HEAD_BYTES)), uri)) return { kind: "capture" };
    if (beginsLikeState(text.slice(0, 1024))) return { kind: "state" };
    return { kind: "text", told: saysTable(text), size: text.length };
  }
  if (await isFolder(uri)) return { kind: "capture" };
  const bytes = await openBytes(uri);
  if ("message" in bytes) return { kind: "none", message: bytes.message };
  const head = bytes.subarray(0, HEAD_BYTES);
  if (isGuest(head, uri)) return { kind: "capture" };
  if (beginsLikeState(new TextDecoder().decode(head.subarray(0, 1024)))) return { kind: "state" };
  if (!(bytes instanceof Uint8Array) || !isText(head)) return { kind: "file", told: false };
  const told = saysTable(new TextDecoder("latin1").decode(bytes));
  return bytes.length > MAX_DOCUMENT_BYTES ? { kind: "file", told } : { kind: "text", told, size: bytes.length };
}

function isGuest(head: Uint8Array, uri: Uri): boolean {
  return guestFormatOf(head, nameOf(uri)) !== undefined;
}

async function isFolder(uri: Uri): Promise<boolean> {
  try {
    return ((await workspace.fs.stat(uri)).type & FileType.Directory) !== 0;
  } catch {
    // Reading it as a file says what is wrong.
    return false;
  }
}

function saysTable(text: string): boolean {
  for (const [, table] of text.matchAll(TABLE_HINT)) {
    if (hintOptions({ table }).options.table !== undefined) return true;
  }
  return false;
}

function isText(head: Uint8Array): boolean {
  return binaryFormat(head) === undefined && !looksBinary(head);
}

function* readBytesWork(bytes: ByteStore, options: StyleOptions): Work<DumpDocument> {
  const head = bytes.subarray(0, HEAD_BYTES);
  const format = binaryFormat(head);
  if (format !== undefined) return yield* readBinaryWork(format, bytes, options);
  if (looksBinary(head)) return rawDump(bytes, options.base ?? 0n);
  return yield* readDumpWork(bytes.subarray(0, bytes.length), options);
}

async function withLayouts(dump: DumpDocument, uri: Uri): Promise<DumpDocument> {
  return withLayoutFiles(dump, layoutsOf(await readNamedLayouts(dump, uri)));
}

/** A dump without bytes is none. */
function withBytes(uri: Uri, result: Extract<DumpResult, { ok: true }>): DumpResult {
  if (!result.dump.memory.isEmpty) return result;
  const first = result.dump.problems.find((problem) => problem.line > 0);
  const reason = first === undefined ? "" : `Line ${first.line}: ${first.message}`;
  return { ok: false, message: texts.decodeNoDump(nameOf(uri), reason) };
}

function stateInstead(uri: Uri): DumpResult {
  return { ok: false, message: texts.decodeIsState(nameOf(uri)), isState: true };
}
