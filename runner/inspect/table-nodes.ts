import { hex } from "../../architecture/hex.ts";
import { type EntryLayout, entryIsValid, extractRaw, type Field, layouts } from "../../architecture/index.ts";
import type { DeviceState, EntryTable, EventState } from "../../emulator/index.ts";
import type { Target } from "../target.ts";
import { bitRange, decimal, type NumberStyle } from "./format-value.ts";
import { children, type DisplayNode, list, type NodeChildren } from "./node.ts";
import { fieldViews } from "./read-register.ts";
import { vpeNode } from "./vpe-nodes.ts";

/**
 * Devices, events and collections of one ITS. Ids are listed once, so that a view that pages through a million events does not walk the table
 * for every page: an inspector is for one moment of its target, until it is told to {@link forget} that.
 */
export class TableInspector {
  private readonly target: Target;
  private readonly its: number;
  private deviceIds: Uint32Array | undefined;
  /** Of the device that was looked at last. */
  private events: { readonly deviceId: number; readonly ids: Uint32Array } | undefined;

  constructor(target: Target, its = 0) {
    this.target = target;
    this.its = its;
  }

  /** Another moment: ids are listed anew, also by children that were made before. */
  forget(): void {
    this.deviceIds = undefined;
    this.events = undefined;
  }

  /** Mapped devices by DeviceID. */
  devices(): NodeChildren {
    return list(
      () => this.listDevices().length,
      (start, count, style) =>
        Array.from(this.listDevices().subarray(start, start + count), (id) => this.deviceNode(id, style)),
    );
  }

  /** Mapped events of a device by EventID. */
  eventsOf(deviceId: number): NodeChildren {
    return list(
      () => this.listEvents(deviceId).length,
      (start, count, style) =>
        Array.from(this.listEvents(deviceId).subarray(start, start + count), (id) =>
          this.eventNode(deviceId, id, style),
        ),
    );
  }

  /** Collections by ICID. */
  collections(): NodeChildren {
    const type = this.layout("collection")?.entryName;
    return listed(
      () => this.target.tables(this.its).collections(),
      ({ icid, target }, style) => ({
        name: `ICID ${hex(icid)}`,
        value: target === undefined ? "not mapped" : `PE ${decimal(target, style)}`,
        type,
        expression: `cte[${hex(icid)}].RDbase`,
      }),
    );
  }

  /** vPEs of a GICv4 by vPEID. */
  vpes(): NodeChildren {
    const type = this.layout("vpe")?.entryName;
    return listed(
      () => this.target.tables(this.its).vpes(),
      (vpe, style) => vpeNode(vpe, type, style),
    );
  }

  /** One device; what stands below it is read when it is opened. */
  deviceNode(deviceId: number, style: NumberStyle = {}): DisplayNode {
    const device = this.target.tables(this.its).device(deviceId);
    const name = `DeviceID ${hex(deviceId)}`;
    const type = this.layout("device")?.entryName;
    if (device === undefined) return { name, value: "not mapped", type };
    return {
      name,
      value: `ITT ${hex(device.ittAddress)}, ${decimal(device.eventBits, style)} EventID bit${device.eventBits === 1 ? "" : "s"}`,
      type,
      address: device.ittAddress,
      expression: `dte[${hex(deviceId)}]`,
      children: children((wanted) => this.deviceChildren(device, wanted)),
    };
  }

  private deviceChildren(device: DeviceState, style: NumberStyle): DisplayNode[] {
    const { deviceId } = device;
    const now = this.target.tables(this.its).device(deviceId);
    if (now === undefined) return [];
    const entry = `dte[${hex(deviceId)}]`;
    const last = 2 ** now.eventBits - 1;
    const mapped = this.listEvents(deviceId).length;
    return [
      {
        name: "ITT_addr",
        value: hex(now.ittAddress),
        type: "physical address of the ITT",
        address: now.ittAddress,
        expression: `${entry}.ITT_addr`,
        writable: true,
      },
      {
        name: "EventID bits",
        value: `${decimal(now.eventBits, style)} (EventIDs 0 to ${hex(last)})`,
        type: "size of the ITT",
      },
      {
        name: "events",
        value: `${decimal(mapped, style)} mapped`,
        type: "ITT",
        children: mapped === 0 ? undefined : this.eventsOf(deviceId),
      },
    ];
  }

  /** One event with where it goes. */
  eventNode(deviceId: number, eventId: number, style: NumberStyle = {}): DisplayNode {
    const event = this.target.tables(this.its).event(deviceId, eventId);
    const name = `EventID ${hex(eventId)}`;
    const layout = this.layout("itt");
    const type = layout?.entryName;
    if (event === undefined) return { name, value: "not mapped", type };
    return {
      name,
      value: `${intidField(layout)} ${decimal(event.intid, style)}, ${this.goalText(event, style)}`,
      type,
      expression: `ite[${hex(deviceId)}, ${hex(eventId)}].${intidField(layout)}`,
      children: children((wanted) => this.eventChildren(deviceId, eventId, wanted)),
    };
  }

