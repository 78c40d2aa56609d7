import type { LpiState } from "../machine.ts";
import { type GuestMemory, toNumber } from "../memory/guest-memory.ts";
import { Bank } from "../state/bank.ts";
import type { Journal } from "../state/journal.ts";
import { Pool } from "../state/pool.ts";
import { RadixForest } from "../state/radix-tree.ts";
import { Errno } from "./errno.ts";
import type { KvmRedistributor } from "./redistributor.ts";

/** First LPI; INTIDs below are SGIs, PPIs and SPIs. */
export const FIRST_LPI = 8192;

const INTID = 0;
/** ITEs (of all ITSs) that name this LPI. */
const REFERENCES = 1;
/** Target PE + 1; 0 = none (the collection was not mapped). */
const TARGET = 2;
const FLAGS = 3;
/** PE + 1 on whose list of pending interrupts it stands; 0 = none. It is a reference too. */
const QUEUED = 4;
const RECORD_WORDS = 5;

const ENABLED = 1 << 0;
const PENDING = 1 << 1;
const ACTIVE = 1 << 2;
const PRIORITY_SHIFT = 8;

/** LPIs of a VM that a 16-bit ITS can name; a restored table can name any 32-bit number. */
const DIRECT_INTIDS = 65536;
const MAX_LPIS = 1 << 24;
/** PEs of a machine at most (KVM: 512 vCPUs). */
export const MAX_PES = 512;

/** Words of {@link KvmLpis.shared}. */
export const SharedWord = {
  propbaser: 0,
  /** 1 while GICD_CTLR.EnableGrp1 is set: interrupts are queued on a PE only then (vgic.c `vgic_target_oracle`). */
  distributorEnabled: 2,
  /** + PE number: 1 when the PE's list may hold an interrupt that no longer belongs there. */
  unsettled: 3,
} as const;

/**
 * The LPIs of one VM as KVM holds them: objects of the host, shared by all ITEs that name the same INTID
 * (Linux arch/arm64/kvm/vgic/vgic-its.c `vgic_add_lpi`). The property byte and the pending bit are read from guest memory when an
 * LPI is created, and the property byte again only on INV, INVALL and their register forms.
 */
export class KvmLpis {
  /** GICR_PROPBASER (one for the whole VM), whether the distributor forwards, and a "look again" flag for each PE's list. */
  readonly shared: Bank;

  private readonly memory: GuestMemory;
  private readonly pool: Pool;
  private readonly direct: Bank;
  private readonly beyond: RadixForest;
  private readonly beyondRoot: number;
  private readonly redistributors: readonly KvmRedistributor[];

  constructor(journal: Journal, memory: GuestMemory, redistributors: readonly KvmRedistributor[]) {
    this.memory = memory;
    this.redistributors = redistributors;
    this.shared = new Bank(journal, new Uint32Array(SharedWord.unsettled + MAX_PES));
    this.pool = new Pool(journal, RECORD_WORDS, MAX_LPIS);
    this.direct = new Bank(journal, new Uint32Array(DIRECT_INTIDS));
    this.beyond = new RadixForest(journal, MAX_LPIS);
    this.beyondRoot = this.beyond.nodes.alloc();
  }

  /** Number of LPIs that exist. */
  get count(): number {
    return this.pool.live;
  }

  /** Address of the property table: GICR_PROPBASER [51:12]. */
  get propertyTable(): number {
    const { words } = this.shared;
    return toNumber(words[SharedWord.propbaser] & ~0xfff, words[SharedWord.propbaser + 1] & 0xfffff);
  }

  /** Record of an LPI, or 0. */
  find(intid: number): number {
    if (intid < DIRECT_INTIDS) return this.direct.words[intid];
    const entry = this.beyond.find(this.beyondRoot, 32, intid);
    return entry === 0 ? 0 : this.beyond.nodes.bank.words[entry];
  }

