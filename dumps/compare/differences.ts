/** What became of a thing from A to B. */
export type Change = "added" | "lost" | "changed";

/** A device that only one side has, or whose DTE says something else. */
export interface DeviceDifference {
  readonly its: number;
  readonly change: Change;
  readonly deviceId: number;
  readonly a: DeviceSide | undefined;
  readonly b: DeviceSide | undefined;
}

export interface DeviceSide {
  /** Of the DTE. */
  readonly address: number;
  readonly entry: bigint;
  readonly ittAddress: number;
  readonly eventBits: number;
  /** Mapped events. */
  readonly events: number;
}

/** An event that only one side has, or that goes elsewhere. Those of a device that only one side has are not told one by one. */
export interface EventDifference {
  readonly its: number;
  readonly change: Change;
  readonly deviceId: number;
  readonly eventId: number;
  readonly a: EventSide | undefined;
  readonly b: EventSide | undefined;
}

export interface EventSide {
  /** Of the ITE. */
  readonly address: number;
  readonly entry: bigint;
  readonly intid: number;
  readonly icid: number | undefined;
  readonly vpe: number | undefined;
  /** PE that it goes to, or why none is known. */
  readonly target: number | "not mapped" | "unknown";
}

/** A collection that only one side has, or that goes to another PE. */
export interface CollectionDifference {
  readonly its: number;
  readonly change: Change;
  readonly icid: number;
  readonly a: CollectionSide | undefined;
  readonly b: CollectionSide | undefined;
  /** Events of A that go to another PE for this alone. */
  readonly events: number;
}

export interface CollectionSide {
  readonly address: number;
  readonly entry: bigint;
  /** Undefined: no PE. */
  readonly target: number | undefined;
}

/** Entries that mean the same and are different words: in `next` alone, or in bits that mean nothing. */
export interface WordDifference {
  readonly its: number;
  readonly kind: "next" | "other bits";
  readonly table: "device table" | "ITT";
  readonly deviceId: number;
  readonly eventId: number | undefined;
  readonly a: { readonly address: number; readonly entry: bigint };
  readonly b: { readonly address: number; readonly entry: bigint };
}

/** LPIs one after another that differ in the same way. */
export interface LpiDifference {
  readonly kind: "configuration" | "pending";
  readonly first: number;
  readonly last: number;
  /** Of a pending bit. */
  readonly pe: number | undefined;
  /** Configuration bytes, or 0 and 1. */
  readonly a: number;
  readonly b: number;
  /** Bytes of the first of them. */
  readonly addressA: number;
  readonly addressB: number;
  /** Whether an event of A or B is mapped to the first of them. */
  readonly mapped: boolean;
}

/** A register that both sides have. */
export interface RegisterDifference {
  readonly name: string;
  readonly a: bigint;
  readonly b: bigint;
}

/** Where a table is. */
export interface PlaceDifference {
  readonly its: number;
  readonly table: string;
  readonly a: PlaceSide | undefined;
  readonly b: PlaceSide | undefined;
}

export interface PlaceSide {
  readonly address: number;
  readonly levels: 1 | 2;
  readonly bytes: number | undefined;
}

/** What one side has and the other does not know. */
export interface NotCompared {
  readonly what: "device" | "event" | "collection" | "LPI configuration" | "pending table" | "register" | "rest";
  readonly count: number;
}

/** How two guests' tables and registers differ. */
export interface Differences {
  readonly places: readonly PlaceDifference[];
  readonly devices: readonly DeviceDifference[];
  readonly events: readonly EventDifference[];
  readonly collections: readonly CollectionDifference[];
  readonly lpis: readonly LpiDifference[];
  readonly registers: readonly RegisterDifference[];
  /** Not differences in what is mapped. */
  readonly words: readonly WordDifference[];
  readonly notCompared: readonly NotCompared[];
  /** ITSs of A and B, where they are not as many. */
  readonly itss: readonly [number, number] | undefined;
}

/** Whether anything differs that means something. */
export function differ({ places, devices, events, collections, lpis, registers, itss }: Differences): boolean {
  const lists = [places, devices, events, collections, lpis, registers];
  return itss !== undefined || lists.some((list) => list.length > 0);
}
