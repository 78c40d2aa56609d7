import type { TableLayouts } from "../../../architecture/layout.ts";
import { architectureLevel1, LEVEL1_ENTRY_BYTES } from "../../../architecture/layouts/level1.ts";
import type { CaptureMemory } from "../capture-memory.ts";
import { EntryReader } from "../entry-reader.ts";
import type { CaptureFacts } from "../facts.ts";
import type { CaptureDevice, SaidFinding } from "../report.ts";
import type { SaidDevice, SaidEvent } from "./said-events.ts";

type Difference = Pick<SaidFinding, "kind" | "said" | "found"> & { readonly address: number };

/** Compares devices and events that files say to be mapped with those of the tables in memory. */
export function compareSaid(
  facts: CaptureFacts,
  devices: readonly CaptureDevice[],
  memory: CaptureMemory,
  layout: TableLayouts,
): SaidFinding[] {
  const noDevice = (deviceId: number): SaidFinding["kind"] =>
    isEntryKnown(facts, memory, layout, deviceId) ? "no device" : "not in the capture";
  const byId = new Map(devices.map((device) => [device.deviceId, device]));
  const place = ({ address, ...difference }: Difference) => {
    const source = memory.sourceOf(address);
    return { ...difference, address, ...(source && { file: source.file }) };
  };
  const found = facts.saidDevices.flatMap((said): SaidFinding[] => {
    const { deviceId, source } = said;
    const device = byId.get(deviceId);
    const base = { source, deviceId, eventId: undefined };
    if (device === undefined) return [{ ...base, kind: noDevice(deviceId) }];
    const differences = deviceDifferences(said, device);
    if (differences.length === 0) return [{ ...base, kind: "agrees" }];
    return differences.map((difference) => ({ ...base, ...place(difference) }));
  });
  const saidById = new Map<number, SaidEvent[]>();
  for (const said of facts.saidEvents) {
    const known = saidById.get(said.deviceId);
    if (known === undefined) saidById.set(said.deviceId, [said]);
    else known.push(said);
  }
  for (const [deviceId, all] of saidById) {
    const device = byId.get(deviceId);
    const events = new Map(device?.events.map((event) => [event.eventId, event]));
    for (const said of all) {
      const { eventId, source } = said;
      const base = { source, deviceId, eventId };
      const event = events.get(eventId);
      if (device === undefined) found.push({ ...base, kind: noDevice(deviceId) });
      else if (event === undefined) {
        const isKnown = device.knownEvents >= 2 ** device.eventBits;
        found.push({ ...base, kind: isKnown ? "no event" : "not in the capture" });
      } else {
        const difference = eventDifference(said, event);
        found.push({ ...base, ...(difference === undefined ? { kind: "agrees" } : place(difference)) });
      }
    }
  }
  return found;
}

/** Whether the capture has the bytes that say whether a device is mapped. */
function isEntryKnown(facts: CaptureFacts, memory: CaptureMemory, layout: TableLayouts, deviceId: number): boolean {
  const table = facts.tables.get("device");
  const { device, level1 } = layout.entries;
  if (table === undefined || device === undefined) return false;
  if (!table.indirect) {
    const offset = deviceId * device.bytes;
    return (
      (table.bytes !== undefined && offset >= table.bytes) ||
      memory.read(table.address + offset, device.bytes) !== undefined
    );
  }
  const perPage = Math.floor(table.pageBytes / device.bytes);
  const offset = Math.floor(deviceId / perPage) * LEVEL1_ENTRY_BYTES;
  if (table.bytes !== undefined && offset >= table.bytes) return true;
  const pages = new EntryReader(level1 ?? architectureLevel1, memory);
  const page = pages.read(table.address + offset);
  if (page === undefined || !pages.isValid(page)) return page !== undefined;
  return (
    memory.read((pages.field(page, "page-address") ?? 0) + (deviceId % perPage) * device.bytes, device.bytes) !==
    undefined
  );
}

function deviceDifferences(said: SaidDevice, { address, ittAddress, eventBits }: CaptureDevice): Difference[] {
  const found: Difference[] = [];
  if (said.itt !== undefined && said.itt !== ittAddress)
    found.push({ kind: "other ITT", said: said.itt, found: ittAddress, address });
  if (said.eventBits !== eventBits)
    found.push({ kind: "other EventID bits", said: said.eventBits, found: eventBits, address });
  return found;
}

function eventDifference(said: SaidEvent, event: CaptureDevice["events"][number]): Difference | undefined {
  const { intid, icid, target, address } = event;
  if (said.intid !== intid) return { kind: "other INTID", said: said.intid, found: intid, address };
  if (said.icid !== undefined && icid !== undefined && said.icid !== icid)
    return { kind: "other ICID", said: said.icid, found: icid, address };
  if (said.target !== undefined && typeof target === "number" && said.target !== target)
    return { kind: "other PE", said: said.target, found: target, address };
  return undefined;
}
