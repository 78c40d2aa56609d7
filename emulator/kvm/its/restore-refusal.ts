/** Tables that RESTORE_TABLES walks. */
export type RestoredTable = "collection table" | "device table" | "level-1 device table" | "ITT" | "vPE table";

/** What RESTORE_TABLES asks of an entry before it takes it. */
export type RestoreCheck =
  | "the entry is in RAM"
  | "the vPE table is empty"
  | "RDbase is a PE"
  | "the ICID is new"
  | "the ICID has a place"
  | "the Size is possible"
  | "the DeviceID has 16 bits"
  | "the DeviceID has a place"
  | "the pINTID is an LPI"
  | "next stays in the ITT"
  | "the ICID exists"
  | "the EventID has a place"
  | "the LPI can be made"
  | "there is room";

/** An entry as a walk through its table finds it. */
export interface FoundEntry {
  readonly table: RestoredTable;
  /** Guest physical address. */
  readonly address: number;
  /** Where the walk stood before: it has read the entries from there on, and passed over those that are not valid. */
  readonly passedFrom: number;
  /** First 8 bytes; of no meaning when they are not in RAM. */
  readonly low: number;
  readonly high: number;
  /** DeviceID, EventID or index of a level-2 page; of no meaning in the collection table and the vPE table. */
  readonly id: number;
  /** The device that an ITT is of. */
  readonly owner: IttOwner | undefined;
}

export interface IttOwner {
  readonly deviceId: number;
  readonly eventBits: number;
}

/** Watches RESTORE_TABLES. An entry that it is given changes when the walk goes on. */
export interface RestoreWitness {
  /** Told of the entry that the restore fails at, before anything is undone. @param errno positive */
  refused(entry: FoundEntry, errno: number, check: RestoreCheck): void;
  /** Told of each entry at which the walk stops, before it is taken: a valid one, or the first of its table. */
  met?(entry: FoundEntry): void;
  /** Told of a table whose last entries were read and are not valid. @param from,to their addresses */
  ended?(table: RestoredTable, from: number, to: number): void;
}
