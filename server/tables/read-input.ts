import type { TableLayouts } from "../../architecture/layout.ts";
import { layoutNamed } from "../../architecture/layouts/index.ts";
import type { ByteStore } from "../../dumps/byte-store.ts";
import { type Capture, type CaptureFile, describedDump, describedTables } from "../../dumps/captures/index.ts";
import { holdTables } from "../../dumps/checks/index.ts";
import type { DumpDocument } from "../../dumps/document.ts";
import { guestFormatOf, isMemoryFile, readGuest } from "../../dumps/guests/index.ts";
import { parseNumber } from "../../dumps/hex-text/hints.ts";
import {
  type LayoutFile,
  MAX_LAYOUT_FILE,
  namedLayoutFiles,
  readLayoutFile,
  withLayoutFiles,
} from "../../dumps/layout-files/index.ts";
import { rawDump } from "../../dumps/raw-dump.ts";
import { binaryFormat, HEAD_BYTES, looksBinary, readBinaryWork, readDumpWork } from "../../dumps/read-dump.ts";
import type { Work } from "../../dumps/work.ts";
import { decodeState, rawFileOf, STATE_FORMAT } from "../../emulator/index.ts";
import { fromBase64 } from "../../emulator/state-file/base64.ts";
import { capturesIn, type InputContent, type InputTables, walkTables } from "../../runner/inputs/tables-input.ts";
import { elsewhereSentence, isPlainFileName, problemSentence } from "../../runner/saved-machines/index.ts";
import type { DescribedInput, InputFile, TablesInput } from "../tables-protocol.ts";

/** The server's way to files. In a browser there is none. */
export interface FileAccess {
  /** @throws InputProblem when it cannot be read */
  open(path: string): ByteStore;
}

/** What is wrong with an input, in sentences for the user. */
export class InputProblem extends Error {
  /** Name of an input that nothing but the user can describe. */
  readonly undescribed: string | undefined;

  constructor(message: string, undescribed?: string) {
    super(message);
    this.undescribed = undescribed;
  }
}

/** Bytes of texts and raw files that are read whole, together. */
const MAX_BYTES = 512 * 1024 * 1024;
const MAX_FILES = 4096;

/** What the files of an input hold. @throws InputProblem with sentences for the user */
export function* readInput(
  { name, files, beside = [], described }: TablesInput,
  access: FileAccess | undefined,
): Work<InputContent> {
  if (files.length === 0) throw new InputProblem(`${name} holds no files.`);
  if (files.length > MAX_FILES)
    throw new InputProblem(`${name} has ${files.length} files; ${MAX_FILES} are read together.`);
  const opened = files.map((file) => ({ name: file.name, bytes: bytesOf(file, access) }));
  if (described !== undefined && opened.length === 1) return { files: [yield* describedFile(opened[0], described)] };
  const neighbours = [...files, ...beside];
  const state = opened.length === 1 ? stateOf(opened[0], neighbours, access) : undefined;
  if (state !== undefined) return { state, file: opened[0].name };
  const found: CaptureFile[] = [];
  /** Files with the memory of saved guests, which stays in them. */
  const memories = new Set<string>();
  for (const { name: file, bytes } of opened) {
    const format = guestFormatOf(bytes.subarray(0, HEAD_BYTES), file);
    if (format === undefined) continue;
    const memory = neighbours.find((other) => other.name !== file && isMemoryFile(format, other.name));
    const read = yield* readGuest(format, bytes, memory && bytesOf(memory, access));
    if ("failure" in read) throw new InputProblem(`${file}: ${read.failure}`);
    found.push({ name: file, content: { guest: read.guest } });
    memories.add(file);
    if (memory !== undefined) memories.add(memory.name);
  }
  let size = 0;
  for (const { name: file, bytes } of opened) {
    if (memories.has(file) || bytes.length === 0) continue;
    const format = binaryFormat(bytes.subarray(0, HEAD_BYTES));
    if (format !== undefined) {
      found.push({ name: file, content: { core: yield* readBinaryWork(format, bytes) } });
      continue;
    }
    size += bytes.length;
    if (size > MAX_BYTES)
      throw new InputProblem(`${name} has more than ${MAX_BYTES / 2 ** 20} MiB of texts and raw bytes.`);
    found.push({ name: file, content: yield* contentOf(bytes.subarray(0, bytes.length), neighbours, access) });
  }
  return { files: found };
}

/** The tables of an input. @throws InputProblem with sentences for the user */
export function* readTables(input: TablesInput, access: FileAccess | undefined): Work<InputTables> {
  const content = yield* readInput(input, access);
  const captures = yield* capturesIn(content);
  if (!sayTables(captures)) throw noTables(input.name, content);
  return yield* walkTables(input.name, content, captures, layoutOf(input.layout));
}

/** Whether anything says where tables are. What is only guessed the user is asked about. */
export function sayTables(captures: readonly Capture[]): boolean {
  return holdTables(captures) && captures.every(({ guess }) => guess === undefined);
}

