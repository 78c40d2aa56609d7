import { FIRST_LPI } from "../../architecture/index.ts";
import type { AddressRange, GuestMemory, WriteWatcher } from "../memory/guest-memory.ts";
import { PAGE_BYTES, PLAIN } from "../memory/ram-window.ts";
import { BITMAP_INTIDS, PriorityBitmap } from "./priority-bitmap.ts";

const NO_RANGES: readonly AddressRange[] = [];
/** Bytes at the start of a pending table that stand for no LPI. */
const RESERVED_BYTES = FIRST_LPI / 8;
const ENABLED = 1;

/**
 * The LPIs that are pending in one pending table and enabled in one configuration table, in order of priority.
 *
 * QEMU finds the first of them by reading both tables from end to end (arm_gicv3_redist.c update_for_all_lpis). This index gives the
 * same answer without reading: it is built once, and every later write into the two tables, by whomever, changes it. After a rewind,
 * or when the tables move, it is built again when it is next asked.
 */
export class LpiIndex implements WriteWatcher {
  /** LPI of the last {@link find}, and its configuration byte's bits [7:2]. */
  intid = 0;
  priority = 0;

  /** What written pages that only this index watches are marked with ({@link GuestMemory.watch}); {@link PLAIN} while it watches nothing. */
  mark = PLAIN;

  private readonly memory: GuestMemory;
  private readonly low = new PriorityBitmap();
  /** Beyond 65,535 INTIDs, by INTID / 65536: only a virtual table can have them. */
  private readonly beyond = new Map<number, PriorityBitmap>();
  private valid = false;
  /** The tables share memory, so that one write can change both: the index is then built for each question. */
  private overlapping = false;
  private pendingTable = -1;
  private configTable = -1;
  /** INTIDs from here on have no bit in the table. 0 = there are no tables. */
  private limit = 0;

  constructor(memory: GuestMemory) {
    this.memory = memory;
  }

  /** The memory was changed without notice. */
  invalidate(): void {
    this.valid = false;
  }

  /**
   * Where the tables are. They are not looked at before {@link first} asks for it.
   * @param pendingTable address, multiple of 64 KiB @param configTable address of INTID 8192's byte, multiple of 4 KiB
   * @param limit INTIDs that the tables have room for: 2^(IDbits + 1), at most 2^31; 0 = there are no tables
   */
  describe(pendingTable: number, configTable: number, limit: number): void {
    if (limit === this.limit && pendingTable === this.pendingTable && configTable === this.configTable) return;
    this.pendingTable = pendingTable;
    this.configTable = configTable;
    this.limit = limit;
    this.valid = false;
    if (this.mark === PLAIN) return;
    this.memory.watch(this, NO_RANGES);
    this.mark = PLAIN;
  }

  /** There are no tables any more. */
  release(): void {
    this.describe(-1, -1, 0);
  }

  /** Looks in these tables: {@link describe}, then {@link first}. */
  find(pendingTable: number, configTable: number, limit: number): boolean {
    this.describe(pendingTable, configTable, limit);
    return this.first();
  }

  /**
   * Finds the most urgent pending and enabled LPI; of equals the lowest INTID. It goes to {@link intid} and {@link priority}.
   * @returns false when there is none
   */
  first(): boolean {
    if (!this.valid) this.build();
    const best = this.low.first();
    if (this.beyond.size > 0) return this.findBeyond(best);
    if (best < 0) return false;
    this.intid = best % BITMAP_INTIDS;
    this.priority = (best >>> 16) << 2;
    return true;
  }

  private findBeyond(low: number): boolean {
    let best = low;
    let group = 0;
    for (const [number, bitmap] of this.beyond) {
      const first = bitmap.first();
      if (first < 0) continue;
      const [level, bestLevel] = [Math.floor(first / BITMAP_INTIDS), Math.floor(best / BITMAP_INTIDS)];
      if (best < 0 || level < bestLevel || (level === bestLevel && number < group)) {
        best = first;
        group = number;
      }
    }
    if (best < 0) return false;
    this.intid = group * BITMAP_INTIDS + (best % BITMAP_INTIDS);
    this.priority = (best >>> 16) << 2;
    return true;
  }

