import type { Work } from "../work.ts";
import type { ByteSource } from "./byte-source.ts";
import type { SavedGuest } from "./guest.ts";
import { refusalText } from "./guest-text.ts";
import { readQemuGuest } from "./qemu/read-guest.ts";
import { isQemuStream } from "./qemu/stream.ts";

/** Files in which other programs save a guest. */
export type GuestFormat = "qemu";

/** Bytes of a file's beginning that say what it is. */
export const HEAD_BYTES = 4096;

/** Which program saved a guest in a file, by its first {@link HEAD_BYTES}; undefined when none that is known here. */
export function guestFormatOf(head: Uint8Array): GuestFormat | undefined {
  if (isQemuStream(head)) return "qemu";
  return undefined;
}

/** Reads a saved guest. Its memory stays in the file. @returns what to tell the user when there is none to be read */
export function* readGuest(
  format: GuestFormat,
  source: ByteSource,
): Work<{ readonly guest: SavedGuest } | { readonly failure: string }> {
  switch (format) {
    case "qemu": {
      const guest = yield* readQemuGuest(source);
      return typeof guest === "string" ? { failure: refusalText(guest) } : { guest };
    }
  }
}
