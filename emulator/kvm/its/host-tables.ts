import { KVM_COLLECTION_NOT_MAPPED } from "../../../architecture/index.ts";
import { Bank } from "../../journal/bank.ts";
import type { Journal } from "../../journal/journal.ts";
import { Pool } from "../../journal/pool.ts";
import { RadixForest } from "../../journal/radix-tree.ts";
import type { KvmLpis } from "../interrupts/lpis.ts";

const IDS = 65536;

/** Words of a device record. */
const Device = { id: 0, ittLow: 1, ittHigh: 2, eventBits: 3, root: 4, nextSame: 5, words: 6 } as const;
/**
 * Words of a collection record; there is one an ICID. `state` is 0 while the ICID has no collection, else 1. `generation` counts the
 * collections that the ICID has had: an ITE names its collection by ICID and generation, so unmapping one leaves its ITEs without.
 * `previous` and `next` are ICIDs + 1 in order of creation.
 */
const Collection = { state: 0, generation: 1, target: 2, previous: 3, next: 4, words: 5 } as const;
const GENERATIONS = 65536;
/** Words of an ITE: record of its LPI (0 = no ITE); generation [31:16] and ICID [15:0] of its collection. */
const ITE_LPI = 0;
const ITE_COLLECTION = 1;

/** Nodes of 32 events each: room for sixteen million events, 128 MiB. A real kernel's limit is its memory; both answer ENOMEM. */
const MAX_EVENT_NODES = 1 << 19;
/** Bound of the bank that holds all ITEs. */
export const MAX_EVENT_WORDS = MAX_EVENT_NODES * 64 + 4;

/**
 * The tables of one ITS as KVM keeps them in the host: devices, their interrupt translation entries, collections
 * (Linux vgic-its.c `struct its_device`, `its_ite`, `its_collection`). Guest memory sees them only on SAVE_TABLES.
 *
 * Lists of the kernel that are searched from the front are kept as: one array by DeviceID (with a chain for doubles, which a
 * restore over live tables makes), a radix tree of events a device, and the collections as a list in order of creation.
 */
export class HostTables {
  private readonly lpis: KvmLpis;
  private readonly devices: Pool;
  private readonly deviceById: Bank;
  private readonly events: RadixForest;
  private readonly collections: Bank;
  /** First and last collection in order of creation, as ICID + 1. */
  private readonly order: Bank;

  constructor(journal: Journal, lpis: KvmLpis) {
    this.lpis = lpis;
    this.devices = new Pool(journal, Device.words, 1 << 20);
    this.deviceById = new Bank(journal, new Uint32Array(IDS));
    this.events = new RadixForest(journal, MAX_EVENT_NODES);
    this.collections = new Bank(journal, new Uint32Array(IDS * Collection.words));
    this.order = new Bank(journal, new Uint32Array(2));
  }

  get deviceCount(): number {
    return this.devices.live;
  }

  /** Runs of 32 events or fewer that have room: what a walk through all ITEs visits. */
  get eventNodes(): number {
    return this.events.nodes.live;
  }

  /** The first device of that id, or 0. @param id 0..65535 */
  findDevice(id: number): number {
    return id < IDS ? this.deviceById.words[id] : 0;
  }

  /** The first device whose id is at or after one, or 0. */
  deviceFrom(id: number): number {
    if (this.devices.live === 0) return 0;
    const { words } = this.deviceById;
    for (let at = id; at < IDS; at++) if (words[at] !== 0) return words[at];
    return 0;
  }

  /** The next device of the same id behind this one, or 0. */
  nextSame(device: number): number {
    return this.devices.bank.words[device + Device.nextSame];
  }

  deviceId(device: number): number {
    return this.devices.bank.words[device + Device.id];
  }

  /** Address of the device's ITT in bytes. */
  ittAddress(device: number): number {
    const { words } = this.devices.bank;
    return words[device + Device.ittHigh] * 0x1_0000_0000 + words[device + Device.ittLow];
  }

  /** EventID bits of the device: 1..32. */
  eventBits(device: number): number {
    return this.devices.bank.words[device + Device.eventBits];
  }

  /** Adds a device behind others of the same id. @returns its record, or 0 when there is no room */
  addDevice(id: number, ittAddress: number, eventBits: number): number {
    const device = this.devices.alloc();
    if (device === 0) return 0;
    const { bank } = this.devices;
    bank.set(device + Device.id, id);
    bank.set(device + Device.ittLow, ittAddress >>> 0);
    bank.set(device + Device.ittHigh, Math.floor(ittAddress / 0x1_0000_0000));
    bank.set(device + Device.eventBits, eventBits);
    const first = this.deviceById.words[id];
    if (first === 0) {
      this.deviceById.set(id, device);
    } else {
      let last = first;
      while (bank.words[last + Device.nextSame] !== 0) last = bank.words[last + Device.nextSame];
      bank.set(last + Device.nextSame, device);
    }
    return device;
  }

