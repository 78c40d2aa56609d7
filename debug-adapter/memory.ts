import { hex } from "../architecture/hex.ts";
import { defaultBases } from "../architecture/index.ts";
import { peekBus, type Target } from "../runner/index.ts";
import { errors } from "./errors.ts";

/** Bytes that one answer holds at most: what a memory view asks for at once is some KiB. */
const MAX_BYTES = 1 << 20;
const MAX_ADDRESS = 2 ** 52;

/** A stretch of memory for the protocol: base64, and how many bytes behind it cannot be read. */
export interface MemoryPiece {
  readonly address: string;
  readonly data: string;
  readonly unreadableBytes: number;
}

/** The address of a memory reference. @throws AdapterError when it is none */
export function addressOf(reference: string, offset = 0): number {
  const text = reference.trim();
  const address = /^(0x[0-9a-f]{1,14}|\d{1,16})$/i.test(text) ? Number(text) + offset : Number.NaN;
  if (!Number.isSafeInteger(address) || address < 0 || address >= MAX_ADDRESS) throw errors.badAddress(reference);
  return address;
}

/** Reads RAM, and registers by the bus where there is no RAM. What follows the first byte that nothing answers is unreadable. */
export function readMemory(target: Target, address: number, count: number): MemoryPiece {
  const wanted = Math.min(Math.max(count, 0), MAX_BYTES);
  const bytes = target.readMemory(address, wanted) ?? readPieces(target, address, wanted);
  return { address: hex(address), data: toBase64(bytes), unreadableBytes: Math.max(count - bytes.length, 0) };
}

/** Writes RAM. @returns the number of bytes written, fewer than given only with `partial`. @throws AdapterError */
export function writeMemory(target: Target, address: number, data: string, partial: boolean): number {
  const bytes = fromBase64(data);
  if (target.writeMemory(address, bytes)) return bytes.length;
  const inRam = partial ? ramPrefix(target, address, bytes.length) : 0;
  if (inRam === 0) throw errors.noRam(hex(address), hex(address + bytes.length - 1));
  target.writeMemory(address, bytes.subarray(0, inRam));
  return inRam;
}

/** Bytes from `address` on that are RAM. */
function ramPrefix(target: Target, address: number, length: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (target.readMemory(address, middle) !== undefined) low = middle;
    else high = middle - 1;
  }
  return low;
}

function readPieces(target: Target, address: number, length: number): Uint8Array {
  const inRam = ramPrefix(target, address, length);
  if (inRam > 0) return target.readMemory(address, inRam) ?? new Uint8Array();
  const bytes: number[] = [];
  for (let at = address - (address % 4); at < address + length && isFrame(target, at); at += 4) {
    const value = peekBus(target, at, 4);
    if (value === undefined) break;
    for (let byte = 0; byte < 4; byte++) bytes.push(Number((value >> BigInt(8 * byte)) & 0xffn));
  }
  const skipped = address % 4;
  return Uint8Array.from(bytes.slice(skipped, skipped + length));
}

/** Frames whose registers may be read unasked: no read of GITS_*, GICR_* or GICD_* changes anything. */
function isFrame({ map, cpus }: Target, address: number): boolean {
  const within = (base: number, bytes: number): boolean => address >= base && address < base + bytes;
  return (
    within(map.gicd, defaultBases.gicdBytes) ||
    within(map.gicr, cpus * map.gicrStride) ||
    map.its.some((base) => within(base, defaultBases.itsBytes))
  );
}

function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  // A call takes some ten thousand arguments at most.
  for (let at = 0; at < bytes.length; at += 8192) parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return btoa(parts.join(""));
}

function fromBase64(data: string): Uint8Array {
  try {
    return Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  } catch {
    throw errors.badData();
  }
}
