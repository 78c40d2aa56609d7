import fs from "node:fs";
import { open, stat } from "node:fs/promises";
import path from "node:path";
import { type Constants, ScriptDocument } from "../language/index.ts";
import { scriptPlace } from "../runner/index.ts";
import { errors } from "./errors.ts";

/** Larger text is not read whole; 1 GiB of dump is about 16 million DTEs. */
export const MAX_FILE_BYTES = 1024 * 1024 * 1024;

/**
 * The bytes of a file, or of standard input for `-`.
 * @throws CliError with a code of its own for what is missing, a directory, empty, too large or not readable
 */
export async function readInput(file: string, stdin: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const bytes = file === "-" ? await readAll(stdin) : await readFile(file);
  if (bytes.length === 0) throw errors.empty(file);
  return bytes;
}

/**
 * A script, which may include files of its own folder and below; that of standard input those of the folder where it is called.
 * @throws CliError as {@link readInput}
 */
export async function readScript(
  file: string,
  stdin: AsyncIterable<Uint8Array>,
  constants?: Constants,
): Promise<ScriptDocument> {
  const text = new TextDecoder().decode(await readInput(file, stdin));
  return new ScriptDocument(text, constants, scriptPlace({ fs, path }, file === "-" ? "standard input" : file));
}

async function readFile(file: string): Promise<Uint8Array> {
  try {
    const information = await stat(file);
    if (information.isDirectory()) throw errors.directory(file);
    if (information.size > MAX_FILE_BYTES) throw errors.tooLarge(file, MAX_FILE_BYTES);
    const handle = await open(file);
    try {
      // A pipe or a device has no size: it is read like standard input, with the same bound.
      return information.isFile()
        ? await handle.readFile()
        : await readAll(handle.createReadStream({ autoClose: false }));
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw asFileError(file, error);
  }
}

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > MAX_FILE_BYTES) throw errors.tooLarge("standard input", MAX_FILE_BYTES);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** An error of the file system as one for the user; any other error as it is. */
export function asFileError(file: string, error: unknown): Error {
  if (!(error instanceof Error) || !("code" in error) || "exitCode" in error) return error as Error;
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return errors.notFound(file);
  if (error.code === "EISDIR") return errors.directory(file);
  if (error.code === "EACCES" || error.code === "EPERM") return errors.notReadable(file, "permission denied");
  return errors.notReadable(file, String(error.code));
}