  /** Maps a mapped device again: its ITEs are freed, and it is as new. */
  remapDevice(device: number, ittAddress: number, eventBits: number): void {
    const { bank } = this.devices;
    this.freeItes(device);
    if (bank.words[device + Device.eventBits] !== eventBits) {
      this.events.free(bank.words[device + Device.root], bank.words[device + Device.eventBits]);
      bank.set(device + Device.root, 0);
      bank.set(device + Device.eventBits, eventBits);
    }
    bank.set(device + Device.ittLow, ittAddress >>> 0);
    bank.set(device + Device.ittHigh, Math.floor(ittAddress / 0x1_0000_0000));
  }

  /** @returns how many there were */
  private freeItes(device: number): number {
    let count = 0;
    if (this.devices.bank.words[device + Device.root] === 0) return count;
    this.forEachIte(device, (_event, ite) => {
      this.freeIte(ite);
      count++;
      return true;
    });
    return count;
  }

  /** Frees a device and all its ITEs. @returns how many records that were */
  freeDevice(device: number): number {
    const { bank } = this.devices;
    const root = bank.words[device + Device.root];
    const bits = bank.words[device + Device.eventBits];
    const events = this.freeItes(device);
    this.events.free(root, bits);
    const id = bank.words[device + Device.id];
    const next = bank.words[device + Device.nextSame];
    if (this.deviceById.words[id] === device) {
      this.deviceById.set(id, next);
    } else {
      let before = this.deviceById.words[id];
      while (bank.words[before + Device.nextSame] !== device) before = bank.words[before + Device.nextSame];
      bank.set(before + Device.nextSame, next);
    }
    this.devices.free(device);
    return events + 1;
  }

  /** Calls `visit` for each device in order of DeviceID (doubles in list order) until it returns false. `visit` may free the device. */
  forEachDevice(visit: (device: number) => boolean): void {
    let left = this.devices.live;
    const { words } = this.deviceById;
    for (let id = 0; id < IDS && left > 0; id++) {
      for (let device = words[id]; device !== 0; left--) {
        const next = this.devices.bank.words[device + Device.nextSame];
        if (!visit(device)) return;
        device = next;
      }
    }
  }

  /** `list_sort` with a comparison that never answers "equal" turns runs of doubles around: each SAVE_TABLES does. */
  reverseDoubles(): void {
    const { bank } = this.devices;
    for (let id = 0; id < IDS; id++) {
      let device = this.deviceById.words[id];
      if (device === 0 || bank.words[device + Device.nextSame] === 0) continue;
      let reversed = 0;
      while (device !== 0) {
        const next = bank.words[device + Device.nextSame];
        bank.set(device + Device.nextSame, reversed);
        reversed = device;
        device = next;
      }
      this.deviceById.set(id, reversed);
    }
  }

  /** ITE of an event: its index, or 0 when the event is not mapped. @param event any uint32 */
  findIte(device: number, event: number): number {
    const ite = this.findPlace(device, event);
    return ite !== 0 && this.isIte(ite) ? ite : 0;
  }

  /** Where the ITE of an event is or would be; 0 when there is no room for it yet. @param event any uint32 */
  findPlace(device: number, event: number): number {
    const { words } = this.devices.bank;
    const bits = words[device + Device.eventBits];
    return bits < 32 && event >>> bits !== 0 ? 0 : this.events.find(words[device + Device.root], bits, event);
  }

  /** Whether there is an ITE at a place. */
  isIte(place: number): boolean {
    return this.events.nodes.bank.words[place + ITE_LPI] !== 0;
  }

  /** Maps an event that is not mapped. @param event below 2^eventBits @returns the ITE, or 0 when there is no room */
  addIte(device: number, event: number, lpi: number, collection: number): number {
    const place = this.makePlace(device, event);
    if (place !== 0) this.setIte(place, lpi, collection);
    return place;
  }

  /** As {@link findPlace}, making the room. @param event below 2^eventBits @returns 0 when that cannot be */
  makePlace(device: number, event: number): number {
    const { bank } = this.devices;
    let root = bank.words[device + Device.root];
    if (root === 0) {
      root = this.events.nodes.alloc();
      if (root === 0) return 0;
      bank.set(device + Device.root, root);
    }
    return this.events.make(root, bank.words[device + Device.eventBits], event);
  }

  /** Maps the event of a place where there is no ITE. */
  setIte(place: number, lpi: number, collection: number): void {
    // The LPI and the collection.
    this.events.nodes.bank.setTwo(place + ITE_LPI, lpi, this.collectionName(collection));
  }

