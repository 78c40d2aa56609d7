import type { AccessBytes, Operation } from "./operations.ts";
import type { Pools } from "./pools.ts";
import { arena, GICD, GITS, GITS_TRANSLATER, GicrOffset, GitsOffset, gicr, redistributorBytes } from "./shape.ts";

const VALID = 1n << 63n;
const INDIRECT = 1n << 62n;
const PAGE_4K = 0n;
const PAGE_16K = 1n << 8n;
const PAGE_64K = 2n << 8n;
/** Bits of table registers that are an address, [51:12]; [15:12] are its bits [51:48] with 64 KiB pages. */
const ADDRESS_BITS = 0x000f_ffff_ffff_f000n;
const FRAME_BYTES = 0x1_0000;
/** GICR_SETLPIR and its neighbours. */
const LPI_REGISTERS = [0x40, 0x48, 0xa0, 0xb0, 0xc0];
/** GICR_PROPBASER, GICR_PENDBASER and the same of the virtual frame. */
const TABLE_REGISTERS: readonly number[] = [0x70, 0x78, 0x2_0070, 0x2_0078];

/** Random register accesses: sensible ones, and every kind of other. */
export class RegisterGenerator {
  private readonly pools: Pools;
  private booted = false;

  constructor(pools: Pools) {
    this.pools = pools;
  }

  /** One access, or a few that belong together. */
  next(): Operation[] {
    const { random } = this.pools;
    return random.weighted<() => Operation[]>([
      [6, () => [this.translater()]],
      [4, () => this.reconfigure()],
      [3, () => this.itsRegister()],
      [3, () => [this.enable()]],
      [5, () => this.lpiTables(this.pools.pe(), 30)],
      [4, () => [this.enableLpis(random.chance(70))]],
      [4, () => [this.lpiRegister()]],
      [6, () => [this.distributor()]],
      [4, () => [this.privateInterrupts()]],
      [3, () => this.anywhere()],
      [4, () => [this.readAnywhere()]],
      ...(this.pools.shape.gicVersion === 4 ? ([[8, () => this.residency()]] as const) : []),
    ])();
  }

  /** Everything that a driver writes at boot, in one of many variants. */
  boot(): Operation[] {
    const { pools } = this;
    const { random, shape } = pools;
    const operations: Operation[] = [
      {
        kind: "fill",
        address: arena.propertyTables[0],
        length: 0xe000,
        byte: random.pick([0xa3, 0xa1, 0xa0, 0x43, 0x01]),
      },
      { kind: "fill", address: arena.propertyTables[1], length: 0xe000, byte: random.pick([0xa1, 0xa0, 0x21]) },
      { kind: "fill", address: arena.virtualPropertyTables[0], length: 0xe000, byte: random.pick([0xa3, 0xa1, 0xa0]) },
      write(GICD, 4, random.pick([0x37n, 0x37n, 0x12n, 0x2n, 0x1n])),
    ];
    for (let pe = 0; pe < shape.cpus; pe++) {
      operations.push(...this.propertyTable(pe, 5), ...this.pendingTable(pe, 5));
      if (random.chance(90)) operations.push(write(gicr(shape, pe), 4, 1n));
      if (random.chance(50)) operations.push(write(gicr(shape, pe) + GicrOffset.waker, 4, 0n));
    }
    for (const [index, tables] of this.tables().entries()) operations.push(...this.baser(index, tables, 5));
    // Level 1 entries of the two-level tables.
    for (const base of [arena.deviceTables[0], arena.collectionTables[0], arena.vpeTables[0]]) {
      const page = random.pick(arena.level2);
      operations.push({ kind: "store", address: base, data: little(VALID | BigInt(page), 8) });
    }
    operations.push(...this.cbaser(5), write(GITS, 4, 1n));
    this.booted = true;
    return operations;
  }

  private tables(): readonly (readonly number[])[] {
    const all = [arena.deviceTables, arena.collectionTables];
    return this.pools.shape.gicVersion === 4 ? [...all, arena.vpeTables] : all;
  }

  /** The value of a table register: see {@link withAddress}. @param wrongPercent how often nothing belongs at its address */
  private tableValue(good: number, attributes: bigint, wrongPercent: number): bigint {
    const wrong = this.pools.random.chance(wrongPercent);
    return this.withAddress(wrong ? this.pools.wrongAddress() : good, wrong, attributes);
  }

  /** An address with attributes, now and then with noise in every other bit. */
  private withAddress(place: number, wrong: boolean, attributes: bigint): bigint {
    const { pools } = this;
    const address = BigInt(place) & ADDRESS_BITS;
    const noise = wrong || pools.random.chance(10) ? pools.random.bits(64) & ~ADDRESS_BITS : 0n;
    return (attributes | noise) ^ address;
  }

