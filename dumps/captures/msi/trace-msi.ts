import { extractMeaning } from "../../../architecture/field.ts";
import { FIRST_LPI } from "../../../architecture/intids.ts";
import type { TableLayouts } from "../../../architecture/layout.ts";
import { architectureLevel1, LEVEL1_ENTRY_BYTES } from "../../../architecture/layouts/level1.ts";
import { lpiEnable, lpiPriority } from "../../../architecture/layouts/lpi.ts";
import { offsetOf } from "../../../architecture/registers/index.ts";
import type { CaptureMemory } from "../capture-memory.ts";
import { EntryReader } from "../entry-reader.ts";
import type { CaptureFacts, TablePlace } from "../facts.ts";
import { registerField } from "../frames.ts";
import { packedTargets, peOfTarget } from "../targets.ts";

/** A link of an MSI's way from the device to the PE. */
export type MsiLink =
  | "GITS_CTLR"
  | "device table"
  | "level-1 entry"
  | "DTE"
  | "EventID"
  | "ITE"
  | "virtual event"
  | "vPE table"
  | "VTE"
  | "vINTID"
  | "virtual pending bit"
  | "collection table"
  | "CTE"
  | "PE"
  | "GICR_CTLR"
  | "INTID"
  | "configuration byte"
  /** Of a machine: the configuration that its GIC has read, where it is another than memory's. */
  | "cached configuration"
  | "pending bit"
  /** Of a machine: what happens to a pending LPI. */
  | "GICD_CTLR"
  | "ICC_IGRPEN1_EL1"
  | "ICC_PMR_EL1"
  | "ICC_RPR_EL1"
  | "list register";

/** Where a way that is good comes to: an LPI's bit in the table of its PE, or of its vPE. */
export const pendingLinks: readonly MsiLink[] = ["pending bit", "virtual pending bit"];

/** What is known of a link. After a broken one, and after an unknown one without which it does not go on, the way ends. */
export interface MsiStep {
  readonly link: MsiLink;
  readonly state: "good" | "broken" | "unknown";
  /** Where it was read, or would have to be read. */
  readonly address?: number;
  /** What was read there, and how many bytes it has. */
  readonly word?: bigint;
  readonly bytes?: number;
  /** Numbers that matter, by the names that the manual has for them. */
  readonly values: Readonly<Record<string, number>>;
}

/** GITS_CTLR beside GITS_IIDR, read as 8 bytes at once: QEMU answers with 0 then, which is no value of theirs (arm_gicv3_its.c). */
const UNREADABLE = 0n;

/**
 * Follows one MSI through a capture's tables, as an ITS translates it: every link that was read, up to the first broken one.
 * @param deviceId,eventId any uint32
 */
export function traceMsi(
  facts: CaptureFacts,
  memory: CaptureMemory,
  layout: TableLayouts,
  deviceId: number,
  eventId: number,
): readonly MsiStep[] {
  return new MsiTrace(facts, memory, layout).run(deviceId, eventId);
}

/**
 * The way to one collection: the tables that are read for its entry, up to the first broken link.
 * @param icid any uint16
 */
export function traceCte(
  facts: CaptureFacts,
  memory: CaptureMemory,
  layout: TableLayouts,
  icid: number,
): readonly MsiStep[] {
  return new MsiTrace(facts, memory, layout).runToCte(icid);
}

/**
 * The way to one vPE: the tables that are read for its entry, up to the first broken link.
 * @param vpeId any uint16
 */
export function traceVte(
  facts: CaptureFacts,
  memory: CaptureMemory,
  layout: TableLayouts,
  vpeId: number,
): readonly MsiStep[] {
  return new MsiTrace(facts, memory, layout).runToVte(vpeId);
}

/** The tables that an ITS finds by their GITS_BASER<n>, and the entry of each. */
const tables = {
  device: { table: "device table", entry: "DTE" },
  collection: { table: "collection table", entry: "CTE" },
  vpe: { table: "vPE table", entry: "VTE" },
} as const satisfies Record<TablePlace["kind"], Record<string, MsiLink>>;

class MsiTrace {
  private readonly steps: MsiStep[] = [];
  private readonly facts: CaptureFacts;
  private readonly memory: CaptureMemory;
  private readonly layout: TableLayouts;

  constructor(facts: CaptureFacts, memory: CaptureMemory, layout: TableLayouts) {
    this.facts = facts;
    this.memory = memory;
    this.layout = layout;
  }

