import { FIRST_LPI, NO_DOORBELL } from "../../architecture/index.ts";
import { PAGE_WORD_SHIFT, PLAIN } from "../memory/ram-window.ts";
import type { Arbiter } from "./arbiter.ts";
import type { Distributor } from "./distributor.ts";
import type { LpiIndex } from "./lpi-index.ts";
import type { LpiMemory } from "./lpi-memory.ts";
import { OutsideLpis } from "./outside-lpis.ts";
import { BestWord, Group, IDLE, PeWord, type QemuRedistributor } from "./redistributor.ts";

const CONFIG_ENABLED = 1;
const CONFIG_PRIORITY = 0xfc;

/**
 * Physical and virtual LPIs of the redistributors: pending bits in guest memory, and the most urgent LPI that each redistributor
 * remembers. What it remembers is renewed only when QEMU does it (arm_gicv3_redist.c): a guest's write to a table is seen at the next
 * such moment and no sooner.
 */
export class LpiDelivery {
  private readonly memory: LpiMemory;
  private readonly outside: OutsideLpis;
  private readonly distributor: Distributor;
  private readonly arbiter: Arbiter;

  constructor(memory: LpiMemory, distributor: Distributor, arbiter: Arbiter) {
    this.memory = memory;
    this.outside = new OutsideLpis(memory);
    this.distributor = distributor;
    this.arbiter = arbiter;
  }

  /**
   * Sets or clears a pending bit (set_pending_table_bit). Where nothing answers the bit reads as 0 and a write is lost.
   * @returns whether the bit was the other way
   */
  private setPendingBit(table: number, intid: number, level: number): boolean {
    const memory = this.memory.ram;
    const address = table + Math.floor(intid / 8);
    const window = memory.window(address, 1);
    if (window === undefined) return this.setBitOutside(address, intid & 7, level);
    const offset = address - window.base;
    const index = offset >>> 2;
    const bit = ((offset & 3) << 3) | (intid & 7);
    const word = window.bank.words[index];
    if (((word >>> bit) & 1) === level) return false;
    memory.setWord(window, index, word ^ (1 << bit));
    return true;
  }

  private setBitOutside(address: number, bit: number, level: number): boolean {
    const { memory } = this;
    const byte = memory.read8(address);
    if (((byte >>> bit) & 1) === level) return false;
    memory.write8(address, byte ^ (1 << bit));
    return true;
  }

  /** As {@link setPendingBit} for the physical table of a PE. @param config the LPI's configuration byte */
  private setPhysicalBit(pe: QemuRedistributor, intid: number, level: number, config: number): boolean {
    const { window, firstWord, wordCount } = pe.pendingRange;
    const word = intid >>> 5;
    if (window === undefined || word >= wordCount) return this.setPendingBit(pe.pendingTable, intid, level);
    const index = firstWord + word;
    const { bank, marks } = window;
    const old = bank.words[index];
    if (((old >>> (intid & 31)) & 1) === level) return false;
    const now = old ^ (1 << (intid & 31));
    const mark = marks[index >>> PAGE_WORD_SHIFT];
    // The index has only LPIs whose byte is in RAM, too; a store of the word asks for that.
    if (mark === pe.lpis.mark && window.fills === undefined && !pe.reachesOutside) {
      bank.set(index, now);
      if (mark !== PLAIN) pe.lpis.bitChanged(intid, level, config);
    } else {
      this.memory.ram.setWord(window, index, now);
    }
    return true;
  }

  /** Makes an LPI the remembered one when it is enabled and not less urgent (update_for_one_lpi). */
  private considerOne(pe: QemuRedistributor, best: number, intid: number, config: number, shifted: boolean): void {
    if ((config & CONFIG_ENABLED) === 0) return;
    const priority = viewedPriority(config, shifted);
    const { words } = pe;
    const known = words[best + BestWord.priority];
    if (priority < known || (priority === known && intid <= words[best + BestWord.intid])) {
      this.remember(pe, best, intid, priority);
    }
  }

