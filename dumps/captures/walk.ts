import { defaultBases } from "../../architecture/bases.ts";
import { FIRST_LPI } from "../../architecture/intids.ts";
import type { TableLayouts } from "../../architecture/layout.ts";
import { architectureLevel1, LEVEL1_ENTRY_BYTES } from "../../architecture/layouts/level1.ts";
import { offsetOf } from "../../architecture/registers/index.ts";
import type { Work } from "../work.ts";
import type { CaptureMemory } from "./capture-memory.ts";
import { EntryReader } from "./entry-reader.ts";
import type { CaptureFacts, InterruptLine, TablePlace } from "./facts.ts";
import { interruptsByEvent, keyOfEvent } from "./interrupts.ts";
import type { CaptureDevice, CaptureEvent, Missing } from "./report.ts";
import { packedTargets, peOfTarget } from "./targets.ts";

/** Devices and events that a report holds at most. */
const MAX_DEVICES = 65_536;
const MAX_EVENTS = 262_144;
/** Bytes of tables that are looked through at most: level-1 entries can name one page again and again, and DTEs one ITT. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_MISSING = 1000;

const NOT_PENDING = { pending: [], pendingUnknown: [] } as const;

/** What a walk by one layout finds. */
export interface Walk {
  readonly devices: readonly CaptureDevice[];
  readonly missing: readonly Missing[];
  readonly leftOut: number;
  /** Events that make sense, and entries that make none, see {@link isSound}. */
  readonly sound: number;
  readonly unsound: number;
}

/**
 * Walks from the tables' places, by one layout: level 1, level 2, DTE, ITT, ITE, CTE, configuration byte, pending bits. What is not in the
 * memory is noted and passed over.
 */
export class TableWalk {
  private readonly facts: CaptureFacts;
  private readonly memory: CaptureMemory;
  private readonly missing = new Map<string, Missing>();
  private readonly devices: CaptureDevice[] = [];
  private readonly interrupts: ReadonlyMap<string, InterruptLine>;
  private readonly collections: EntryReader | undefined;
  private readonly events: EntryReader | undefined;
  private readonly deviceReader: EntryReader | undefined;
  private readonly level1: EntryReader;
  private packed: ReadonlyMap<number, number> | undefined;
  private eventCount = 0;
  private looked = 0;
  private leftOut = 0;
  private sound = 0;
  private unsound = 0;

  constructor(layout: TableLayouts, memory: CaptureMemory, facts: CaptureFacts) {
    this.facts = facts;
    this.memory = memory;
    const { device, itt, collection, level1 } = layout.entries;
    this.deviceReader = device && new EntryReader(device, memory);
    this.events = itt && new EntryReader(itt, memory);
    this.collections = collection && new EntryReader(collection, memory);
    this.level1 = new EntryReader(level1 ?? architectureLevel1, memory);
    this.interrupts = interruptsByEvent(facts.interrupts);
  }

  *run(): Work<Walk> {
    const table = this.facts.tables.get("device");
    if (table !== undefined && this.deviceReader !== undefined) {
      for (const found of this.entriesOf(table, this.deviceReader)) {
        if (this.devices.length >= MAX_DEVICES || this.looked > MAX_BYTES || this.eventCount >= MAX_EVENTS) {
          // How many more there are is not counted: level-1 entries can name one page again and again.
          this.leftOut++;
          break;
        }
        yield* this.device(found.id, found.address, found.entry, this.deviceReader);
        yield;
      }
    }
    if (this.eventCount > 0) this.missRegisters();
    const { devices, leftOut, sound, unsound } = this;
    return { devices, missing: [...this.missing.values()], leftOut, sound, unsound };
  }

