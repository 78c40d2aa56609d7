import { FIRST_LPI } from "../../architecture/intids.ts";
import { PENDING_TABLE_RESERVED_BYTES } from "../../architecture/layouts/lpi.ts";
import type { CaptureMemory } from "../captures/capture-memory.ts";
import { placeOfEvent } from "./check-entries.ts";
import type { CheckedTables } from "./checked-tables.ts";
import type { FindingPlace, Findings } from "./finding.ts";
import type { RuleId } from "./rules.ts";

/** Bytes of a table that are read at a time. */
const CHUNK = 0x1_0000;

/** Rules that need to know every event there is. */
const rulesOfAllEvents: readonly RuleId[] = ["L-29-enabled-unmapped", "L-30-pending-unmapped"];

/**
 * Rules about LPIs, which the ITSs of a guest share.
 * @returns rules that could not be checked because some ITTs are not known
 */
export function checkLpis(itss: readonly CheckedTables[], findings: Findings): readonly RuleId[] {
  const mapped = new Map<number, FindingPlace>();
  let isWhole = true;
  for (const { report, facts } of itss) {
    isWhole &&= facts.tables.has("device") && report.leftOut === 0;
    // Devices may be mapped in what is missing of the device table.
    isWhole &&= !report.missing.some(({ what }) => /device table|level-2 page/.test(what));
    for (const device of report.devices) {
      isWhole &&= device.knownEvents >= 2 ** device.eventBits;
      for (const event of device.events) {
        if (event.vpe !== undefined) continue;
        const place = placeOfEvent(device, event);
        const known = mapped.get(event.intid);
        if (known === undefined) mapped.set(event.intid, place);
        else findings.add({ rule: "L-29-lpi-twice", place, other: known });
      }
    }
  }
  const [{ facts, memory }] = itss;
  const { pendingTables, propertyTables, propertyTable, intids } = facts;
  checkSharing(pendingTables, propertyTables, findings);
  for (const [pe, { address }] of pendingTables) checkReserved(memory, pe, address, findings);
  if (!isWhole) return rulesOfAllEvents;
  if (propertyTable !== undefined) {
    const { address } = propertyTable;
    const runs = new Runs("L-29-enabled-unmapped", (intid) => ({
      table: "LPI configuration table",
      address: address + intid - FIRST_LPI,
      intid,
    }));
    for (const [at, byte] of bytesNotZero(memory, address, address + intids - FIRST_LPI)) {
      const intid = at - address + FIRST_LPI;
      if ((byte & 1) === 1 && !mapped.has(intid)) runs.add(intid, findings);
    }
    runs.end(findings);
  }
  for (const [pe, { address }] of pendingTables) {
    const runs = new Runs("L-30-pending-unmapped", (intid) => ({
      table: "LPI pending table",
      address: address + (intid >>> 3),
      intid,
      pe,
    }));
    for (const [at, byte] of bytesNotZero(memory, address + PENDING_TABLE_RESERVED_BYTES, address + intids / 8)) {
      for (let bit = 0; bit < 8; bit++) {
        const intid = (at - address) * 8 + bit;
        if (((byte >>> bit) & 1) === 1 && !mapped.has(intid)) runs.add(intid, findings);
      }
    }
    runs.end(findings);
  }
  return [];
}

/** INTIDs one after another become one finding. */
class Runs {
  private first = -1;
  private last = -1;
  private readonly rule: RuleId;
  private readonly placeOf: (intid: number) => FindingPlace;

  constructor(rule: RuleId, placeOf: (intid: number) => FindingPlace) {
    this.rule = rule;
    this.placeOf = placeOf;
  }

  add(intid: number, findings: Findings): void {
    if (intid !== this.last + 1) {
      this.end(findings);
      this.first = intid;
    }
    this.last = intid;
  }

  end(findings: Findings): void {
    if (this.first < 0) return;
    findings.add({ rule: this.rule, place: this.placeOf(this.first), count: this.last - this.first + 1 });
    this.first = -1;
  }
}

function* bytesNotZero(memory: CaptureMemory, from: number, to: number): Generator<[address: number, byte: number]> {
  for (const span of memory.known(from, to)) {
    for (let at = span.from; at < span.to; at += CHUNK) {
      const bytes = memory.read(at, Math.min(CHUNK, span.to - at)) ?? new Uint8Array();
      for (let place = 0; place < bytes.length; place++) if (bytes[place] !== 0) yield [at + place, bytes[place]];
    }
  }
}

function checkReserved(memory: CaptureMemory, pe: number, address: number, findings: Findings): void {
  let count = 0;
  let first: number | undefined;
  for (const [at] of bytesNotZero(memory, address, address + PENDING_TABLE_RESERVED_BYTES)) {
    first ??= at;
    count++;
  }
  if (first === undefined) return;
  findings.add({ rule: "L-30-first-kib", place: { table: "LPI pending table", address: first, pe }, count });
}

function checkSharing(
  pendingTables: ReadonlyMap<number, { readonly address: number }>,
  propertyTables: ReadonlyMap<number, { readonly address: number }>,
  findings: Findings,
): void {
  const byAddress = new Map<number, FindingPlace>();
  for (const [pe, { address }] of pendingTables) {
    const place: FindingPlace = { table: "LPI pending table", address, pe };
    const known = byAddress.get(address);
    if (known === undefined) byAddress.set(address, place);
    else findings.add({ rule: "L-32-shared-pending", place, other: known });
  }
  let believed: FindingPlace | undefined;
  for (const [pe, { address }] of propertyTables) {
    const place: FindingPlace = { table: "LPI configuration table", address, pe };
    believed ??= place;
    if (address !== believed.address) findings.add({ rule: "F-08-property-tables", place, other: believed });
  }
}
