import { FIRST_LPI } from "../../../architecture/intids.ts";
import type { TableLayouts } from "../../../architecture/layout.ts";
import { architectureLevel1, LEVEL1_ENTRY_BYTES } from "../../../architecture/layouts/level1.ts";
import type { Work } from "../../work.ts";
import type { CaptureMemory } from "../capture-memory.ts";
import { EntryReader } from "../entry-reader.ts";
import type { CaptureFacts, TablePlace } from "../facts.ts";
import type { Source } from "../source.ts";

/** Pages of the tables of KVM's ITS, which begin at multiples of them (arch/arm64/kvm/vgic/vgic-its.c GITS_BASER_PAGE_SIZE_64K). */
const PAGE_BYTES = 0x1_0000;
/** GICR_PROPBASER.Physical_Address has 4 KiB. */
const PROPERTY_ALIGNMENT = 0x1000;
/** DeviceIDs of KVM's ITS (GITS_TYPER.Devbits). */
const DEVICE_IDS = 0x1_0000;
/** Places that are looked at, of all the memory: 4 GiB in steps of 4 KiB. */
const MAX_PLACES = 0x10_0000;
const PLACES_A_STEP = 256;
/** Devices and LPIs that a place is compared with, and events of each device. */
const MAX_COMPARED = 256;
const MAX_EVENTS_COMPARED = 16;
/** Entries of a collection table that are looked at. */
const MAX_COLLECTIONS = 8192;
/** Places that fit are not looked for beyond so many. */
const MAX_FOUND = 64;
/** Entries that are read in all: memory may look like a table everywhere. */
const MAX_READS = 0x40_0000;

/** What is left of {@link MAX_READS}. */
class Reads {
  private left = MAX_READS;

  get areOver(): boolean {
    return this.left <= 0;
  }

  /** A read is made. */
  count(): void {
    this.left--;
  }
}

interface Told {
  readonly file: string;
  readonly message: string;
}

/**
 * Finds tables that no register and no log places, by what vgic-its-state and vgic-state say to be in them: where all devices that are said stand
 * with their EventID bits and ITTs with their LPIs, there is the device table. What is at several places, is at none.
 * @returns what was found so, and what was not
 */
export function* findTables(
  memory: CaptureMemory,
  layout: TableLayouts | undefined,
  facts: CaptureFacts,
): Work<Told[]> {
  // Traces have registers; a text without ITTs is KVM's.
  const [device] = facts.saidDevices.filter(({ itt }) => itt === undefined);
  if (layout === undefined || device === undefined) return [];
  const search = new TableSearch(memory, layout, facts);
  if (!facts.tables.has("device")) yield* search.devices(device.source);
  if (!facts.tables.has("device")) return search.told;
  if (!facts.tables.has("collection")) yield* search.collections(device.source);
  if (facts.propertyTable === undefined) yield* search.properties();
  return search.told;
}

class TableSearch {
  readonly told: Told[] = [];
  private readonly reads = new Reads();
  private readonly memory: CaptureMemory;
  private readonly layout: TableLayouts;
  private readonly facts: CaptureFacts;

  constructor(memory: CaptureMemory, layout: TableLayouts, facts: CaptureFacts) {
    this.memory = memory;
    this.layout = layout;
    this.facts = facts;
  }

  *devices(source: Source): Work<void> {
    const { memory, layout, facts, reads } = this;
    const finder = new DeviceTables(memory, layout, facts, reads);
    const found = yield* this.places(PAGE_BYTES, (address) => finder.at(address));
    // The page of a two-level table looks as a flat one does.
    const pages = new Set(found.flatMap((place) => (place.indirect ? finder.pagesOf(place.address) : [])));
    const tables = found.filter(({ address, indirect }) => indirect || !pages.has(address));
    const count = facts.saidDevices.filter(({ itt }) => itt === undefined).length;
    const evidence = `${count} ${count === 1 ? "device stands" : "devices stand"} as said with ITTs and LPIs`;
    const table = this.only("the device table", source, tables, ({ address }) => address, evidence);
    if (table !== undefined) facts.setTable(table);
    else if (tables.length === 0)
      this.tell(
        source,
        "no register and no log says where the device table is, and its devices are not found in the memory: KVM writes them there by KVM_DEV_ARM_ITS_SAVE_TABLES alone",
      );
  }

