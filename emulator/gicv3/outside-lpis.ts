import { FIRST_LPI } from "../../architecture/index.ts";
import { PAGE_BYTES } from "../memory/ram-window.ts";
import type { LpiMemory } from "./lpi-memory.ts";

const RESERVED_BYTES = FIRST_LPI / 8;
const ENABLED = 1;
const PRIORITY = 0xfc;

/**
 * The most urgent LPI among those whose pending bit or configuration byte is outside RAM. Devices tell nobody when what they answer
 * changes, so the tables are read at each question, as QEMU does it (arm_gicv3_redist.c update_for_all_lpis); ranges that read as ones
 * all over are not walked. {@link LpiIndex} has the LPIs whose bit and byte are both in RAM.
 */
export class OutsideLpis {
  /** LPI of the last {@link find}, and its configuration byte's bits [7:2]. */
  intid = 0;
  priority = 0;
  private readonly memory: LpiMemory;
  private found = false;
  private pendingTable = 0;
  private configTable = 0;

  constructor(memory: LpiMemory) {
    this.memory = memory;
  }

  /** As {@link LpiIndex.find}. */
  find(pendingTable: number, configTable: number, limit: number): boolean {
    const { memory } = this;
    this.found = false;
    this.pendingTable = pendingTable;
    this.configTable = configTable;
    if (limit <= FIRST_LPI) return false;
    for (const part of memory.outsideOf(pendingTable + RESERVED_BYTES, limit / 8 - RESERVED_BYTES)) {
      const first = (part.base - pendingTable) * 8;
      if (part.ones) this.addEnabled(first, first + part.bytes * 8);
      else this.addPending(part.base, part.base + part.bytes, first, first + part.bytes * 8);
    }
    for (const part of memory.outsideOf(configTable, limit - FIRST_LPI)) {
      const first = FIRST_LPI + part.base - configTable;
      const end = first + part.bytes;
      this.forTouched(pendingTable + Math.floor(first / 8), pendingTable + Math.ceil(end / 8), (from, to) =>
        this.addPending(from, to, first, end),
      );
    }
    return this.found;
  }

  /** Of LPIs [first, end), all of them pending, those that are enabled. */
  private addEnabled(first: number, end: number): void {
    const { memory, configTable } = this;
    const from = configTable + first - FIRST_LPI;
    for (const part of memory.outsideOf(from, end - first)) {
      const start = FIRST_LPI + part.base - configTable;
      // Of equal ones the first is the best.
      const stop = part.ones ? start + 1 : start + part.bytes;
      this.charge(stop - start);
      for (let intid = start; intid < stop; intid++) this.consider(intid);
    }
    this.forTouched(from, from + end - first, (start, stop) => {
      for (let at = start; at < stop; at++) this.consider(FIRST_LPI + at - configTable);
    });
  }

  /** Of LPIs [first, end) those whose pending bits are set in the bytes [from, to). */
  private addPending(from: number, to: number, first: number, end: number): void {
    const { memory, pendingTable } = this;
    this.charge(to - from);
    for (let at = from; at < to; at++) {
      const bits = memory.read8(at);
      if (bits === 0) continue;
      const intid = (at - pendingTable) * 8;
      for (let bit = 0; bit < 8; bit++) {
        if ((bits >>> bit) & 1 && intid + bit >= first && intid + bit < end) this.consider(intid + bit);
      }
    }
  }

  private consider(intid: number): void {
    const config = this.memory.read8(this.configTable + intid - FIRST_LPI);
    if ((config & ENABLED) === 0) return;
    const priority = config & PRIORITY;
    if (this.found && (priority > this.priority || (priority === this.priority && intid > this.intid))) return;
    this.found = true;
    this.intid = intid;
    this.priority = priority;
  }

  /** Calls for the parts of [from, to) that are in pages of RAM which may hold other than zeros. */
  private forTouched(from: number, to: number, visit: (from: number, to: number) => void): void {
    for (const window of this.memory.ram.windows) {
      const end = Math.min(to, window.end);
      for (let at = Math.max(from, window.base); at < end; ) {
        const next = Math.min(at - (at % PAGE_BYTES) + PAGE_BYTES, end);
        if (!window.isUntouched(Math.floor((at - window.base) / PAGE_BYTES))) {
          this.charge(next - at);
          visit(at, next);
        }
        at = next;
      }
    }
  }

  private charge(bytes: number): void {
    this.memory.ram.pace.take(bytes >>> 5);
  }
}