  /** Valid entries of a table, flat or in two levels, as far as its bytes are known. */
  private *entriesOf(
    table: TablePlace,
    reader: EntryReader,
  ): Generator<{ id: number; address: number; entry: bigint }> {
    if (!table.indirect) {
      for (const { from, to } of this.parts(`the ${table.kind} table`, table.address, table.bytes ?? table.seen)) {
        yield* reader.valid(table.address, 0, from, to);
      }
      return;
    }
    const perPage = Math.floor(table.pageBytes / reader.layout.bytes);
    for (const { from, to } of this.parts(
      `level 1 of the ${table.kind} table`,
      table.address,
      table.bytes ?? table.seen,
    )) {
      for (const { id: page, entry } of this.level1.valid(table.address, 0, from, to)) {
        const address = this.level1.field(entry, "page-address") ?? 0;
        const first = page * perPage;
        const what = `level-2 page of ${reader.layout.index}s ${hex(first)} to ${hex(first + perPage - 1)}`;
        for (const part of this.parts(what, address, table.pageBytes)) {
          yield* reader.valid(address, first, part.from, part.to);
        }
      }
    }
  }

  /** Known parts of a table, to be looked through; what is unknown is noted. @param bytes undefined: as far as its bytes go on */
  private parts(what: string, address: number, bytes: number | undefined): readonly { from: number; to: number }[] {
    const [first] = bytes === undefined ? this.memory.known(address, Number.MAX_SAFE_INTEGER) : [];
    const end =
      bytes === undefined ? (first?.from === address ? first.to : address + LEVEL1_ENTRY_BYTES) : address + bytes;
    const known = this.memory.known(address, end);
    let at = address;
    for (const { from, to } of known) {
      if (from > at) this.miss(what, at, from - at);
      at = to;
      this.looked += to - from;
    }
    if (at < end) this.miss(what, at, end - at);
    if (this.looked <= MAX_BYTES && this.eventCount < MAX_EVENTS) return known;
    this.leftOut++;
    return [];
  }

  /** Registers that would tell the place of a table. Where nothing says it, their frames are taken to be where QEMU's `virt` board has them. */
  private missRegisters(): void {
    const { facts } = this;
    if (!facts.tables.has("collection")) {
      const its = facts.its?.address ?? defaultBases.its;
      this.miss("GITS_BASER<n>, which say where the collection table is", its + offsetOf("GITS_BASER0"), 64);
    }
    if (facts.propertyTable !== undefined && facts.pendingTables.size > 0) return;
    const base = facts.redistributors.get(0)?.address ?? defaultBases.gicr;
    const what = "GICR_PROPBASER and GICR_PENDBASER of each PE, which say where the LPI tables are; of PE 0";
    this.miss(what, base + offsetOf("GICR_PROPBASER"), 16);
  }

  private miss(what: string, address: number, bytes: number): void {
    const known = this.missing.get(what);
    if (known === undefined && this.missing.size >= MAX_MISSING) this.leftOut++;
    else if (known === undefined) this.missing.set(what, { what, address, bytes });
    else {
      const from = Math.min(known.address, address);
      const to = Math.max(known.address + known.bytes, address + bytes);
      this.missing.set(what, { what, address: from, bytes: to - from });
    }
  }

  private *device(deviceId: number, address: number, entry: bigint, reader: EntryReader): Work<void> {
    const ittAddress = reader.field(entry, "itt-address") ?? 0;
    const eventBits = reader.field(entry, "event-bits") ?? 0;
    const { events: itt } = this;
    const events: CaptureEvent[] = [];
    let knownEvents = 0;
    if (eventBits > 16) this.unsound++;
    else if (itt !== undefined) {
      const what = `ITT of DeviceID ${hex(deviceId)}`;
      for (const { from, to } of this.parts(what, ittAddress, 2 ** eventBits * itt.layout.bytes)) {
        knownEvents += Math.floor((to - from) / itt.layout.bytes);
        for (const found of itt.valid(ittAddress, 0, from, to)) {
          if (this.eventCount++ >= MAX_EVENTS) this.leftOut++;
          else events.push(this.event(deviceId, found.id, found.address, found.entry, itt));
          if (this.eventCount % 1024 === 0) yield;
        }
      }
    }
    this.devices.push({ deviceId, address, entry, ittAddress, eventBits, knownEvents, events });
  }

