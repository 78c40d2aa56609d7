import { layouts, roleField } from "../../architecture/index.ts";
import { EntryReader } from "../../dumps/captures/entry-reader.ts";
import type { AddressSpan } from "../../dumps/captures/index.ts";
import { placeOfEvent } from "../../dumps/checks/check-entries.ts";
import type { CheckedTables, Finding, FindingPlace, Findings } from "../../dumps/checks/index.ts";
import type { WalkWitness } from "../../emulator/index.ts";
import { firstGap } from "./spans.ts";

type Met = Parameters<NonNullable<WalkWitness["met"]>>[0];

/** Entries that a restore stops at at most; a table of wild bits has it read one ITT for each of its devices. */
export const MAX_MET = 1_000_000;
/** Ranges that are not known of which is told. */
const MAX_UNKNOWN = 100;

/** Ends a restore that reads too much. */
export class TooMuch extends Error {}

/** An entry of a chain, as it was when the restore met it. */
interface Link {
  readonly id: number;
  readonly next: number;
  readonly place: FindingPlace;
}

/** Watches the restore of one ITS: which entries it meets, how it comes to them, and what it reads that is not known. */
export class WalkWatch implements WalkWitness {
  /** What it reads and the capture does not have; the first hundred ranges. */
  readonly unknown: AddressSpan[] = [];
  /** Tables in which that is, and devices in whose ITTs. */
  readonly unknownTables = new Set<Met["table"]>();
  readonly unknownItts = new Set<number>();
  readonly devices = new Map<number, Link>();
  /** EventIDs by DeviceID, ascending. */
  readonly events = new Map<number, number[]>();
  /** Whether all is known that was read behind the last entry that was met. */
  private knowsDevicesEnd = true;
  private knowsEventsEnd = true;
  private count = 0;
  private device: Link | undefined;
  private event: Link | undefined;
  private readonly known: readonly AddressSpan[];
  private readonly chain: Findings;
  private readonly tables: CheckedTables;
  private readonly dtes: EntryReader;
  private readonly ites: EntryReader;

  /**
   * @param known ascending, joined
   * @param chain takes where a chain does not lead to the entry that comes next, and what the restore passes over
   */
  constructor(tables: CheckedTables, known: readonly AddressSpan[], chain: Findings) {
    const { device, itt } = layouts["kvm-rev0"].entries;
    if (device === undefined || itt === undefined) throw new Error("KVM's layout has DTEs and ITEs");
    this.tables = tables;
    this.known = known;
    this.chain = chain;
    this.dtes = new EntryReader(device, tables.memory);
    this.ites = new EntryReader(itt, tables.memory);
  }

  readonly met = (entry: Met): void => {
    if (++this.count > MAX_MET) throw new TooMuch();
    const isKnown = this.noteRead(entry.table, entry.passedFrom, entry.address + 8);
    if (entry.table === "device table") this.meetDevice(entry, isKnown);
    else if (entry.table === "ITT") this.meetEvent(entry, isKnown);
  };

  readonly ended = (table: Met["table"], from: number, to: number): void => {
    const isKnown = this.noteRead(table, from, to);
    if (table === "ITT") this.knowsEventsEnd &&= isKnown;
    else this.knowsDevicesEnd &&= isKnown;
  };

  /** After a restore that was not refused. */
  finish(): void {
    this.endEvents();
    if (this.device !== undefined && this.device.next > 0 && this.knowsDevicesEnd) this.leadsNowhere(this.device);
    this.device = undefined;
    for (const finding of this.passedOver()) this.chain.add(finding);
  }

  /** @returns whether all of a range is known */
  private noteRead(table: Met["table"], from: number, to: number): boolean {
    const gap = firstGap(this.known, from, to);
    if (gap === undefined) return true;
    if (this.unknown.length < MAX_UNKNOWN) this.unknown.push(gap);
    this.unknownTables.add(table);
    if (table === "ITT" && this.device !== undefined) this.unknownItts.add(this.device.id);
    return false;
  }

  private meetDevice({ id, address, low, high }: Met, isKnown: boolean): void {
    const word = wordOf(low, high);
    if (!this.dtes.isValid(word)) return;
    this.endEvents();
    const place: FindingPlace = { table: "device table", address, word, device: id };
    const link: Link = { id, next: this.dtes.field(word, "next") ?? 0, place };
    if (this.device !== undefined && isKnown && this.knowsDevicesEnd) this.leads(this.device, link);
    this.knowsDevicesEnd = true;
    this.device = link;
    this.devices.set(id, link);
  }

