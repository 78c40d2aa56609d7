import { FIRST_LPI } from "../../architecture/index.ts";
import type { Random } from "./random.ts";
import { arena, GICD, GITS, gicr, ramEnd, type Shape } from "./shape.ts";

/** Few IDs of each kind, so that commands meet what commands before them made. */
const DEVICES = 8;
const EVENTS = 12;
const COLLECTIONS = 6;
const VPES = 6;
const LPIS = 40;
/** Device whose EventIDs reach into the LPIs, for MAPI. */
export const WIDE_DEVICE = 6;

/** IDs and addresses that a case draws from. */
export class Pools {
  readonly random: Random;
  readonly shape: Shape;

  constructor(random: Random, shape: Shape) {
    this.random = random;
    this.shape = shape;
  }

  device(): number {
    return this.random.below(DEVICES);
  }

  event(): number {
    return this.random.chance(80) ? this.random.below(EVENTS / 2) : this.random.below(EVENTS);
  }

  collection(): number {
    return this.random.below(COLLECTIONS);
  }

  vpe(): number {
    return this.random.below(VPES);
  }

  pe(): number {
    return this.random.below(this.shape.cpus);
  }

  lpi(): number {
    return FIRST_LPI + this.random.below(LPIS);
  }

  /** An INTID of any kind. */
  intid(): number {
    const { random } = this;
    return random.weighted<() => number>([
      [6, () => this.lpi()],
      [1, () => random.below(1200)],
      [1, () => random.pick([1023, 8191, 8192, 16383, 32767, 65535, 65536, 0xff_ffff, 0xffff_ffff])],
      [1, () => random.uint32()],
    ])();
  }

  /** Where the ITT of a device is meant to be. */
  itt(device: number): number {
    const places = (arena.base + arena.bytes - arena.itts) / arena.ittBytes;
    return device === WIDE_DEVICE
      ? arena.virtualPendingTables + 0x8_0000
      : arena.itts + (device % places) * arena.ittBytes;
  }

  virtualPendingTable(vpe: number): number {
    return arena.virtualPendingTables + (vpe % 8) * 0x1_0000;
  }

  pendingTable(pe: number): number {
    return arena.pendingTables + (pe % 5) * 0x1_0000;
  }

  /**
   * An address where no table of the ITS belongs: as for {@link wrongRamAddress}, or a frame of the GIC itself, or a PCI window.
   * Never another device of the machine: that one would be fuzzed, not the GIC.
   */
  wrongAddress(): number {
    const { random, shape } = this;
    if (random.chance(80)) return this.wrongRamAddress();
    const frame = gicr(shape, this.pe());
    return random.pick([GICD, GITS, GITS + 0x1_0000, frame, frame + 0x1_0000, 0x1000_0000, 0x80_0000_0000]);
  }

  /** An address where no such table belongs: nothing there, half of it there, another table, the queue. */
  wrongRamAddress(): number {
    const { random } = this;
    return random.weighted<() => number>([
      [
        3,
        () =>
          random.pick([ramEnd.base + ramEnd.bytes, 0x3f00_0000, 0x1_0000_0000, 0x100_0000_0000, 0xf_ffff_ffff_0000]),
      ],
      [2, () => ramEnd.base + random.below(0x100) * 0x100],
      [2, () => arena.base + random.below(arena.bytes / 0x1_0000) * 0x1_0000],
      [1, () => arena.base + random.below(arena.bytes / 0x100) * 0x100],
      [1, () => 0x100_0000_0000 + random.below(2 ** 28) * 0x1_0000],
    ])();
  }
}