  run(deviceId: number, eventId: number): readonly MsiStep[] {
    const entries = this.layout.entries;
    const { device, itt } = entries;
    if (!this.itsEnabled() || device === undefined || itt === undefined) return this.steps;
    const devices = new EntryReader(device, this.memory);
    const dte = this.entry("device", devices, deviceId, { DeviceID: deviceId });
    if (dte === undefined) return this.steps;
    const bits = devices.field(dte, "event-bits") ?? 0;
    if (!this.check("EventID", eventId < 2 ** bits, { EventID: eventId, EventIDBits: bits })) return this.steps;
    const events = new EntryReader(itt, this.memory);
    const address = (devices.field(dte, "itt-address") ?? 0) + eventId * itt.bytes;
    const ite = this.read("ITE", events, address, { EventID: eventId });
    if (ite === undefined) return this.steps;
    const intid = events.field(ite, "intid") ?? 0;
    if (events.raw(ite, "event-type") === 0) {
      const vpeId = events.field(ite, "vpeid") ?? 0;
      this.add("virtual event", "good", { vPEID: vpeId, vINTID: intid });
      this.virtual(vpeId, intid);
      return this.steps;
    }
    const pe = this.target(events.field(ite, "icid") ?? 0);
    if (pe !== undefined && this.deliverable(pe, intid)) this.pending(pe, intid);
    return this.steps;
  }

  runToCte(icid: number): readonly MsiStep[] {
    this.peOf(icid);
    return this.steps;
  }

  runToVte(vpeId: number): readonly MsiStep[] {
    this.vte(vpeId);
    return this.steps;
  }

  private add(
    link: MsiLink,
    state: MsiStep["state"],
    values: MsiStep["values"],
    place: Pick<MsiStep, "address" | "word" | "bytes"> = {},
  ): void {
    this.steps.push({ link, state, values, ...place });
  }

  private check(
    link: MsiLink,
    good: boolean,
    values: MsiStep["values"],
    place?: Pick<MsiStep, "address" | "word" | "bytes">,
  ): boolean {
    this.add(link, good ? "good" : "broken", values, place);
    return good;
  }

  /** @returns false when it is known to be off */
  private itsEnabled(): boolean {
    const { its } = this.facts;
    if (its === undefined) return true;
    const address = its.address + offsetOf("GITS_CTLR");
    const both = this.memory.readNumber(address, 8);
    const known = this.facts.registers.get("GITS_CTLR");
    // What another source than memory says is in the facts, where memory does not say it.
    const word = both === UNREADABLE ? known : (this.memory.readNumber(address, 4) ?? known);
    if (word === undefined || (both === UNREADABLE && word === 0n)) {
      this.add("GITS_CTLR", "unknown", {}, { address, bytes: 4 });
      return true;
    }
    const enabled = Number(registerField("GITS_CTLR", "Enabled", word));
    return this.check("GITS_CTLR", enabled === 1, { Enabled: enabled }, { address, word, bytes: 4 });
  }

  /** The valid entry of an id in a table of one or two levels. @returns undefined where the way ends */
  private entry(
    kind: TablePlace["kind"],
    reader: EntryReader,
    id: number,
    values: MsiStep["values"],
  ): bigint | undefined {
    const table = this.facts.tables.get(kind);
    const { table: tableLink, entry: link } = tables[kind];
    if (table === undefined) {
      this.add(tableLink, "unknown", values);
      return undefined;
    }
    const { bytes } = reader.layout;
    const perPage = Math.floor(table.pageBytes / bytes);
    const count =
      table.bytes === undefined
        ? undefined
        : table.indirect
          ? (table.bytes / LEVEL1_ENTRY_BYTES) * perPage
          : table.bytes / bytes;
    if (
      count !== undefined &&
      !this.check(tableLink, id < count, { ...values, Entries: count }, { address: table.address })
    )
      return undefined;
    let address = table.address + id * bytes;
    if (table.indirect) {
      const level1 = new EntryReader(this.layout.entries.level1 ?? architectureLevel1, this.memory);
      const page = Math.floor(id / perPage);
      const found = this.read("level-1 entry", level1, table.address + page * LEVEL1_ENTRY_BYTES, { Index: page });
      if (found === undefined) return undefined;
      address = (level1.field(found, "page-address") ?? 0) + (id % perPage) * bytes;
    }
    return this.read(link, reader, address, values);
  }

  private read(link: MsiLink, reader: EntryReader, address: number, values: MsiStep["values"]): bigint | undefined {
    const { bytes } = reader.layout;
    const word = reader.read(address);
    if (word === undefined) {
      this.add(link, "unknown", values, { address, bytes });
      return undefined;
    }
    return this.check(link, reader.isValid(word), values, { address, word, bytes }) ? word : undefined;
  }

  /** The PE of a collection, when there is such a PE. @returns undefined where the way ends */
  private target(icid: number): number | undefined {
    const pe = this.peOf(icid);
    if (pe === undefined) return undefined;
    const { pendingTables } = this.facts;
    if (pendingTables.size === 0) this.add("PE", "unknown", { PE: pe });
    else if (!this.check("PE", pendingTables.has(pe), { PE: pe, PEs: pendingTables.size })) return undefined;
    return pe;
  }

