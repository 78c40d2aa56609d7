import type { ByteStore } from "../../byte-store.ts";
import type { DeviceDescription } from "./description.ts";

const FULL = 4;
/** Bytes that are looked through: what is lost is a device's body, not RAM. */
const MAX_SEARCH = 64 * 1024 * 1024;
const WINDOW = 1024 * 1024;
/** Devices behind the lost one that are looked for. */
const MAX_DEVICES = 64;

/** Where a section begins, and which of the devices it is. */
export interface FoundSection {
  readonly offset: number;
  readonly index: number;
}

/**
 * The first section of one of the devices, from the one with index `first` on, from an offset on: a byte 4, an id, the name behind its length, instance and version, as the
 * description has them. It is how reading goes on behind a section whose length was not true.
 */
export function findSection(
  source: ByteStore,
  from: number,
  limit: number,
  devices: readonly DeviceDescription[],
  first: number,
): FoundSection | undefined {
  const patterns = devices.slice(first, first + MAX_DEVICES).map(patternOf);
  if (patterns.length === 0) return undefined;
  const longest = Math.max(...patterns.map(({ length }) => length)) + 5;
  const end = Math.min(limit, from + MAX_SEARCH);
  for (let at = from; at < end; ) {
    const window = source.subarray(at, Math.min(at + WINDOW, end));
    for (let offset = 0; offset + 5 < window.length; offset++) {
      if (window[offset] !== FULL) continue;
      const index = patterns.findIndex((pattern) => matches(window, offset + 5, pattern));
      if (index >= 0) return { offset: at + offset, index: first + index };
    }
    if (window.length <= longest) return undefined;
    at += window.length - longest;
  }
  return undefined;
}

function patternOf({ section, instance, version }: DeviceDescription): Uint8Array {
  const bytes = new Uint8Array(1 + section.length + 8);
  bytes[0] = section.length;
  for (let at = 0; at < section.length; at++) bytes[1 + at] = section.charCodeAt(at);
  const view = new DataView(bytes.buffer);
  view.setUint32(1 + section.length, instance);
  view.setUint32(5 + section.length, version);
  return bytes;
}

function matches(bytes: Uint8Array, at: number, pattern: Uint8Array): boolean {
  if (at + pattern.length > bytes.length) return false;
  for (let index = 0; index < pattern.length; index++) if (bytes[at + index] !== pattern[index]) return false;
  return true;
}
