import type { AddressRange, GuestMemory } from "../memory/guest-memory.ts";

/** A range outside RAM in which something other than zeros may be read. */
export interface OutsideRange extends AddressRange {
  /** Every byte of it reads as 0xFF. */
  readonly ones: boolean;
}

/** What answers the redistributors where no RAM is. */
export interface OutsideRam {
  /** They do not overlap. */
  readonly ranges: readonly OutsideRange[];
  /** @returns a byte; 0 where nothing answers */
  read8(address: number): number;
  /** What nothing takes is lost. */
  write8(address: number, value: number): void;
}

/**
 * Memory as the redistributors reach the tables of LPIs: byte by byte, and where it is RAM or not (arm_gicv3_redist.c reads and writes
 * by address_space_read, address_space_write). A byte that is nowhere reads as 0, and a write to it is lost.
 */
export class LpiMemory {
  readonly ram: GuestMemory;
  /** Set by the machine, whose devices they are; there is nothing without it. */
  outside: OutsideRam | undefined;

  constructor(ram: GuestMemory) {
    this.ram = ram;
  }

  read8(address: number): number {
    const byte = this.ram.read8(address);
    return byte >= 0 ? byte : (this.outside?.read8(address) ?? 0);
  }

  write8(address: number, value: number): void {
    if (!this.ram.write8(address, value)) this.outside?.write8(address, value);
  }

  /** The parts of a range that {@link outside} has. */
  *outsideOf(base: number, bytes: number): Iterable<OutsideRange> {
    for (const range of this.outside?.ranges ?? []) {
      let from = Math.max(base, range.base);
      const end = Math.min(base + bytes, range.base + range.bytes);
      for (const window of this.ram.windows) {
        if (window.end <= from || window.base >= end) continue;
        if (window.base > from) yield { base: from, bytes: window.base - from, ones: range.ones };
        from = window.end;
      }
      if (from < end) yield { base: from, bytes: end - from, ones: range.ones };
    }
  }

  /** Whether bytes of a range may be read outside RAM as something other than zeros. */
  reachesOutside(base: number, bytes: number): boolean {
    for (const _part of this.outsideOf(base, bytes)) return true;
    return false;
  }
}
