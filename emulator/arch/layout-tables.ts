import { type LayoutName, layouts, NO_DOORBELL } from "../../architecture/index.ts";
import { EntryCodec } from "../entries/entry-codec.ts";
import { type EntryField, entryField, entryLayout, optionalField } from "../entries/entry-field.ts";
import type { GuestMemory } from "../memory/guest-memory.ts";
import {
  type CollectionEntry,
  type DeviceEntry,
  type EventEntry,
  Found,
  type TableHome,
  type VpeEntry,
} from "./table-home.ts";
import { type Level1, NO_PAGE, TablePlace } from "./table-place.ts";

/** Raw value of an ITE's type field that means a physical interrupt, in every layout that has the field. */
const PHYSICAL = 1;
/** DeviceIDs, ICIDs and vPEIDs that an ITS of this model takes: 16 bits. */
export const MAX_IDS = 65536;

/** What a layout can hold. */
export interface LayoutCapacity {
  readonly deviceBytes: number;
  readonly eventBytes: number;
  readonly collectionBytes: number;
  /** 0 where the layout has no vPE table. */
  readonly vpeBytes: number;
  /** Whether tables may have two levels. */
  readonly twoLevel: boolean;
  /** Whether the collection table may: entries in no order are in one flat run. */
  readonly twoLevelCollections: boolean;
  /** First INTID that an ITE has no room for. */
  readonly intids: number;
}

/**
 * Tables in guest memory in any declared layout, read at every lookup and kept nowhere else. The layout alone decides sizes and bits.
 *
 * Two kinds of field exist for a host that saves its tables, and have a reading here chosen for tables that are live:
 * a packed collection table (kvm-rev0) is a list that ends at its first invalid entry, searched from the start, with the last entry
 * moved into the gap that an unmap leaves; distances to the next entry (`next`) are left 0, because a live table is never walked.
 */
export class LayoutTables implements TableHome {
  readonly capacity: LayoutCapacity;
  readonly devices: TablePlace;
  readonly collections: TablePlace;
  readonly vpes: TablePlace;
  private readonly memory: GuestMemory;

  private readonly dte: EntryCodec;
  private readonly dteAddress: EntryField;
  private readonly dteSize: EntryField;
  private readonly ite: EntryCodec;
  private readonly iteIntid: EntryField;
  private readonly iteIcid: EntryField;
  private readonly iteType: EntryField | undefined;
  private readonly iteVpe: EntryField | undefined;
  private readonly iteDoorbell: EntryField | undefined;
  private readonly cte: EntryCodec;
  private readonly cteTarget: EntryField;
  private readonly cteIcid: EntryField | undefined;
  private readonly vte: EntryCodec | undefined;
  private readonly vteTarget: EntryField | undefined;
  private readonly vteAddress: EntryField | undefined;
  private readonly vteSize: EntryField | undefined;

  /** @throws RangeError for a layout without devices, events or collections */
  constructor(memory: GuestMemory, name: LayoutName) {
    this.memory = memory;
    const [dte, ite, cte] = [entryLayout(name, "device"), entryLayout(name, "itt"), entryLayout(name, "collection")];
    this.dte = new EntryCodec(dte);
    this.dteAddress = entryField(dte, "ITT_addr");
    this.dteSize = entryField(dte, "Size");
    this.ite = new EntryCodec(ite);
    this.iteIntid = entryField(ite, "INTID", "pINTID", "vLPI");
    this.iteIcid = entryField(ite, "ICID");
    this.iteType = optionalField(ite, "type");
    this.iteVpe = optionalField(ite, "vPEID");
    this.iteDoorbell = optionalField(ite, "doorbell");
    this.cte = new EntryCodec(cte);
    this.cteTarget = entryField(cte, "RDbase");
    this.cteIcid = optionalField(cte, "ICID");
    const vte = layouts[name].entries.vpe;
    this.vte = vte && new EntryCodec(vte);
    this.vteTarget = vte && entryField(vte, "RDbase");
    this.vteAddress = vte && entryField(vte, "VPT_addr");
    this.vteSize = vte && entryField(vte, "VPT_size");
    const level1 = level1Of(name);
    this.devices = new TablePlace(memory, this.dte.bytes, level1);
    this.collections = new TablePlace(memory, this.cte.bytes, this.cte.packed ? undefined : level1);
    this.vpes = new TablePlace(memory, this.vte?.bytes ?? 1, level1);
    this.capacity = {
      deviceBytes: this.dte.bytes,
      eventBytes: this.ite.bytes,
      collectionBytes: this.cte.bytes,
      vpeBytes: this.vte?.bytes ?? 0,
      twoLevel: level1 !== undefined,
      twoLevelCollections: level1 !== undefined && !this.cte.packed,
      intids: this.iteIntid.max + 1,
    };
  }

