import { FIRST_LPI } from "../../../architecture/intids.ts";
import type { TableLayouts } from "../../../architecture/layout.ts";
import { architectureLevel1, LEVEL1_ENTRY_BYTES } from "../../../architecture/layouts/level1.ts";
import type { Work } from "../../work.ts";
import type { CaptureMemory } from "../capture-memory.ts";
import { EntryReader } from "../entry-reader.ts";
import type { CaptureFacts, TablePlace } from "../facts.ts";
import type { Source } from "../source.ts";
import { packedTargets } from "../targets.ts";

/** Pages of the tables of KVM's ITS, which begin at multiples of them (arch/arm64/kvm/vgic/vgic-its.c GITS_BASER_PAGE_SIZE_64K). */
const PAGE_BYTES = 0x1_0000;
/** GICR_PROPBASER.Physical_Address has 4 KiB. */
const PROPERTY_ALIGNMENT = 0x1000;
/** DeviceIDs of KVM's ITS (GITS_TYPER.Devbits). */
const DEVICE_IDS = 0x1_0000;
/** Places that are looked at, of all the memory: 4 GiB in steps of 4 KiB. */
const MAX_PLACES = 0x10_0000;
const PLACES_A_STEP = 256;
/** Devices and LPIs that a place is compared with. */
const MAX_COMPARED = 256;

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
  const told: Told[] = [];
  // Traces have registers; a text without ITTs is KVM's.
  const devices = facts.saidDevices.filter(({ itt }) => itt === undefined);
  if (layout === undefined) return told;
  const tell = (what: string, source: Source, places: readonly number[], evidence: string): boolean => {
    const at = places.map(hex);
    const [only, second] = at;
    if (only !== undefined && second === undefined)
      told.push({
        file: source.file,
        message: `${what} is taken to be at ${only}, the one place where ${evidence}; no register says so`,
      });
    else if (second !== undefined)
      told.push({
        file: source.file,
        message: `${what} may be at ${at.slice(0, 4).join(", ")}${at.length > 4 ? ", …" : ""}: ${evidence} at each of them, so none is taken`,
      });
    return only !== undefined && second === undefined;
  };
  if (devices.length > 0 && !facts.tables.has("device")) {
    const finder = new DeviceTables(memory, layout, facts);
    const found: TablePlace[] = [];
    for (const address of yield* placesOf(memory, PAGE_BYTES)) {
      for (const indirect of [true, false])
        if (finder.isTable(address, indirect)) found.push(finder.place(address, indirect));
      yield;
    }
    // The page of a two-level table looks as a flat one does.
    const pages = new Set(found.flatMap((place) => (place.indirect ? finder.pagesOf(place.address) : [])));
    const tables = found.filter(({ address, indirect }) => indirect || !pages.has(address));
    const [{ source }] = devices;
    const evidence = `${devices.length} ${devices.length === 1 ? "device stands" : "devices stand"} as said with ITTs and LPIs`;
    if (
      tell(
        "the device table",
        source,
        tables.map(({ address }) => address),
        evidence,
      )
    )
      facts.setTable(tables[0]);
    else if (tables.length === 0)
      told.push({
        file: source.file,
        message:
          "no register and no log says where the device table is, and its devices are not found in the memory: KVM writes them there by KVM_DEV_ARM_ITS_SAVE_TABLES alone",
      });
  }
  const { collection } = layout.entries;
  const targets = new Map(
    facts.saidEvents.flatMap(({ icid, target }) =>
      icid === undefined || target === undefined ? [] : [[icid, target]],
    ),
  );
  if (
    devices.length > 0 &&
    targets.size > 0 &&
    collection !== undefined &&
    !facts.tables.has("collection") &&
    facts.tables.has("device")
  ) {
    const reader = new EntryReader(collection, memory);
    const [{ source }] = devices;
    const found: TablePlace[] = [];
    for (const address of yield* placesOf(memory, PAGE_BYTES)) {
      const place: TablePlace = {
        kind: "collection",
        address,
        indirect: false,
        entryBytes: collection.bytes,
        pageBytes: PAGE_BYTES,
        bytes: undefined,
        seen: PAGE_BYTES,
        source,
      };
      const there = packedTargets(place, reader, facts).targets;
      if ([...targets].every(([icid, pe]) => there.get(icid) === pe)) found.push(place);
      yield;
    }
    if (
      tell(
        "the collection table",
        source,
        found.map(({ address }) => address),
        `its ${targets.size} ICIDs stand with their PEs`,
      )
    )
      facts.setTable(found[0]);
  }
  const lpis = facts.saidLpis.slice(0, MAX_COMPARED);
  if (lpis.length > 0 && facts.propertyTable === undefined && facts.tables.has("device")) {
    const [{ source }] = lpis;
    const found: number[] = [];
    for (const address of yield* placesOf(memory, PROPERTY_ALIGNMENT)) {
      const fits = lpis.every(({ intid, enabled, priority }) => {
        const byte = memory.read(address + intid - FIRST_LPI, 1)?.[0];
        return byte !== undefined && (byte & 0xfc) === priority && (byte & 1) === Number(enabled);
      });
      if (fits) found.push(address);
      yield;
    }
    if (
      tell("the LPI configuration table", source, found, `${lpis.length} LPIs have the bytes that they have in the GIC`)
    )
      facts.propertyTable = { address: found[0], source };
    else if (found.length === 0) {
      const message = `no register and no log says where the LPI configuration table is, and no place in the memory has the bytes that ${lpis.length} LPIs have in the GIC`;
      told.push({ file: source.file, message });
    }
  }
  return told;
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
  private readonly level1: EntryReader;
  private readonly dtes: EntryReader | undefined;
  private readonly ites: EntryReader | undefined;
  private readonly events = new Map<
    number,
    { readonly eventId: number; readonly intid: number; readonly icid: number | undefined }[]
  >();

  constructor(memory: CaptureMemory, { entries }: TableLayouts, facts: CaptureFacts) {
    this.facts = facts;
    this.level1 = new EntryReader(entries.level1 ?? architectureLevel1, memory);
    this.dtes = entries.device && new EntryReader(entries.device, memory);
    this.ites = entries.itt && new EntryReader(entries.itt, memory);
    for (const event of facts.saidEvents) {
      const known = this.events.get(event.deviceId);
      if (known === undefined) this.events.set(event.deviceId, [event]);
      else if (known.length < MAX_COMPARED) known.push(event);
    }
  }

  isTable(base: number, indirect: boolean): boolean {
    const { dtes, ites } = this;
    if (dtes === undefined || ites === undefined) return false;
    let seen = 0;
    for (const { deviceId, eventBits, itt } of this.facts.saidDevices.slice(0, MAX_COMPARED)) {
      if (itt !== undefined) continue;
      const table = indirect ? this.page(base, deviceId) : base + deviceId * dtes.layout.bytes;
      const entry = table === undefined ? undefined : dtes.read(table);
      if (entry === undefined || !dtes.isValid(entry) || dtes.field(entry, "event-bits") !== eventBits) return false;
      const itts = dtes.field(entry, "itt-address") ?? 0;
      for (const { eventId, intid, icid } of this.events.get(deviceId) ?? []) {
        const event = ites.read(itts + eventId * ites.layout.bytes);
        if (event === undefined) continue;
        if (!ites.isValid(event) || ites.field(event, "intid") !== intid || ites.field(event, "icid") !== icid)
          return false;
        seen++;
      }
    }
    return seen > 0;
  }

  place(address: number, indirect: boolean): TablePlace {
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
    return this.facts.saidDevices.flatMap(({ deviceId }) => {
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
