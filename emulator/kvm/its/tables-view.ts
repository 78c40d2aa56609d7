import type { CollectionState, DeviceState, EventState, ItsTables } from "../../machine.ts";
import { type HostTables, NOT_MAPPED } from "./host-tables.ts";
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

  *events(deviceId: number): Iterable<EventState> {
    const record = this.host.findDevice(deviceId);
    if (record === 0) return;
    const events: EventState[] = [];
    this.host.forEachIte(record, (event, ite) => {
      events.push(this.eventState(event, ite));
      return true;
    });
    yield* events;
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
    return { icid: this.host.collectionIcid(record), target: target === NOT_MAPPED ? undefined : target };
  }
}