  /**
   * A reference to an LPI for a new ITE: the existing object, or a new one whose property byte and pending bit are read from memory.
   * @param target PE number, or -1 while the collection is not mapped
   * @returns the record, or minus an errno: EFAULT when the property or pending table is not in RAM
   */
  acquire(intid: number, target: number): number {
    const { words } = this.pool.bank;
    const existing = this.find(intid);
    if (existing !== 0) {
      this.pool.bank.set(existing + REFERENCES, words[existing + REFERENCES] + 1);
      return existing;
    }
    const lpi = this.pool.alloc();
    const { bank } = this.pool;
    bank.set(lpi + INTID, intid);
    bank.set(lpi + REFERENCES, 1);
    bank.set(lpi + TARGET, target + 1);
    this.setIndex(intid, lpi);
    if (!this.reloadProperty(lpi) || !this.takePendingBit(lpi)) {
      this.release(lpi);
      return -Errno.EFAULT;
    }
    return lpi;
  }

  /** Drops an ITE's reference; the last one, and no place on a PE's list, ends the LPI. */
  release(lpi: number): void {
    const { bank } = this.pool;
    const references = bank.words[lpi + REFERENCES] - 1;
    bank.set(lpi + REFERENCES, references);
    if (references === 0 && bank.words[lpi + QUEUED] === 0) this.end(lpi);
  }

  private end(lpi: number): void {
    this.setIndex(this.pool.bank.words[lpi + INTID], 0);
    this.pool.free(lpi);
  }

  private setIndex(intid: number, lpi: number): void {
    if (intid < DIRECT_INTIDS) this.direct.set(intid, lpi);
    else this.beyond.nodes.bank.set(this.beyond.make(this.beyondRoot, 32, intid), lpi);
  }

  intidOf(lpi: number): number {
    return this.pool.bank.words[lpi + INTID];
  }

  /** Target PE number, or -1. */
  targetOf(lpi: number): number {
    return this.pool.bank.words[lpi + TARGET] - 1;
  }

  state(lpi: number): LpiState {
    const { words } = this.pool.bank;
    const flags = words[lpi + FLAGS];
    const target = words[lpi + TARGET];
    return {
      intid: words[lpi + INTID],
      target: target === 0 ? undefined : target - 1,
      enabled: (flags & ENABLED) !== 0,
      pending: (flags & PENDING) !== 0,
      active: (flags & ACTIVE) !== 0,
      priority: (flags >>> PRIORITY_SHIFT) & 0xff,
    };
  }

  /** Moves an LPI to another PE. It is taken off its old PE's list when that PE next looks ({@link settle}). */
  retarget(lpi: number, target: number): void {
    this.pool.bank.set(lpi + TARGET, target + 1);
    this.unsettle(lpi);
  }

  private unsettle(lpi: number): void {
    const queued = this.pool.bank.words[lpi + QUEUED];
    if (queued !== 0) this.shared.set(SharedWord.unsettled + queued - 1, 1);
  }

  setPending(lpi: number, pending: boolean): void {
    const flags = this.pool.bank.words[lpi + FLAGS];
    this.setFlags(lpi, pending ? flags | PENDING : flags & ~PENDING);
    if (pending) this.queue(lpi);
  }

