import { lastNotAbove } from "../ascending.ts";
import type { DumpMemory, Extent } from "../memory.ts";
import type { Work } from "../work.ts";
import { bitRuns } from "./set-bits.ts";

/** Bytes whose ranges are counted together. */
const BLOCK = 256;

/** Blocks between two slices. */
const SLICE = 512;

/** How the bytes of a table are ids: one a byte (its value is the id's), or eight bits (an id is in a range when its bit is set). */
export interface RangeRule {
  readonly idsPerByte: 1 | 8;
  /** Whether every id is in a range, so that one goes on wherever no other begins. */
  readonly whole: boolean;
  /**
   * The ids of `bytes` that begin a range, as distances from the first byte's first id, in `out`; only counted without `out`.
   * @param before the byte before the first one, -1 when there is none
   */
  starts(bytes: Uint8Array, before: number, out?: number[]): number;
  /** Length in ids of the range that begins at an id of `bytes`; `open` when it may go on behind them. */
  length(bytes: Uint8Array, start: number): { readonly ids: number; readonly open: boolean };
}

/** A range of ids. */
export interface IdRange {
  /** Distance of its first id from that of the table's first byte. */
  readonly first: number;
  readonly last: number;
  /** Address of the byte that holds the first id. */
  readonly address: number;
}

/**
 * Ranges of equal ids in a table of bytes or bits: only how many begin in every {@link BLOCK} bytes is kept, the ranges are found again when
 * they are asked for. A table may have millions.
 */
export class RangeIndex {
  readonly count: number;
  private readonly memory: DumpMemory;
  private readonly base: number;
  private readonly rule: RangeRule;
  /** Blocks: address, and number of the first range that begins there or later. */
  private readonly addresses: Float64Array;
  private readonly lengths: Uint16Array;
  private readonly firstRanges: Uint32Array;
  /** The range that was asked for last: rows and digits of one are asked for one after another, and its end may be far. */
  private last: { readonly number: number; readonly range: IdRange } | undefined;
  private block = -1;
  private starts: number[] = [];

  private constructor(
    memory: DumpMemory,
    base: number,
    rule: RangeRule,
    blocks: readonly Extent[],
    firsts: Uint32Array,
  ) {
    this.memory = memory;
    this.base = base;
    this.rule = rule;
    this.addresses = Float64Array.from(blocks, ({ address }) => address);
    this.lengths = Uint16Array.from(blocks, ({ length }) => length);
    this.firstRanges = firsts;
    this.count = firsts[blocks.length];
  }

  /** @param limit address after the last byte of the table */
  static *of(memory: DumpMemory, base: number, from: number, limit: number, rule: RangeRule): Work<RangeIndex> {
    const blocks: Extent[] = [];
    for (const span of memory.spans(from, limit)) {
      for (let at = 0; at < span.length; at += BLOCK) {
        blocks.push({ address: span.address + at, length: Math.min(BLOCK, span.length - at) });
      }
    }
    const firsts = new Uint32Array(blocks.length + 1);
    let before = -1;
    for (const [at, { address, length }] of blocks.entries()) {
      const follows = at > 0 && blocks[at - 1].address + blocks[at - 1].length === address;
      const bytes = bytesAt(memory, address, length);
      firsts[at + 1] = firsts[at] + rule.starts(bytes, follows ? before : -1);
      before = bytes[length - 1];
      if (at % SLICE === SLICE - 1) yield;
    }
    return new RangeIndex(memory, base, rule, blocks, firsts);
  }

  /** Range `i`, 0 to `count` - 1, ascending. */
  at(i: number): IdRange {
    if (this.last?.number !== i) this.last = { number: i, range: this.measure(i) };
    return this.last.range;
  }