  /** How an ITE names a collection: ICID and generation. */
  private collectionName(collection: number): number {
    const icid = collection - 1;
    const generation = this.collections.words[icid * Collection.words + Collection.generation];
    return ((generation << 16) | icid) >>> 0;
  }

  /** Unmaps an event and drops its hold on its LPI. */
  freeIte(ite: number): void {
    const { bank } = this.events.nodes;
    const lpi = bank.words[ite + ITE_LPI];
    bank.set(ite + ITE_LPI, 0);
    this.lpis.release(lpi);
  }

  /** Calls `visit(event, ite)` in ascending EventID order until it returns false. @param from the first EventID that is looked at */
  forEachIte(device: number, visit: (event: number, ite: number) => boolean, from = 0): void {
    const { words } = this.devices.bank;
    this.events.walk(words[device + Device.root], words[device + Device.eventBits], visit, from);
  }

  iteLpi(ite: number): number {
    return this.events.nodes.bank.words[ite + ITE_LPI];
  }

  /** Collection of an ITE; 0 when its collection is gone. */
  iteCollection(ite: number): number {
    const named = this.events.nodes.bank.words[ite + ITE_COLLECTION];
    const { words } = this.collections;
    const at = (named & 0xffff) * Collection.words;
    return words[at + Collection.state] !== 0 && words[at + Collection.generation] === named >>> 16
      ? (named & 0xffff) + 1
      : 0;
  }

  setIteCollection(ite: number, collection: number): void {
    this.events.nodes.bank.set(ite + ITE_COLLECTION, this.collectionName(collection));
  }

  /** @param icid 0..65535 @returns the collection (its ICID + 1), or 0 when there is none */
  findCollection(icid: number): number {
    return this.collections.words[icid * Collection.words] === 0 ? 0 : icid + 1;
  }

  collectionIcid(collection: number): number {
    return collection - 1;
  }

  /** Target PE number, {@link KVM_COLLECTION_NOT_MAPPED} while it has none. */
  collectionTarget(collection: number): number {
    return this.collections.words[(collection - 1) * Collection.words + Collection.target];
  }

  /** Whether this is a collection (0 is none) that has a target. */
  isMapped(collection: number): boolean {
    return collection !== 0 && this.collectionTarget(collection) !== KVM_COLLECTION_NOT_MAPPED;
  }

  setCollectionTarget(collection: number, target: number): void {
    this.collections.set((collection - 1) * Collection.words + Collection.target, target);
  }

  /** Adds a collection without a target at the end of the list. @param icid of which there is none */
  addCollection(icid: number): number {
    const bank = this.collections;
    const collection = icid + 1;
    const at = icid * Collection.words;
    const last = this.order.words[1];
    bank.set(at + Collection.state, 1);
    bank.set(at + Collection.target, KVM_COLLECTION_NOT_MAPPED);
    bank.set(at + Collection.previous, last);
    bank.set(at + Collection.next, 0);
    if (last === 0) this.order.set(0, collection);
    else bank.set((last - 1) * Collection.words + Collection.next, collection);
    this.order.set(1, collection);
    return collection;
  }

  /** Unmaps a collection: ITEs that name it have none from now on. */
  freeCollection(collection: number): void {
    const bank = this.collections;
    const at = (collection - 1) * Collection.words;
    const previous = bank.words[at + Collection.previous];
    const next = bank.words[at + Collection.next];
    if (previous === 0) this.order.set(0, next);
    else bank.set((previous - 1) * Collection.words + Collection.next, next);
    if (next === 0) this.order.set(1, previous);
    else bank.set((next - 1) * Collection.words + Collection.previous, previous);
    bank.set(at + Collection.state, 0);
    const generation = bank.words[at + Collection.generation] + 1;
    if (generation === GENERATIONS) this.forgetGenerations(collection - 1);
    bank.set(at + Collection.generation, generation % GENERATIONS);
  }

  /** Before an ICID's generations begin again: ITEs of old ones get a generation that is not used next. */
  private forgetGenerations(icid: number): void {
    const { bank } = this.events.nodes;
    this.forEachDevice((device) => {
      this.forEachIte(device, (_event, ite) => {
        const named = bank.words[ite + ITE_COLLECTION];
        if ((named & 0xffff) === icid) bank.set(ite + ITE_COLLECTION, ((GENERATIONS - 1) << 16) | icid);
        return true;
      });
      return true;
    });
  }

  /** Calls `visit` for each collection in order of creation until it returns false. `visit` may free it. */
  forEachCollection(visit: (collection: number) => boolean): void {
    for (let collection = this.order.words[0]; collection !== 0; ) {
      const next = this.collections.words[(collection - 1) * Collection.words + Collection.next];
      if (!visit(collection)) return;
      collection = next;
    }
  }
}
