import { little } from "./generate-registers.ts";
import type { Operation } from "./operations.ts";
import { type Pools, WIDE_DEVICE } from "./pools.ts";
import { arena } from "./shape.ts";

const VALID_DTE = 1n;
const VALID_L1 = 1n << 63n;

/** What a guest does to tables that belong to the ITS: QEMU keeps none of them elsewhere, so every edit takes effect at once. */
export class EditGenerator {
  private readonly pools: Pools;

  constructor(pools: Pools) {
    this.pools = pools;
  }

  next(): Operation {
    const { random } = this.pools;
    const isVirtual = this.pools.shape.gicVersion === 4;
    return random.weighted<() => Operation>([
      [3, () => this.dte()],
      [4, () => this.ite()],
      [3, () => this.cte()],
      [2, () => this.level1()],
      [4, () => this.property(arena.propertyTables)],
      [4, () => this.pending(this.pools.pendingTable(random.below(5)))],
      ...(isVirtual
        ? ([
            [3, () => this.vte()],
            [3, () => this.property(arena.virtualPropertyTables)],
            [3, () => this.pending(this.pools.virtualPendingTable(this.pools.vpe()))],
          ] as const)
        : []),
    ])();
  }

  private table(places: readonly number[]): number {
    const { random } = this.pools;
    return random.chance(60) ? random.pick(places) : random.pick(arena.level2);
  }

  private dte(): Operation {
    const { pools } = this;
    const { random } = pools;
    const device = pools.device();
    const itt = random.chance(70) ? pools.itt(device) : pools.wrongAddress();
    const size = BigInt(random.chance(60) ? 3 : random.below(32));
    const entry = (random.chance(80) ? VALID_DTE : 0n) | (size << 1n) | (BigInt(Math.floor(itt / 0x100)) << 6n);
    // The bits above ITT_addr mean nothing.
    return store(this.table(arena.deviceTables) + device * 8, (random.bits(14) << 50n) | entry, 8);
  }

  private ite(): Operation {
    const { pools } = this;
    const { random } = pools;
    const device = pools.device();
    const event = device === WIDE_DEVICE && random.chance(50) ? pools.lpi() : pools.event();
    const virtual = random.chance(pools.shape.gicVersion === 4 ? 50 : 10);
    const target = virtual ? BigInt(pools.vpe()) << 48n : BigInt(pools.collection()) << 32n;
    const likely =
      (random.chance(85) ? 1n : 0n) | (virtual ? 0n : 2n) | (BigInt(pools.intid() & 0xff_ffff) << 2n) | target;
    const words = random.chance(75) ? likely | (BigInt(pools.intid()) << 64n) : random.bits(64);
    return store(pools.itt(device) + event * 12, BigInt.asUintN(96, words), 12);
  }

  private cte(): Operation {
    const { pools } = this;
    const { random } = pools;
    const likely = (BigInt(pools.pe()) << 1n) | (random.chance(85) ? 1n : 0n);
    return store(
      this.table(arena.collectionTables) + pools.collection() * 8,
      random.chance(70) ? likely : random.bits(64),
      8,
    );
  }

  private vte(): Operation {
    const { pools } = this;
    const { random } = pools;
    const vpe = pools.vpe();
    const table = random.chance(80) ? pools.virtualPendingTable(vpe) : pools.wrongRamAddress();
    const size = BigInt(random.chance(60) ? 15 : random.below(32));
    const address = (BigInt(Math.floor(table / 0x1_0000)) & 0xf_ffff_ffffn) << 6n;
    const pe = BigInt(random.chance(80) ? pools.pe() : random.below(0x1_0000)) << 42n;
    return store(this.table(arena.vpeTables) + vpe * 8, pe | address | (size << 1n) | (random.chance(85) ? 1n : 0n), 8);
  }

  private level1(): Operation {
    const { pools } = this;
    const { random } = pools;
    const table = random.pick([...arena.deviceTables, ...arena.collectionTables, ...arena.vpeTables]);
    const page = random.chance(70) ? random.pick(arena.level2) : pools.wrongAddress();
    const entry = BigInt(page) | (random.chance(80) ? VALID_L1 : 0n) | (random.chance(10) ? random.bits(12) : 0n);
    return store(table + random.pick([0, 0, 0, 8, 16]), entry, 8);
  }

  /** One property byte, or some in a row. */
  private property(tables: readonly number[]): Operation {
    const { pools } = this;
    const { random } = pools;
    const address = random.pick(tables) + pools.lpi() - 8192;
    const byte = random.pick([0xa1, 0xa0, 0x01, 0x00, 0xff, 0xfe, random.below(256)]);
    return random.chance(70)
      ? store(address, BigInt(byte), 1)
      : { kind: "fill", address, length: random.between(1, 24), byte };
  }

  /** Bits of LPIs that may be mapped, or of others; never many, for QEMU goes through all that are set. */
  private pending(table: number): Operation {
    const { pools } = this;
    const { random } = pools;
    const intid = random.chance(85) ? pools.lpi() : random.below(0x1_0000);
    return store(table + (intid >> 3), BigInt(random.chance(40) ? 0 : random.below(256)), 1);
  }
}

function store(address: number, value: bigint, bytes: number): Operation {
  return { kind: "store", address, data: little(value, bytes) };
}
