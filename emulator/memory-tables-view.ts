import type { CollectionState, DeviceState, EventState, ItsTables } from "./machine.ts";

/** EventIDs that are walked: what an ITS of 16 ID bits can be asked for. A DTE written by the guest may claim more. */
const WALKED_EVENTS = 65536;

/** The tables of an ITS as tools see them, where they are read from guest memory: valid entries only. */
export abstract class MemoryTablesView implements ItsTables {
  /** Entries that the device table has room for. */
  protected abstract get deviceEntries(): number;

  abstract device(deviceId: number): DeviceState | undefined;

  /** @param eventId an EventID that the ITT of `device` has room for */
  protected abstract eventAt(device: DeviceState, eventId: number): EventState | undefined;

  abstract collections(): Iterable<CollectionState>;

  abstract collection(icid: number): CollectionState | undefined;

  *devices(): Iterable<DeviceState> {
    for (let deviceId = 0; deviceId < this.deviceEntries; deviceId++) {
      const state = this.device(deviceId);
      if (state !== undefined) yield state;
    }
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
}
