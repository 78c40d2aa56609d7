import { BASERS, baserKind, ENABLED, INDIRECT, TableIndex, TableType } from "../gicv3/its-fields.ts";
import type { LpiDelivery } from "../gicv3/lpi-delivery.ts";
import type { QemuRedistributor } from "../gicv3/redistributor.ts";
import { Bank } from "../journal/bank.ts";
import type { Journal } from "../journal/journal.ts";
import type { QueueState } from "../machine.ts";
import type { GuestMemory } from "../memory/guest-memory.ts";
import { toNumber } from "../memory/guest-memory.ts";
import type { ArchDecisions } from "../models/model.ts";
import type { Remarks } from "../remarks.ts";
import { EventLedger } from "./event-ledger.ts";
import type { ArchFeatures } from "./features.ts";
import { IttRanges } from "./itt-ranges.ts";
import { LayoutTables, MAX_IDS } from "./layout-tables.ts";
import { Found, newDevice } from "./table-home.ts";
import { baserAddress, pageBytesOf } from "./table-place.ts";
import type { VirtualDelivery } from "./virtual-delivery.ts";
import type { VmovpExchange } from "./vmovp-exchange.ts";

/** Words of an ITS's registers; 64-bit ones take two, low first. */
export const ItsWord = {
  /** GITS_CTLR.Enabled and ImDe. */
  ctlr: 0,
  cbaser: 1,
  /** Offset fields of GITS_CWRITER and GITS_CREADR in bytes. */
  cwriter: 3,
  creadr: 4,
  /** GITS_CREADR.Stalled. */
  stalled: 5,
  statusr: 6,
  umsir: 7,
  baser: 9,
  count: 9 + BASERS * 2,
} as const;

const VALID = 0x8000_0000;

/** What all ITSs of a machine share. */
export interface SharedParts {
  readonly journal: Journal;
  readonly memory: GuestMemory;
  readonly decisions: ArchDecisions;
  readonly features: ArchFeatures;
  readonly delivery: LpiDelivery;
  readonly redistributors: readonly QemuRedistributor[];
  readonly remarks: Remarks;
  /** Of GICv4 machines. */
  readonly virtual: VirtualDelivery | undefined;
  readonly vmovps: VmovpExchange | undefined;
}

/** One ITS: its registers and tables, and what is around it. */
export class ArchItsState {
  readonly number: number;
  readonly shared: SharedParts;
  /** All ITSs of the machine, this one among them. */
  readonly all: readonly ArchItsState[];
  readonly registers: Bank;
  readonly words: Uint32Array;
  readonly tables: LayoutTables;
  readonly ledger: EventLedger;
  readonly ranges: IttRanges;

  constructor(number: number, shared: SharedParts, all: readonly ArchItsState[]) {
    this.number = number;
    this.shared = shared;
    this.all = all;
    const { journal, memory, features } = shared;
    this.tables = new LayoutTables(memory, features.layout);
    const { capacity } = this.tables;
    if (features.virtual && capacity.vpeBytes === 0) {
      throw new RangeError(`the layout ${features.layout} has no vPE table; GICv4 needs the layout qemu`);
    }
    this.words = new Uint32Array(ItsWord.count);
    this.resetBaser(TableIndex.device, TableType.device, capacity.deviceBytes);
    this.resetBaser(TableIndex.collection, TableType.collection, capacity.collectionBytes);
    if (features.virtual) this.resetBaser(TableIndex.vpe, TableType.vpe, capacity.vpeBytes);
    this.registers = new Bank(journal, this.words);
    this.ledger = new EventLedger(journal);
    this.ranges = new IttRanges(journal, (add) => this.eachItt(add));
    journal.onRewind(() => this.describeTables());
  }

  private resetBaser(index: number, type: number, entryBytes: number): void {
    this.words[ItsWord.baser + index * 2 + 1] = baserKind(type, entryBytes);
  }

  private eachItt(add: (deviceId: number, start: number, bytes: number) => void): void {
    const device = newDevice();
    for (let deviceId = 0; deviceId < this.tables.devices.entries; deviceId++) {
      if (this.tables.readDevice(deviceId, device) !== Found.mapped) continue;
      add(deviceId, device.ittAddress, 2 ** device.eventBits * this.tables.capacity.eventBytes);
    }
  }

  get enabled(): boolean {
    return (this.words[ItsWord.ctlr] & ENABLED) !== 0;
  }

  get cpus(): number {
    return this.shared.redistributors.length;
  }

  get queueValid(): boolean {
    return this.words[ItsWord.cbaser + 1] >= VALID;
  }

  get queueAddress(): number {
    return toNumber(this.words[ItsWord.cbaser] & ~0xfff, this.words[ItsWord.cbaser + 1] & 0xf_ffff);
  }

  get queueBytes(): number {
    return ((this.words[ItsWord.cbaser] & 0xff) + 1) * 4096;
  }

  get queue(): QueueState {
    const { words } = this;
    return {
      enabled: this.enabled,
      valid: this.queueValid,
      address: this.queueAddress,
      bytes: this.queueBytes,
      writer: words[ItsWord.cwriter],
      reader: words[ItsWord.creadr],
      stalled: words[ItsWord.stalled] !== 0,
    };
  }

  /** Whether a table may have two levels. */
  mayBeIndirect(index: number): boolean {
    const { capacity } = this.tables;
    return index === TableIndex.collection ? capacity.twoLevelCollections : capacity.twoLevel;
  }

  /** The tables are where the registers say. To be called after each change of one of them. */
  describeTables(): void {
    const { tables, words } = this;
    this.ranges.forget();
    for (const [index, place] of [tables.devices, tables.collections, tables.vpes].entries()) {
      const lo = words[ItsWord.baser + index * 2];
      const hi = words[ItsWord.baser + index * 2 + 1];
      if (hi < VALID) place.none();
      else place.describe(baserAddress(lo, hi), pageBytesOf(lo >>> 8), (lo & 0xff) + 1, (hi & INDIRECT) !== 0, MAX_IDS);
    }
  }
}