  *collections(source: Source): Work<void> {
    const { memory, facts, reads } = this;
    const { collection } = this.layout.entries;
    if (collection === undefined) return;
    const targets = new Map<number, number>();
    for (const { icid, target } of facts.saidEvents)
      if (icid !== undefined && target !== undefined) targets.set(icid, target);
    if (targets.size === 0) return;
    const reader = new EntryReader(collection, memory);
    const found = yield* this.places(PAGE_BYTES, (address) =>
      holdsCollections(reader, address, targets, reads) ? [address] : [],
    );
    const evidence = `its ${targets.size} ICIDs stand with their PEs`;
    const address = this.only("the collection table", source, found, (at) => at, evidence);
    const entryBytes = collection.bytes;
    const form = { indirect: false, entryBytes, pageBytes: PAGE_BYTES, bytes: undefined, seen: PAGE_BYTES };
    if (address !== undefined) facts.setTable({ kind: "collection", address, ...form, source });
  }

  *properties(): Work<void> {
    const { memory, facts, reads } = this;
    const lpis = facts.saidLpis.slice(0, MAX_COMPARED);
    const [first] = lpis;
    if (first === undefined) return;
    const { source } = first;
    const found = yield* this.places(PROPERTY_ALIGNMENT, (address) => {
      const fits = lpis.every(({ intid, enabled, priority }) => {
        reads.count();
        const byte = memory.read(address + intid - FIRST_LPI, 1)?.[0];
        return byte !== undefined && (byte & 0xfc) === priority && (byte & 1) === Number(enabled);
      });
      return fits ? [address] : [];
    });
    const what = "the LPI configuration table";
    const evidence = `${lpis.length} LPIs have the bytes that they have in the GIC`;
    const address = this.only(what, source, found, (at) => at, evidence);
    if (address !== undefined) facts.propertyTable = { address, source };
    else if (found.length === 0)
      this.tell(
        source,
        `no register and no log says where ${what} is, and there is no place in the memory where ${evidence}`,
      );
  }

  /** What fits at the aligned places of the memory. */
  private *places<Place>(alignment: number, fitting: (address: number) => readonly Place[]): Work<Place[]> {
    const found: Place[] = [];
    for (const address of yield* placesOf(this.memory, alignment)) {
      if (this.reads.areOver || found.length >= MAX_FOUND) break;
      found.push(...fitting(address));
      yield;
    }
    return found;
  }

  /** The one place that fits, where all were looked at; it is told, and why none of several is taken. */
  private only<Place>(
    what: string,
    source: Source,
    places: readonly Place[],
    addressOf: (place: Place) => number,
    evidence: string,
  ): Place | undefined {
    const at = places.map((place) => hex(addressOf(place)));
    if (this.reads.areOver) {
      const where = at.length === 0 ? "" : `, though ${at[0]} is a place where ${evidence}`;
      this.tell(
        source,
        `${what} is not taken to be anywhere${where}: too much of the memory looks like tables to look at all of it`,
      );
    } else if (at.length === 1) {
      this.tell(source, `${what} is taken to be at ${at[0]}, the one place where ${evidence}; no register says so`);
      return places[0];
    } else if (at.length > 1) {
      const list = `${at.slice(0, 4).join(", ")}${at.length > 4 ? ", …" : ""}`;
      this.tell(source, `${what} may be at ${list}: ${evidence} at each of them, so none is taken`);
    }
    return undefined;
  }

  private tell({ file }: Source, message: string): void {
    this.told.push({ file, message });
  }
}

/** Whether the list of collections at an address, as KVM's tables have it, has all that are said. */
function holdsCollections(
  reader: EntryReader,
  address: number,
  targets: ReadonlyMap<number, number>,
  reads: Reads,
): boolean {
  let found = 0;
  for (let index = 0; index < MAX_COLLECTIONS && found < targets.size; index++) {
    reads.count();
    const entry = reader.read(address + index * reader.layout.bytes);
    if (entry === undefined || !reader.isValid(entry)) return false;
    const target = targets.get(reader.field(entry, "icid") ?? 0);
    if (target === undefined) continue;
    if (reader.field(entry, "target") !== target) return false;
    found++;
  }
  return found === targets.size;
}

/** Aligned addresses of the memory, ascending. */
function* placesOf(memory: CaptureMemory, alignment: number): Work<number[]> {
  const found: number[] = [];
  for (const { from, to } of memory.known(0, Number.MAX_SAFE_INTEGER)) {
    for (let at = Math.ceil(from / alignment) * alignment; at < to && found.length < MAX_PLACES; at += alignment) {
      found.push(at);
      if (found.length % (PLACES_A_STEP * 16) === 0) yield;
    }
  }
  return found;
}

