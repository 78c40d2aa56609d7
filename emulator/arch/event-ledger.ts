import { Bank } from "../journal/bank.ts";
import type { Journal } from "../journal/journal.ts";
import { RadixForest } from "../journal/radix-tree.ts";
import { MAX_IDS } from "./layout-tables.ts";

/** Nodes of the trees of events: 8 Mi events in runs of 32. */
const CAPACITY = 1 << 18;
/** First word of an entry: 1 + id, and this bit for a vPE. The second is not used. */
const VIRTUAL = 1 << 17;
const ID_MASK = 0x1_ffff;
/** Words of a device: root of its tree, EventID bits. */
const DEVICE_WORDS = 2;

/** A device whose events are counted. */
export interface LedgerDevice {
  readonly deviceId: number;
  readonly eventBits: number;
}

/** An event by what it was mapped to. */
export interface LedgerEvent {
  readonly eventId: number;
  readonly virtual: boolean;
  /** vPEID of a virtual event, ICID of a physical one. */
  readonly id: number;
}

/**
 * Which events the commands of an ITS have mapped, so that it can be told whether a device, a collection or a vPE still has some,
 * without a look through tables. It is no part of the translation, which goes by the tables in memory alone.
 */
export class EventLedger {
  private readonly events: RadixForest;
  private readonly devices: Bank;
  /** Live events by ICID and by vPEID. */
  private readonly byCollection: Bank;
  private readonly byVpe: Bank;

  constructor(journal: Journal) {
    this.events = new RadixForest(journal, CAPACITY);
    this.devices = new Bank(journal, new Uint32Array(64 * DEVICE_WORDS), MAX_IDS * DEVICE_WORDS);
    this.byCollection = new Bank(journal, new Uint32Array(64), MAX_IDS);
    this.byVpe = new Bank(journal, new Uint32Array(64), MAX_IDS);
  }

  /** All that it holds. */
  get banks(): readonly Bank[] {
    return [this.events.nodes.bank, this.devices, this.byCollection, this.byVpe];
  }

  private root(deviceId: number): number {
    return this.devices.words[deviceId * DEVICE_WORDS] ?? 0;
  }

  private bits(deviceId: number): number {
    return this.devices.words[deviceId * DEVICE_WORDS + 1] ?? 0;
  }

  private count(tag: number, change: number): void {
    const bank = (tag & VIRTUAL) !== 0 ? this.byVpe : this.byCollection;
    const id = (tag & ~VIRTUAL & ID_MASK) - 1;
    bank.ensure(id + 1);
    bank.set(id, bank.words[id] + change);
  }

  /** A device is mapped; what was known of it is forgotten. */
  mapDevice(deviceId: number, eventBits: number): void {
    this.unmapDevice(deviceId);
    this.devices.ensure((deviceId + 1) * DEVICE_WORDS);
    this.devices.set(deviceId * DEVICE_WORDS, this.events.nodes.alloc());
    this.devices.set(deviceId * DEVICE_WORDS + 1, eventBits);
  }

  unmapDevice(deviceId: number): void {
    const root = this.root(deviceId);
    if (root === 0) return;
    const bits = this.bits(deviceId);
    const { nodes } = this.events;
    this.events.walk(root, bits, (_event, entry) => {
      this.count(nodes.bank.words[entry], -1);
      return true;
    });
    this.events.free(root, bits);
    this.devices.set(deviceId * DEVICE_WORDS, 0);
  }

  /** Every device that was mapped and not unmapped, in order of DeviceID. */
  *mappedDevices(): Iterable<LedgerDevice> {
    const count = this.devices.words.length / DEVICE_WORDS;
    for (let deviceId = 0; deviceId < count; deviceId++) {
      if (this.root(deviceId) !== 0) yield { deviceId, eventBits: this.bits(deviceId) };
    }
  }

  /** The events of a device that were mapped and not discarded, in order of EventID. */
  mappedEvents(deviceId: number): readonly LedgerEvent[] {
    const found: LedgerEvent[] = [];
    this.events.walk(this.root(deviceId), this.bits(deviceId), (eventId, entry) => {
      const tag = this.events.nodes.bank.words[entry];
      found.push({ eventId, virtual: (tag & VIRTUAL) !== 0, id: (tag & ~VIRTUAL & ID_MASK) - 1 });
      return true;
    });
    return found;
  }

  /** Whether a device has events that were mapped and not discarded. */
  deviceHasEvents(deviceId: number): boolean {
    const root = this.root(deviceId);
    return root !== 0 && !this.events.walk(root, this.bits(deviceId), () => false);
  }

  /** An event is mapped or moved, to a collection or a vPE. Beyond the ledger's capacity it is not counted. */
  mapEvent(deviceId: number, eventId: number, virtual: boolean, id: number): void {
    const root = this.root(deviceId);
    if (root === 0 || eventId >= 2 ** this.bits(deviceId)) return;
    const entry = this.events.make(root, this.bits(deviceId), eventId);
    if (entry === 0) return;
    const { bank } = this.events.nodes;
    if (bank.words[entry] !== 0) this.count(bank.words[entry], -1);
    const tag = (id + 1) | (virtual ? VIRTUAL : 0);
    bank.set(entry, tag);
    this.count(tag, 1);
  }

  unmapEvent(deviceId: number, eventId: number): void {
    const root = this.root(deviceId);
    if (root === 0 || eventId >= 2 ** this.bits(deviceId)) return;
    const entry = this.events.find(root, this.bits(deviceId), eventId);
    const { bank } = this.events.nodes;
    if (entry === 0 || bank.words[entry] === 0) return;
    this.count(bank.words[entry], -1);
    bank.set(entry, 0);
  }

  collectionHasEvents(icid: number): boolean {
    return (this.byCollection.words[icid] ?? 0) !== 0;
  }

  vpeHasEvents(vpeId: number): boolean {
    return (this.byVpe.words[vpeId] ?? 0) !== 0;
  }
}
