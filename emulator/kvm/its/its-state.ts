import { Bank } from "../../journal/bank.ts";
import type { Journal } from "../../journal/journal.ts";
import type { QueueState } from "../../machine.ts";
import type { GuestMemory } from "../../memory/guest-memory.ts";
import { toNumber } from "../../memory/guest-memory.ts";
import type { KvmDecisions } from "../../models/model.ts";
import type { KvmTableAbi } from "../../models/table-abi.ts";
import type { Steps } from "../../pace.ts";
import { type KvmLpis, SharedWord } from "../interrupts/lpis.ts";
import type { KvmRedistributor } from "../interrupts/redistributor.ts";
import { baserAddress, baserBytes, baserIndirect, baserValid, KVM_PAGE_BYTES } from "./baser.ts";
import { LEVEL1_ENTRY_BYTES, level1IsValid, level1Page } from "./entry-words.ts";
import { HostTables } from "./host-tables.ts";
import type { RestoreWitness } from "./restore-refusal.ts";
import { TranslationCache } from "./translation-cache.ts";

/** Words of an ITS's register file; 64-bit registers take two. */
export const ItsWord = {
  enabled: 0,
  cbaser: 2,
  cwriter: 4,
  creadr: 6,
  /** GITS_BASER0: devices. */
  deviceBaser: 8,
  /** GITS_BASER1: collections. */
  collectionBaser: 10,
  /** GITS_IIDR.Revision as user space wrote it or as it came up: the table ABI. */
  revision: 12,
  /** GITS_BASER2: vPEs, where the table ABI has a table of them. */
  vpeBaser: 14,
  count: 16,
} as const;

/** Offset of GITS_CWRITER and GITS_CREADR [19:5]. */
const QUEUE_OFFSET = 0xf_ffe0;

/** Device and event ids have 16 bits (`VITS_TYPER_DEVBITS`, `VITS_TYPER_IDBITS`). */
export const ID_BITS = 16;

/** What the parts of a KVM ITS share: registers, tables, memory, the VM's LPIs and the kernel's decisions. */
export class KvmItsState {
  readonly memory: GuestMemory;
  readonly decisions: KvmDecisions;
  readonly registers: Bank;
  readonly tables: HostTables;
  readonly lpis: KvmLpis;
  readonly redistributors: readonly KvmRedistributor[];
  readonly cache: TranslationCache;
  readonly journal: Journal;
  /** Watches RESTORE_TABLES. */
  restoreWitness: RestoreWitness | undefined;
  /** The layout, where user space has no choice: every command that maps an event asks for it. */
  private readonly fixedAbi: KvmTableAbi | undefined;

  constructor(options: {
    journal: Journal;
    memory: GuestMemory;
    decisions: KvmDecisions;
    lpis: KvmLpis;
    redistributors: readonly KvmRedistributor[];
  }) {
    this.journal = options.journal;
    this.memory = options.memory;
    this.decisions = options.decisions;
    const { tableAbis, revisionWrite } = options.decisions;
    this.fixedAbi = tableAbis.length === 1 || revisionWrite !== "selects" ? this.newestAbi : undefined;
    this.lpis = options.lpis;
    this.redistributors = options.redistributors;
    this.registers = new Bank(options.journal, new Uint32Array(ItsWord.count));
    this.tables = new HostTables(options.journal, options.lpis);
    this.cache = new TranslationCache(options.journal, this.tables);
  }

  get enabled(): boolean {
    return this.registers.words[ItsWord.enabled] !== 0;
  }

  /** Bytes of the command queue: (GITS_CBASER.Size + 1) × 4096. */
  get queueBytes(): number {
    return ((this.registers.words[ItsWord.cbaser] & 0xff) + 1) << 12;
  }

  /** Address of the command queue: GITS_CBASER [51:12], whose bits [15:12] KVM has cleared. */
  get queueAddress(): number {
    const { words } = this.registers;
    return toNumber(words[ItsWord.cbaser] & ~0xfff, words[ItsWord.cbaser + 1] & 0xfffff);
  }

  get queue(): QueueState {
    const { words } = this.registers;
    return {
      enabled: this.enabled,
      valid: baserValid(words[ItsWord.cbaser + 1]),
      address: this.queueAddress,
      bytes: this.queueBytes,
      writer: words[ItsWord.cwriter] & QUEUE_OFFSET,
      reader: words[ItsWord.creadr] & QUEUE_OFFSET,
      stalled: false,
    };
  }

  /** First INTID beyond the LPIs: 2^(GICR_PROPBASER.IDbits + 1), 65536 at most (`max_lpis_propbaser`). */
  get lpiLimit(): number {
    return 1 << Math.min((this.lpis.shared.words[SharedWord.propbaser] & 0x1f) + 1, 16);
  }

