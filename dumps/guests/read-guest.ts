import type { ByteStore } from "../byte-store.ts";
import type { Work } from "../work.ts";
import { isGem5, readGem5 } from "./gem5.ts";
import type { SavedGuest } from "./guest.ts";
import { refusalText } from "./guest-text.ts";
import { isCloudHypervisor, readCloudHypervisor } from "./kvm/cloud-hypervisor.ts";
import { isCrosvm, readCrosvm } from "./kvm/crosvm.ts";
import { isFirecracker, readFirecracker } from "./kvm/firecracker.ts";
import { latin1 } from "./latin1.ts";
import { readQemuGuest } from "./qemu/read-guest.ts";
import { isQemuStream } from "./qemu/stream.ts";

/** Files in which other programs save a guest. */
export type GuestFormat = "qemu" | "cloud-hypervisor" | "firecracker" | "crosvm" | "gem5";

/** Bytes of a file's beginning that say what it is. */
export const HEAD_BYTES = 4096;
/** Texts are read whole: those of a guest with 512 vCPUs have some 20 MiB. */
const MAX_TEXT_BYTES = 256 * 1024 * 1024;

/** Which program saved a guest in a file, by its first {@link HEAD_BYTES} and its name; undefined when none that is known here. */
export function guestFormatOf(head: Uint8Array, name: string): GuestFormat | undefined {
  if (isQemuStream(head)) return "qemu";
  if (isCrosvm(head)) return "crosvm";
  const text = latin1(head);
  if (isCloudHypervisor(text)) return "cloud-hypervisor";
  if (isFirecracker(text)) return "firecracker";
  return isGem5(text, name) ? "gem5" : undefined;
}

/** The file with a guest's memory beside the one with its state, by its name; undefined when the format has none. */
export function isMemoryFile(format: GuestFormat, name: string): boolean {
  if (format === "cloud-hypervisor") return name === "memory-ranges";
  // The name is the user's.
  return format === "firecracker" && /^(?:vm-?|snapshot-?)?mem(?:ory)?(?:[-_.]?file)?(?:\.\w{1,8})?$/i.test(name);
}

/**
 * Reads a saved guest. Its memory stays in the file.
 * @param memory the file with its memory, for formats that have one
 * @returns what to tell the user when there is none to be read
 */
export function* readGuest(
  format: GuestFormat,
  source: ByteStore,
  memory?: ByteStore,
): Work<{ readonly guest: SavedGuest } | { readonly failure: string }> {
  if (format === "qemu") {
    const read = yield* readQemuGuest(source);
    return typeof read === "string" ? { failure: refusalText(read) } : { guest: read };
  }
  if (source.length > MAX_TEXT_BYTES) return { failure: `It is larger than ${MAX_TEXT_BYTES / 2 ** 20} MiB.` };
  const bytes = source.subarray(0, source.length);
  const read = format === "crosvm" ? readCrosvm(bytes) : readText(format, latin1(bytes), memory);
  return typeof read === "string" ? { failure: read } : { guest: read };
}

function readText(
  format: Exclude<GuestFormat, "qemu" | "crosvm">,
  text: string,
  memory: ByteStore | undefined,
): SavedGuest | string {
  switch (format) {
    case "cloud-hypervisor":
      return readCloudHypervisor(text, memory);
    case "firecracker":
      return readFirecracker(text, memory);
    case "gem5":
      return readGem5(text);
  }
}
