import type { TableLayouts } from "../../architecture/layout.ts";
import type { Conflict } from "./capture-memory.ts";
import type { InterruptLine, Source } from "./facts.ts";
import type { SizeFinding } from "./said/entry-sizes.ts";

/** A mapped event of a device. */
export interface CaptureEvent {
  readonly eventId: number;
  /** Address of the ITE, and all its bytes as one number. */
  readonly address: number;
  readonly entry: bigint;
  /** LPI; of a virtual event the virtual one. */
  readonly intid: number;
  /** vPEID of a virtual event. */
  readonly vpe: number | undefined;
  /** Of a physical event. */
  readonly icid: number | undefined;
  /** What the collection table says of the ICID: the PE that it goes to, or why there is none. */
  readonly target: number | "not mapped" | "unknown";
  /** Configuration byte of a physical LPI; undefined when it is not in the capture. */
  readonly property: number | undefined;
  /** PEs in whose pending tables its bit is set, of those that are in the capture. */
  readonly pending: readonly number[];
  /** PEs whose bit of it is not in the capture. */
  readonly pendingUnknown: readonly number[];
  /** What /proc/interrupts says of it. */
  readonly interrupt: InterruptLine | undefined;
}

/** A mapped device. */
export interface CaptureDevice {
  readonly deviceId: number;
  /** Address of the DTE, and its bytes as one number. */
  readonly address: number;
  readonly entry: bigint;
  readonly ittAddress: number;
  readonly eventBits: number;
  /** EventIDs whose ITEs are in the capture. */
  readonly knownEvents: number;
  readonly events: readonly CaptureEvent[];
}

/** Something that the capture does not have: the range from its first missing byte to its last one. */
export interface Missing {
  readonly what: string;
  readonly address: number;
  readonly bytes: number;
}

/** Where /proc/interrupts and the tables say something different, or cannot be compared. */
export interface InterruptFinding {
  readonly line: InterruptLine;
  readonly deviceId: number | undefined;
  readonly eventId: number;
  readonly kind:
    | "agrees"
    | "no device"
    | "no event"
    | "not in the capture"
    | "came elsewhere"
    | "other INTID"
    | "goes elsewhere"
    | "unknown device";
  /** PE that the event goes to. */
  readonly target: number | undefined;
  /** LPI of the event in the tables. */
  readonly intid?: number;
}

/** A fact that two files give differently. */
export interface Disagreement {
  readonly what: string;
  readonly believed: { readonly address: number; readonly source: Source };
  readonly other: { readonly address: number; readonly source: Source };
}

/** A register that two files give differently. */
export interface ValueDisagreement {
  readonly register: string;
  readonly believed: { readonly value: bigint; readonly source: Source };
  readonly other: { readonly value: bigint; readonly source: Source };
}

/** A device or an event that a file says to be mapped, compared with the tables in memory. */
export interface SaidFinding {
  /** Who says it. */
  readonly source: Source;
  readonly deviceId: number;
  /** Undefined where the device itself is compared. */
  readonly eventId: number | undefined;
  readonly kind:
    | "agrees"
    | "no device"
    | "no event"
    | "not in the capture"
    /** Of a file that has all events: the tables have one more. */
    | "in the tables alone"
    | "other ITT"
    | "other EventID bits"
    | "other INTID"
    | "other ICID"
    | "other PE"
    | "other priority"
    | "other Enable";
  /** What the file says, and what the tables have, where they differ. */
  readonly said?: number;
  readonly found?: number;
  /** The entry of the tables that differs, and the file that it is from. */
  readonly address?: number;
  readonly file?: string;
}

/** How well a layout explains a capture: events that make sense, and entries that make none. */
export interface LayoutScore {
  /** Name of the layout. */
  readonly layout: string;
  readonly sound: number;
  readonly unsound: number;
}

/** What a capture holds. */
export interface CaptureReport {
  readonly layout: TableLayouts;
  /** Of the layouts that were tried, the best first; one alone when it was given. */
  readonly scores: readonly LayoutScore[];
  /** Another layout explains the capture about as well. */
  readonly close: boolean;
  readonly devices: readonly CaptureDevice[];
  readonly missing: readonly Missing[];
  readonly interrupts: readonly InterruptFinding[];
  readonly conflicts: readonly Conflict[];
  readonly disagreements: readonly Disagreement[];
  readonly values: readonly ValueDisagreement[];
  /** Entries whose length is said to be another one than that of the layout. */
  readonly sizes: readonly SizeFinding[];
  /** Devices and events of traces and of vgic-its-state. */
  readonly said: readonly SaidFinding[];
  /** Files of bytes whose address nothing tells. */
  readonly unplaced: readonly string[];
  /** How often devices, ITTs, events or missing parts were left out because there are too many; a device may stand for all behind it. */
  readonly leftOut: number;
}