  private remember(pe: QemuRedistributor, best: number, intid: number, priority: number): void {
    pe.set(best + BestWord.intid, intid);
    pe.set(best + BestWord.priority, priority);
    pe.set(best + BestWord.group, Group.group1);
  }

  /** Looks for the most urgent LPI anew (gicv3_redist_update_lpi_only). */
  private searchPhysical(pe: QemuRedistributor): void {
    if (!pe.lpisEnabled) return;
    let best = this.bestOf(pe.lpis);
    if (pe.reachesOutside) best = this.betterOutside(best, pe.pendingTable, pe.configTable, pe.lpiLimit);
    if (best === undefined) pe.set(PeWord.bestLpi + BestWord.priority, IDLE);
    else {
      const priority = viewedPriority(best.priority, !this.distributor.oneSecurityState);
      this.remember(pe, PeWord.bestLpi, best.intid, priority);
    }
  }

  private bestOf(lpis: LpiIndex): BestLpi | undefined {
    return lpis.first() ? lpis : undefined;
  }

  /** The best LPI of tables that have bytes outside RAM. @param known the best whose bit and byte are in RAM */
  private betterOutside(
    known: BestLpi | undefined,
    pending: number,
    config: number,
    limit: number,
  ): BestLpi | undefined {
    const { outside } = this;
    if (!outside.find(pending, config, limit)) return known;
    if (known === undefined || outside.priority < known.priority) return outside;
    return outside.priority === known.priority && outside.intid < known.intid ? outside : known;
  }

  /** Looks for the most urgent LPI anew, then for the most urgent interrupt (gicv3_redist_update_lpi). */
  update(pe: QemuRedistributor): void {
    this.searchPhysical(pe);
    this.arbiter.redistributorChanged(pe);
  }

  /** An ITS makes an LPI pending or not (gicv3_redist_process_lpi). */
  process(pe: QemuRedistributor, intid: number, level: number): void {
    if (!pe.lpisEnabled || intid >= pe.lpiLimit || intid < FIRST_LPI) return;
    this.setPending(pe, intid, level);
  }

  /** As {@link process}, without its checks (gicv3_redist_lpi_pending); the CPU interface acknowledges with it. */
  setPending(pe: QemuRedistributor, intid: number, level: number): void {
    const config = pe.lpiConfig(intid);
    if (!this.setPhysicalBit(pe, intid, level, config)) return;
    if (level === 1) {
      this.considerOne(pe, PeWord.bestLpi, intid, config, !this.distributor.oneSecurityState);
      this.arbiter.redistributorChanged(pe);
    } else if (intid === pe.words[PeWord.bestLpi + BestWord.intid]) {
      this.update(pe);
    }
  }

  /** MOVI: takes the pending bit along. The check of the INTID is QEMU's: an INTID / 8 against a number of INTIDs. */
  move(from: QemuRedistributor, to: QemuRedistributor, intid: number): void {
    if (!from.lpisEnabled || !to.lpisEnabled) return;
    if (Math.floor(intid / 8) >= Math.min(from.lpiLimit, to.lpiLimit)) return;
    if (!this.setPhysicalBit(from, intid, 0, from.lpiConfig(intid))) return;
    if (intid === from.words[PeWord.bestLpi + BestWord.intid]) this.update(from);
    this.setPending(to, intid, 1);
  }

  /** MOVALL: merges one pending table into another. */
  moveAll(from: QemuRedistributor, to: QemuRedistributor): void {
    if (!from.lpisEnabled || !to.lpisEnabled) return;
    const memory = this.memory.ram;
    const end = Math.min(from.lpiLimit, to.lpiLimit) / 8;
    memory.pace.take(end >>> 5);
    if (from.reachesOutside || to.reachesOutside) this.moveBytes(from.pendingTable, to.pendingTable, end);
    else {
      for (let offset = FIRST_LPI / 8; offset < end; offset += 4) {
        const pending = memory.read32(from.pendingTable + offset);
        if (pending <= 0) continue;
        const target = Math.max(0, memory.read32(to.pendingTable + offset));
        memory.write32(from.pendingTable + offset, 0);
        memory.write32(to.pendingTable + offset, target | pending);
      }
    }
    this.update(from);
    this.update(to);
  }

