import { FIRST_LPI } from "../../../architecture/index.ts";
import { Bank } from "../../journal/bank.ts";
import type { Journal } from "../../journal/journal.ts";
import type { Pool } from "../../journal/pool.ts";
import { RadixForest } from "../../journal/radix-tree.ts";
import type { LpiState } from "../../machine.ts";
import { type GuestMemory, toNumber } from "../../memory/guest-memory.ts";
import type { KvmDecisions } from "../../models/model.ts";
import { Errno } from "../errno.ts";
import { IrqFlag, IrqWord, priorityOf, withPriority } from "./interrupt-record.ts";
import type { KvmInterrupts } from "./interrupts.ts";
import type { KvmRedistributor } from "./redistributor.ts";

/** LPIs of a VM that a 16-bit ITS can name; a restored table can name any 32-bit number. */
const DIRECT_INTIDS = 65536;
/** Cost of a look through all of them, in steps of the pace. */
const WALK_STEPS = DIRECT_INTIDS >>> 6;
/** Nodes of the tree of those beyond 16 bits. */
const MAX_BEYOND_NODES = 1 << 20;

/** Words of {@link KvmLpis.shared}. */
export const SharedWord = {
  propbaser: 0,
  count: 2,
} as const;

/** LPIs are edge-triggered and in Group 1. */
const LPI_FLAGS = IrqFlag.edge | IrqFlag.group1;

/**
 * The LPIs of one VM as KVM holds them: objects of the host, shared by all ITEs that name the same INTID
 * (Linux arch/arm64/kvm/vgic/vgic-its.c `vgic_add_lpi`). The property byte and the pending bit are read from guest memory when an
 * LPI is created, and the property byte again only on INV, INVALL and their register forms.
 */
export class KvmLpis {
  /** GICR_PROPBASER: KVM has one for the whole VM. */
  readonly shared: Bank;

  private readonly memory: GuestMemory;
  private readonly interrupts: KvmInterrupts;
  private readonly pool: Pool;
  private readonly direct: Bank;
  private readonly beyond: RadixForest;
  private readonly beyondRoot: number;
  private readonly redistributors: readonly KvmRedistributor[];
  private readonly decisions: Pick<KvmDecisions, "oneIteAnLpi" | "mappingSetsTarget">;

  constructor(
    journal: Journal,
    memory: GuestMemory,
    interrupts: KvmInterrupts,
    redistributors: readonly KvmRedistributor[],
    decisions: Pick<KvmDecisions, "oneIteAnLpi" | "mappingSetsTarget">,
  ) {
    this.decisions = decisions;
    this.memory = memory;
    this.interrupts = interrupts;
    this.redistributors = redistributors;
    this.shared = new Bank(journal, new Uint32Array(SharedWord.count));
    this.pool = interrupts.pool;
    interrupts.onUnlisted = (record) => this.end(record);
    this.direct = new Bank(journal, new Uint32Array(DIRECT_INTIDS));
    this.beyond = new RadixForest(journal, MAX_BEYOND_NODES);
    this.beyondRoot = this.beyond.nodes.alloc();
  }

  /** Address of the property table: GICR_PROPBASER [51:12]. */
  get propertyTable(): number {
    const { words } = this.shared;
    return toNumber(words[SharedWord.propbaser] & ~0xfff, words[SharedWord.propbaser + 1] & 0xfffff);
  }

  /** Record of an LPI, or 0. */
  find(intid: number): number {
    if (intid < DIRECT_INTIDS) {
      const record = this.direct.words[intid];
      return record !== 0 && this.exists(record) ? record : 0;
    }
    const entry = this.beyond.find(this.beyondRoot, 32, intid);
    return entry === 0 ? 0 : this.beyond.nodes.bank.words[entry];
  }

  /** An LPI exists while an ITE names it or it stands on a PE's list. Records of 16-bit INTIDs outlive it, to be used again. */
  private exists(record: number): boolean {
    const { words } = this.pool.bank;
    return (words[record + IrqWord.references] | words[record + IrqWord.queued]) !== 0;
  }

