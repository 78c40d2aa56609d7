/** Bytes that a dump holds, from `address` on. Addresses are exact to 2^53 (see {@link DumpMemory.origin}). */
export interface Span {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** The memory a dump describes: spans in ascending order that neither overlap nor touch. Bytes between them are unknown, not zero. */
export class DumpMemory {
  readonly spans: readonly Span[];
  /**
   * Added to every address: 0 for physical addresses. A dump of kernel addresses (0xffff000012340000) has its upper bits here, so that
   * all addresses inside the decoder are exact JavaScript numbers.
   */
  readonly origin: bigint;

  constructor(spans: readonly Span[], origin = 0n) {
    this.spans = spans;
    this.origin = origin;
  }

  /** Number of bytes held. */
  get size(): number {
    let size = 0;
    for (const span of this.spans) size += span.bytes.length;
    return size;
  }

  /** Index of the span that holds an address, or -1. */
  indexOf(address: number): number {
    let low = 0;
    let high = this.spans.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const span = this.spans[middle];
      if (address < span.address) high = middle - 1;
      else if (address >= span.address + span.bytes.length) low = middle + 1;
      else return middle;
    }
    return -1;
  }

  /** The `length` bytes at an address; undefined when the dump does not hold them all. */
  read(address: number, length: number): Uint8Array | undefined {
    const span = this.spans[this.indexOf(address)];
    if (span === undefined) return undefined;
    const from = address - span.address;
    return from + length <= span.bytes.length ? span.bytes.subarray(from, from + length) : undefined;
  }

  /** Little-endian number of `length` bytes at an address; undefined when the dump does not hold them all. */
  readNumber(address: number, length: number): bigint | undefined {
    const bytes = this.read(address, length);
    return bytes === undefined ? undefined : littleEndian(bytes);
  }

  /** An address as the dump's tool would write it: `0x` and lower-case digits, the origin added. */
  format(address: number): string {
    return `0x${(this.origin + BigInt(address)).toString(16)}`;
  }
}

/** Bytes as one little-endian number. */
export function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
  return value;
}

/** A stretch of memory that a dump gave, in the order of its lines. A repeat (`*`) has its pattern and the length to fill. */
export interface Piece {
  readonly address: number;
  readonly length: number;
  /** The bytes; shorter than `length` for a repeat. */
  readonly bytes: Uint8Array;
  /** Line number, from 1, for reports. */
  readonly line: number;
}

/** Two pieces that hold the same addresses. */
export interface Overlap {
  readonly address: number;
  readonly length: number;
  readonly line: number;
  readonly earlierLine: number;
}

/**
 * Joins pieces into spans. Where pieces overlap, the one that came later in the file counts, and `report` is told.
 * Touching pieces become one span, so that an entry may begin in one and end in the next.
 */
export function joinPieces(pieces: readonly Piece[], report: (overlap: Overlap) => void): Span[] {
  const order = pieces.map((_, index) => index);
  order.sort((a, b) => pieces[a].address - pieces[b].address || a - b);
  const spans: Span[] = [];
  for (let first = 0; first < order.length; ) {
    const start = pieces[order[first]];
    let end = start.address + start.length;
    let reaching = start;
    let next = first + 1;
    for (; next < order.length && pieces[order[next]].address <= end; next++) {
      const piece = pieces[order[next]];
      if (piece.address < end) report(overlapOf(piece, reaching, end));
      if (piece.address + piece.length > end) {
        end = piece.address + piece.length;
        reaching = piece;
      }
    }
    spans.push(joinRun(pieces, order.slice(first, next), start.address, end));
    first = next;
  }
  return spans;
}

function overlapOf(piece: Piece, reaching: Piece, end: number): Overlap {
  return {
    address: piece.address,
    length: Math.min(end, piece.address + piece.length) - piece.address,
    line: Math.max(piece.line, reaching.line),
    earlierLine: Math.min(piece.line, reaching.line),
  };
}

function joinRun(pieces: readonly Piece[], members: number[], address: number, end: number): Span {
  const only = pieces[members[0]];
  if (members.length === 1 && only.bytes.length === only.length) return { address, bytes: only.bytes };
  const bytes = new Uint8Array(end - address);
  members.sort((a, b) => a - b);
  for (const member of members) fill(bytes, pieces[member].address - address, pieces[member]);
  return { address, bytes };
}

function fill(target: Uint8Array, from: number, piece: Piece): void {
  target.set(piece.bytes.subarray(0, piece.length), from);
  // Doubling: a repeat over megabytes takes a few block copies.
  for (let done = Math.min(piece.bytes.length, piece.length); done < piece.length && done > 0; done *= 2) {
    target.copyWithin(from + done, from, from + Math.min(done, piece.length - done));
  }
}