  /** Where an event goes: a virtual one to a vPE, a physical one by its collection to a PE. */
  private goalText(event: EventState, style: NumberStyle): string {
    const { virtual, icid } = event;
    if (virtual !== undefined) {
      const { vpeId, doorbell } = virtual;
      const bell = doorbell === undefined ? "no doorbell" : `doorbell LPI ${decimal(doorbell, style)}`;
      return `vPEID ${hex(vpeId)}, ${bell}`;
    }
    const lpi = this.target.lpi(event.intid);
    const pe = this.peOf(event);
    const marks = [lpi?.pending === true ? ", pending" : "", lpi?.enabled === false ? ", disabled" : ""].join("");
    const collection = icid === undefined ? "no collection" : `ICID ${hex(icid)}`;
    return `${collection} → ${pe === undefined ? "no PE" : `PE ${decimal(pe, style)}`}${marks}`;
  }

  private eventChildren(deviceId: number, eventId: number, style: NumberStyle): DisplayNode[] {
    const event = this.target.tables(this.its).event(deviceId, eventId);
    if (event === undefined) return [];
    const { intid } = event;
    const entry = `ite[${hex(deviceId)}, ${hex(eventId)}]`;
    const layout = this.layout("itt");
    const { words } = this.target.tables(this.its).entry("itt", deviceId, eventId);
    const fields =
      layout === undefined || words === undefined || !entryIsValid(layout, words)
        ? [
            { name: intidField(layout), value: decimal(intid, style), type: "LPI" },
            { name: "ICID", value: "none", type: "collection" },
          ]
        : entryNodes("itt", entry, layout.fields, words, style);
    // The LPI of the number that a vLPI has is another interrupt.
    if (event.virtual !== undefined) return fields;
    const lpi = this.target.lpi(intid);
    const pe = this.peOf(event);
    const nodes: DisplayNode[] = [
      ...fields,
      { name: "target PE", value: pe === undefined ? "none" : decimal(pe, style), type: "PE number" },
    ];
    if (lpi === undefined) return nodes;
    return [
      ...nodes,
      { name: "enabled", value: lpi.enabled ? "1" : "0", type: "LPI", expression: `enabled[${intid}]` },
      { name: "pending", value: lpi.pending ? "1" : "0", type: "LPI", expression: `pending[${intid}]` },
      { name: "priority", value: hex(lpi.priority), type: "0 to 255", expression: `priority[${intid}]` },
    ];
  }

  private layout(table: EntryTable): EntryLayout | undefined {
    return layouts[this.target.layout].entries[table];
  }

  private peOf(event: EventState): number | undefined {
    return event.icid === undefined ? undefined : this.target.tables(this.its).collection(event.icid)?.target;
  }

  private listDevices(): Uint32Array {
    this.deviceIds ??= this.target.tables(this.its).deviceIds();
    return this.deviceIds;
  }

  private listEvents(deviceId: number): Uint32Array {
    if (this.events?.deviceId !== deviceId) {
      const ids = Uint32Array.from(
        (function* (events) {
          for (const { eventId } of events) yield eventId;
        })(this.target.tables(this.its).events(deviceId)),
      );
      this.events = { deviceId, ids };
    }
    return this.events.ids;
  }
}

/** Nodes of a list that is short enough to be made anew for each page. */
function listed<Item>(all: () => Iterable<Item>, node: (item: Item, style: NumberStyle) => DisplayNode): NodeChildren {
  return list(
    () => [...all()].length,
    (start, count, style) => [...all()].slice(start, start + count).map((item) => node(item, style)),
  );
}

/** Fields of entries that commands can give other values. */
export const settableEntryFields: Readonly<Record<EntryTable, ReadonlySet<string>>> = {
  device: new Set(["Size", "ITT_addr"]),
  itt: new Set(["pINTID", "INTID", "ICID"]),
  collection: new Set(["RDbase"]),
  vpe: new Set(["RDbase"]),
};

/** Whether commands can give a field of a mapped entry another value: of a virtual event they are others. */
export function isSettableEntryField(
  table: EntryTable,
  fields: readonly Field[],
  entry: bigint,
  name: string,
): boolean {
  const type = fields.find((field) => field.name === "type");
  const isVirtual = table === "itt" && type !== undefined && extractRaw(entry, type) === 0n;
  return !isVirtual && settableEntryFields[table].has(name);
}

/** The fields of a table's entry. @param expression that names the entry */
export function entryNodes(
  table: EntryTable,
  expression: string,
  fields: readonly Field[],
  entry: bigint,
  style: NumberStyle,
): DisplayNode[] {
  return fieldViews(fields, entry, style).map((view) => ({
    name: view.name,
    value: view.text,
    type: bitRange(view),
    address: view.field.unit === "address" && view.raw !== 0n ? Number(view.meaning) : undefined,
    expression: `${expression}.${view.name}`,
    ...(isSettableEntryField(table, fields, entry, view.name) ? { writable: true } : {}),
  }));
}

/** What a layout calls the interrupt of an event. */
function intidField(layout: EntryLayout | undefined): string {
  return layout?.fields.find(({ name }) => /^(p?INTID|vLPI)$/.test(name))?.name ?? "INTID";
}
