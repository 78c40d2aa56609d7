import { MemoryTablesView, virtualTarget } from "../gicv3/memory-tables-view.ts";
import type { CollectionState, DeviceState, EventState } from "../machine.ts";
import type { ArchItsState } from "./its-state.ts";
import { Found, newDevice, newEvent } from "./table-home.ts";

/** The tables of an ITS as tools see them: read from guest memory, valid entries only. */
export class ArchTablesView extends MemoryTablesView {
  private readonly its: ArchItsState;

  constructor(its: ArchItsState) {
    super(its.shared.memory, its.shared.features.layout);
    this.its = its;
  }

  protected get deviceEntries(): number {
    return this.its.tables.devices.entries;
  }

  device(deviceId: number): DeviceState | undefined {
    const entry = newDevice();
    if (this.its.tables.readDevice(deviceId, entry) !== Found.mapped) return undefined;
    return { deviceId, ittAddress: entry.ittAddress, eventBits: entry.eventBits };
  }

  protected deviceAddress(deviceId: number): number {
    return this.its.tables.devices.address(deviceId);
  }

  protected collectionAddress(icid: number): number {
    return this.its.tables.collectionAddress(icid);
  }

  protected eventAddress(device: DeviceState, eventId: number): number {
    return this.its.tables.eventAddress(device, eventId);
  }

  protected eventAt(device: DeviceState, eventId: number): EventState | undefined {
    const entry = newEvent();
    const place = { ittAddress: device.ittAddress, eventBits: device.eventBits };
    if (this.its.tables.readEvent(place, eventId, entry) !== Found.mapped) return undefined;
    const { intid, icid, vpeId, doorbell } = entry;
    if (!entry.virtual) return { eventId, intid, icid };
    return { eventId, intid, icid: undefined, virtual: virtualTarget(vpeId, doorbell) };
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