  /** The PE that a collection's entry names. @returns undefined where the way ends */
  private peOf(icid: number): number | undefined {
    const layout = this.layout.entries.collection;
    const table = this.facts.tables.get("collection");
    if (layout === undefined) return undefined;
    const reader = new EntryReader(layout, this.memory);
    if (layout.indexedBy === "packed" && table !== undefined) {
      const { targets, entries, unknownFrom } = packedTargets(table, reader, this.facts);
      const pe = targets.get(icid);
      if (pe === undefined) {
        this.add(
          "CTE",
          unknownFrom === undefined || entries.has(icid) ? "broken" : "unknown",
          { ICID: icid },
          { ...(entries.get(icid) ?? { address: unknownFrom ?? table.address }), bytes: layout.bytes },
        );
        return undefined;
      }
      this.add("CTE", "good", { ICID: icid, PE: pe }, { ...entries.get(icid), bytes: layout.bytes });
      return pe;
    }
    const cte = this.entry("collection", reader, icid, { ICID: icid });
    return cte === undefined ? undefined : peOfTarget(reader.field(cte, "target") ?? 0, this.facts);
  }

  /** The entry of a vPE. @returns undefined where the way ends */
  private vte(vpeId: number): { readonly reader: EntryReader; readonly word: bigint } | undefined {
    const layout = this.layout.entries.vpe;
    const values = { vPEID: vpeId };
    if (layout === undefined) {
      this.add("VTE", "unknown", values);
      return undefined;
    }
    const reader = new EntryReader(layout, this.memory);
    const word = this.entry("vpe", reader, vpeId, values);
    return word === undefined ? undefined : { reader, word };
  }

  /** Whether a virtual LPI waits in the pending table of its vPE. */
  private virtual(vpeId: number, vintid: number): void {
    const vte = this.vte(vpeId);
    if (vte === undefined) return;
    const { reader, word: entry } = vte;
    const bits = reader.field(entry, "vpt-size") ?? 0;
    const inRange = vintid >= FIRST_LPI && vintid < 2 ** bits;
    if (!this.check("vINTID", inRange, { vINTID: vintid, VPT_size: bits })) return;
    this.bit("virtual pending bit", reader.field(entry, "vpt-address") ?? 0, vintid, { vINTID: vintid, vPEID: vpeId });
  }

  /** Whether the PE takes the LPI, as far as is known. */
  private deliverable(pe: number, intid: number): boolean {
    const { intidBits, propertyTable, redistributors } = this.facts;
    const frame = redistributors.get(pe)?.address;
    if (frame !== undefined) {
      const address = frame + offsetOf("GICR_CTLR");
      const word = this.memory.readNumber(address, 4) ?? this.facts.registers.get(`PE ${pe} GICR_CTLR`);
      if (word === undefined) this.add("GICR_CTLR", "unknown", { PE: pe }, { address, bytes: 4 });
      else {
        const enabled = Number(registerField("GICR_CTLR", "EnableLPIs", word));
        if (!this.check("GICR_CTLR", enabled === 1, { PE: pe, EnableLPIs: enabled }, { address, word, bytes: 4 }))
          return false;
      }
    }
    const known = intidBits ?? 0;
    const inRange = intid >= FIRST_LPI && (intidBits === undefined || intid < 2 ** intidBits);
    if (!this.check("INTID", inRange, { INTID: intid, ...(intidBits === undefined ? {} : { IDbits: known }) }))
      return false;
    if (propertyTable === undefined) {
      this.add("configuration byte", "unknown", { INTID: intid });
      return true;
    }
    const address = propertyTable.address + intid - FIRST_LPI;
    const word = this.memory.readNumber(address, 1);
    if (word === undefined) {
      this.add("configuration byte", "unknown", { INTID: intid }, { address, bytes: 1 });
      return true;
    }
    const values = {
      INTID: intid,
      Enable: Number(extractMeaning(word, lpiEnable)),
      Priority: Number(extractMeaning(word, lpiPriority)),
    };
    return this.check("configuration byte", values.Enable === 1, values, { address, word, bytes: 1 });
  }

  /** Whether the LPI waits in the PE's pending table: it has come, and the PE has not taken it. */
  private pending(pe: number, intid: number): void {
    const table = this.facts.pendingTables.get(pe);
    if (table === undefined) {
      this.add("pending bit", "unknown", { INTID: intid, PE: pe });
      return;
    }
    this.bit("pending bit", table.address, intid, { INTID: intid, PE: pe });
  }

  /** An INTID's bit of a pending table. */
  private bit(link: MsiLink, table: number, intid: number, values: MsiStep["values"]): void {
    const address = table + Math.floor(intid / 8);
    const word = this.memory.readNumber(address, 1);
    if (word === undefined) this.add(link, "unknown", values, { address, bytes: 1 });
    else {
      const Pending = Number((word >> BigInt(intid % 8)) & 1n);
      this.add(link, "good", { ...values, Pending }, { address, word, bytes: 1 });
    }
  }
}