  private build(): void {
    this.low.clear();
    this.beyond.clear();
    const { pendingTable, configTable, limit } = this;
    const pending = { base: pendingTable + RESERVED_BYTES, bytes: Math.max(0, limit / 8 - RESERVED_BYTES) };
    const config = { base: configTable, bytes: Math.max(0, limit - FIRST_LPI) };
    this.overlapping = pending.base < config.base + config.bytes && config.base < pending.base + pending.bytes;
    if (this.mark === PLAIN) this.mark = this.memory.watch(this, [pending, config]);
    this.valid = true;
    for (const window of this.memory.windows) {
      const from = Math.max(pending.base, window.base);
      const to = Math.min(pending.base + pending.bytes, window.end);
      for (let at = from; at < to; ) {
        const next = Math.min(at - (at % PAGE_BYTES) + PAGE_BYTES, to);
        if (!window.isUntouched(Math.floor((at - window.base) / PAGE_BYTES))) this.addPage(at, next);
        at = next;
      }
    }
  }

  /** Adds what is pending in bytes of one page of the pending table. @param from,to addresses, multiples of 4 */
  private addPage(from: number, to: number): void {
    this.memory.pace.take((to - from) >>> 5);
    for (let at = from; at < to; at += 4) {
      const word = this.memory.read32(at);
      if (word > 0) this.pendingChanged((at - this.pendingTable) * 8, word, word);
    }
  }

  wordChanged(address: number, old: number, now: number): void {
    if (!this.valid) return;
    if (this.overlapping) {
      this.valid = false;
      return;
    }
    const pendingOffset = address - this.pendingTable;
    if (pendingOffset >= RESERVED_BYTES && pendingOffset < this.limit / 8) {
      this.pendingChanged(pendingOffset * 8, old ^ now, now);
    }
    const configOffset = address - this.configTable;
    if (configOffset >= 0 && configOffset < this.limit - FIRST_LPI) {
      for (let byte = 0; byte < 4; byte++) {
        this.configChanged(FIRST_LPI + configOffset + byte, (old >>> (byte * 8)) & 0xff, (now >>> (byte * 8)) & 0xff);
      }
    }
  }

  /**
   * As {@link wordChanged} for one pending bit in a page that only this index watches.
   * @param config the LPI's configuration byte
   */
  bitChanged(intid: number, level: number, config: number): void {
    if (!this.valid) return;
    if (this.overlapping) this.valid = false;
    else if ((config & ENABLED) !== 0 && intid < this.limit && intid >= FIRST_LPI) {
      if (level === 1) this.bitmap(intid).add(config >>> 2, intid % BITMAP_INTIDS);
      else this.bitmap(intid).remove(config >>> 2, intid % BITMAP_INTIDS);
    }
  }

  /** @param first INTID of bit 0 @param changed bits that changed @param now the word after the change */
  private pendingChanged(first: number, changed: number, now: number): void {
    let left = changed;
    while (left !== 0) {
      const bit = 31 - Math.clz32(left & -left);
      left &= left - 1;
      const intid = first + bit;
      const config = this.memory.read8(this.configTable + intid - FIRST_LPI);
      if (config < 0 || (config & ENABLED) === 0) continue;
      if ((now >>> bit) & 1) this.bitmap(intid).add(config >>> 2, intid % BITMAP_INTIDS);
      else this.bitmap(intid).remove(config >>> 2, intid % BITMAP_INTIDS);
    }
  }

  private configChanged(intid: number, old: number, now: number): void {
    if (old === now) return;
    const pending = this.memory.read8(this.pendingTable + Math.floor(intid / 8));
    if (pending < 0 || ((pending >>> (intid & 7)) & 1) === 0) return;
    if (old & ENABLED) this.bitmap(intid).remove(old >>> 2, intid % BITMAP_INTIDS);
    if (now & ENABLED) this.bitmap(intid).add(now >>> 2, intid % BITMAP_INTIDS);
  }

  private bitmap(intid: number): PriorityBitmap {
    if (intid < BITMAP_INTIDS) return this.low;
    const number = Math.floor(intid / BITMAP_INTIDS);
    let bitmap = this.beyond.get(number);
    if (bitmap === undefined) {
      bitmap = new PriorityBitmap();
      this.beyond.set(number, bitmap);
    }
    return bitmap;
  }
}
