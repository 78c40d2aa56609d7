import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import {
  type GuestFormat,
  guestFormatOf,
  HEAD_BYTES,
  isMemoryFile,
  readGuest,
  type SavedGuest,
} from "../dumps/guests/index.ts";
import { finish } from "../dumps/work.ts";
import { errors } from "./errors.ts";
import { FileBytes } from "./file-bytes.ts";

/** A guest that another program saved, and the file with its memory. */
export interface GuestFile {
  readonly guest: SavedGuest;
  /** Path of the file with its memory, when it has one of its own. */
  readonly memory: string | undefined;
}

/** Whether a file is a guest that another program saved. Standard input is none: such files are read by offset. */
export function isGuestFile(place: string): boolean {
  return formatOf(place) !== undefined;
}

/** The guest of a file; undefined when it holds none. @throws CliError when it holds one that cannot be read at all */
export function guestOf(place: string): GuestFile | undefined {
  const format = formatOf(place);
  if (format === undefined) return undefined;
  const memory = memoryBeside(place, format);
  const read = finish(
    readGuest(format, new FileBytes(place), memory === undefined ? undefined : new FileBytes(memory)),
  );
  if ("failure" in read) throw errors.guest(place, read.failure);
  return { guest: read.guest, memory };
}

function formatOf(place: string): GuestFormat | undefined {
  if (place === "-" || !isFile(place)) return undefined;
  return guestFormatOf(new FileBytes(place).subarray(0, HEAD_BYTES), path.basename(place));
}

/** The file with the guest's memory in the same folder. */
function memoryBeside(place: string, format: GuestFormat): string | undefined {
  const folder = path.dirname(place);
  const names = namesIn(folder).filter((name) => isMemoryFile(format, name) && name !== path.basename(place));
  const found = names.sort().map((name) => path.join(folder, name));
  return found.find(isFile);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A folder that may not be listed: the file is read as one that stands alone, and it is said that the memory is missing.
    return [];
  }
}

function isFile(place: string): boolean {
  try {
    return statSync(place).isFile();
  } catch {
    // Reading it as another file says what is wrong.
    return false;
  }
}
