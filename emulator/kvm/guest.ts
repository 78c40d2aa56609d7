import { GuestMemory } from "../memory/guest-memory.ts";
import type { KvmDecisions } from "../models/model.ts";
import { Journal } from "../state/journal.ts";
import { KvmIts } from "./its.ts";
import { KvmLpis, SharedWord } from "./lpis.ts";
import type { Value64 } from "./mmio.ts";
import { KvmRedistributor } from "./redistributor.ts";
import { affinity, KvmRedistributorRegisters } from "./redistributor-registers.ts";

export { affinity };

/** Bytes of an ITS's frames (control and translation) and of a redistributor's (RD_base and SGI_base). */
export const ITS_BYTES = 0x20000;
export const REDISTRIBUTOR_BYTES = 0x20000;
const FRAME_BYTES = 0x10000;
/** GITS_TRANSLATER from the start of the control frame. */
export const TRANSLATER_OFFSET = 0x10040;

/** GICR_PROPBASER at creation of an ITS: inner RaWb, inner shareable (`INITIAL_PROPBASER_VALUE`). */
const PROPBASER_RESET = 0x580;

/**
 * The interrupt side of one KVM guest: memory, redistributors, LPIs, ITSs, in one journal.
 * `KvmVm` puts the device-attribute API over it, `Machine` the bus of a running guest.
 */
export class KvmGuest {
  readonly journal: Journal;
  readonly memory: GuestMemory;
  readonly decisions: KvmDecisions;
  readonly redistributors: KvmRedistributor[] = [];
  readonly lpis: KvmLpis;
  readonly itss: KvmIts[] = [];
  readonly redistributorRegisters: KvmRedistributorRegisters;

  constructor(decisions: KvmDecisions, journal = new Journal()) {
    this.decisions = decisions;
    this.journal = journal;
    this.memory = new GuestMemory(journal);
    this.lpis = new KvmLpis(journal, this.memory, this.redistributors);
    this.redistributorRegisters = new KvmRedistributorRegisters(this);
  }

  /** Whether the VM has an ITS; without one GICR_CTLR.EnableLPIs cannot be set. */
  get hasIts(): boolean {
    return this.itss.length > 0;
  }

  addPe(): KvmRedistributor {
    const redistributor = new KvmRedistributor(this.journal, this.redistributors.length);
    this.redistributors.push(redistributor);
    return redistributor;
  }

  addIts(): KvmIts {
    const { journal, memory, decisions, lpis, redistributors } = this;
    const its = new KvmIts(this.itss.length, { journal, memory, decisions, lpis, redistributors });
    this.itss.push(its);
    lpis.shared.set(SharedWord.propbaser, PROPBASER_RESET);
    lpis.shared.set(SharedWord.propbaser + 1, 0);
    return its;
  }

  /** The ITS whose GITS_TRANSLATER is at an address. */
  itsByDoorbell(address: number): KvmIts | undefined {
    return this.itss.find((its) => its.base !== undefined && address === its.base + TRANSLATER_OFFSET);
  }

  /** A guest's load from an ITS frame. @returns false when the address is in none */
  readIts(address: number, bytes: number, into: Value64): boolean {
    const its = this.itsAt(address);
    if (its?.base === undefined) return false;
    const offset = address - its.base;
    into.lo = 0;
    into.hi = 0;
    if (offset < FRAME_BYTES) its.registers.read(offset, bytes, into);
    return true;
  }

  /** A guest's store to an ITS frame; the translation frame is write-only and takes MSIs only with a DeviceID (see `KvmIts.translate`). */
  writeIts(address: number, bytes: number, lo: number, hi: number): boolean {
    const its = this.itsAt(address);
    if (its?.base === undefined) return false;
    const offset = address - its.base;
    if (offset < FRAME_BYTES) its.registers.write(offset, bytes, lo, hi);
    return true;
  }

  private itsAt(address: number): KvmIts | undefined {
    return this.itss.find((its) => its.base !== undefined && address >= its.base && address < its.base + ITS_BYTES);
  }
}
