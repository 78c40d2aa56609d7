import { Pools } from "../pools.ts";
import type { Random } from "../random.ts";

const EXTREMES = [
  "0",
  "1",
  "-1",
  "0x7fff_ffff",
  "0x8000_0000",
  "0xffff_ffff",
  "0x1_0000_0000",
  "0x1_0000_0001",
  "-0x1_0000_0000",
  "0xf_ffff_ffff_ffff",
  "0x10_0000_0000_0000",
  "0x7fff_ffff_ffff_ffff",
  "-0x8000_0000_0000_0000",
  "0xffff_ffff_ffff_ffff",
  "~0",
  "0xffff",
  "0x1_0000",
  "1 << 63",
  "512",
  "1020",
  "8191",
  "4G",
];
/** Queue, tables and ITTs of `setup = ready`; the GIC's frames; the ends of RAM. */
const ADDRESSES = [
  0x4000_0000, 0x4001_0000, 0x4002_0000, 0x4010_0000, 0x4020_0000, 0x4300_0000, 0x43ff_ff00, 0x4400_0000, 0x0800_0000,
  0x0808_0000, 0x0809_0040, 0x080a_0000,
];

/** Numbers of a hostile text: ids that meet others, addresses that mean something, extremes, any bits. */
export class Numbers {
  readonly random: Random;
  private readonly pools: Pools;

  constructor(random: Random) {
    this.random = random;
    this.pools = new Pools(random, { gicVersion: 4, cpus: 4, secure: false });
  }

  /** A number as a script writes it. */
  any(): string {
    const { random } = this;
    return random.weighted<() => string>([
      [4, () => String(random.below(17))],
      [4, () => random.pick(EXTREMES)],
      [2, () => hex(this.pools.intid())],
      [2, () => this.address()],
      [1, () => hex(random.bits(64))],
      [1, () => `-${random.below(70000)}`],
    ])();
  }

  device(): string {
    return this.mostly(() => hex(this.pools.device()));
  }

  event(): string {
    return this.mostly(() => hex(this.pools.event()));
  }

  collection(): string {
    return this.mostly(() => String(this.pools.collection()));
  }

  pe(): string {
    return this.mostly(() => String(this.pools.pe()));
  }

  intid(): string {
    return this.mostly(() => hex(this.pools.intid()));
  }

  address(): string {
    const { random } = this;
    return this.mostly(() => hex(random.pick(ADDRESSES) + (random.chance(50) ? 0 : random.below(0x1000) * 8)));
  }

  /** A likely number, and now and then any. */
  private mostly(likely: () => string): string {
    return this.random.chance(80) ? likely() : this.any();
  }
}

export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
