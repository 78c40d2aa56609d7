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

/** Told of the entry that RESTORE_TABLES fails at, before anything is undone. @param errno positive */
export type RestoreWitness = (entry: FoundEntry, errno: number, check: RestoreCheck) => void;
