import { extractRaw, fieldMask } from "../../architecture/field.ts";
import { type EntryLayout, roleField } from "../../architecture/layout.ts";
import { LEVEL1_ENTRY_BYTES } from "../../architecture/layouts/level1.ts";
import type { TablePlace } from "../captures/facts.ts";
import type { CaptureDevice, CaptureEvent } from "../captures/report.ts";
import type { CheckedCollection, CheckedTables } from "../checks/checked-tables.ts";
import type {
  CollectionDifference,
  DeviceDifference,
  DeviceSide,
  EventDifference,
  EventSide,
  PlaceDifference,
  PlaceSide,
  WordDifference,
} from "./differences.ts";

/** Differences of the tables of one ITS. */
export class TableComparison {
  readonly places: PlaceDifference[] = [];
  readonly devices: DeviceDifference[] = [];
  readonly events: EventDifference[] = [];
  readonly collections: CollectionDifference[] = [];
  readonly words: WordDifference[] = [];
  /** Things of one side of which the other side does not know whether it has them. */
  readonly unknown = { device: 0, event: 0, collection: 0 };
  private readonly its: number;
  private readonly a: CheckedTables;
  private readonly b: CheckedTables;
  /** Events by ICID that go elsewhere because the collection does. */
  private readonly rerouted = new Map<number, number>();

  constructor(its: number, a: CheckedTables, b: CheckedTables) {
    this.its = its;
    this.a = a;
    this.b = b;
    this.comparePlaces();
    this.compareDevices();
    this.compareCollections();
  }

  private comparePlaces(): void {
    for (const kind of ["device", "collection", "vpe"] as const) {
      const [a, b] = [this.a, this.b].map(({ facts }) => facts.tables.get(kind));
      if (a === undefined || b === undefined) continue;
      const isSame =
        a.address === b.address && a.indirect === b.indirect && (a.bytes ?? b.bytes) === (b.bytes ?? a.bytes);
      if (!isSame) this.places.push({ its: this.its, table: `${kind} table`, a: placeSide(a), b: placeSide(b) });
    }
  }

  private compareDevices(): void {
    const { its } = this;
    const [knowsA, knowsB] = [this.a, this.b].map(knownDevices);
    const theirs = new Map(this.b.report.devices.map((device) => [device.deviceId, device]));
    for (const a of this.a.report.devices) {
      const { deviceId } = a;
      const b = theirs.get(deviceId);
      theirs.delete(deviceId);
      if (b !== undefined) this.compareDevice(a, b);
      else if (knowsB(deviceId)) {
        this.devices.push({ its, change: "lost", deviceId, a: deviceSide(a), b: undefined });
      } else this.unknown.device++;
    }
    for (const b of theirs.values()) {
      const { deviceId } = b;
      if (knowsA(deviceId)) {
        this.devices.push({ its, change: "added", deviceId, a: undefined, b: deviceSide(b) });
      } else this.unknown.device++;
    }
    this.devices.sort((one, other) => one.deviceId - other.deviceId);
  }

  private compareDevice(a: CaptureDevice, b: CaptureDevice): void {
    const { its } = this;
    const { deviceId } = a;
    if (a.ittAddress !== b.ittAddress || a.eventBits !== b.eventBits) {
      this.devices.push({ its, change: "changed", deviceId, a: deviceSide(a), b: deviceSide(b) });
    } else this.compareWords("device", a, b, deviceId, undefined);
    const theirs = new Map(b.events.map((event) => [event.eventId, event]));
    const found: EventDifference[] = [];
    for (const event of a.events) {
      const { eventId } = event;
      const other = theirs.get(eventId);
      theirs.delete(eventId);
      if (other !== undefined) this.compareEvent(deviceId, event, other, found);
      else if (knowsEvent(this.b, b, eventId)) {
        found.push({ its, change: "lost", deviceId, eventId, a: eventSide(event), b: undefined });
      } else this.unknown.event++;
    }
    for (const event of theirs.values()) {
      const { eventId } = event;
      if (knowsEvent(this.a, a, eventId)) {
        found.push({ its, change: "added", deviceId, eventId, a: undefined, b: eventSide(event) });
      } else this.unknown.event++;
    }
    found.sort((one, other) => one.eventId - other.eventId);
    for (const difference of found) this.events.push(difference);
  }

