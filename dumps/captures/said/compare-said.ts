import { FIRST_LPI } from "../../../architecture/intids.ts";
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
  for (const finding of compareLpis(facts, devices))
    found.push({ ...finding, ...(finding.address !== undefined && place({ ...finding, address: finding.address })) });
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
  found.push(...eventsNotSaid(facts, devices, memory, saidById));
  return found;
}

/**
 * Compares LPIs as a GIC has them with configuration bytes and collections: a GIC reads the byte when an LPI is mapped and by INV, so that
 * they differ where that was not done. What agrees is not told: the events are.
 */
function* compareLpis(facts: CaptureFacts, devices: readonly CaptureDevice[]): Generator<SaidFinding> {
  if (facts.saidLpis.length === 0) return;
  const lpis = new Map(facts.saidLpis.map((lpi) => [lpi.intid, lpi]));
  for (const { deviceId, events } of devices) {
    for (const { eventId, intid, vpe, property, target, address } of events) {
      const lpi = vpe === undefined ? lpis.get(intid) : undefined;
      if (lpi === undefined) continue;
      const base = { source: lpi.source, deviceId, eventId };
      if (property !== undefined && facts.propertyTable !== undefined) {
        const at = facts.propertyTable.address + intid - FIRST_LPI;
        const [enabled, priority] = [property & 1, property & 0xfc];
        if (enabled !== Number(lpi.enabled))
          yield { ...base, kind: "other Enable", said: Number(lpi.enabled), found: enabled, address: at };
        if (priority !== lpi.priority)
          yield { ...base, kind: "other priority", said: lpi.priority, found: priority, address: at };
      }
      if (typeof target === "number" && lpi.target !== undefined && lpi.target !== target)
        yield { ...base, kind: "other PE", said: lpi.target, found: target, address };
    }
  }
}

/**
 * Events of the tables that vgic-its-state does not have, which has every event that the kernel has translated by a collection with a PE. A trace
 * may begin late, and has not all of them.
 */
function* eventsNotSaid(
  facts: CaptureFacts,
  devices: readonly CaptureDevice[],
  memory: CaptureMemory,
  saidById: ReadonlyMap<number, readonly SaidEvent[]>,
): Generator<SaidFinding> {
  const file = facts.saidDevices.find(({ itt }) => itt === undefined)?.source.file;
  if (file === undefined) return;
  for (const { deviceId, events } of devices) {
    const said = new Set(
      saidById
        .get(deviceId)
        ?.filter(({ source }) => source.file === file)
        .map(({ eventId }) => eventId),
    );
    for (const { eventId, target, address } of events) {
      if (typeof target !== "number" || said.has(eventId)) continue;
      const place = memory.sourceOf(address);
      const source = { file, line: 0 };
      yield { source, deviceId, eventId, kind: "in the tables alone", address, ...(place && { file: place.file }) };
    }
  }
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
