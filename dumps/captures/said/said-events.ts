import type { Source } from "../source.ts";

/** An event that a file says to be mapped, beside the tables in memory. */
export interface SaidEvent {
  readonly deviceId: number;
  readonly eventId: number;
  /** LPI; of a virtual event the virtual one. */
  readonly intid: number;
  /** Undefined of a virtual event. */
  readonly icid: number | undefined;
  /** PE of its collection; undefined where the file does not say it. */
  readonly target: number | undefined;
  readonly source: Source;
}

/** A device that a file says to be mapped. */
export interface SaidDevice {
  readonly deviceId: number;
  readonly eventBits: number;
  /** Address of its ITT; undefined where the file does not say it. */
  readonly itt: number | undefined;
  readonly source: Source;
}

/** An LPI as a GIC has it, beside the tables in memory. */
export interface SaidLpi {
  readonly intid: number;
  readonly enabled: boolean;
  /** As a configuration byte has it: a multiple of 4, 0 to 252. */
  readonly priority: number;
  /** PE that it goes to; undefined = none. */
  readonly target: number | undefined;
  readonly source: Source;
}

/** Devices and events of one file that are kept. */
const MAX_DEVICES = 65_536;
const MAX_EVENTS = 262_144;

interface Device extends SaidDevice {
  readonly events: Map<number, Omit<SaidEvent, "target">>;
}

/** Devices, events and collections as they are mapped and unmapped, one after the other. */
export class SaidTables {
  /** Devices and events that were left out because there are too many. */
  leftOut = 0;
  private readonly byId = new Map<number, Device>();
  /** DeviceIDs by the address of their ITT. */
  private readonly byItt = new Map<number, number>();
  private readonly collections = new Map<number, number>();
  private count = 0;

  get isEmpty(): boolean {
    return this.byId.size === 0;
  }

  /** The device whose ITT is at an address. */
  deviceAt(itt: number): number | undefined {
    return this.byItt.get(itt);
  }

  /** A device is mapped, without events. */
  mapDevice(device: SaidDevice): void {
    this.unmapDevice(device.deviceId);
    if (this.byId.size >= MAX_DEVICES) {
      this.leftOut++;
      return;
    }
    this.byId.set(device.deviceId, { ...device, events: new Map() });
    if (device.itt !== undefined) this.byItt.set(device.itt, device.deviceId);
  }

  /** A device is seen to be mapped: it keeps its events where it is the same one. */
  seeDevice(device: SaidDevice): void {
    const known = this.byId.get(device.deviceId);
    if (known?.itt !== device.itt || known?.eventBits !== device.eventBits) this.mapDevice(device);
  }

  unmapDevice(deviceId: number): void {
    const known = this.byId.get(deviceId);
    if (known === undefined) return;
    this.count -= known.events.size;
    this.byId.delete(deviceId);
    if (known.itt !== undefined && this.byItt.get(known.itt) === deviceId) this.byItt.delete(known.itt);
  }

  /** An event of a device that is mapped; one of another device is passed over, as an ITS does. */
  mapEvent(event: Omit<SaidEvent, "target">): void {
    const events = this.byId.get(event.deviceId)?.events;
    if (events === undefined) return;
    if (!events.has(event.eventId) && this.count >= MAX_EVENTS) {
      this.leftOut++;
      return;
    }
    if (!events.has(event.eventId)) this.count++;
    events.set(event.eventId, event);
  }

  /** MOVI: the event goes to another collection. */
  moveEvent(deviceId: number, eventId: number, icid: number, source: Source): void {
    const known = this.byId.get(deviceId)?.events.get(eventId);
    if (known?.icid !== undefined) this.mapEvent({ ...known, icid, source });
  }

  unmapEvent(deviceId: number, eventId: number): void {
    if (this.byId.get(deviceId)?.events.delete(eventId) === true) this.count--;
  }

  /** @param pe undefined: the collection is unmapped */
  mapCollection(icid: number, pe: number | undefined): void {
    if (pe === undefined) this.collections.delete(icid);
    else if (this.collections.size < MAX_DEVICES || this.collections.has(icid)) this.collections.set(icid, pe);
  }

  *devices(): Generator<SaidDevice> {
    for (const { deviceId, eventBits, itt, source } of this.byId.values()) yield { deviceId, eventBits, itt, source };
  }

  *events(): Generator<SaidEvent> {
    for (const { events } of this.byId.values()) {
      for (const event of events.values())
        yield { ...event, target: event.icid === undefined ? undefined : this.collections.get(event.icid) };
    }
  }
}