  private event(deviceId: number, eventId: number, address: number, entry: bigint, itt: EntryReader): CaptureEvent {
    const intid = itt.field(entry, "intid") ?? 0;
    const isVirtual = itt.raw(entry, "event-type") === 0;
    const icid = isVirtual ? undefined : itt.field(entry, "icid");
    const target = icid === undefined ? "unknown" : this.targetOf(icid);
    const event: CaptureEvent = {
      eventId,
      address,
      entry,
      intid,
      vpe: isVirtual ? itt.field(entry, "vpeid") : undefined,
      icid,
      target,
      property: isVirtual ? undefined : this.propertyOf(intid),
      ...(isVirtual ? NOT_PENDING : this.pendingOf(intid)),
      interrupt: this.interrupts.get(keyOfEvent(deviceId, eventId)),
    };
    if (this.isSound(event)) this.sound++;
    else this.unsound++;
    return event;
  }

  /** Whether an entry is one that software could have made: an LPI that there is, in a collection that goes to a PE that there is. */
  private isSound({ intid, vpe, target }: CaptureEvent): boolean {
    const { pendingTables, intids } = this.facts;
    if (intid < FIRST_LPI || intid >= intids) return false;
    if (vpe !== undefined || target === "unknown") return true;
    return target !== "not mapped" && (pendingTables.size === 0 || pendingTables.has(target));
  }

  private targetOf(icid: number): CaptureEvent["target"] {
    const table = this.facts.tables.get("collection");
    const { collections } = this;
    if (table === undefined || collections === undefined) return "unknown";
    if (collections.layout.indexedBy === "packed")
      return this.packedTargets(table, collections).get(icid) ?? "not mapped";
    const address = this.addressOf(table, collections, icid);
    if (address === undefined) return "unknown";
    const entry = collections.read(address);
    if (entry === undefined) {
      this.miss(`CTE of ICID ${hex(icid)}`, address, collections.layout.bytes);
      return "unknown";
    }
    return collections.isValid(entry) ? peOfTarget(collections.field(entry, "target") ?? 0, this.facts) : "not mapped";
  }

  private packedTargets(table: TablePlace, collections: EntryReader): ReadonlyMap<number, number> {
    if (this.packed !== undefined) return this.packed;
    const { targets, unknownFrom } = packedTargets(table, collections, this.facts);
    if (unknownFrom !== undefined) this.miss("the collection table", unknownFrom, collections.layout.bytes);
    this.packed = targets;
    return targets;
  }

  /** Where the entry of an id is in a table, or undefined where the level-2 page is unknown or does not exist. */
  private addressOf(table: TablePlace, reader: EntryReader, id: number): number | undefined {
    if (!table.indirect) return table.address + id * reader.layout.bytes;
    const perPage = Math.floor(table.pageBytes / reader.layout.bytes);
    const page = this.level1.read(table.address + Math.floor(id / perPage) * LEVEL1_ENTRY_BYTES);
    if (page === undefined || !this.level1.isValid(page)) return undefined;
    return (this.level1.field(page, "page-address") ?? 0) + (id % perPage) * reader.layout.bytes;
  }

  private propertyOf(intid: number): number | undefined {
    const { propertyTable } = this.facts;
    if (propertyTable === undefined || intid < FIRST_LPI) return undefined;
    const address = propertyTable.address + intid - FIRST_LPI;
    const found = this.memory.read(address, 1);
    if (found === undefined) this.miss("the LPI configuration table", address, 1);
    return found?.[0];
  }

  private pendingOf(intid: number): Pick<CaptureEvent, "pending" | "pendingUnknown"> {
    const pending: number[] = [];
    const pendingUnknown: number[] = [];
    for (const [pe, { address }] of this.facts.pendingTables) {
      const at = address + Math.floor(intid / 8);
      const byte = this.memory.read(at, 1)?.[0];
      if (byte === undefined) {
        pendingUnknown.push(pe);
        this.miss(`the LPI pending table of PE ${pe}`, at, 1);
      } else if (((byte >>> (intid % 8)) & 1) === 1) pending.push(pe);
    }
    return { pending, pendingUnknown };
  }
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
