import { LpiIndex } from "../gicv3/lpi-index.ts";
import { Bank } from "../journal/bank.ts";
import type { Journal } from "../journal/journal.ts";
import { type GuestMemory, toNumber } from "../memory/guest-memory.ts";

/** Words of the virtual part of one redistributor; 64-bit registers and addresses take two, low first. */
export const VirtualWord = {
  vpropbaser: 0,
  vpendbaser: 2,
  /** Of the resident vPE, as it was when it became resident: pending table, configuration table, vINTID bits, vPEID. */
  pendingTable: 4,
  configTable: 6,
  intidBits: 8,
  vpeId: 9,
  /** 1 + vPEID of the last GICR_VSGIR write. */
  asked: 10,
  count: 11,
} as const;

/** GICR_VPENDBASER.Valid, in its high word. */
export const RESIDENT = 0x8000_0000;

/** The virtual LPIs of one PE: which vPE is resident, and which of its interrupts are pending. */
export class VirtualInterface {
  readonly pe: number;
  readonly bank: Bank;
  readonly words: Uint32Array;
  private readonly index: LpiIndex;

  constructor(journal: Journal, memory: GuestMemory, pe: number) {
    this.pe = pe;
    this.words = new Uint32Array(VirtualWord.count);
    this.bank = new Bank(journal, this.words);
    this.index = new LpiIndex(memory);
    journal.onRewind(() => this.index.invalidate());
  }

  get resident(): boolean {
    return this.words[VirtualWord.vpendbaser + 1] >= RESIDENT;
  }

  get pendingTable(): number {
    return toNumber(this.words[VirtualWord.pendingTable], this.words[VirtualWord.pendingTable + 1]);
  }

  get configTable(): number {
    return toNumber(this.words[VirtualWord.configTable], this.words[VirtualWord.configTable + 1]);
  }

  /** Of the resident vPE (GICv4.1). */
  get vpeId(): number {
    return this.words[VirtualWord.vpeId];
  }

  /** Notes what the vPE that becomes resident has. Addresses in bytes. */
  latch(pendingTable: number, configTable: number, intidBits: number, vpeId: number): void {
    const { bank } = this;
    bank.set(VirtualWord.pendingTable, pendingTable >>> 0);
    bank.set(VirtualWord.pendingTable + 1, Math.floor(pendingTable / 2 ** 32));
    bank.set(VirtualWord.configTable, configTable >>> 0);
    bank.set(VirtualWord.configTable + 1, Math.floor(configTable / 2 ** 32));
    bank.set(VirtualWord.intidBits, intidBits);
    bank.set(VirtualWord.vpeId, vpeId);
  }

  /** The most urgent pending and enabled vLPI of the resident vPE as `priority * 2^24 + vINTID`, or -1. */
  firstLpi(): number {
    if (!this.resident) return -1;
    const limit = 2 ** this.words[VirtualWord.intidBits];
    if (!this.index.find(this.pendingTable, this.configTable, limit)) return -1;
    return this.index.priority * 2 ** 24 + this.index.intid;
  }

  /** The vPE is resident no more: its tables need not be watched. */
  release(): void {
    this.index.release();
  }
}
