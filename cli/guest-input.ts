import { statSync } from "node:fs";
import { guestFormatOf, HEAD_BYTES, readGuest, type SavedGuest } from "../dumps/guests/index.ts";
import { finish } from "../dumps/work.ts";
import { errors } from "./errors.ts";
import { FileSource } from "./file-source.ts";

/** Whether a file is a guest that another program saved. Standard input is none: such files are read by offset. */
export function isGuestFile(place: string): boolean {
  return place !== "-" && isFile(place) && guestFormatOf(new FileSource(place).read(0, HEAD_BYTES)) !== undefined;
}

/** The guest of a file; undefined when it holds none. @throws CliError when it holds one that cannot be read at all */
export function guestOf(place: string): SavedGuest | undefined {
  if (place === "-" || !isFile(place)) return undefined;
  const source = new FileSource(place);
  const format = guestFormatOf(source.read(0, HEAD_BYTES));
  if (format === undefined) return undefined;
  const read = finish(readGuest(format, source));
  if ("failure" in read) throw errors.guest(place, read.failure);
  return read.guest;
}

function isFile(place: string): boolean {
  try {
    return statSync(place).isFile();
  } catch {
    // Reading it as another file says what is wrong.
    return false;
  }
}
