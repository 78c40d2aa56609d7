import type { TableLayouts } from "../../architecture/layout.ts";
import { layoutNamed } from "../../architecture/layouts/index.ts";
import type { DumpDocument } from "../../dumps/document.ts";
import { parseNumber } from "../../dumps/hex-text/hints.ts";
import { planTables, type TablePlan } from "../../dumps/tables/section-tables.ts";
import { layoutCalled, type SectionRequest, type SectionTable } from "../../dumps/tables/sections.ts";
import type { TableRow } from "../../dumps/tables/table.ts";
import { isTableName, type TableName, tableNames } from "../../dumps/tables/table-names.ts";
import type { Work } from "../../dumps/work.ts";
import type { ReadingChoice, TreeNode } from "../protocol.ts";
import { texts } from "../texts.ts";
import { tableTexts } from "./table-texts.ts";

/** Devices whose ITTs the tree shows; of the others it says how many there are. */
const SHOWN_DEVICES = 256;
/** Entries of a device table that are looked at for them. */
const LOOKED_AT = 4096;
/** Device tables of a dump that are decoded for the tree alone. */
const TREE_TABLES = 1;
/** Nodes that the tree has; of more tables it says how many there are. */
const MAX_NODES = 2000;
/** Begins the ids of nodes that say what the whole dump is taken for. */
const AS = "as:";

/** A device of a device table, with its ITT in the same dump. */
interface KnownDevice {
  readonly id: number;
  readonly label: string;
  /** Address of the ITT, the memory's origin not included. */
  readonly itt: number;
  readonly eventBits: number;
}

/** The tables that a dump is known to hold: its sections, what it is taken for, and the ITTs that its device tables name. */
export class TableList {
  readonly nodes: readonly TreeNode[];
  /** The node that shows when none was chosen; empty when nothing says what the dump is. */
  readonly first: string;
  readonly dump: DumpDocument;
  private readonly table: TableName | undefined;
  private readonly plans: readonly TablePlan[];
  private readonly devices: ReadonlyMap<number, readonly KnownDevice[]>;
  /** Tables that were decoded for the tree. */
  private readonly decoded: ReadonlyMap<number, SectionTable>;

  private constructor(
    dump: DumpDocument,
    table: TableName | undefined,
    plans: readonly TablePlan[],
    devices: ReadonlyMap<number, readonly KnownDevice[]>,
    decoded: ReadonlyMap<number, SectionTable>,
    more: ReadonlyMap<number, number>,
    isNamed: boolean,
  ) {
    this.decoded = decoded;
    this.dump = dump;
    this.table = table;
    this.plans = plans;
    this.devices = devices;
    const nodes = isNamed ? this.tablesOf(1, more) : this.kinds(more);
    this.nodes = nodes.length > MAX_NODES ? shortened(nodes) : nodes;
    this.first = plans.length === 0 ? "" : "0";
  }

  /** @param table what the whole dump is taken for, if it does not say it */
  static *of(dump: DumpDocument, table: TableName | undefined): Work<TableList> {
    const named = yield* planTables(dump);
    const isNamed = named.length > 0 && (table === undefined || named.some(({ name }) => name === table));
    const plans = isNamed ? named : table === undefined ? [] : yield* planTables(dump, { table });
    const devices = new Map<number, readonly KnownDevice[]>();
    const decoded = new Map<number, SectionTable>();
    const more = new Map<number, number>();
    for (const [place, plan] of plans.entries()) {
      if (devices.size >= TREE_TABLES) break;
      if (plan.name !== "device-table" || plan.leftOut !== undefined || dump.memory.windows.length > 1) continue;
      const section = yield* prepared(plan);
      const { result } = section;
      decoded.set(place, section);
      if (!result.ok) continue;
      const known: KnownDevice[] = [];
      const count = Math.min(result.table.rowCount, LOOKED_AT);
      for (let i = 0; i < count && known.length < SHOWN_DEVICES; i++) {
        const device = deviceOf(dump, result.table.row(i));
        if (device !== undefined) known.push(device);
        yield;
      }
      devices.set(place, known);
      if (known.length === SHOWN_DEVICES) more.set(place, result.table.rowCount - known.length);
    }
    return new TableList(dump, table, plans, devices, decoded, more, isNamed);
  }

  /** What a node of the tree says that the whole dump is; undefined of a node that is a table. */
  static kindOf(node: string): TableName | undefined {
    const name = node.startsWith(AS) ? node.slice(AS.length) : "";
    return isTableName(name) ? name : undefined;
  }

  /** The tables, by the ids of their nodes; ITTs of devices among them. */
  get tableIds(): string[] {
    const inTree = this.nodes.map(({ id }) => id).filter((id) => this.requestOf(id) !== undefined);
    return [...new Set([...inTree, ...this.plans.keys()].map(String))];
  }

  has(node: string): boolean {
    return this.requestOf(node) !== undefined;
  }

  /** The node of the first table of a kind. */
  nodeOf(name: TableName): string | undefined {
    const place = this.plans.findIndex((plan) => plan.name === name);
    return place < 0 ? undefined : String(place);
  }

  /** The node of the ITT that an entry of a device table names; undefined when the dump does not hold it. */
  ittNode(node: string, row: TableRow): string | undefined {
    const device = deviceOf(this.dump, row);
    const place = Number(node);
    if (device === undefined || !Number.isInteger(place)) return undefined;
    return this.planAt(device.itt) ?? `${place}/${device.id}/${device.itt}/${device.eventBits}`;
  }