  /** @param index 0..7 */
  private baser(index: number, places: readonly number[], wrongPercent: number): Operation[] {
    const { random } = this.pools;
    const indirect = random.chance(30) ? INDIRECT : 0n;
    const page = random.pick([PAGE_64K, PAGE_64K, PAGE_16K, PAGE_4K]);
    const valid = random.chance(94) ? VALID : 0n;
    const value = this.tableValue(random.pick(places), valid | indirect | page | BigInt(random.below(3)), wrongPercent);
    // With 64 KiB pages bits [15:12] are address bits [51:48].
    const kept = (value >> 8n) & 2n ? value & ~0xf000n : value;
    return this.half(GITS + GitsOffset.baser + 8 * index, kept);
  }

  private cbaser(wrongPercent: number): Operation[] {
    const { random } = this.pools;
    const size = BigInt(random.pick([0, 0, 0, 1, 3, 15]));
    const valid = random.chance(95) ? VALID : 0n;
    return this.half(GITS + GitsOffset.cbaser, this.tableValue(random.pick(arena.queues), valid | size, wrongPercent));
  }

  private propertyTable(pe: number, wrongPercent: number): Operation[] {
    const { random, shape } = this.pools;
    const bits = BigInt(random.pick([15, 15, 15, 13, 14, 12, 31, 0]));
    return this.half(
      gicr(shape, pe) + GicrOffset.propbaser,
      (this.tableValue(random.pick(arena.propertyTables), 0n, wrongPercent) & ~0x1fn) | bits,
    );
  }

  private pendingTable(pe: number, wrongPercent: number): Operation[] {
    const { pools } = this;
    const { random, shape } = pools;
    const ptz = random.chance(10) ? 1n << 62n : 0n;
    const value = this.tableValue(pools.pendingTable(random.chance(90) ? pe : random.below(5)), ptz, wrongPercent);
    return this.half(gicr(shape, pe) + GicrOffset.pendbaser, value);
  }

  private lpiTables(pe: number, wrongPercent: number): Operation[] {
    return this.pools.random.chance(50) ? this.propertyTable(pe, wrongPercent) : this.pendingTable(pe, wrongPercent);
  }

  private enableLpis(enabled: boolean): Operation {
    const { random, shape } = this.pools;
    const noise = random.chance(20) ? random.bits(32) & ~1n : 0n;
    return write(gicr(shape, this.pools.pe()), 4, noise | (enabled ? 1n : 0n));
  }

  /** Makes a vPE resident, or takes it off. */
  private residency(): Operation[] {
    const { pools } = this;
    const { random, shape } = pools;
    const frame = gicr(shape, pools.pe());
    const property = random.pick(arena.virtualPropertyTables);
    const table = pools.virtualPendingTable(pools.vpe());
    const bits = BigInt(random.pick([15, 15, 14, 13, 12, 31]));
    const valid = random.chance(75) ? VALID : 0n;
    const operations: Operation[] = [];
    if (random.chance(60)) {
      operations.push(...this.half(frame + GicrOffset.vpropbaser, (this.tableValue(property, 0n, 10) & ~0x1fn) | bits));
    }
    if (random.chance(50)) operations.push(write(frame + GicrOffset.vpendbaser, 8, 0n));
    operations.push(...this.half(frame + GicrOffset.vpendbaser, this.tableValue(table, valid, 10)));
    return operations;
  }

  private enable(): Operation {
    const { random } = this.pools;
    return write(GITS, 4, random.chance(70) ? 1n : random.chance(70) ? 0n : random.bits(32));
  }

  /** Off, other tables or another queue, on again; any of the three may be missing. */
  private reconfigure(): Operation[] {
    const { random } = this.pools;
    const operations: Operation[] = [];
    if (random.chance(85)) operations.push(write(GITS, 4, 0n));
    if (random.chance(60)) operations.push(...this.cbaser(10));
    for (const [index, places] of this.tables().entries()) {
      if (random.chance(25)) operations.push(...this.baser(index, places, 10));
    }
    if (random.chance(40)) operations.push(...this.pointer(GitsOffset.cwriter));
    if (random.chance(90)) operations.push(write(GITS, 4, 1n));
    return operations;
  }

  /** GITS_CWRITER or GITS_CREADR. */
  private pointer(offset: number): Operation[] {
    const { random } = this.pools;
    const value = random.weighted<() => bigint>([
      [4, () => 0n],
      [4, () => BigInt(random.below(128) * 32)],
      [1, () => random.bits(20)],
      [1, () => random.bits(64)],
    ])();
    return this.half(GITS + offset, value);
  }

  private itsRegister(): Operation[] {
    const { random } = this.pools;
    return random.weighted<() => Operation[]>([
      [2, () => this.cbaser(30)],
      [3, () => this.baser(random.below(8), random.pick(this.tables()), 30)],
      [3, () => this.pointer(GitsOffset.cwriter)],
      [2, () => this.pointer(GitsOffset.creadr)],
    ])();
  }