  /** Reads the property byte again: priority [7:2], enable [0]. @returns false when the table is not RAM there */
  reloadProperty(lpi: number): boolean {
    const { words } = this.pool.bank;
    const byte = this.memory.read8(this.propertyTable + words[lpi + INTID] - FIRST_LPI);
    if (byte < 0) return false;
    const flags = words[lpi + FLAGS] & ~(ENABLED | (0xff << PRIORITY_SHIFT));
    this.setFlags(lpi, flags | (byte & 1 ? ENABLED : 0) | ((byte & 0xfc) << PRIORITY_SHIFT));
    this.queue(lpi);
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

  /** Takes the pending bit of the target's table, clearing it in memory. @returns false when the table is not RAM there */
  private takePendingBit(lpi: number): boolean {
    const { words } = this.pool.bank;
    const target = words[lpi + TARGET] - 1;
    if (target < 0) return true;
    const intid = words[lpi + INTID];
    const address = this.redistributors[target].pendingTable + (intid >>> 3);
    const byte = this.memory.read8(address);
    if (byte < 0) return false;
    const bit = 1 << (intid & 7);
    this.setPending(lpi, (byte & bit) !== 0);
    if (byte & bit) this.memory.write8(address, byte & ~bit);
    return true;
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
      const { words } = this.pool.bank;
      const target = words[lpi + TARGET] - 1;
      if (target < 0) return true;
      const intid = words[lpi + INTID];
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
      const pending = (words[lpi + FLAGS] & PENDING) !== 0;
      if (((byte & bit) !== 0) === pending) return true;
      byte ^= bit;
      this.memory.write8(address, byte);
      return true;
    });
    return errno;
  }

  /** EnableLPIs 1→0: LPIs that stand on the PE's list lose their pending state. */
  flush(pe: number): void {
    this.walk((lpi) => {
      if (this.pool.bank.words[lpi + QUEUED] !== pe + 1) return true;
      this.setFlags(lpi, this.pool.bank.words[lpi + FLAGS] & ~PENDING);
      this.unqueue(lpi);
      return true;
    });
  }

  /** Calls `visit` for each LPI in ascending INTID order until it returns false. `visit` may end the LPI that it is given. */
  walk(visit: (lpi: number) => boolean): void {
    const { words } = this.direct;
    if (this.pool.live === 0) return;
    for (let intid = 0; intid < DIRECT_INTIDS; intid++) {
      if (words[intid] !== 0 && !visit(words[intid])) return;
    }
    this.beyond.walk(this.beyondRoot, 32, (_key, entry) => visit(this.beyond.nodes.bank.words[entry]));
  }

  /** The PE enters the guest: its list loses what is no longer pending for it, and what moved goes to its new PE (vgic.c `vgic_prune_ap_list`). */
  settle(pe: number): void {
    if (this.shared.words[SharedWord.unsettled + pe] === 0) return;
    this.shared.set(SharedWord.unsettled + pe, 0);
    this.walk((lpi) => {
      const { words } = this.pool.bank;
      if (words[lpi + QUEUED] !== pe + 1) return true;
      const flags = words[lpi + FLAGS];
      const wanted = (flags & ACTIVE) !== 0 || (flags & (ENABLED | PENDING)) === (ENABLED | PENDING);
      if (wanted && words[lpi + TARGET] === pe + 1) return true;
      this.unqueue(lpi);
      if (wanted && words[lpi + REFERENCES] > 0) this.queue(lpi);
      return true;
    });
  }

  /** Puts a deliverable LPI on its target's list (vgic.c `vgic_queue_irq_unlock`). */
  private queue(lpi: number): void {
    const { bank } = this.pool;
    const target = bank.words[lpi + TARGET];
    if (bank.words[lpi + QUEUED] !== 0 || target === 0 || this.shared.words[SharedWord.distributorEnabled] === 0)
      return;
    if ((bank.words[lpi + FLAGS] & (ENABLED | PENDING)) !== (ENABLED | PENDING)) return;
    bank.set(lpi + QUEUED, target);
    this.present(lpi);
  }

  private unqueue(lpi: number): void {
    this.withdraw(lpi);
    this.pool.bank.set(lpi + QUEUED, 0);
    if (this.pool.bank.words[lpi + REFERENCES] === 0) this.end(lpi);
  }

  private setFlags(lpi: number, flags: number): void {
    if (this.pool.bank.words[lpi + FLAGS] === flags >>> 0) return;
    this.withdraw(lpi);
    this.pool.bank.set(lpi + FLAGS, flags);
    this.present(lpi);
    if ((flags & (ENABLED | PENDING)) !== (ENABLED | PENDING)) this.unsettle(lpi);
  }

  private present(lpi: number): void {
    const { words } = this.pool.bank;
    const flags = words[lpi + FLAGS];
    if (words[lpi + QUEUED] === 0 || (flags & (ENABLED | PENDING)) !== (ENABLED | PENDING)) return;
    this.redistributors[words[lpi + QUEUED] - 1].pending.add((flags >>> PRIORITY_SHIFT) & 0xff, words[lpi + INTID]);
  }

  private withdraw(lpi: number): void {
    const { words } = this.pool.bank;
    const flags = words[lpi + FLAGS];
    if (words[lpi + QUEUED] === 0 || (flags & (ENABLED | PENDING)) !== (ENABLED | PENDING)) return;
    this.redistributors[words[lpi + QUEUED] - 1].pending.remove((flags >>> PRIORITY_SHIFT) & 0xff, words[lpi + INTID]);
  }
}