  /** Decodes the table of a node. Undefined: there is no such node. */
  *decode(node: string, reading: ReadingChoice): Work<SectionTable | undefined> {
    const request = this.requestOf(node);
    if (request === undefined) return undefined;
    const layout = layoutCalled(this.dump, reading.layout);
    const base = reading.base === "" ? undefined : parseNumber(reading.base.trim());
    if (request.itt !== undefined) {
      const whole = { ...this.dump, sections: [] };
      const own = layout ?? this.ownLayout(request.place);
      const [plan] = yield* planTables(whole, { ...request.itt, layout: own, base: base ?? request.itt.base });
      return plan && (yield* prepared(plan));
    }
    if (layout === undefined && base === undefined) {
      return this.decoded.get(request.place) ?? (yield* prepared(this.plans[request.place]));
    }
    // What is chosen in the view counts for this table alone: of the others nothing is decoded.
    const plans = yield* planTables(this.dump, { table: this.table, layout, base });
    const plan = plans[request.place];
    return plan && (yield* prepared(plan));
  }

  /** The layout of a device table that a file describes: its ITTs have it, too. Those of known layouts are told from each other by their words. */
  private ownLayout(place: number): TableLayouts | undefined {
    const result = this.decoded.get(place)?.result;
    const layouts = result?.ok === true ? result.table.layouts : undefined;
    return layouts === layoutNamed(layouts?.name) ? undefined : layouts;
  }

  private requestOf(node: string): { place: number; itt?: SectionRequest } | undefined {
    const parts = node.split("/").map(Number);
    const [place, device, itt, eventBits] = parts;
    if (node === "" || parts.some((part) => !Number.isSafeInteger(part) || part < 0)) return undefined;
    if (this.plans[place] === undefined || (parts.length !== 1 && parts.length !== 4)) return undefined;
    if (device === undefined) return { place };
    const base = BigInt(itt) + this.dump.memory.origin;
    return { place, itt: { table: "itt", base, eventBits } };
  }

  /** The plan of the ITT at an address, if the dump has a section for it. */
  private planAt(address: number): string | undefined {
    const place = this.plans.findIndex(({ name, base }) => name === "itt" && base === address);
    return place < 0 ? undefined : String(place);
  }

  private tablesOf(level: number, more: ReadonlyMap<number, number>): TreeNode[] {
    const inDevices = new Set<string>();
    for (const devices of this.devices.values()) {
      for (const { itt } of devices) inDevices.add(this.planAt(itt) ?? "");
    }
    return this.plans.flatMap((plan, place): TreeNode[] => {
      const id = String(place);
      if (inDevices.has(id)) return [];
      const detail = this.dump.memory.format(plan.base);
      const children = (this.devices.get(place) ?? []).map(({ id: device, label, itt, eventBits }): TreeNode => {
        const child = this.planAt(itt) ?? `${place}/${device}/${itt}/${eventBits}`;
        return { id: child, label: tableTexts.ittOf(label), detail: this.dump.memory.format(itt), level: level + 1 };
      });
      const left = more.get(place);
      if (left !== undefined && left > 0) {
        const label = tableTexts.moreDevices(left.toLocaleString("en"));
        children.push({ id, label, detail: "", level: level + 1 });
      }
      return [{ id, label: labelOf(plan), detail, level }, ...children];
    });
  }

  /** What the whole dump may be taken for, with the tables under what it is taken for. */
  private kinds(more: ReadonlyMap<number, number>): TreeNode[] {
    return tableNames.flatMap((name): TreeNode[] => {
      const label = texts.tableKinds[name]();
      if (name !== this.table) return [{ id: AS + name, label, detail: "", level: 1 }];
      const [first, ...rest] = this.tablesOf(1, more);
      return first === undefined ? [] : [{ ...first, label }, ...rest];
    });
  }
}

function shortened(nodes: readonly TreeNode[]): TreeNode[] {
  const kept = nodes.slice(0, MAX_NODES);
  const label = tableTexts.moreTables((nodes.length - MAX_NODES).toLocaleString("en"));
  return [...kept, { id: kept[MAX_NODES - 1].id, label, detail: "", level: 1 }];
}

function* prepared(plan: TablePlan): Work<SectionTable> {
  const decoded = yield* plan.decode();
  if (decoded.result.ok) yield* decoded.result.table.prepare?.() ?? [];
  return decoded;
}

function labelOf({ section, name }: TablePlan): string {
  const device = section?.hints["device-id"];
  return device === undefined ? name : `${name}, DeviceID ${device}`;
}

/** The device of a DTE whose ITT the dump holds. */
function deviceOf(dump: DumpDocument, row: TableRow): KnownDevice | undefined {
  const address = row.fields.find(({ role }) => role === "itt-address")?.meaning;
  const size = row.fields.find(({ role }) => role === "event-bits")?.meaning;
  if (address === undefined || address < dump.memory.origin) return undefined;
  const itt = Number(address - dump.memory.origin);
  if (!Number.isSafeInteger(itt) || !dump.memory.holds(itt)) return undefined;
  return { id: row.index, label: `0x${row.index.toString(16)}`, itt, eventBits: Number(size ?? 32n) };
}
