import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { CaptureFile } from "../dumps/captures/index.ts";
import type { SavedGuest } from "../dumps/guests/index.ts";
import { binaryFormat, HEAD_BYTES, looksBinary, readBinaryWork, readDump } from "../dumps/read-dump.ts";
import { finish } from "../dumps/work.ts";
import { openDump } from "./dump-input.ts";
import { errors } from "./errors.ts";
import { asFileError, MAX_FILE_BYTES } from "./files.ts";
import { guestOf } from "./guest-input.ts";
import { withNamedLayouts } from "./layout-files.ts";

/** Files of a capture that are read at most. */
const MAX_FILES = 4096;

export async function isFolder(place: string): Promise<boolean> {
  if (place === "-") return false;
  try {
    return (await stat(place)).isDirectory();
  } catch {
    // What cannot be asked about is no folder; reading it as a file says what is wrong.
    return false;
  }
}

/**
 * The files of a capture: those of folders, without the folders in them and what begins with a dot, and files that are named. In the order
 * of their names, empty ones left out.
 * @throws CliError when one cannot be read, or they are too many or together too large
 */
export async function readCaptureFiles(
  places: readonly string[],
  stdin: AsyncIterable<Uint8Array>,
): Promise<CaptureFile[]> {
  const files: { place: string; name: string }[] = [];
  for (const place of places) {
    if (await isFolder(place))
      for (const name of await filesIn(place)) files.push({ place: path.join(place, name), name });
    else files.push({ place, name: path.basename(place) });
  }
  if (files.length > MAX_FILES) throw errors.manyFiles(places.join(", "), files.length, MAX_FILES);
  const found: CaptureFile[] = [];
  /** Files with the memory of saved guests, which stays in them. */
  const memories = new Set<string>();
  const guests = new Map<string, SavedGuest>();
  for (const { place } of files) {
    const saved = guestOf(place);
    if (saved === undefined) continue;
    guests.set(place, saved.guest);
    if (saved.memory !== undefined) memories.add(path.resolve(saved.memory));
  }
  let size = 0;
  for (const { place, name } of files) {
    const guest = guests.get(place);
    if (guest !== undefined) found.push({ name, content: { guest } });
    if (guest !== undefined || memories.has(path.resolve(place))) continue;
    if (place !== "-" && (await sizeOf(place)) === 0) continue;
    const input = await openDump(place, stdin);
    const format = binaryFormat(input.subarray(0, HEAD_BYTES));
    if (format !== undefined) {
      found.push({ name, content: { core: finish(readBinaryWork(format, input)) } });
      continue;
    }
    size += input.length;
    if (size > MAX_FILE_BYTES) throw errors.tooLarge(places.join(", "), MAX_FILE_BYTES);
    found.push({ name, content: contentOf(input.subarray(0, input.length), place) });
  }
  return found;
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    throw asFileError(folder, error);
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    const information = await stat(file);
    return information.isFile() ? information.size : undefined;
  } catch (error) {
    throw asFileError(file, error);
  }
}

function contentOf(bytes: Uint8Array, place: string): CaptureFile["content"] {
  if (looksBinary(bytes.subarray(0, 4096))) return { bytes };
  return { text: new TextDecoder().decode(bytes), dump: withNamedLayouts(readDump(bytes), place) };
}