  /**
   * A reference to an LPI for a new ITE: the existing object, or a new one whose property byte and pending bit are read from memory;
   * the pending bit is taken out of its table.
   * @param target PE number, or -1 while the collection is not mapped
   * @returns the record, or minus an errno: EFAULT when the property or pending table is not in RAM, ENOMEM when there is no room, EEXIST
   * where an LPI belongs to one ITE and has it
   */
  acquire(intid: number, target: number): number {
    const direct = intid < DIRECT_INTIDS ? this.direct.words[intid] : 0;
    const existing = direct !== 0 && this.exists(direct) ? direct : intid < DIRECT_INTIDS ? 0 : this.find(intid);
    if (existing !== 0) {
      const { bank } = this.pool;
      if (this.decisions.oneIteAnLpi && bank.words[existing + IrqWord.references] !== 0) return -Errno.EEXIST;
      if (this.decisions.mappingSetsTarget) this.retarget(existing, target);
      bank.set(existing + IrqWord.references, bank.words[existing + IrqWord.references] + 1);
      return existing;
    }
    const property = this.memory.read8(this.propertyTable + intid - FIRST_LPI);
    if (property < 0) return -Errno.EFAULT;
    const pendingAddress = target < 0 ? -1 : this.redistributors[target].pendingTable + (intid >>> 3);
    const pendingByte = target < 0 ? 0 : this.memory.read8(pendingAddress);
    if (pendingByte < 0) return -Errno.EFAULT;
    const lpi = direct !== 0 ? direct : this.newRecord(intid);
    if (lpi === 0) return -Errno.ENOMEM;
    const flags = withPriority(LPI_FLAGS, property & 0xfc) | (property & 1 ? IrqFlag.enabled : 0);
    // References, target and flags.
    this.pool.bank.setThree(lpi + IrqWord.references, 1, target + 1, flags);
    const bit = 1 << (intid & 7);
    if ((pendingByte & bit) !== 0) {
      this.setPending(lpi, true);
      this.memory.write8(pendingAddress, pendingByte & ~bit);
    }
    return lpi;
  }

  /** A record for an INTID that never had one; 0 when there is no room. */
  private newRecord(intid: number): number {
    const lpi = this.pool.alloc();
    if (lpi === 0) return 0;
    if (!this.setIndex(intid, lpi)) {
      this.pool.free(lpi);
      return 0;
    }
    this.pool.bank.set(lpi + IrqWord.intid, intid);
    return lpi;
  }

  /** Drops an ITE's reference; the last one, and no place on a PE's list, ends the LPI. */
  release(lpi: number): void {
    const { bank } = this.pool;
    const { words } = bank;
    const references = words[lpi + IrqWord.references] - 1;
    bank.set(lpi + IrqWord.references, references);
    if (references !== 0 || words[lpi + IrqWord.intid] < DIRECT_INTIDS) return;
    if (words[lpi + IrqWord.queued] === 0) this.end(lpi);
  }

  private end(lpi: number): void {
    const intid = this.interrupts.intid(lpi);
    if (intid < DIRECT_INTIDS) return;
    this.setIndex(intid, 0);
    this.pool.free(lpi);
  }

  /** @returns false when there is no room for the entry */
  private setIndex(intid: number, lpi: number): boolean {
    if (intid < DIRECT_INTIDS) {
      this.direct.set(intid, lpi);
      return true;
    }
    const entry = this.beyond.make(this.beyondRoot, 32, intid);
    if (entry === 0) return false;
    this.beyond.nodes.bank.set(entry, lpi);
    return true;
  }

  intidOf(lpi: number): number {
    return this.interrupts.intid(lpi);
  }

  /** Target PE number, or -1. */
  targetOf(lpi: number): number {
    return this.interrupts.target(lpi);
  }

  state(lpi: number): LpiState {
    const flags = this.interrupts.flags(lpi);
    const target = this.interrupts.target(lpi);
    return {
      intid: this.interrupts.intid(lpi),
      target: target < 0 ? undefined : target,
      enabled: (flags & IrqFlag.enabled) !== 0,
      pending: (flags & IrqFlag.pending) !== 0,
      active: (flags & IrqFlag.active) !== 0,
      priority: priorityOf(flags),
    };
  }

  /** Moves an LPI to another PE. It is taken off its old PE's list when that PE next leaves its guest (`KvmInterrupts.prune`). */
  retarget(lpi: number, target: number): void {
    this.interrupts.setTarget(lpi, target);
  }

