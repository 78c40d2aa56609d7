import { NO_DOORBELL } from "../../architecture/index.ts";
import { MemoryTablesView, virtualTarget } from "../gicv3/memory-tables-view.ts";
import type { CollectionState, DeviceState, EventState, VpeOwnState, VpeState } from "../machine.ts";
import type { ArchItsState } from "./its-state.ts";
import { Found, newDevice, newEvent, newVpe } from "./table-home.ts";
import { Sgi, type VpeStore, VSGIS } from "./vpe-store.ts";

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

  protected vpeAddress(vpeId: number): number {
    return this.its.tables.vpes.address(vpeId);
  }

  *vpes(): Iterable<VpeState> {
    for (const vpeId of this.its.shared.virtual?.vpes.known() ?? []) {
      const state = this.vpe(vpeId);
      if (state !== undefined) yield state;
    }
  }

  vpe(vpeId: number): VpeState | undefined {
    const { shared, tables, number } = this.its;
    const { virtual, features } = shared;
    if (virtual === undefined || ((virtual.vpes.mappedOn(vpeId) >>> number) & 1) === 0) return undefined;
    const entry = newVpe();
    if (tables.readVpe(vpeId, entry) !== Found.mapped) return undefined;
    const { target, pendingTable, intidBits } = entry;
    return {
      vpeId,
      target,
      pendingTable,
      intidBits,
      ...(features.virtual41 ? { own: ownState(virtual.vpes, vpeId) } : {}),
    };
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

function ownState(vpes: VpeStore, vpeId: number): VpeOwnState {
  const doorbell = vpes.doorbell(vpeId);
  const pending = vpes.sgiPending(vpeId);
  return {
    configTable: vpes.configTable(vpeId),
    doorbell: doorbell === NO_DOORBELL ? undefined : doorbell,
    doorbellArmed: vpes.isArmed(vpeId),
    sgis: Array.from({ length: VSGIS }, (_, vintid) => {
      const config = vpes.sgi(vpeId, vintid);
      return {
        enabled: (config & Sgi.enable) !== 0,
        pending: ((pending >>> vintid) & 1) === 1,
        group: (config & Sgi.group) === 0 ? 0 : 1,
        priority: config & Sgi.priority,
      };
    }),
  };
}
