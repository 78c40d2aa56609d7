import type { CaptureDevice, CaptureEvent } from "../../dumps/captures/index.ts";
import { finish } from "../../dumps/work.ts";
import { inputDetail, problemNotes } from "../../server/tables/compare.ts";
import { type FileAccess, readTables } from "../../server/tables/read-input.ts";
import type { TablesInput } from "../../server/tables-protocol.ts";

/** Notes that are answered. */
const MOST_NOTES = 50;

/** The mapped events of a capture. */
export interface CapturedEvents {
  readonly heading: string;
  readonly notes: readonly string[];
  readonly count: number;
  /** An event as JSON has it. @param at from 0, below `count` */
  readonly row: (at: number) => Readonly<Record<string, unknown>>;
}

/** Every mapped event of a capture, with where it goes. A device without one is a row, too. @throws InputProblem */
export function capturedEvents(name: string, input: TablesInput, access: FileAccess): CapturedEvents {
  const tables = finish(readTables(input, access));
  const several = tables.itss.length > 1;
  const events: { readonly its: number; readonly device: CaptureDevice; readonly event: CaptureEvent | undefined }[] =
    [];
  for (const [its, { report }] of tables.itss.entries()) {
    for (const device of report.devices) {
      if (device.events.length === 0) events.push({ its, device, event: undefined });
      for (const event of device.events) events.push({ its, device, event });
    }
  }
  const all = problemNotes(tables);
  const notes = all.slice(0, MOST_NOTES);
  if (all.length > notes.length) notes.push(`and ${all.length - notes.length} more notes.`);
  return {
    heading: `${name}: ${inputDetail(tables)}`,
    notes,
    count: events.length,
    row: (at) => {
      const { its, device, event } = events[at];
      return { ...(several ? { its } : {}), ...eventJson(device, event) };
    },
  };
}

function eventJson(device: CaptureDevice, event: CaptureEvent | undefined): Readonly<Record<string, unknown>> {
  const deviceId = hex(device.deviceId);
  if (event === undefined)
    return { deviceId, ittAddress: hex(device.ittAddress), eventBits: device.eventBits, events: "none" };
  const { eventId, intid, icid, vpe, target, property, pending, pendingUnknown, address, interrupt } = event;
  return {
    deviceId,
    eventId,
    intid,
    ...(icid === undefined ? { vpe } : { icid, target }),
    ...(property === undefined
      ? { enabled: "unknown" }
      : { enabled: (property & 1) === 1, priority: hex(property & 0xfc) }),
    ...(pending.length === 0 && pendingUnknown.length > 0 ? { pending: "unknown" } : { pending }),
    address: hex(address),
    ...(interrupt === undefined ? {} : { linux: `irq ${interrupt.irq ?? "?"} ${interrupt.actions}` }),
  };
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
