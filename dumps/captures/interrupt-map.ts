import { extractMeaning } from "../../architecture/field.ts";
import { lpiEnable, lpiPriority } from "../../architecture/layouts/lpi.ts";
import type { CaptureEvent, CaptureReport } from "./report.ts";

/** Events that a map has at most. */
const MAX_EVENTS = 65_536;

/** An event of a device, and where its MSIs go. Numbers alone, so that a capture and a running machine give the same. */
export interface MapEvent {
  readonly eventId: number;
  /** LPI; of a virtual event the virtual one. */
  readonly intid: number;
  readonly icid?: number;
  readonly vpe?: number;
  /** The PE that it goes to, or why there is none. */
  readonly target: number | "not mapped" | "unknown";
  /** Absent: not known. */
  readonly enabled?: boolean;
  readonly priority?: number;
  /** PEs at which it is pending. */
  readonly pending: readonly number[];
  /** What the guest's kernel calls it. */
  readonly name?: string;
  /** Where its ITE stands; absent where the tables are not in memory. */
  readonly address?: number;
  /** Of a running machine: it is another than at the stop before. */
  readonly changed?: boolean;
}

export interface MapDevice {
  readonly its: number;
  readonly deviceId: number;
  readonly address?: number;
  readonly events: readonly MapEvent[];
}

/** Which interrupts go where: device → event → LPI → collection → PE. */
export interface InterruptMap {
  readonly devices: readonly MapDevice[];
  /** PEs that there are; 0 = nothing says it. */
  readonly pes: number;
  /** Events that are left out because there are too many. */
  readonly leftOut: number;
}

/** The map of a guest. @param reports one an ITS */
export function interruptMap(reports: readonly CaptureReport[], pes: number): InterruptMap {
  let room = MAX_EVENTS;
  let leftOut = 0;
  const devices = reports.flatMap(({ devices }, its) =>
    devices.map(({ deviceId, address, events }): MapDevice => {
      const kept = events.slice(0, room);
      room -= kept.length;
      leftOut += events.length - kept.length;
      return { its, deviceId, address, events: kept.map(mapEvent) };
    }),
  );
  return { devices, pes, leftOut };
}

function mapEvent({
  eventId,
  intid,
  icid,
  vpe,
  target,
  property,
  pending,
  interrupt,
  address,
}: CaptureEvent): MapEvent {
  const byte = property === undefined ? undefined : BigInt(property);
  const name = interrupt?.actions;
  return {
    eventId,
    intid,
    ...(icid === undefined ? {} : { icid }),
    ...(vpe === undefined ? {} : { vpe }),
    target,
    ...(byte === undefined
      ? {}
      : { enabled: extractMeaning(byte, lpiEnable) === 1n, priority: Number(extractMeaning(byte, lpiPriority)) }),
    pending,
    ...(name === undefined || name === "" ? {} : { name }),
    address,
  };
}