  private meetEvent({ id, address, low, high, owner }: Met, isKnown: boolean): void {
    const word = wordOf(low, high);
    if (!this.ites.isValid(word) || owner === undefined) return;
    const { deviceId } = owner;
    const intid = this.ites.field(word, "intid") ?? 0;
    const place: FindingPlace = { table: "ITT", address, word, device: deviceId, event: id, intid };
    const link: Link = { id, next: this.ites.field(word, "next") ?? 0, place };
    if (this.event !== undefined && isKnown) this.leads(this.event, link);
    this.event = link;
    const known = this.events.get(deviceId);
    if (known === undefined) this.events.set(deviceId, [id]);
    else known.push(id);
  }

  private endEvents(): void {
    // A next that leads out of the ITT is refused; one that leads to nothing in it ends the ITT without an error.
    if (this.event !== undefined && this.event.next > 0 && this.knowsEventsEnd) this.leadsNowhere(this.event);
    this.event = undefined;
    this.knowsEventsEnd = true;
  }

  private leadsNowhere({ id, next, place }: Link): void {
    this.chain.add({ rule: "L-23-next", place, value: id + next });
  }

  /** From one entry to the one that the restore meets next. */
  private leads(from: Link, to: Link): void {
    const target = from.id + from.next;
    if (target === to.id) return;
    const layout = (from.place.table === "ITT" ? this.ites : this.dtes).layout;
    const field = roleField(layout, "next");
    const isCapped = field !== undefined && from.next === 2 ** (field.msb - field.lsb + 1) - 1;
    // A capped next that leads to nothing is what a save writes; an uncapped one is not, unless what it led to is gone.
    if (!isCapped && to.id > target)
      this.chain.add({ rule: "L-23-next", place: from.place, other: to.place, value: target });
    else if (!isCapped)
      this.chain.add({ rule: "L-22-found-on-the-way", place: to.place, other: from.place, limit: target });
  }

  /** The tables without the entries that the restore did not read. */
  get read(): CheckedTables {
    const { tables } = this;
    const devices = tables.report.devices.flatMap((device) => {
      if (!this.devices.has(device.deviceId)) return [];
      const met = new Set(this.events.get(device.deviceId));
      return [{ ...device, events: device.events.filter(({ eventId }) => met.has(eventId)) }];
    });
    return { ...tables, report: { ...tables.report, devices } };
  }

  /** Valid entries of the tables that the restore did not read, by the entry whose next leads past them. */
  private *passedOver(): Generator<Finding> {
    const { report } = this.tables;
    let before: Link | undefined;
    let missed: { first: FindingPlace; count: number } | undefined;
    for (const device of report.devices) {
      const { deviceId, address, entry } = device;
      const met = this.devices.get(deviceId);
      if (met === undefined) {
        missed ??= { first: { table: "device table", address, word: entry, device: deviceId }, count: 0 };
        missed.count++;
        continue;
      }
      if (missed !== undefined && before !== undefined) yield passedOver(before, missed);
      missed = undefined;
      before = met;
      yield* this.passedEvents(device);
    }
    if (missed !== undefined && before !== undefined) yield passedOver(before, missed);
  }

  private *passedEvents(device: CheckedTables["report"]["devices"][number]): Generator<Finding> {
    const met = new Set(this.events.get(device.deviceId));
    let before: Link | undefined;
    let missed: { first: FindingPlace; count: number } | undefined;
    for (const event of device.events) {
      const place = placeOfEvent(device, event);
      if (met.has(event.eventId)) {
        if (missed !== undefined && before !== undefined) yield passedOver(before, missed);
        missed = undefined;
        before = { id: event.eventId, next: this.ites.field(event.entry, "next") ?? 0, place };
      } else {
        missed ??= { first: place, count: 0 };
        missed.count++;
      }
    }
    if (missed !== undefined && before !== undefined) yield passedOver(before, missed);
  }
}

function passedOver(from: Link, { first, count }: { first: FindingPlace; count: number }): Finding {
  return { rule: from.next === 0 ? "L-23-last" : "L-22-passed-over", place: from.place, other: first, count };
}

function wordOf(low: number, high: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}