/** Tells whether a place is that of a device table with the devices that are said. */
class DeviceTables {
  private readonly facts: CaptureFacts;
  private readonly reads: Reads;
  private readonly level1: EntryReader;
  private readonly dtes: EntryReader | undefined;
  private readonly ites: EntryReader | undefined;
  private readonly events = new Map<
    number,
    { readonly eventId: number; readonly intid: number; readonly icid: number | undefined }[]
  >();

  constructor(memory: CaptureMemory, { entries }: TableLayouts, facts: CaptureFacts, reads: Reads) {
    this.facts = facts;
    this.reads = reads;
    this.level1 = new EntryReader(entries.level1 ?? architectureLevel1, memory);
    this.dtes = entries.device && new EntryReader(entries.device, memory);
    this.ites = entries.itt && new EntryReader(entries.itt, memory);
    for (const event of facts.saidEvents) {
      const known = this.events.get(event.deviceId);
      if (known === undefined) this.events.set(event.deviceId, [event]);
      else if (known.length < MAX_EVENTS_COMPARED) known.push(event);
    }
  }

  /** The tables that may be at an address: a flat one, one of two levels. */
  at(address: number): TablePlace[] {
    return [true, false]
      .filter((indirect) => this.isTable(address, indirect))
      .map((indirect) => this.place(address, indirect));
  }

  private isTable(base: number, indirect: boolean): boolean {
    const { dtes, ites } = this;
    if (dtes === undefined || ites === undefined) return false;
    let seen = 0;
    for (const { deviceId, eventBits, itt } of this.facts.saidDevices.slice(0, MAX_COMPARED)) {
      if (itt !== undefined) continue;
      this.reads.count();
      const table = indirect ? this.page(base, deviceId) : base + deviceId * dtes.layout.bytes;
      const entry = table === undefined ? undefined : dtes.read(table);
      if (entry === undefined || !dtes.isValid(entry) || dtes.field(entry, "event-bits") !== eventBits) return false;
      const itts = dtes.field(entry, "itt-address") ?? 0;
      for (const { eventId, intid, icid } of this.events.get(deviceId) ?? []) {
        this.reads.count();
        const event = ites.read(itts + eventId * ites.layout.bytes);
        if (event === undefined) continue;
        if (!ites.isValid(event) || ites.field(event, "intid") !== intid || ites.field(event, "icid") !== icid)
          return false;
        seen++;
      }
    }
    return seen > 0;
  }

  private place(address: number, indirect: boolean): TablePlace {
    const entryBytes = this.dtes?.layout.bytes ?? 0;
    const last = Math.max(...this.facts.saidDevices.slice(0, MAX_COMPARED).map(({ deviceId }) => deviceId));
    const perPage = PAGE_BYTES / entryBytes;
    const seen = indirect
      ? (DEVICE_IDS / perPage) * LEVEL1_ENTRY_BYTES
      : Math.ceil(((last + 1) * entryBytes) / PAGE_BYTES) * PAGE_BYTES;
    const [{ source }] = this.facts.saidDevices.filter(({ itt }) => itt === undefined);
    return { kind: "device", address, indirect, entryBytes, pageBytes: PAGE_BYTES, bytes: undefined, seen, source };
  }

  /** Addresses of the level-2 pages that the devices are in. */
  pagesOf(base: number): number[] {
    const perPage = PAGE_BYTES / (this.dtes?.layout.bytes ?? 1);
    return this.facts.saidDevices.slice(0, MAX_COMPARED).flatMap(({ deviceId }) => {
      const entry = this.level1.read(base + Math.floor(deviceId / perPage) * LEVEL1_ENTRY_BYTES);
      return entry === undefined ? [] : [this.level1.field(entry, "page-address") ?? 0];
    });
  }

  /** Address of a DTE of a two-level table. */
  private page(base: number, deviceId: number): number | undefined {
    const bytes = this.dtes?.layout.bytes ?? 1;
    const perPage = PAGE_BYTES / bytes;
    const entry = this.level1.read(base + Math.floor(deviceId / perPage) * LEVEL1_ENTRY_BYTES);
    if (entry === undefined || !this.level1.isValid(entry)) return undefined;
    return (this.level1.field(entry, "page-address") ?? 0) + (deviceId % perPage) * bytes;
  }
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