  setPending(lpi: number, pending: boolean): void {
    this.interrupts.setFlag(lpi, IrqFlag.pending, pending);
    if (pending) this.interrupts.queue(lpi);
  }

  /** Reads the property byte again: priority [7:2], enable [0]. @returns false when the table is not RAM there */
  reloadProperty(lpi: number): boolean {
    const byte = this.memory.read8(this.propertyTable + this.interrupts.intid(lpi) - FIRST_LPI);
    if (byte < 0) return false;
    const flags = this.interrupts.flags(lpi) & ~IrqFlag.enabled;
    this.interrupts.setFlags(lpi, withPriority(flags, byte & 0xfc) | (byte & 1 ? IrqFlag.enabled : 0));
    this.interrupts.queue(lpi);
    return true;
  }

  /** GICR_INVLPIR: reads one LPI's property byte again; INTIDs that are no LPI of the VM are ignored. */
  reloadByIntid(intid: number): void {
    const lpi = intid >= FIRST_LPI ? this.find(intid) : 0;
    if (lpi !== 0) this.reloadProperty(lpi);
  }

  /** Reads the property bytes of all LPIs that target a PE again; those whose byte is not RAM keep what they have. */
  reloadProperties(pe: number): void {
    this.walk((lpi) => {
      if (this.targetOf(lpi) === pe) this.reloadProperty(lpi);
      return true;
    });
  }

  /** EnableLPIs 0→1 without PTZ: pending state of the PE's LPIs becomes what its table says. Stops at the first byte that is not RAM. */
  loadPendingTable(pe: number): void {
    const table = this.redistributors[pe].pendingTable;
    this.walk((lpi) => {
      if (this.targetOf(lpi) !== pe) return true;
      const intid = this.intidOf(lpi);
      const byte = this.memory.read8(table + (intid >>> 3));
      if (byte < 0) return false;
      this.setPending(lpi, (byte & (1 << (intid & 7))) !== 0);
      return true;
    });
  }

  /** SAVE_PENDING_TABLES: writes each LPI's pending bit to its target's table. @returns 0 or EFAULT */
  savePendingTables(): number {
    let errno: number = Errno.OK;
    let lastAddress = -1;
    let byte = 0;
    this.walk((lpi) => {
      const target = this.interrupts.target(lpi);
      if (target < 0) return true;
      const intid = this.interrupts.intid(lpi);
      const address = this.redistributors[target].pendingTable + (intid >>> 3);
      if (address !== lastAddress) {
        byte = this.memory.read8(address);
        if (byte < 0) {
          errno = Errno.EFAULT;
          return false;
        }
        lastAddress = address;
      }
      const bit = 1 << (intid & 7);
      const pending = (this.interrupts.flags(lpi) & IrqFlag.pending) !== 0;
      if (((byte & bit) !== 0) === pending) return true;
      byte ^= bit;
      this.memory.write8(address, byte);
      return true;
    });
    return errno;
  }

  /** EnableLPIs 1→0: LPIs that stand on the PE's list lose their pending state. */
  flush(pe: number): void {
    this.interrupts.lists[pe].forEach((record) => {
      if (this.interrupts.intid(record) < FIRST_LPI) return;
      this.interrupts.setFlag(record, IrqFlag.pending, false);
      this.interrupts.unlist(record);
    });
  }

  /** Calls `visit` for each pending LPI in ascending INTID order. @param visit is told the INTID and the target PE, or -1 */
  forEachPending(visit: (intid: number, pe: number) => void): void {
    const { words } = this.pool.bank;
    this.walk((record) => {
      if ((words[record + IrqWord.flags] & IrqFlag.pending) !== 0) {
        visit(words[record + IrqWord.intid], words[record + IrqWord.target] - 1);
      }
      return true;
    });
  }

  /** Calls `visit` for each LPI in ascending INTID order until it returns false. `visit` may end the LPI that it is given. */
  walk(visit: (lpi: number) => boolean): void {
    const { words } = this.direct;
    this.memory.pace.take(WALK_STEPS);
    for (let intid = FIRST_LPI; intid < DIRECT_INTIDS; intid++) {
      const record = words[intid];
      if (record !== 0 && this.exists(record) && !visit(record)) return;
    }
    this.beyond.walk(this.beyondRoot, 32, (_key, entry) => visit(this.beyond.nodes.bank.words[entry]));
  }
}