  /** Merges one pending table into another where they are outside RAM (gicv3_redist_movall_lpis). @param end of the tables, in bytes */
  private moveBytes(from: number, to: number, end: number): void {
    const { memory } = this;
    for (let offset = FIRST_LPI / 8; offset < end; offset++) {
      const pending = memory.read8(from + offset);
      if (pending === 0) continue;
      const target = memory.read8(to + offset);
      memory.write8(from + offset, 0);
      memory.write8(to + offset, target | pending);
    }
  }

  private virtualConfig(pe: QemuRedistributor, intid: number): number {
    return this.memory.read8(pe.virtualConfigTable + intid - FIRST_LPI);
  }

  /** Whether the vPE with this pending table is resident on a PE. */
  private isResident(pe: QemuRedistributor, table: number): boolean {
    return pe.resident && pe.virtualPendingTable === table;
  }

  /** An ITS makes a vLPI pending or not: at the vPE if it is resident, else with a doorbell (gicv3_redist_process_vlpi). */
  processVirtual(pe: QemuRedistributor, intid: number, table: number, doorbell: number, level: number): void {
    const resident = this.isResident(pe, table);
    if (resident && intid >= pe.virtualIntids) return;
    const changed = this.setPendingBit(table, intid, level);
    if (resident) {
      if (!changed) return;
      if (level === 1) this.considerOne(pe, PeWord.bestVirtualLpi, intid, this.virtualConfig(pe, intid), false);
      else if (intid === pe.words[PeWord.bestVirtualLpi + BestWord.intid]) this.updateVirtual(pe);
    } else if (level === 1 && doorbell !== NO_DOORBELL && pe.lpisEnabled) {
      this.process(pe, doorbell, 1);
    }
  }

  /** VMOVI: takes the pending bit from one virtual pending table to another. */
  moveVirtual(
    from: QemuRedistributor,
    fromTable: number,
    to: QemuRedistributor,
    toTable: number,
    intid: number,
    doorbell: number,
  ): void {
    if (!this.setPendingBit(fromTable, intid, 0)) return;
    if (this.isResident(from, fromTable) && intid === from.words[PeWord.bestVirtualLpi + BestWord.intid]) {
      this.updateVirtual(from);
    }
    this.processVirtual(to, intid, toTable, doorbell, 1);
  }

  /** INV and VINVALL of a vPE: what is remembered is found anew, if the vPE is resident. */
  invalidateVirtual(pe: QemuRedistributor, table: number): void {
    if (this.isResident(pe, table)) this.updateVirtual(pe);
  }

  /** Looks for the most urgent vLPI of the resident vPE anew. */
  updateVirtual(pe: QemuRedistributor): void {
    let best = pe.resident ? this.bestOf(pe.virtualLpis) : undefined;
    if (pe.virtualReachesOutside) {
      best = this.betterOutside(best, pe.virtualPendingTable, pe.virtualConfigTable, pe.virtualLimit);
    }
    if (best === undefined) pe.set(PeWord.bestVirtualLpi + BestWord.priority, IDLE);
    else this.remember(pe, PeWord.bestVirtualLpi, best.intid, best.priority);
  }
}

interface BestLpi {
  readonly intid: number;
  readonly priority: number;
}

/** Priority of an LPI: with two Security states it lies in the Non-secure half. */
function viewedPriority(config: number, shifted: boolean): number {
  const priority = config & CONFIG_PRIORITY;
  return shifted ? (priority >>> 1) | 0x80 : priority;
}
