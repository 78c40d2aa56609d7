import { KVM_COLLECTION_NOT_MAPPED } from "../../../architecture/index.ts";
import {
  type CollectionState,
  type DeviceState,
  type EntryTable,
  type EventState,
  type ItsTables,
  NOT_MAPPED,
  type TableEntry,
  type VpeState,
} from "../../machine.ts";
import { toBigInt } from "../../value64.ts";
import { cteHigh, cteLow, dteHigh, dteLow, iteHigh, iteLow } from "./entry-words.ts";
import type { HostTables } from "./host-tables.ts";
import type { KvmItsState } from "./its-state.ts";

/** The host's tables of a KVM ITS as tools see them. */
export class KvmTablesView implements ItsTables {
  private readonly its: KvmItsState;
  private readonly host: HostTables;

  constructor(its: KvmItsState) {
    this.its = its;
    this.host = its.tables;
  }

  *devices(): Iterable<DeviceState> {
    const records: number[] = [];
    this.host.forEachDevice((device) => {
      records.push(device);
      return true;
    });
    for (const record of records) yield this.deviceState(record);
  }

  deviceIds(): Uint32Array {
    const { host } = this;
    const ids = new Uint32Array(host.deviceCount);
    let count = 0;
    host.forEachDevice((device) => {
      ids[count++] = host.deviceId(device);
      return true;
    });
    return ids;
  }

  device(deviceId: number): DeviceState | undefined {
    const record = this.host.findDevice(deviceId);
    return record === 0 ? undefined : this.deviceState(record);
  }

  private deviceState(record: number): DeviceState {
    return {
      deviceId: this.host.deviceId(record),
      ittAddress: this.host.ittAddress(record),
      eventBits: this.host.eventBits(record),
    };
  }

  events(deviceId: number): Iterable<EventState> {
    const record = this.host.findDevice(deviceId);
    if (record === 0) return [];
    const events: EventState[] = [];
    this.host.forEachIte(record, (event, ite) => {
      events.push(this.eventState(event, ite));
      return true;
    });
    return events;
  }

  event(deviceId: number, eventId: number): EventState | undefined {
    const record = this.host.findDevice(deviceId);
    const ite = record === 0 ? 0 : this.host.findIte(record, eventId);
    return ite === 0 ? undefined : this.eventState(eventId, ite);
  }

  private eventState(eventId: number, ite: number): EventState {
    const collection = this.host.iteCollection(ite);
    return {
      eventId,
      intid: this.its.lpis.intidOf(this.host.iteLpi(ite)),
      icid: collection === 0 ? undefined : this.host.collectionIcid(collection),
    };
  }

  *collections(): Iterable<CollectionState> {
    const states: CollectionState[] = [];
    this.host.forEachCollection((collection) => {
      states.push(this.collectionState(collection));
      return true;
    });
    yield* states;
  }

  collection(icid: number): CollectionState | undefined {
    const record = icid < 65536 ? this.host.findCollection(icid) : 0;
    return record === 0 ? undefined : this.collectionState(record);
  }

  private collectionState(record: number): CollectionState {
    const target = this.host.collectionTarget(record);
    return {
      icid: this.host.collectionIcid(record),
      target: target === KVM_COLLECTION_NOT_MAPPED ? undefined : target,
    };
  }

  /** The ITS that KVM emulates is a GICv3's. */
  *vpes(): Iterable<VpeState> {}

  vpe(): VpeState | undefined {
    return undefined;
  }

  entry(table: EntryTable, ...ids: readonly number[]): TableEntry {
    const [id, eventId] = ids;
    if (table === "vpe") return NOT_MAPPED;
    if (table === "collection") return this.collectionEntry(id);
    const device = this.host.findDevice(id);
    if (device === 0) return NOT_MAPPED;
    if (table === "device") return { mapped: true, words: this.deviceEntry(device) };
    const ite = this.host.findIte(device, eventId);
    return ite === 0 ? NOT_MAPPED : { mapped: true, words: this.eventEntry(device, eventId, ite) };
  }

  private collectionEntry(icid: number): TableEntry {
    const record = icid < 65536 ? this.host.findCollection(icid) : 0;
    if (record === 0) return NOT_MAPPED;
    const target = this.host.collectionTarget(record);
    return { mapped: true, words: toBigInt(cteLow(target, icid), cteHigh(target)) };
  }

  private deviceEntry(device: number): bigint {
    const { host, its } = this;
    const id = host.deviceId(device);
    let next = host.deviceFrom(id + 1);
    if (its.decisions.unlocatableDeviceOnSave === "skip") {
      while (next !== 0 && its.deviceEntryAddress(host.deviceId(next)) < 0)
        next = host.deviceFrom(host.deviceId(next) + 1);
    }
    const itt = host.ittAddress(device);
    const distance = next === 0 ? 0 : host.deviceId(next) - id;
    return toBigInt(dteLow(itt, host.eventBits(device)), dteHigh(itt, distance));
  }

  private eventEntry(device: number, eventId: number, ite: number): bigint | undefined {
    const { host, its } = this;
    const collection = host.iteCollection(ite);
    if (collection === 0) return its.decisions.iteWithoutCollectionOnSave === "zero-entry" ? 0n : undefined;
    let distance = 0;
    const visit = (event: number, next: number): boolean => {
      if (its.decisions.iteNextSkipsUnmapped && host.iteCollection(next) === 0) return true;
      distance = event - eventId;
      return false;
    };
    host.forEachIte(device, visit, eventId + 1);
    const intid = its.lpis.intidOf(host.iteLpi(ite));
    return toBigInt(iteLow(intid, host.collectionIcid(collection)), iteHigh(intid, distance));
  }
}
