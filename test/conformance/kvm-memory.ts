import { type Fields, hex, RecordingError, toBig } from "./fields.ts";
import { difference } from "./findings.ts";
import type { KvmVmTarget } from "./target.ts";

const PAGE = 4096;
/** Memory is fetched in pieces of this size, so that a large dump needs no second copy of itself. */
const PIECE = 1 << 20;

/** Memory to look at and to forget: copies of it would be most of what a replay does. */
function look(vm: KvmVmTarget, gpa: bigint, length: number): Uint8Array | undefined {
  return vm.viewMemory?.(gpa, length) ?? vm.readMemory(gpa, length);
}

/** An address range that a memory slot covers. */
export interface Slot {
  gpa: bigint;
  size: bigint;
}

/** Does what the recorder did to clone a guest: copies every 4 KiB page that is not all zero. Returns what went wrong. */
export function copyNonZeroPages(from: KvmVmTarget, to: KvmVmTarget, slots: readonly Slot[]): string | undefined {
  const zero = new Uint8Array(PAGE);
  for (const slot of slots) {
    for (let offset = 0n; offset < slot.size; offset += BigInt(PIECE)) {
      const length = Number(slot.size - offset < BigInt(PIECE) ? slot.size - offset : BigInt(PIECE));
      const bytes = look(from, slot.gpa + offset, length);
      if (bytes === undefined) {
        return `source memory at ${hex(slot.gpa + offset)} cannot be read`;
      }
      for (let page = 0; page < length; page += PAGE) {
        const content = bytes.subarray(page, page + PAGE);
        if (Buffer.compare(content, content.length === PAGE ? zero : zero.subarray(0, content.length)) !== 0) {
          const gpa = slot.gpa + offset + BigInt(page);
          const errno = to.writeMemory(gpa, content);
          if (errno !== 0) {
            return `destination memory at ${hex(gpa)} cannot be written (errno ${errno})`;
          }
        }
      }
    }
  }
  return undefined;
}

export interface Dump {
  gpa: bigint;
  length: number;
  /** The byte with which the recorder had filled the range. */
  background: number;
  /** Every 8-byte little-endian word that differed from the background, by address. */
  words: ReadonlyMap<bigint, bigint>;
}

/**
 * Compares guest memory with a recorded dump in both directions: a recorded word that is missing and a word that the
 * recording does not have are differences alike. Returns one sentence a word.
 */
export function compareDump(vm: KvmVmTarget, dump: Dump): string[] {
  if (dump.length % 8 !== 0) {
    throw new RecordingError(`"len" ${hex(dump.length)} is no multiple of 8`);
  }
  const problems: string[] = [];
  const background = new Uint8Array(PAGE).fill(dump.background);
  const backgroundWord = new DataView(background.buffer).getBigUint64(0, true);
  const left = new Map(dump.words);
  for (let offset = 0; offset < dump.length; offset += PIECE) {
    const base = dump.gpa + BigInt(offset);
    const piece = look(vm, base, Math.min(PIECE, dump.length - offset));
    if (piece === undefined) {
      return [`memory at ${hex(base)} cannot be read`];
    }
    for (let page = 0; page < piece.length; page += PAGE) {
      const content = piece.subarray(page, page + PAGE);
      if (Buffer.compare(content, background.subarray(0, content.length)) === 0) {
        continue;
      }
      const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
      for (let word = 0; word < content.length; word += 8) {
        const got = view.getBigUint64(word, true);
        const gpa = base + BigInt(page + word);
        const expected = left.get(gpa) ?? backgroundWord;
        left.delete(gpa);
        if (got !== expected) {
          problems.push(difference(hex(gpa), hex(expected), hex(got)));
        }
      }
    }
  }
  for (const [gpa, expected] of left) {
    const outside = gpa < dump.gpa || gpa + 8n > dump.gpa + BigInt(dump.length) || (gpa - dump.gpa) % 8n !== 0n;
    if (outside) {
      throw new RecordingError(`"qwords" has ${hex(gpa)}, which is no word of the dumped range`);
    }
    if (expected !== backgroundWord) {
      problems.push(difference(hex(gpa), hex(expected), hex(backgroundWord)));
    }
  }
  return problems;
}

/** Reads a `dump_mem` step. */
export function dumpOf(step: Fields): Dump {
  const words = new Map<bigint, bigint>();
  const recorded = step.object("qwords");
  for (const gpa of recorded.names()) {
    words.set(toBig(gpa, `"qwords" address ${gpa}`), recorded.big(gpa));
  }
  return { gpa: step.big("gpa"), length: step.length("len"), background: step.small("background") & 0xff, words };
}
