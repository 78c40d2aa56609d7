import type { CollectionState, DeviceState, EventState, ItsTables } from "../machine.ts";
import type { ArchItsState } from "./its-state.ts";
import { Found, newDevice, newEvent } from "./table-home.ts";

/** EventIDs that are walked: what an ITS of 16 ID bits can be asked for. A DTE written by the guest may claim more. */
const WALKED_EVENTS = 65536;

/** The tables of an ITS as tools see them: read from guest memory, valid entries only. */
export class ArchTablesView implements ItsTables {
  private readonly its: ArchItsState;

  constructor(its: ArchItsState) {
    this.its = its;
  }

  *devices(): Iterable<DeviceState> {
    for (let deviceId = 0; deviceId < this.its.tables.devices.entries; deviceId++) {
      const state = this.device(deviceId);
      if (state !== undefined) yield state;
    }
  }

  device(deviceId: number): DeviceState | undefined {
    const entry = newDevice();
    if (this.its.tables.readDevice(deviceId, entry) !== Found.mapped) return undefined;
    return { deviceId, ittAddress: entry.ittAddress, eventBits: entry.eventBits };
  }

  *events(deviceId: number): Iterable<EventState> {
    const device = this.device(deviceId);
    if (device === undefined) return;
    const count = Math.min(2 ** device.eventBits, WALKED_EVENTS);
    for (let eventId = 0; eventId < count; eventId++) {
      const state = this.eventAt(device, eventId);
      if (state !== undefined) yield state;
    }
  }

  event(deviceId: number, eventId: number): EventState | undefined {
    const device = this.device(deviceId);
    return device === undefined || eventId >= 2 ** device.eventBits ? undefined : this.eventAt(device, eventId);
  }

  private eventAt(device: DeviceState, eventId: number): EventState | undefined {
    const entry = newEvent();
    const place = { ittAddress: device.ittAddress, eventBits: device.eventBits };
    if (this.its.tables.readEvent(place, eventId, entry) !== Found.mapped) return undefined;
    return { eventId, intid: entry.intid, icid: entry.virtual ? undefined : entry.icid };
  }

  *collections(): Iterable<CollectionState> {
    const found = new Map<number, number>();
    this.its.tables.eachCollection((icid, target) => {
      if (!found.has(icid)) found.set(icid, target);
    });
    for (const [icid, target] of [...found].sort(([a], [b]) => a - b)) yield { icid, target };
  }

  collection(icid: number): CollectionState | undefined {
    const entry = { target: 0 };
    if (this.its.tables.readCollection(icid, entry) !== Found.mapped) return undefined;
    return { icid, target: entry.target };
  }
}
