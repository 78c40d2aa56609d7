import { defaultBases } from "../../architecture/index.ts";
import type { RamRange } from "../../emulator/index.ts";

/** Memory is given to the machine in pieces of this size. */
const PIECE = 0x20_0000;
/** 1 GiB: no guest gives more to its GIC, and the host commits only what is touched. */
const MAX_PIECES = 512;
/** The longest range: 256 pages of 64 KiB of a table. */
const MAX_BYTES = 0x100_0000;
const TOP = 2 ** 50;

/** Guest memory that a trace shows to be the GIC's: tables, command queues, ITTs. */
export class MemoryUse {
  private readonly pieces = new Set<number>();
  private readonly absent = new Set<number>();

  /** Whether some of it had no room. */
  isFull = false;

  /** Notes a range of addresses in bytes. What lies outside the RAM of QEMU's virt machine is left out: it may be a device. */
  add(address: number, bytes: number): void {
    const end = Math.min(address + Math.min(bytes, MAX_BYTES), TOP);
    for (let piece = Math.floor(address / PIECE); piece * PIECE < end; piece++) {
      if (piece * PIECE < defaultBases.ram || this.pieces.has(piece)) continue;
      if (this.pieces.size === MAX_PIECES) this.isFull = true;
      else this.pieces.add(piece);
    }
  }

  /** Notes an address at which QEMU found no memory, whatever the guest thought. */
  addAbsent(address: number): void {
    if (this.absent.size < MAX_PIECES) this.absent.add(Math.floor(address / PIECE));
  }

  /** Ranges of RAM that hold all of it. */
  ranges(): RamRange[] {
    const ranges: { base: number; bytes: number }[] = [];
    const present = [...this.pieces].filter((piece) => !this.absent.has(piece));
    for (const piece of present.sort((a, b) => a - b)) {
      const last = ranges.at(-1);
      if (last !== undefined && last.base + last.bytes === piece * PIECE) last.bytes += PIECE;
      else ranges.push({ base: piece * PIECE, bytes: PIECE });
    }
    return ranges;
  }
}
