import { FIRST_LPI } from "../../architecture/intids.ts";
import { EntryReader } from "../captures/entry-reader.ts";
import type { CaptureDevice, CaptureEvent } from "../captures/report.ts";
import { type CheckedCollection, type CheckedTables, ID_BITS } from "./checked-tables.ts";
import type { FindingPlace, Findings } from "./finding.ts";

/** Rules about single entries, and about what they name of other tables. */
export function checkEntries(tables: CheckedTables, findings: Findings): void {
  checkPages(tables, findings);
  checkCollections(tables, findings);
  checkDevices(tables, findings);
}

function checkPages({ pages, facts }: CheckedTables, findings: Findings): void {
  const pageBytes = BigInt(facts.tables.get("device")?.pageBytes ?? 1);
  const byBase = new Map<number, FindingPlace>();
  for (const { page, address, entry, base } of pages) {
    const place: FindingPlace = { table: "level-1 device table", address, word: entry, page };
    const known = byBase.get(base);
    if (known === undefined) byBase.set(base, place);
    else findings.add({ rule: "L-27-shared-page", place, other: known });
    // All between the valid bit and the page's address is RES0, too.
    if (((entry & ~(1n << 63n)) % pageBytes) + ((entry & ~(1n << 63n)) >> 52n) !== 0n) {
      findings.add({ rule: "L-27-page-bits", place });
    }
  }
}

function placeOfCte({ icid, address, entry }: CheckedCollection): FindingPlace {
  return { table: "collection table", address, word: entry, icid };
}

function checkCollections({ collections, facts, layout }: CheckedTables, findings: Findings): void {
  const { pes } = facts;
  const bytes = facts.tables.get("collection")?.bytes;
  const isList = layout.entries.collection?.indexedBy === "packed";
  const limit = bytes === undefined ? 2 ** ID_BITS : bytes / (layout.entries.collection?.bytes ?? 1);
  const first = new Map<number, FindingPlace>();
  let behind: CheckedCollection | undefined;
  let behindCount = 0;
  for (const collection of collections) {
    const { icid, target, isBehindEnd } = collection;
    if (isBehindEnd) {
      behind ??= collection;
      behindCount++;
      continue;
    }
    const place = placeOfCte(collection);
    if (target !== undefined && pes > 0 && target >= pes) {
      findings.add({ rule: "L-25-no-pe", place, value: target, limit: pes });
    }
    const known = first.get(icid);
    if (known === undefined) first.set(icid, place);
    else findings.add({ rule: "L-25-duplicate-icid", place, other: known });
    if (isList && icid >= limit) findings.add({ rule: "L-25-icid-range", place, value: icid, limit });
  }
  if (behind !== undefined) {
    findings.add({ rule: "L-25-behind-the-end", place: placeOfCte(behind), count: behindCount });
  }
}

function checkDevices(tables: CheckedTables, findings: Findings): void {
  const { collections, report, layout } = tables;
  const itt = layout.entries.itt;
  if (itt === undefined) return;
  const events = new EntryReader(itt, tables.memory);
  const byIcid = new Map<number, CheckedCollection>();
  for (const collection of collections) if (!collection.isBehindEnd) byIcid.set(collection.icid, collection);
  /** Events by ICID of a collection without a PE: the first, and how many. */
  const idle = new Map<number, { readonly place: FindingPlace; count: number }>();
  for (const device of report.devices) {
    const { deviceId, address, entry, eventBits } = device;
    if (eventBits > ID_BITS) {
      const place: FindingPlace = { table: "device table", address, word: entry, device: deviceId };
      findings.add({ rule: "dte-size", place, value: eventBits, limit: ID_BITS });
    }
    for (const event of device.events) {
      const place = placeOfEvent(device, event);
      checkIntid(tables, event, place, findings);
      const distance = events.field(event.entry, "next") ?? 0;
      if (event.eventId + distance >= 2 ** eventBits) {
        findings.add({ rule: "L-24-next-range", place, value: event.eventId + distance, limit: 2 ** eventBits });
      }
      if (event.icid === undefined) continue;
      const collection = byIcid.get(event.icid);
      if (collection === undefined) {
        if (tables.knowsCollections) findings.add({ rule: "L-26-no-cte", place, value: event.icid });
      } else if (collection.target === undefined) {
        const known = idle.get(event.icid);
        if (known === undefined) idle.set(event.icid, { place, count: 1 });
        else known.count++;
      }
    }
  }
  for (const [icid, { place, count }] of idle) {
    const collection = byIcid.get(icid);
    if (collection !== undefined) {
      findings.add({ rule: "L-28-no-target", place: placeOfCte(collection), other: place, count });
    }
  }
}

/** Where the ITE of an event is. */
export function placeOfEvent(device: CaptureDevice, { eventId, address, entry, intid }: CaptureEvent): FindingPlace {
  return { table: "ITT", address, word: entry, device: device.deviceId, event: eventId, intid };
}

function checkIntid({ facts }: CheckedTables, event: CaptureEvent, place: FindingPlace, findings: Findings): void {
  // A virtual event has an LPI of its guest.
  if (event.vpe !== undefined) return;
  const { intid } = event;
  const { intidBits } = facts;
  if (intid < FIRST_LPI) findings.add({ rule: "L-24-no-lpi", place, value: intid });
  else if (intidBits !== undefined && intid >= 2 ** intidBits) {
    findings.add({ rule: "L-17-intid-range", place, value: intid, limit: 2 ** intidBits });
  }
}