  private compareEvent(deviceId: number, a: CaptureEvent, b: CaptureEvent, found: EventDifference[]): void {
    const { eventId } = a;
    if (a.intid !== b.intid || a.icid !== b.icid || a.vpe !== b.vpe) {
      found.push({ its: this.its, change: "changed", deviceId, eventId, a: eventSide(a), b: eventSide(b) });
      return;
    }
    this.compareWords("itt", a, b, deviceId, eventId);
    if (a.icid === undefined || a.target === b.target || a.target === "unknown" || b.target === "unknown") return;
    this.rerouted.set(a.icid, (this.rerouted.get(a.icid) ?? 0) + 1);
  }

  /** Entries that mean the same. */
  private compareWords(
    kind: "device" | "itt",
    a: { readonly address: number; readonly entry: bigint },
    b: { readonly address: number; readonly entry: bigint },
    deviceId: number,
    eventId: number | undefined,
  ): void {
    if (a.entry === b.entry || this.a.layout.name !== this.b.layout.name) return;
    const layout = this.a.layout.entries[kind];
    if (layout === undefined) return;
    this.words.push({
      its: this.its,
      kind: differsInNextAlone(layout, a.entry, b.entry) ? "next" : "other bits",
      table: kind === "device" ? "device table" : "ITT",
      deviceId,
      eventId,
      a: { address: a.address, entry: a.entry },
      b: { address: b.address, entry: b.entry },
    });
  }

  private compareCollections(): void {
    const { its } = this;
    const [ours, theirs] = [this.a, this.b].map(
      ({ collections }) =>
        new Map(collections.filter(({ isBehindEnd }) => !isBehindEnd).map((entry) => [entry.icid, entry])),
    );
    for (const icid of [...new Set([...ours.keys(), ...theirs.keys()])].sort((one, other) => one - other)) {
      const [a, b] = [ours.get(icid), theirs.get(icid)];
      if (a !== undefined && b !== undefined && a.target === b.target) continue;
      if ((a === undefined && !this.a.knowsCollections) || (b === undefined && !this.b.knowsCollections)) {
        this.unknown.collection++;
        continue;
      }
      const change = a === undefined ? "added" : b === undefined ? "lost" : "changed";
      const events = this.rerouted.get(icid) ?? 0;
      this.collections.push({ its, change, icid, a: collectionSide(a), b: collectionSide(b), events });
    }
  }
}

function placeSide({ address, indirect, bytes }: TablePlace): PlaceSide {
  return { address, levels: indirect ? 2 : 1, bytes };
}

function deviceSide({ address, entry, ittAddress, eventBits, events }: CaptureDevice): DeviceSide {
  return { address, entry, ittAddress, eventBits, events: events.length };
}

function eventSide({ address, entry, intid, icid, vpe, target }: CaptureEvent): EventSide {
  return { address, entry, intid, icid, vpe, target };
}

function collectionSide(collection: CheckedCollection | undefined) {
  return collection && { address: collection.address, entry: collection.entry, target: collection.target };
}

function differsInNextAlone(layout: EntryLayout, a: bigint, b: bigint): boolean {
  const next = roleField(layout, "next");
  if (next === undefined) return false;
  const mask = fieldMask(next);
  return (a & ~mask) === (b & ~mask) && extractRaw(a, next) !== extractRaw(b, next);
}

/** Tells of a DeviceID whether it is known if it is mapped. */
function knownDevices({ facts, layout, memory, pages }: CheckedTables): (deviceId: number) => boolean {
  const table = facts.tables.get("device");
  const bytes = layout.entries.device?.bytes;
  if (table === undefined || bytes === undefined) return () => false;
  const isKnown = (address: number, length: number): boolean => memory.read(address, length) !== undefined;
  const isBeyond = (end: number): boolean => table.bytes !== undefined && end > table.bytes;
  if (!table.indirect) {
    return (deviceId) => isBeyond((deviceId + 1) * bytes) || isKnown(table.address + deviceId * bytes, bytes);
  }
  const perPage = Math.floor(table.pageBytes / bytes);
  const bases = new Map(pages.map(({ page, base }) => [page, base]));
  return (deviceId) => {
    const page = Math.floor(deviceId / perPage);
    const base = bases.get(page);
    if (base !== undefined) return isKnown(base + (deviceId % perPage) * bytes, bytes);
    const at = page * LEVEL1_ENTRY_BYTES;
    return isBeyond(at + LEVEL1_ENTRY_BYTES) || isKnown(table.address + at, LEVEL1_ENTRY_BYTES);
  };
}

/** Whether it is known of an EventID whether it is mapped. */
function knowsEvent({ layout, memory }: CheckedTables, device: CaptureDevice, eventId: number): boolean {
  const bytes = layout.entries.itt?.bytes ?? 0;
  if (eventId >= 2 ** device.eventBits) return true;
  return memory.read(device.ittAddress + eventId * bytes, bytes) !== undefined;
}
