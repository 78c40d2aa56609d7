import { type LayoutName, NO_DOORBELL } from "../../architecture/index.ts";
import { entryLayout } from "../entries/entry-field.ts";
import {
  type CollectionState,
  type DeviceState,
  type EntryTable,
  type EventState,
  type ItsTables,
  NOT_MAPPED,
  type TableEntry,
  type VirtualTarget,
  type VpeState,
} from "../machine.ts";
import type { GuestMemory } from "../memory/guest-memory.ts";

/** EventIDs that are walked: what an ITS of 16 ID bits can be asked for. A DTE written by the guest may claim more. */
const WALKED_EVENTS = 65536;

/** @param doorbell as in an ITE */
export function virtualTarget(vpeId: number, doorbell: number): VirtualTarget {
  return { vpeId, doorbell: doorbell === NO_DOORBELL ? undefined : doorbell };
}

/** The tables of an ITS as tools see them, where they are read from guest memory: valid entries only. */
export abstract class MemoryTablesView implements ItsTables {
  protected readonly memory: GuestMemory;
  private readonly layout: LayoutName;

  constructor(memory: GuestMemory, layout: LayoutName) {
    this.memory = memory;
    this.layout = layout;
  }

  /** Entries that the device table has room for. */
  protected abstract get deviceEntries(): number;

  abstract device(deviceId: number): DeviceState | undefined;

  /** @param eventId an EventID that the ITT of `device` has room for */
  protected abstract eventAt(device: DeviceState, eventId: number): EventState | undefined;

  abstract collections(): Iterable<CollectionState>;

  abstract collection(icid: number): CollectionState | undefined;

  abstract vpes(): Iterable<VpeState>;

  abstract vpe(vpeId: number): VpeState | undefined;

  *devices(): Iterable<DeviceState> {
    for (let deviceId = 0; deviceId < this.deviceEntries; deviceId++) {
      const state = this.device(deviceId);
      if (state !== undefined) yield state;
    }
  }

  deviceIds(): Uint32Array {
    // A plain list first: an array of words that is made of an iterator takes several times as long.
    const ids: number[] = [];
    for (const { deviceId } of this.devices()) ids.push(deviceId);
    return Uint32Array.from(ids);
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

  /** Address of the entry of a mapped event. */
  protected abstract eventAddress(device: DeviceState, eventId: number): number;

  protected abstract deviceAddress(deviceId: number): number;

  protected abstract collectionAddress(icid: number): number;

  protected abstract vpeAddress(vpeId: number): number;

  entry(table: EntryTable, ...ids: readonly number[]): TableEntry {
    const address = this.address(table, ids);
    if (address === undefined) return NOT_MAPPED;
    const bytes = this.memory.readBytes(address, entryLayout(this.layout, table).bytes);
    return { mapped: true, words: bytes?.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n) };
  }

  /** Where a mapped entry is. */
  private address(table: EntryTable, [id, eventId]: readonly number[]): number | undefined {
    if (table === "collection") return this.collection(id) && this.collectionAddress(id);
    if (table === "vpe") return this.vpe(id) && this.vpeAddress(id);
    const device = this.device(id);
    if (device === undefined || table === "device") return device && this.deviceAddress(id);
    return this.event(id, eventId) && this.eventAddress(device, eventId);
  }
}
