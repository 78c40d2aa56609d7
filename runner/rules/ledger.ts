import type { DeviceState, EventState, ItsTables } from "../../emulator/index.ts";
import { PagedNumbers } from "./paged-numbers.ts";

/** EventIDs that are followed: no ITS that is emulated has more. */
const MOST_EVENTS = 2 ** 16;
/** Candidates that are looked at for one answer. */
const MOST_LOOKS = 4096;
/** Bytes of the stretches of memory that devices are found by. */
const STRETCH = 0x1_0000;
/** Stretches that one ITT is entered in, at most. */
const MOST_STRETCHES = 64;

/** Keys that a {@link KeyList} holds before it looks for those that it holds twice. */
const FEW_KEYS = 1024;

/** An event that is mapped. */
export interface MappedEvent {
  readonly device: number;
  readonly event: EventState;
}

/** A number for an event of a device; undefined for an EventID that is not followed. */
export function eventKey(device: number, event: number): number | undefined {
  return event < MOST_EVENTS ? device * MOST_EVENTS + event : undefined;
}

/**
 * Finds what an ITS has mapped by what it is mapped to: events of an LPI or a collection, devices by the memory of their ITT. What
 * commands have named is remembered as candidates, and each answer is the ITS's own: a candidate that is mapped otherwise by now is
 * passed over. So nothing has to be taken back when the machine is.
 */
export class MappingLedger {
  /** Nearly every LPI has one event: the first one that was mapped to it, and all of those that have had more. */
  private readonly byIntid = new PagedNumbers();
  private readonly moreByIntid = new Map<number, Set<number>>();
  private readonly byIcid = new Map<number, KeyList>();
  private readonly byStretch = new Map<number, Set<number>>();

  /** Whether an event was ever mapped to an LPI. */
  names(intid: number): boolean {
    return !Number.isNaN(this.byIntid.get(intid));
  }

  /** An event is mapped to a collection. @param key see {@link eventKey} */
  addToCollection(key: number, icid: number): void {
    const of = this.byIcid.get(icid) ?? new KeyList();
    if (of.keys.length === 0) this.byIcid.set(icid, of);
    of.add(key);
  }

  /** An event is mapped to an LPI. @param key see {@link eventKey} */
  addToLpi(key: number, intid: number): void {
    const known = this.byIntid.get(intid);
    if (Number.isNaN(known)) this.byIntid.set(intid, key);
    else if (known !== key) {
      const more = this.moreByIntid.get(intid);
      if (more === undefined) this.moreByIntid.set(intid, new Set([known, key]));
      else more.add(key);
    }
  }

  addDevice(device: number, from: number, bytes: number): void {
    for (const stretch of stretches(from, bytes)) {
      const there = this.byStretch.get(stretch);
      if (there === undefined) this.byStretch.set(stretch, new Set([device]));
      else there.add(device);
    }
  }

  /** An event that is mapped to an LPI, other than the one that is given. */
  eventOf(intid: number, tables: ItsTables, but: number | undefined): MappedEvent | undefined {
    const known = this.byIntid.get(intid);
    if (Number.isNaN(known)) return undefined;
    const keys = this.moreByIntid.get(intid) ?? [known];
    return firstMapped(keys, tables, but, (event) => event.intid === intid && event.virtual === undefined);
  }

  /** An event that is mapped to a collection. */
  eventIn(icid: number, tables: ItsTables): MappedEvent | undefined {
    return firstMapped(this.byIcid.get(icid)?.keys ?? [], tables, undefined, (event) => event.icid === icid);
  }

  /** A device whose ITT shares memory with a stretch, other than the one that is given. @param bytesOf size of an ITT */
  deviceAt(
    from: number,
    bytes: number,
    tables: ItsTables,
    but: number,
    bytesOf: (device: DeviceState) => number,
  ): DeviceState | undefined {
    let looks = 0;
    for (const stretch of stretches(from, bytes)) {
      for (const id of this.byStretch.get(stretch) ?? []) {
        if (id === but) continue;
        if (++looks > MOST_LOOKS) return undefined;
        const device = tables.device(id);
        if (device === undefined) continue;
        const { ittAddress } = device;
        if (ittAddress < from + bytes && from < ittAddress + bytesOf(device)) return device;
      }
    }
    return undefined;
  }
}

/** Keys in the order in which they came. One may stand in it twice: to look for it each time would cost more than the whole command. */
class KeyList {
  keys: number[] = [];
  private most = FEW_KEYS;

  add(key: number): void {
    if (this.keys.length >= this.most) {
      this.keys = [...new Set(this.keys)];
      this.most = Math.max(2 * this.keys.length, FEW_KEYS);
    }
    this.keys.push(key);
  }
}

function firstMapped(
  keys: Iterable<number>,
  tables: ItsTables,
  but: number | undefined,
  wanted: (event: EventState) => boolean,
): MappedEvent | undefined {
  let looks = 0;
  for (const key of keys) {
    if (key === but) continue;
    if (++looks > MOST_LOOKS) return undefined;
    const device = Math.floor(key / MOST_EVENTS);
    const event = tables.event(device, key % MOST_EVENTS);
    if (event !== undefined && wanted(event)) return { device, event };
  }
  return undefined;
}

function* stretches(from: number, bytes: number): Iterable<number> {
  const first = Math.floor(from / STRETCH);
  const last = Math.min(Math.floor((from + bytes - 1) / STRETCH), first + MOST_STRETCHES);
  for (let stretch = first; stretch <= last; stretch++) yield stretch;
}