  /** The newest layout of saved tables that this kernel knows. */
  get newestAbi(): KvmTableAbi {
    const { tableAbis } = this.decisions;
    return tableAbis[tableAbis.length - 1];
  }

  /** The layout that rules the tables' places and SAVE_TABLES. */
  get abi(): KvmTableAbi {
    return this.fixedAbi ?? this.abiOf(this.registers.words[ItsWord.revision]) ?? this.newestAbi;
  }

  /** The layout in which RESTORE_TABLES reads; undefined when user space named one that this kernel does not know. */
  get restoreAbi(): KvmTableAbi | undefined {
    return this.decisions.revisionWrite === "selects" ? this.abi : this.abiOf(this.registers.words[ItsWord.revision]);
  }

  /** The layout of a revision, when it is known. */
  abiOf(revision: number): KvmTableAbi | undefined {
    return this.decisions.tableAbis.find((abi) => abi.revision === revision);
  }

  /** Whether GITS_CWRITER may be the queue's size, which GITS_CREADR never is. */
  get takesCwriterAtEnd(): boolean {
    return this.decisions.cwriterAtEnd === "taken";
  }

  /** Whether a number names a PE of this VM (RDbase with GITS_TYPER.PTA = 0). */
  hasPe(number: number): boolean {
    return number < this.redistributors.length;
  }

  /** Address of a DeviceID's DTE, or -1 when it has none (`vgic_its_check_id`). */
  deviceEntryAddress(id: number): number {
    const { words } = this.registers;
    if (id >= 1 << ID_BITS) return -1;
    return this.entryAddress(words[ItsWord.deviceBaser], words[ItsWord.deviceBaser + 1], id, this.abi.dteBytes);
  }

  /** Whether the collection table has a place for an ICID. */
  collectionFits(icid: number): boolean {
    const { words } = this.registers;
    if (icid < this.decisions.hardwareCollections) return true;
    const { cteBytes } = this.abi;
    return this.entryAddress(words[ItsWord.collectionBaser], words[ItsWord.collectionBaser + 1], icid, cteBytes) >= 0;
  }

  private entryAddress(lo: number, hi: number, id: number, entryBytes: number): number {
    const base = baserAddress(lo, hi);
    if (!baserIndirect(hi)) {
      if (id >= baserBytes(lo) / entryBytes) return -1;
      const address = base + id * entryBytes;
      return this.memory.isBacked(address) ? address : -1;
    }
    const perPage = KVM_PAGE_BYTES / entryBytes;
    const index = Math.floor(id / perPage);
    if (index >= baserBytes(lo) / LEVEL1_ENTRY_BYTES) return -1;
    if (!this.memory.read64(base + index * LEVEL1_ENTRY_BYTES) || !level1IsValid(this.memory.hi)) return -1;
    const address = level1Page(this.memory.lo, this.memory.hi) + (id % perPage) * entryBytes;
    return this.memory.isBacked(address) ? address : -1;
  }

  /** Whether an event lies in the device's ITT and its ITE in RAM (`vgic_its_check_event_id`). */
  eventFits(device: number, event: number): boolean {
    const bits = this.tables.eventBits(device);
    if (bits < 32 && event >>> bits !== 0) return false;
    if (!this.decisions.iteMustBeInRam) return true;
    return this.memory.isBacked(this.tables.ittAddress(device) + ((event * this.abi.iteBytes) >>> 0));
  }

  /** Frees all devices with their events, and with each of them the cached translations. */
  *freeDevices(): Steps<void> {
    for (let device = this.tables.deviceFrom(0); device !== 0; ) {
      const id = this.tables.deviceId(device);
      this.freeDevice(device);
      if (this.memory.pace.due) yield;
      device = this.tables.deviceFrom(id);
    }
  }

  freeDevice(device: number): void {
    this.memory.pace.take(this.tables.freeDevice(device));
    this.cache.clear();
  }

  *freeCollections(): Steps<void> {
    this.tables.forEachCollection((collection) => {
      this.tables.freeCollection(collection);
      this.memory.pace.take(1);
      return true;
    });
    if (this.memory.pace.due) yield;
  }

  get deviceTableValid(): boolean {
    return baserValid(this.registers.words[ItsWord.deviceBaser + 1]);
  }

  get vpeTableValid(): boolean {
    return this.abi.vpteBytes > 0 && baserValid(this.registers.words[ItsWord.vpeBaser + 1]);
  }

  get collectionTableValid(): boolean {
    return baserValid(this.registers.words[ItsWord.collectionBaser + 1]);
  }
}