  private measure(i: number): IdRange {
    const block = lastNotAbove(this.firstRanges, i, this.addresses.length);
    const start = this.look(block)[i - this.firstRanges[block]];
    const { idsPerByte } = this.rule;
    const first = (this.addresses[block] - this.base) * idsPerByte + start;
    let ids = 0;
    let place = start;
    for (let at = block; ; at++) {
      if (at > block && this.rule.whole && this.firstRanges[at] === this.firstRanges[at + 1]) {
        ids += this.lengths[at] * idsPerByte;
        if (at + 1 >= this.addresses.length || !this.touches(at + 1)) break;
        place = 0;
        continue;
      }
      const bytes = bytesAt(this.memory, this.addresses[at], this.lengths[at]);
      const before = at === block ? -1 : this.byteBefore(at);
      // Where a block begins no range, or one only later, the range before it may go on.
      if (at > block && !this.goesOn(at, before)) break;
      const found = this.rule.length(bytes, place);
      ids += found.ids;
      if (!found.open || at + 1 >= this.addresses.length || !this.touches(at + 1)) break;
      place = 0;
    }
    return { first, last: first + ids - 1, address: this.base + Math.floor(first / idsPerByte) };
  }

  /** Number of the first range that holds an id of the byte at an address, -1 when none does. */
  find(address: number): number {
    const block = lastNotAbove(this.addresses, address, this.addresses.length);
    if (block < 0 || address < this.addresses[block] || address >= this.addresses[block] + this.lengths[block])
      return -1;
    const { idsPerByte } = this.rule;
    const start = (address - this.addresses[block]) * idsPerByte;
    const before = countBelow(this.look(block), start);
    const earlier = this.firstRanges[block] + before - 1;
    if (earlier >= 0) {
      const range = this.at(earlier);
      if (range.last >= (address - this.base) * idsPerByte) return earlier;
    }
    const next = this.look(block)[before];
    return next !== undefined && next < start + idsPerByte ? earlier + 1 : -1;
  }

  /** Whether the range before a block goes on in its first byte: then no range begins with the first id of it. */
  private goesOn(block: number, before: number): boolean {
    const bytes = bytesAt(this.memory, this.addresses[block], 1);
    const starts: number[] = [];
    this.rule.starts(bytes, before, starts);
    return starts[0] !== 0 && this.rule.length(bytes, 0).ids > 0;
  }

  private touches(block: number): boolean {
    return block > 0 && this.addresses[block - 1] + this.lengths[block - 1] === this.addresses[block];
  }

  private byteBefore(block: number): number {
    return this.touches(block) ? bytesAt(this.memory, this.addresses[block] - 1, 1)[0] : -1;
  }

  private look(block: number): readonly number[] {
    if (block !== this.block) {
      this.block = block;
      this.starts = [];
      const bytes = bytesAt(this.memory, this.addresses[block], this.lengths[block]);
      this.rule.starts(bytes, this.byteBefore(block), this.starts);
    }
    return this.starts;
  }
}

/** A byte is an id: a range is ids with the same byte. */
export const byteRanges: RangeRule = {
  idsPerByte: 1,
  whole: true,
  starts(bytes, before, out) {
    let last = before;
    let count = 0;
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] === last) continue;
      last = bytes[i];
      count++;
      out?.push(i);
    }
    return count;
  },
  length(bytes, start) {
    let end = start + 1;
    while (end < bytes.length && bytes[end] === bytes[start]) end++;
    return { ids: end - start, open: end === bytes.length };
  },
};

/** A bit is an id: a range is ids whose bits are set. */
export const bitRanges: RangeRule = {
  idsPerByte: 8,
  whole: false,
  starts(bytes, before, out) {
    let carry = before < 0 ? 0 : before >> 7;
    if (out === undefined) return bitRuns(bytes, carry);
    const earlier = out.length;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i];
      const begins = byte & ~((byte << 1) | carry);
      carry = byte >> 7;
      for (let bit = 0; bit < 8; bit++) if (((begins >> bit) & 1) === 1) out.push(i * 8 + bit);
    }
    return out.length - earlier;
  },
  length(bytes, start) {
    let end = start;
    const limit = bytes.length * 8;
    while (end < limit && ((bytes[end >> 3] >> (end & 7)) & 1) === 1) {
      end += (end & 7) === 0 && bytes[end >> 3] === 0xff ? 8 : 1;
    }
    return { ids: end - start, open: end === limit };
  },
};

function bytesAt(memory: DumpMemory, address: number, length: number): Uint8Array {
  const bytes = memory.read(address, length);
  if (bytes === undefined) throw new RangeError(`No ${length} bytes at ${memory.format(address)}.`);
  return bytes;
}

/** How many of ascending values are below `value`. */
function countBelow(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
