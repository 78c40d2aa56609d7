import type { KnownMemory } from "../known-memory.ts";
import { littleEndian } from "../memory.ts";
import type { Source } from "./facts.ts";
import { ShiftedMemory } from "./shifted-memory.ts";

/** Bytes that two files give differently. */
export interface Conflict {
  readonly address: number;
  /** The file that was believed, and the other one. */
  readonly files: readonly [string, string];
}

const MAX_CONFLICTS = 20;

/** Memory from several files. Where two hold the same bytes the first one counts, and bytes that differ are told. */
export class CaptureMemory {
  readonly conflicts: Conflict[] = [];
  private readonly parts: { readonly memory: KnownMemory; readonly file: string; readonly shift: number }[] = [];

  /** @param shift what is added to the memory's own addresses to have physical ones */
  add(memory: KnownMemory, file: string, shift = 0): void {
    if (memory.isEmpty) return;
    this.parts.push({ memory: shift === 0 ? memory : new ShiftedMemory(memory, shift), file, shift });
  }

  /** The address that the file of a byte has for it itself; where nothing knows the byte, the same address. */
  ownAddress(address: number): number {
    const part = this.parts.find(({ memory }) => memory.holds(address));
    return part === undefined ? address : address - part.shift;
  }

  get isEmpty(): boolean {
    return this.parts.length === 0;
  }

  /** The bytes of a range; undefined when some of them are unknown. They are not to be written to. */
  read(address: number, length: number): Uint8Array | undefined {
    let found: { readonly bytes: Uint8Array; readonly file: string } | undefined;
    for (const { memory, file } of this.parts) {
      const bytes = memory.read(address, length);
      if (bytes === undefined) continue;
      if (found === undefined) found = { bytes, file };
      else this.compare(address, found, { bytes, file });
    }
    return found?.bytes ?? this.gather(address, length);
  }

  /** Little-endian. */
  readNumber(address: number, length: number): bigint | undefined {
    const bytes = this.read(address, length);
    return bytes && littleEndian(bytes);
  }

  /** Parts of a range that are known, ascending, joined where they touch. */
  known(from: number, to: number): { readonly from: number; readonly to: number }[] {
    const all: { from: number; to: number }[] = [];
    for (const { memory } of this.parts) {
      for (const { address, length } of memory.spans(from, to)) all.push({ from: address, to: address + length });
    }
    all.sort((a, b) => a.from - b.from);
    const joined: { from: number; to: number }[] = [];
    for (const span of all) {
      const last = joined.at(-1);
      if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
      else joined.push(span);
    }
    return joined;
  }

  /** The file that a byte comes from. */
  sourceOf(address: number): Source | undefined {
    const part = this.parts.find(({ memory }) => memory.holds(address));
    return part && { file: part.file, line: 0 };
  }

  /** A range whose bytes are in several files. */
  private gather(address: number, length: number): Uint8Array | undefined {
    const [only, ...more] = this.known(address, address + length);
    if (only === undefined || more.length > 0 || only.from > address || only.to < address + length) return undefined;
    const bytes = new Uint8Array(length);
    for (const { memory } of [...this.parts].reverse()) {
      for (const span of memory.spans(address, address + length)) {
        bytes.set(memory.read(span.address, span.length) ?? [], span.address - address);
      }
    }
    return bytes;
  }

  private compare(
    address: number,
    believed: { readonly bytes: Uint8Array; readonly file: string },
    other: { readonly bytes: Uint8Array; readonly file: string },
  ): void {
    if (this.conflicts.length >= MAX_CONFLICTS) return;
    const at = believed.bytes.findIndex((byte, index) => byte !== other.bytes[index]);
    if (at < 0) return;
    const files = [believed.file, other.file] as const;
    const isKnown = this.conflicts.some((known) => known.address === address + at && known.files[1] === files[1]);
    if (!isKnown) this.conflicts.push({ address: address + at, files });
  }
}