  /** Reads an entry of an indexed table into its codec. */
  private load(place: TablePlace, codec: EntryCodec, id: number): Found {
    if (id >= place.entries) return Found.outOfRange;
    const address = place.address(id);
    if (address < 0) return address === NO_PAGE ? Found.unmapped : Found.fault;
    if (!codec.load(this.memory, address)) return Found.fault;
    return codec.valid ? Found.mapped : Found.unmapped;
  }

  /** Writes the entry in a codec to an indexed table. */
  private store(place: TablePlace, codec: EntryCodec, id: number): Found {
    if (id >= place.entries) return Found.outOfRange;
    const address = place.address(id);
    if (address < 0) return address === NO_PAGE ? Found.outOfRange : Found.fault;
    return codec.store(this.memory, address) ? Found.mapped : Found.fault;
  }

  readDevice(deviceId: number, into: DeviceEntry): Found {
    const found = this.load(this.devices, this.dte, deviceId);
    if (found !== Found.mapped) return found;
    into.ittAddress = this.dteAddress.meaning(this.dte.words);
    into.eventBits = this.dteSize.meaning(this.dte.words);
    return found;
  }

  writeDevice(deviceId: number, entry: DeviceEntry | undefined): Found {
    const { dte } = this;
    if (entry === undefined) dte.beginInvalid();
    else {
      dte.begin();
      this.dteAddress.setMeaning(dte.words, entry.ittAddress);
      this.dteSize.setMeaning(dte.words, entry.eventBits);
    }
    return this.store(this.devices, dte, deviceId);
  }

  /** Where the entry of an event is. */
  eventAddress(device: Pick<DeviceEntry, "ittAddress">, eventId: number): number {
    return device.ittAddress + eventId * this.ite.bytes;
  }

  readEvent(device: DeviceEntry, eventId: number, into: EventEntry): Found {
    const { ite } = this;
    if (!ite.load(this.memory, this.eventAddress(device, eventId))) return Found.fault;
    if (!ite.valid) return Found.unmapped;
    const { words } = ite;
    into.virtual = this.iteType !== undefined && this.iteType.raw(words) !== PHYSICAL;
    into.intid = this.iteIntid.raw(words);
    into.icid = this.iteIcid.raw(words);
    into.vpeId = this.iteVpe?.raw(words) ?? 0;
    into.doorbell = this.iteDoorbell?.raw(words) ?? NO_DOORBELL;
    return Found.mapped;
  }

  writeEvent(device: DeviceEntry, eventId: number, entry: EventEntry | undefined): Found {
    const { ite } = this;
    if (entry === undefined) ite.beginInvalid();
    else {
      ite.begin();
      this.iteType?.setRaw(ite.words, entry.virtual ? 0 : PHYSICAL);
      this.iteIntid.setRaw(ite.words, entry.intid);
      this.iteIcid.setRaw(ite.words, entry.icid);
      this.iteVpe?.setRaw(ite.words, entry.vpeId);
      this.iteDoorbell?.setRaw(ite.words, entry.doorbell);
    }
    return ite.store(this.memory, this.eventAddress(device, eventId)) ? Found.mapped : Found.fault;
  }

  /** Index of a collection's entry in a packed table; of the end of the list when it has none; -1 on a fault. */
  private searchPacked(icid: number): number {
    const { cte, collections } = this;
    for (let index = 0; index < collections.entries; index++) {
      this.memory.pace.take(1);
      if (!cte.load(this.memory, collections.address(index))) return -1;
      if (!cte.valid || this.cteIcid?.raw(cte.words) === icid) return index;
    }
    return collections.entries;
  }

