import { FIRST_LPI } from "../../architecture/intids.ts";
import type { AddressSpan } from "../captures/facts.ts";
import type { CaptureDevice } from "../captures/report.ts";
import { type CheckedTables, ID_BITS, spanOf } from "./checked-tables.ts";
import type { FindingPlace, Findings } from "./finding.ts";

/** A table or an ITT, and the memory that it takes. */
export interface TakenPlace extends FindingPlace, AddressSpan {}

/** Bytes of a device's ITT. */
export function ittBytes({ layout }: Pick<CheckedTables, "layout">, { eventBits }: CaptureDevice): number {
  return 2 ** Math.min(eventBits, ID_BITS) * (layout.entries.itt?.bytes ?? 0);
}

/** All memory that the tables of some ITSs take, the LPI tables that they share among it. Pages that are named twice are here once. */
export function takenPlaces(itss: readonly CheckedTables[]): TakenPlace[] {
  const places: TakenPlace[] = [];
  for (const tables of itss) {
    const { facts, memory, pages, report } = tables;
    for (const table of facts.tables.values()) {
      const kind = table.kind === "vpe" ? "vPE table" : (`${table.kind} table` as const);
      const name = table.kind === "device" && table.indirect ? "level-1 device table" : kind;
      const { from, to } = spanOf(table, memory);
      // One whose length nothing says is a page long at least; what is known behind that may be anything.
      const end = table.bytes === undefined ? Math.min(to, from + table.pageBytes) : to;
      places.push({ table: name, address: table.address, from, to: end });
    }
    const bases = new Set<number>();
    const pageBytes = facts.tables.get("device")?.pageBytes ?? 0;
    for (const { page, base } of pages) {
      if (bases.has(base)) continue;
      bases.add(base);
      places.push({ table: "level-2 page", address: base, page, from: base, to: base + pageBytes });
    }
    const { commandQueue, commandQueueBytes = 0 } = facts;
    if (commandQueue !== undefined) {
      const from = commandQueue.address;
      places.push({ table: "command queue", address: from, from, to: from + commandQueueBytes });
    }
    for (const device of report.devices) {
      const from = device.ittAddress;
      places.push({ table: "ITT", address: from, device: device.deviceId, from, to: from + ittBytes(tables, device) });
    }
  }
  return [...places, ...lpiPlaces(itss[0])];
}

function lpiPlaces({ facts }: CheckedTables): TakenPlace[] {
  const places: TakenPlace[] = [];
  const tables = new Set<number>();
  const { propertyTable, propertyTables, pendingTables, intids } = facts;
  for (const { address } of [...(propertyTable === undefined ? [] : [propertyTable]), ...propertyTables.values()]) {
    if (tables.has(address)) continue;
    tables.add(address);
    places.push({ table: "LPI configuration table", address, from: address, to: address + intids - FIRST_LPI });
  }
  const pending = new Set<number>();
  for (const [pe, { address }] of pendingTables) {
    // That one has two PEs is a rule of its own.
    if (pending.has(address)) continue;
    pending.add(address);
    places.push({ table: "LPI pending table", address, pe, from: address, to: address + intids / 8 });
  }
  return places;
}

/** Memory that two tables take: each place is compared with the one that reaches furthest of those that begin before it. */
export function checkOverlaps(places: readonly TakenPlace[], findings: Findings): void {
  let furthest: TakenPlace | undefined;
  for (const place of places.toSorted((a, b) => a.from - b.from)) {
    if (place.from >= place.to) continue;
    if (furthest !== undefined && place.from < furthest.to) {
      findings.add({ rule: "L-05-overlap", place: placeOf(place), other: placeOf(furthest) });
    }
    if (furthest === undefined || place.to > furthest.to) furthest = place;
  }
}

/** Tables that are not RAM as a whole, where it is known what is. */
export function checkRam(places: readonly TakenPlace[], ram: readonly AddressSpan[], findings: Findings): void {
  if (ram.length === 0) return;
  const windows = ram.toSorted((a, b) => a.from - b.from);
  for (const place of places) {
    if (place.from >= place.to || covers(windows, place)) continue;
    const rule = place.table === "level-2 page" ? "L-27-outside-ram" : "L-31-outside-ram";
    findings.add({ rule, place: placeOf(place) });
  }
}

function covers(windows: readonly AddressSpan[], { from, to }: AddressSpan): boolean {
  let at = from;
  for (const window of windows) if (window.from <= at) at = Math.max(at, window.to);
  return at >= to;
}

function placeOf({ from: _from, to: _to, ...place }: TakenPlace): FindingPlace {
  return place;
}
