/** What looking up a table entry came to. */
export const Found = {
  /** A valid entry. Writing: it is written. */
  mapped: 0,
  /** A place, but no valid entry in it. */
  unmapped: 1,
  /** The id has no place in the table. */
  outOfRange: 2,
  /** The entry, or the level-1 entry on the way to it, is in no memory. */
  fault: 3,
} as const;

export type Found = (typeof Found)[keyof typeof Found];

/** DTE. */
export interface DeviceEntry {
  /** Address of the ITT in bytes. */
  ittAddress: number;
  /** EventIDs of the device are 0 .. 2^eventBits - 1. */
  eventBits: number;
}

/** ITE. */
export interface EventEntry {
  virtual: boolean;
  /** LPI of a physical event, vLPI of a virtual one. */
  intid: number;
  /** Collection of a physical event. */
  icid: number;
  /** vPE of a virtual event. */
  vpeId: number;
  /** INTID of a virtual event's doorbell; 1023 = none. */
  doorbell: number;
}

/** CTE. */
export interface CollectionEntry {
  /** PE number. */
  target: number;
}

/** VTE. */
export interface VpeEntry {
  /** PE number. */
  target: number;
  /** Address of the virtual pending table in bytes. */
  pendingTable: number;
  /** The vPE has vINTIDs 0 .. 2^intidBits - 1. */
  intidBits: number;
}

export function newDevice(): DeviceEntry {
  return { ittAddress: 0, eventBits: 0 };
}

export function newEvent(): EventEntry {
  return { virtual: false, intid: 0, icid: 0, vpeId: 0, doorbell: 0 };
}

export function newVpe(): VpeEntry {
  return { target: 0, pendingTable: 0, intidBits: 0 };
}

/**
 * Where an ITS has its mappings: in tables in guest memory, read at every command, or in structures of its own that a host writes to
 * memory on request. Readers fill the object that they are given, so that a lookup makes none. `undefined` written for an entry
 * removes the mapping.
 *
 * @typeParam Found of a write: `mapped` = done, `outOfRange` = the id has no place (a two-level table lacks the page), `fault`.
 */
export interface TableHome {
  readDevice(deviceId: number, into: DeviceEntry): Found;
  writeDevice(deviceId: number, entry: DeviceEntry | undefined): Found;
  /** An event of a mapped device; the caller has checked the EventID against its Size. */
  readEvent(device: DeviceEntry, eventId: number, into: EventEntry): Found;
  writeEvent(device: DeviceEntry, eventId: number, entry: EventEntry | undefined): Found;
  readCollection(icid: number, into: CollectionEntry): Found;
  writeCollection(icid: number, entry: CollectionEntry | undefined): Found;
  readVpe(vpeId: number, into: VpeEntry): Found;
  writeVpe(vpeId: number, entry: VpeEntry | undefined): Found;
}