  /** An MSI: GITS_TRANSLATER takes 16 and 32 bits. The DeviceID of the bus is 0. */
  private translater(): Operation {
    const { pools } = this;
    const { random } = pools;
    const value = random.chance(80) ? BigInt(pools.event()) : random.bits(32);
    const bytes = random.pick([4, 4, 4, 2, 1, 8] as const);
    return write(GITS_TRANSLATER, bytes, BigInt.asUintN(bytes * 8, value));
  }

  private lpiRegister(): Operation {
    const { pools } = this;
    const { random, shape } = pools;
    const address = gicr(shape, pools.pe()) + random.pick(LPI_REGISTERS);
    const value = random.chance(80) ? BigInt(pools.intid()) : random.bits(64);
    const bytes = random.pick([8, 8, 4, 2] as const);
    return write(address, bytes, BigInt.asUintN(bytes * 8, value));
  }

  /** A register of the SPIs, or another one of the distributor. */
  private distributor(): Operation {
    const { random } = this.pools;
    const offset = random.weighted<() => number>([
      [2, () => random.pick([0, 0x40, 0x48, 0x50, 0x58, 0xf00, 0xf10, 0xf20])],
      [8, () => 0x80 + random.below(0xb80)],
      [3, () => 0xc00 + random.below(0x240)],
      [2, () => 0x6000 + random.below(0x1fe0)],
    ])();
    return this.poke(GICD + offset);
  }

  /** A register of the SGIs and PPIs. */
  private privateInterrupts(): Operation {
    const { random, shape } = this.pools;
    return this.poke(gicr(shape, this.pools.pe()) + GicrOffset.sgiFrame + 0x80 + random.below(0xd90));
  }

  /** A random value, aligned to its width nearly always, of the width that a register there is likely to have or of another. */
  private poke(address: number): Operation {
    const { random } = this.pools;
    const bytes = random.weighted<AccessBytes>([
      [6, 4],
      [2, 1],
      [1, 2],
      [2, 8],
    ]);
    const aligned = random.chance(97) ? address - (address % bytes) : address;
    return write(aligned, bytes, random.bits(bytes * 8));
  }

  /** Anywhere in the frames of the GIC but where a table's address would be made up of random bits. */
  private anywhere(): Operation[] {
    const { random } = this.pools;
    for (;;) {
      const address = this.anyAddress();
      if (!this.isTableRegister(address)) return [this.poke(address)];
      if (random.chance(50)) return this.itsRegister();
    }
  }

  private readAnywhere(): Operation {
    const { random } = this.pools;
    const bytes = random.pick([4, 4, 8, 1, 2] as const);
    const address = this.anyAddress();
    return { kind: "read", address: random.chance(97) ? address - (address % bytes) : address, bytes };
  }

  private anyAddress(): number {
    const { random, shape } = this.pools;
    const frames = redistributorBytes(shape) / FRAME_BYTES;
    const frame = random.weighted<() => number>([
      [3, () => GICD],
      [2, () => GITS],
      [1, () => GITS + FRAME_BYTES],
      [4, () => gicr(shape, this.pools.pe()) + random.below(frames) * FRAME_BYTES],
    ])();
    const offset = random.weighted<() => number>([
      [4, () => random.below(0x200)],
      [2, () => random.below(0x1000)],
      [1, () => 0xffd0 + random.below(0x30)],
      [1, () => random.below(FRAME_BYTES - 8)],
    ])();
    return frame + offset;
  }

  /** Whether a poke within 8 bytes of the address reaches a register that holds an address. */
  private isTableRegister(address: number): boolean {
    if (address >= GITS - 8 && address < GITS + FRAME_BYTES) return true;
    const { shape } = this.pools;
    const offset = (address - gicr(shape, 0)) % redistributorBytes(shape);
    return TABLE_REGISTERS.some((register) => offset > register - 8 && offset < register + 8);
  }

  /** A 64-bit register written whole, in two halves, or only in one of them. */
  private half(address: number, value: bigint): Operation[] {
    const { random } = this.pools;
    const whole = write(address, 8, BigInt.asUintN(64, value));
    const low = write(address, 4, value & 0xffff_ffffn);
    const high = write(address + 4, 4, BigInt.asUintN(32, value >> 32n));
    // Before the register holds an address, its high half alone would make a table at address 0 valid, which is flash memory.
    const alone: readonly (readonly [number, Operation[]])[] = this.booted
      ? [
          [2, [low]],
          [2, [high]],
        ]
      : [];
    const written = random.weighted<Operation[]>([[40, [whole]], [2, [low, high]], [1, [high, low]], ...alone]);
    // The low half of a high address alone would be an address of its own: that of any device.
    return (value & ADDRESS_BITS) >> 32n === 0n ? written : [whole];
  }
}

function write(address: number, bytes: AccessBytes, value: bigint): Operation {
  return { kind: "write", address, bytes, value };
}

/** A value as little-endian bytes. */
export function little(value: bigint, bytes: number): Uint8Array {
  const data = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at++) data[at] = Number((value >> BigInt(at * 8)) & 0xffn);
  return data;
}
