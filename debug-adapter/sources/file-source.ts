import fs from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { rawFileOf } from "../../emulator/index.ts";
import { scriptPlace } from "../../runner/index.ts";
import { elsewhereSentence, isPlainFileName } from "../../runner/saved-machines/index.ts";
import { AdapterError, errors } from "../errors.ts";
import { type ScriptSource, versionsOf } from "./script-source.ts";

/** A script has 16 Mi characters at most (language/limits.ts), which are 48 MiB of UTF-8 at most. */
const MAX_SCRIPT_MEBIBYTES = 48;
/** 256 MiB of memory as base64 with room for the registers: what is written into one text. */
const MAX_STATE_MEBIBYTES = 400;
/** Memory beside a state file. */
const MAX_RAW_MEBIBYTES = 1024;

/** Scripts and saved machines of the file system. */
export const fileSource: ScriptSource = {
  async read(file) {
    const bytes = await readBytes(file, MAX_SCRIPT_MEBIBYTES, errors.tooLarge);
    if (bytes.length === 0) throw errors.empty(file);
    return bytes.toString("utf8");
  },
  version: versionOf,
  versionOfIncluded: (_, document) => versionsOf(document.includedByAny(), versionOf),
  async readState(file) {
    const text = (await readBytes(file, MAX_STATE_MEBIBYTES, errors.stateTooLarge)).toString("utf8");
    const name = rawFileOf(text);
    if (name === undefined) return { text };
    if (!isPlainFileName(name)) throw errors.state(file, elsewhereSentence(name));
    const beside = path.resolve(path.dirname(file), name);
    return { text, raw: await readBytes(beside, MAX_RAW_MEBIBYTES, errors.stateTooLarge) };
  },
  same(a, b) {
    const left = path.resolve(a);
    const right = path.resolve(b);
    // File systems of Windows do not tell letter cases apart, and editors send drive letters in either.
    return process.platform === "win32" ? left.toLowerCase() === right.toLowerCase() : left === right;
  },
  place: (file, root) => scriptPlace({ fs, path }, file, () => (root === undefined ? [] : [root])),
  name: (file) => path.basename(file),
};

async function versionOf(file: string): Promise<string | undefined> {
  try {
    const { mtimeMs, size } = await stat(file);
    return `${mtimeMs} ${size}`;
  } catch (error) {
    // A script that is gone is no other script: the session has its text.
    if (asAdapterError(file, error) instanceof AdapterError) return undefined;
    throw error;
  }
}

async function readBytes(file: string, mebibytes: number, tooLarge: typeof errors.tooLarge): Promise<Buffer> {
  try {
    const about = await stat(file);
    if (about.isDirectory()) throw errors.directory(file);
    if (!about.isFile()) throw errors.notReadable(file, "it is not a regular file");
    if (about.size > mebibytes * 1024 * 1024) throw tooLarge(file, mebibytes);
    return await readFile(file);
  } catch (error) {
    throw asAdapterError(file, error);
  }
}

function asAdapterError(file: string, error: unknown): unknown {
  if (error instanceof AdapterError || !(error instanceof Error) || !("code" in error)) return error;
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return errors.notFound(file);
  if (error.code === "EACCES" || error.code === "EPERM") return errors.notReadable(file, "permission denied");
  return errors.notReadable(file, String(error.code));
}
