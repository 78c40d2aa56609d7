import { open } from "node:fs/promises";
import type { ByteStore } from "../dumps/byte-store.ts";
import type { DumpDocument } from "../dumps/document.ts";
import type { StyleOptions } from "../dumps/hex-text/byte-order.ts";
import { rawDump } from "../dumps/raw-dump.ts";
import { binaryFormat, HEAD_BYTES, looksBinary, readBinaryWork, readDump } from "../dumps/read-dump.ts";
import { hintOptions } from "../dumps/tables/sections.ts";
import { finish } from "../dumps/work.ts";
import { errors } from "./errors.ts";
import { FileBytes } from "./file-bytes.ts";
import { asFileError, readInput } from "./files.ts";
import type { Output } from "./output.ts";

/** Lines of a dump that are reported one by one on standard error. */
const SHOWN_PROBLEMS = 20;

/** A file with a dump: its text, or what is no text, whose bytes stay where they are. */
export type DumpInput = Uint8Array | FileBytes;

/** Opens a dump, or standard input for `-`. @throws CliError as {@link readInput} */
export async function openDump(file: string, stdin: AsyncIterable<Uint8Array>): Promise<DumpInput> {
  if (file === "-") return readInput(file, stdin);
  const head = await headOf(file);
  return binaryFormat(head) !== undefined || looksBinary(head) ? new FileBytes(file) : readInput(file, stdin);
}

/** The first bytes of a file; none of what is no regular file. */
async function headOf(file: string): Promise<Uint8Array> {
  try {
    const handle = await open(file);
    try {
      if (!(await handle.stat()).isFile()) return new Uint8Array();
      const { bytesRead, buffer } = await handle.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw asFileError(file, error);
  }
}

/**
 * The dump that a file holds; raw bytes are one when their base is given.
 * @throws CliError when they have none, no line of a dump, or no memory of a core
 */
export function readDumpFile(file: string, input: ByteStore, options: StyleOptions = {}): DumpDocument {
  const head = input.subarray(0, HEAD_BYTES);
  const format = binaryFormat(head);
  if (format !== undefined) {
    const document = finish(readBinaryWork(format, input, options));
    if (document.memory.isEmpty) throw errors.noCore(file, document.problems[0]?.message ?? "");
    return document;
  }
  if (looksBinary(head)) {
    if (options.base === undefined) throw errors.binary(file);
    return rawDump(input, options.base);
  }
  const document = readDump(input.subarray(0, input.length), options);
  if (!document.memory.isEmpty) return document;
  const first = document.problems.find((problem) => problem.line > 0);
  throw errors.noDump(file, first === undefined ? "" : `Line ${first.line}: ${first.message}`);
}

/** Reports the lines of a dump, or the places in a core, that cannot be read. */
export function reportProblems(file: string, document: DumpDocument, err: Output): void {
  for (const { line, column, offset, message, code } of document.problems.slice(0, SHOWN_PROBLEMS)) {
    const place = offset !== undefined ? `${file}, offset 0x${offset.toString(16)}` : `${file}:${line}:${column + 1}`;
    err.line(`${place}: ${message} [${code}]`);
  }
  const more = document.problemCount - Math.min(document.problems.length, SHOWN_PROBLEMS);
  if (more > 0) err.line(`${file}: and ${more} more ${document.core === undefined ? "lines" : "places"} like these.`);
  for (const section of document.sections) {
    for (const problem of hintOptions(section.hints, document.layoutFiles).problems)
      err.line(`${file}:${section.line}:1: ${problem}; not used. [GIC-DUMP-HINT]`);
  }
}
