import { Bank } from "../journal/bank.ts";
import type { Journal } from "../journal/journal.ts";
import { toNumber } from "../memory/guest-memory.ts";
import { MAX_IDS } from "./layout-tables.ts";

/** Words of one vPE; the address of its configuration table takes two, low first. */
export const VpeWord = { mappedOn: 0, config: 1, doorbell: 3, sgis: 4, sgiPending: 8, armed: 9, count: 10 } as const;

/** Byte of a virtual SGI's configuration: Priority[7:4], Group, Enable. */
export const Sgi = { enable: 1 << 0, group: 1 << 1, priority: 0xf0 } as const;
export const VSGIS = 16;

/**
 * What belongs to a vPE and has no field in any known VTE: which ITSs map it and, with GICv4.1, the vPE's configuration table,
 * default doorbell and virtual SGIs. Real parts keep it in the vPE table and in the first KiB of the virtual pending table, in a form
 * of their own; here it is the machine's own state. One record a vPEID, for all ITSs.
 */
export class VpeStore {
  readonly bank: Bank;

  constructor(journal: Journal) {
    this.bank = new Bank(journal, new Uint32Array(16 * VpeWord.count), MAX_IDS * VpeWord.count);
  }

  /** Every vPE that is not as at reset, in order of vPEID. */
  *known(): Iterable<number> {
    const { words } = this.bank;
    for (let vpeId = 0; (vpeId + 1) * VpeWord.count <= words.length; vpeId++) {
      const at = vpeId * VpeWord.count;
      if (words.subarray(at, at + VpeWord.count).some((word) => word !== 0)) yield vpeId;
    }
  }

  private get(vpeId: number, word: number): number {
    return this.bank.words[vpeId * VpeWord.count + word] ?? 0;
  }

  private set(vpeId: number, word: number, value: number): void {
    this.bank.ensure((vpeId + 1) * VpeWord.count);
    this.bank.set(vpeId * VpeWord.count + word, value);
  }

  /** ITSs that map the vPE, one bit each. */
  mappedOn(vpeId: number): number {
    return this.get(vpeId, VpeWord.mappedOn);
  }

  setMappedOn(vpeId: number, mask: number): void {
    this.set(vpeId, VpeWord.mappedOn, mask);
  }

  /** A vPE that no ITS maps any more, or none has mapped yet: disabled SGIs, no doorbell. @param doorbell INTID */
  reset(vpeId: number, doorbell: number): void {
    for (let word = VpeWord.config; word < VpeWord.count; word++) this.set(vpeId, word, 0);
    this.set(vpeId, VpeWord.doorbell, doorbell);
  }

  /** Address of the virtual LPI configuration table in bytes (GICv4.1). */
  configTable(vpeId: number): number {
    return toNumber(this.get(vpeId, VpeWord.config), this.get(vpeId, VpeWord.config + 1));
  }

  setConfigTable(vpeId: number, address: number): void {
    this.set(vpeId, VpeWord.config, address >>> 0);
    this.set(vpeId, VpeWord.config + 1, Math.floor(address / 2 ** 32));
  }

  /** INTID of the default doorbell; 1023 = none. */
  doorbell(vpeId: number): number {
    return this.get(vpeId, VpeWord.doorbell);
  }

  setDoorbell(vpeId: number, intid: number): void {
    this.set(vpeId, VpeWord.doorbell, intid);
  }

  /** Whether the next interrupt raises the default doorbell. */
  isArmed(vpeId: number): boolean {
    return this.get(vpeId, VpeWord.armed) !== 0;
  }

  arm(vpeId: number, armed: boolean): void {
    this.set(vpeId, VpeWord.armed, armed ? 1 : 0);
  }

  /** {@link Sgi} of a virtual SGI. */
  sgi(vpeId: number, vintid: number): number {
    return (this.get(vpeId, VpeWord.sgis + (vintid >>> 2)) >>> ((vintid & 3) * 8)) & 0xff;
  }

  setSgi(vpeId: number, vintid: number, config: number): void {
    const word = VpeWord.sgis + (vintid >>> 2);
    const shift = (vintid & 3) * 8;
    this.set(vpeId, word, (this.get(vpeId, word) & ~(0xff << shift)) | (config << shift));
  }

  /** Pending virtual SGIs, one bit each. */
  sgiPending(vpeId: number): number {
    return this.get(vpeId, VpeWord.sgiPending);
  }

  setSgiPending(vpeId: number, vintid: number, pending: boolean): void {
    const bit = 1 << vintid;
    const bits = this.sgiPending(vpeId);
    this.set(vpeId, VpeWord.sgiPending, pending ? bits | bit : bits & ~bit);
  }

  /** The most urgent pending and enabled SGI as `priority * 16 + vINTID`, or -1. @param groups which groups count: bit 0, bit 1 */
  firstSgi(vpeId: number, groups: number): number {
    let best = -1;
    const pending = this.sgiPending(vpeId);
    for (let vintid = 0; vintid < VSGIS && pending >>> vintid !== 0; vintid++) {
      const config = this.sgi(vpeId, vintid);
      if (((pending >>> vintid) & 1) === 0 || (config & Sgi.enable) === 0) continue;
      if (((groups >>> ((config & Sgi.group) >>> 1)) & 1) === 0) continue;
      const key = (config & Sgi.priority) * VSGIS + vintid;
      if (best < 0 || key < best) best = key;
    }
    return best;
  }
}