/** Anything may come from the other side. */
export function layoutOf(given: unknown): TableLayouts | undefined {
  return typeof given === "string" ? layoutNamed(given) : undefined;
}

/** Why nothing tells where tables are. */
export function noTables(name: string, content: InputContent): InputProblem {
  if ("state" in content) return new InputProblem(`${name}: the registers of the saved machine name no tables.`);
  const { files } = content;
  const isDump = files.some(({ content: file }) => "bytes" in file || ("dump" in file && !file.dump.memory.isEmpty));
  if (!isDump) {
    return new InputProblem(
      `${name} holds no tables that can be found: no dump of an ITS's registers, no boot log with ITS@ lines, no NAME.giccap.json, no saved guest or machine.`,
    );
  }
  return new InputProblem(
    `Nothing in ${name} tells where the device table is. Write a line "# gic: table=device-table base=0x…" above each table of the dump, or take it together with what names the tables: the ITS's registers, the boot log, or a NAME.giccap.json.`,
    files.length === 1 ? name : undefined,
  );
}

/** A single dump, core or file of raw bytes that is described by the user. */
function* describedFile(
  { name, bytes }: { readonly name: string; readonly bytes: ByteStore },
  { table, base, size }: DescribedInput,
): Work<CaptureFile> {
  const kind = describedTables.find((known) => known === table);
  if (kind === undefined) throw new InputProblem(`"${table}" is none of ${describedTables.join(", ")}.`);
  const [address, length] = [base, size].map((text) => (text === undefined ? undefined : parseNumber(text)));
  if (base !== undefined && address === undefined) throw new InputProblem(`${base} is no address.`);
  if (size !== undefined && length === undefined) throw new InputProblem(`${size} is no number of bytes.`);
  const head = bytes.subarray(0, HEAD_BYTES);
  const format = binaryFormat(head);
  let dump: DumpDocument;
  if (format !== undefined) dump = yield* readBinaryWork(format, bytes);
  else if (looksBinary(head)) {
    if (address === undefined)
      throw new InputProblem(`${name} holds raw bytes: the address of the first one is needed.`);
    dump = rawDump(bytes, address);
  } else dump = yield* readDumpWork(bytes.subarray(0, bytes.length), { table: kind, base: address });
  if (dump.memory.isEmpty) throw new InputProblem(`${name} holds no line of a dump.`);
  return { name, content: { text: "", dump: describedDump(dump, kind, { base: address, size: length }) } };
}

/** The saved machine that a file holds; undefined of any other file. */
function stateOf(
  { name, bytes }: { readonly name: string; readonly bytes: ByteStore },
  neighbours: readonly InputFile[],
  access: FileAccess | undefined,
) {
  if (!new TextDecoder().decode(bytes.subarray(0, 1024)).includes(`"${STATE_FORMAT}"`)) return undefined;
  const text = new TextDecoder().decode(bytes.subarray(0, bytes.length));
  const memory = rawFileOf(text);
  if (memory !== undefined && !isPlainFileName(memory)) throw new InputProblem(`${name}: ${elsewhereSentence(memory)}`);
  const file = neighbours.find((other) => other.name === memory);
  const raw = file && bytesOf(file, access);
  const decoded = decodeState(text, raw?.subarray(0, raw.length));
  if ("problem" in decoded) throw new InputProblem(`${name} is refused. ${problemSentence(decoded.problem)}`);
  return decoded.state;
}

function* contentOf(
  bytes: Uint8Array,
  neighbours: readonly InputFile[],
  access: FileAccess | undefined,
): Work<CaptureFile["content"]> {
  if (looksBinary(bytes.subarray(0, HEAD_BYTES))) return { bytes };
  return {
    text: new TextDecoder().decode(bytes),
    dump: withNeighbours(yield* readDumpWork(bytes), neighbours, access),
  };
}

/** A dump with the layout files that its lines name, which are beside it: none elsewhere is opened because a dump says so. */
export function withNeighbours(
  dump: DumpDocument,
  neighbours: readonly InputFile[],
  access: FileAccess | undefined,
): DumpDocument {
  const files = namedLayoutFiles(dump).map((word): [string, LayoutFile] => {
    const file = neighbours.find(({ name }) => name === word);
    if (file === undefined) return [word, { problems: [`The layout file "${word}" is not beside the dump.`] }];
    const bytes = bytesOf(file, access);
    return [word, readLayoutFile(new TextDecoder().decode(bytes.subarray(0, MAX_LAYOUT_FILE + 1)), word)];
  });
  return withLayoutFiles(dump, new Map(files));
}

function bytesOf(file: InputFile, access: FileAccess | undefined): ByteStore {
  if ("text" in file) return new TextEncoder().encode(file.text);
  if ("base64" in file) {
    const bytes = fromBase64(file.base64);
    if (bytes instanceof Uint8Array) return bytes;
    throw new InputProblem(`${file.name} did not arrive whole.`);
  }
  if (access === undefined) throw new InputProblem(`${file.name} is on a file system that the server cannot read.`);
  return access.open(file.path);
}