  /** Where the entry of a mapped collection is. */
  collectionAddress(icid: number): number {
    return this.collections.address(this.cte.packed ? this.searchPacked(icid) : icid);
  }

  /** An ICID has room in a packed table, too, when it is below the number of entries: so the table can never be too small. */
  readCollection(icid: number, into: CollectionEntry): Found {
    const { cte, collections } = this;
    if (icid >= collections.entries) return Found.outOfRange;
    let found: Found;
    if (cte.packed) {
      const index = this.searchPacked(icid);
      if (index < 0) return Found.fault;
      found = index < collections.entries && cte.valid ? Found.mapped : Found.unmapped;
    } else found = this.load(collections, cte, icid);
    if (found === Found.mapped) into.target = this.cteTarget.raw(cte.words);
    return found;
  }

  writeCollection(icid: number, entry: CollectionEntry | undefined): Found {
    const { cte, collections } = this;
    if (icid >= collections.entries) return Found.outOfRange;
    const index = cte.packed ? this.searchPacked(icid) : icid;
    if (index < 0) return Found.fault;
    if (entry === undefined) {
      if (cte.packed) return this.removePacked(index);
      cte.beginInvalid();
    } else {
      cte.begin();
      this.cteTarget.setRaw(cte.words, entry.target);
      this.cteIcid?.setRaw(cte.words, icid);
    }
    return this.store(collections, cte, index);
  }

  /** Every mapped collection once, in the order of the table. */
  eachCollection(visit: (icid: number, target: number) => void): void {
    const { cte, collections, cteIcid } = this;
    for (let index = 0; index < collections.entries; index++) {
      this.memory.pace.take(1);
      const found = this.load(collections, cte, index);
      if (found === Found.mapped) visit(cteIcid?.raw(cte.words) ?? index, this.cteTarget.raw(cte.words));
      else if (cte.packed) return;
    }
  }

  private removePacked(index: number): Found {
    const { cte, collections, memory } = this;
    if (index >= collections.entries || !cte.valid) return Found.mapped;
    let last = index;
    while (last + 1 < collections.entries) {
      memory.pace.take(1);
      if (!cte.load(memory, collections.address(last + 1))) return Found.fault;
      if (!cte.valid) break;
      last++;
    }
    if (!cte.load(memory, collections.address(last)) || !cte.store(memory, collections.address(index)))
      return Found.fault;
    cte.beginInvalid();
    return this.store(collections, cte, last);
  }

  readVpe(vpeId: number, into: VpeEntry): Found {
    return this.readVpeAt(this.vpes, vpeId, into);
  }

  /** A VTE of a table that is not the ITS's own: redistributors have theirs in GICR_VPROPBASER. */
  readVpeAt(place: TablePlace, vpeId: number, into: VpeEntry): Found {
    const { vte, vteTarget, vteAddress, vteSize } = this;
    if (vte === undefined || !vteTarget || !vteAddress || !vteSize) return Found.outOfRange;
    const found = this.load(place, vte, vpeId);
    if (found !== Found.mapped) return found;
    into.target = vteTarget.raw(vte.words);
    into.pendingTable = vteAddress.meaning(vte.words);
    into.intidBits = vteSize.meaning(vte.words);
    return found;
  }

  writeVpe(vpeId: number, entry: VpeEntry | undefined): Found {
    const { vte } = this;
    if (vte === undefined) return Found.outOfRange;
    if (entry === undefined) vte.beginInvalid();
    else {
      vte.begin();
      this.vteTarget?.setRaw(vte.words, entry.target);
      this.vteAddress?.setMeaning(vte.words, entry.pendingTable);
      this.vteSize?.setMeaning(vte.words, entry.intidBits);
    }
    return this.store(this.vpes, vte, vpeId);
  }
}

function level1Of(name: LayoutName): Level1 | undefined {
  const layout = layouts[name].entries.level1;
  if (layout === undefined) return undefined;
  return { codec: new EntryCodec(layout), address: entryField(layout, "Address") };
}

/** A place for a vPE table in a layout, for redistributors. */
export function vpeTablePlace(memory: GuestMemory, name: LayoutName): TablePlace {
  return new TablePlace(memory, layouts[name].entries.vpe?.bytes ?? 1, level1Of(name));
}
