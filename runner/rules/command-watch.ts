import { hex, opcodeOf } from "../../architecture/index.ts";
import { type CommandEvent, type DeviceState, DONE, type EventState, type ItsTables } from "../../emulator/index.ts";
import { rules } from "../../language/index.ts";
import { fieldReader, Packet } from "../packet.ts";
import type { Target } from "../target.ts";
import { Facts } from "./facts.ts";
import type { Found } from "./found.ts";
import { ittBytes } from "./itt-bytes.ts";
import { eventKey, type MappedEvent, MappingLedger } from "./ledger.ts";
import { type TableMemory, tablesMemory } from "./tables-memory.ts";
import { checkVirtualEvent } from "./virtual-rules.ts";

/** An argument stands at the same place in all commands that have it. */
const fields = {
  device: fieldReader("MAPD", "DeviceID"),
  event: fieldReader("MAPTI", "EventID"),
  intid: fieldReader("MAPTI", "pINTID"),
  icid: fieldReader("MAPTI", "ICID"),
  ittAddress: fieldReader("MAPD", "ITT_addr"),
  size: fieldReader("MAPD", "Size"),
  valid: fieldReader("MAPD", "V"),
  target: fieldReader("SYNC", "RDbase"),
  from: fieldReader("MOVALL", "RDbase1"),
  to: fieldReader("MOVALL", "RDbase2"),
} as const;

const code = {
  MOVI: opcodeOf("MOVI"),
  SYNC: opcodeOf("SYNC"),
  MAPD: opcodeOf("MAPD"),
  MAPC: opcodeOf("MAPC"),
  MAPTI: opcodeOf("MAPTI"),
  MAPI: opcodeOf("MAPI"),
  INV: opcodeOf("INV"),
  INVALL: opcodeOf("INVALL"),
  MOVALL: opcodeOf("MOVALL"),
  DISCARD: opcodeOf("DISCARD"),
  INT: opcodeOf("INT"),
} as const;
/** ITTs and virtual events of one statement that are compared with registers. */
const MOST_WAITING = 64;
/** Set in the opcodes of virtual commands. */
const VIRTUAL = 0x20;
const VSYNC = opcodeOf("VSYNC");

/** Looks at the commands of one ITS: before each one at the tables that it meets, and behind it at what it has made of them. */
export class CommandWatch {
  private readonly target: Target;
  private readonly its: number;
  private readonly found: Found;
  private readonly packet = new Packet();
  private readonly ledger = new MappingLedger();
  /** When the mapping of an event or the target of a collection changed last, when a redistributor was synchronised. */
  private readonly eventChanged = new Facts();
  private readonly collectionChanged = new Facts();
  private readonly synced = new Facts();
  /** By event: the redistributor that MOVI has taken it from, and when. */
  private readonly movedFrom = new Facts();
  private readonly movedAt = new Facts();
  /** By redistributor: when MOVALL emptied it, where to, and when a collection was given to it. */
  private readonly emptiedAt = new Facts();
  private readonly emptiedTo = new Facts();
  private readonly givenAt = new Facts();
  /** When the ITS read an LPI's configuration byte last, and that of a collection's LPIs. */
  private readonly readAt = new Facts();
  private readonly collectionReadAt = new Facts();
  /** Looks at registers that wait for the end of the statement under way: tables that its ITTs overlap, vPEs that its events go to. */
  private waiting: (() => void)[] = [];
  /** Memory of the tables, while no register that says where they are can have changed. */
  private tablesMemory: readonly TableMemory[] | undefined;
  private now = 0;
  private opcode = 0;
  /** Whether the command before the one under way was a virtual one, and no VSYNC. */
  private readonly virtualBefore = new Facts();
  // What was there when the command under way began. It counts when the command is done: most that could be found is refused.
  private eventBefore: EventState | undefined;
  private deviceBefore: DeviceState | undefined;
  /** The PE that the collection had. */
  private targetBefore: number | undefined;
  /** An event that the command leaves without its device, its collection or its LPI. */
  private bereft: MappedEvent | undefined;

  constructor(target: Target, its: number, found: Found) {
    this.target = target;
    this.its = its;
    this.found = found;
  }

  private get all(): readonly Facts[] {
    return [
      this.eventChanged,
      this.collectionChanged,
      this.synced,
      this.movedFrom,
      this.movedAt,
      this.emptiedAt,
      this.emptiedTo,
      this.givenAt,
      this.readAt,
      this.collectionReadAt,
      this.virtualBefore,
    ];
  }

  takeBackTo(time: number): void {
    this.registersMayChange();
    for (const facts of this.all) facts.takeBackTo(time);
  }

  /** Registers may have other values from now on. */
  registersMayChange(): void {
    this.tablesMemory = undefined;
  }

  private get tables(): ItsTables {
    return this.target.tables(this.its);
  }

  /** Whether an event was ever mapped to an LPI. */
  names(intid: number): boolean {
    return this.ledger.names(intid);
  }

  /** An event that is mapped to an LPI. */
  eventOf(intid: number, but?: number): ReturnType<MappingLedger["eventOf"]> {
    return this.ledger.eventOf(intid, this.tables, but);
  }

  /** When the configuration byte of an LPI was read last. */
  configurationRead(intid: number, icid: number): number {
    return Math.max(this.readAt.when(intid), this.collectionReadAt.when(icid));
  }

  /** A command is about to be carried out. @param now later than that of every command before @param siblings of other ITSs */
  begin(queueOffset: number, now: number, siblings: readonly CommandWatch[]): void {
    this.now = now;
    const read = this.packet.read(this.target, this.target.queue(this.its).address + queueOffset);
    this.opcode = read ? this.packet.opcode : 0;
    switch (this.opcode) {
      case code.MAPD:
        this.beginMapd();
        break;
      case code.MAPC:
        this.beginMapc();
        break;
      case code.MAPTI:
      case code.MAPI:
        this.beginMapti(siblings);
        break;
      case code.MOVI: {
        const { packet, tables } = this;
        this.targetBefore = this.targetOf(tables.event(fields.device(packet), fields.event(packet))?.icid);
        break;
      }
      default:
        break;
    }
  }

  /** It was carried out, or refused. */
  end({ outcome }: CommandEvent): void {
    const { opcode, packet, now } = this;
    const followsVirtual = this.virtualBefore.get(0) === 1;
    const isVirtual = (opcode & VIRTUAL) !== 0 && opcode !== VSYNC;
    if (isVirtual !== followsVirtual) this.virtualBefore.set(0, isVirtual ? 1 : 0, now);
    if (outcome !== DONE) return;
    switch (opcode) {
      case code.MAPD:
        this.endMapd();
        break;
      case code.MAPC:
        this.endMapc();
        break;
      case code.MAPTI:
      case code.MAPI:
        this.endMapti();
        break;
      case code.MOVI:
        this.moved(fields.device(packet), fields.event(packet), fields.icid(packet), this.targetBefore);
        break;
      case code.SYNC:
        if (followsVirtual) this.found.add(rules.virtualSync, "A virtual command");
        this.synced.stamp(fields.target(packet), now);
        break;
      case code.MOVALL:
        this.emptiedAt.stamp(fields.from(packet), now);
        this.emptiedTo.set(fields.from(packet), fields.to(packet), now);
        break;
      case code.DISCARD:
        this.changed(fields.device(packet), fields.event(packet));
        break;
      case code.INV: {
        const event = this.tables.event(fields.device(packet), fields.event(packet));
        if (event !== undefined) this.readAt.stamp(event.intid, now);
        this.changed(fields.device(packet), fields.event(packet));
        break;
      }
      case code.INT:
        this.signalled(this.tables.event(fields.device(packet), fields.event(packet)));
        break;
      case code.INVALL:
        this.collectionReadAt.stamp(fields.icid(packet), now);
        this.collectionChanged.stamp(fields.icid(packet), now);
        break;
      default:
        break;
    }
  }

  private signalled(event: EventState | undefined): void {
    if (event?.virtual !== undefined && this.waiting.length < MOST_WAITING)
      this.waiting.push(() => checkVirtualEvent(this.target, this.its, event, this.found));
  }

  private changed(device: number, event: number): void {
    const key = eventKey(device, event);
    if (key !== undefined) this.eventChanged.stamp(key, this.now);
  }

  /** The PE of a collection; undefined when it has none. */
  private targetOf(icid: number | undefined): number | undefined {
    return icid === undefined ? undefined : this.tables.collection(icid)?.target;
  }

  private moved(device: number, event: number, icid: number, from: number | undefined): void {
    const key = eventKey(device, event);
    if (key === undefined) return;
    this.ledger.addToCollection(key, icid);
    this.eventChanged.stamp(key, this.now);
    const to = this.targetOf(icid);
    if (from === undefined || to === undefined || from === to) return;
    this.movedAt.stamp(key, this.now);
    this.movedFrom.set(key, from, this.now);
  }

  private beginMapd(): void {
    const { packet, tables } = this;
    const device = fields.device(packet);
    this.deviceBefore = tables.device(device);
    this.bereft = undefined;
    if (fields.valid(packet) !== 0 || this.deviceBefore === undefined) return;
    const event = first(tables.events(device));
    if (event !== undefined) this.bereft = { device, event };
  }

  private endMapd(): void {
    const { packet, target, found, bereft } = this;
    const device = fields.device(packet);
    if (fields.valid(packet) === 0) {
      if (bereft !== undefined) found.add(rules.deviceUnmappedWithEvents, device, bereft.event.eventId);
      return;
    }
    if (this.deviceBefore !== undefined) found.add(rules.deviceRemapped, device);
    const from = fields.ittAddress(packet);
    const bytes = ittBytes(target, fields.size(packet) + 1);
    if (!target.hasMemory(from, bytes)) found.add(rules.ittOutsideRam, device, from, from + bytes - 1);
    this.lookForOverlap(device, from, bytes);
    this.ledger.addDevice(device, from, bytes);
  }

  private lookForOverlap(device: number, from: number, bytes: number): void {
    const { target, found } = this;
    const bytesOf = ({ eventBits }: DeviceState): number => ittBytes(target, eventBits);
    const other = this.ledger.deviceAt(from, bytes, this.tables, device, bytesOf);
    const add = (name: string, otherFrom: number, otherBytes: number): void =>
      found.add(
        rules.overlap,
        device,
        name,
        Math.max(from, otherFrom),
        Math.min(from + bytes, otherFrom + otherBytes) - 1,
      );
    if (other !== undefined) add(`that of DeviceID ${hex(other.deviceId)}`, other.ittAddress, bytesOf(other));
    if (this.waiting.length < MOST_WAITING)
      this.waiting.push(() => {
        this.tablesMemory ??= [...tablesMemory(target, this.its)];
        for (const table of this.tablesMemory)
          if (table.address < from + bytes && from < table.address + table.bytes)
            return add(table.name, table.address, table.bytes);
      });
  }

  /** The statement is done: what asks registers waits until then, because no access comes between the commands of a store. */
  settle(): void {
    if (this.waiting.length === 0) return;
    for (const look of this.waiting) look();
    this.waiting = [];
  }

  private beginMapc(): void {
    const { packet, tables, ledger } = this;
    const icid = fields.icid(packet);
    const before = this.targetOf(icid);
    this.targetBefore = before;
    this.bereft = before === undefined ? undefined : ledger.eventIn(icid, tables);
  }

  private endMapc(): void {
    const { packet, found, now, bereft, targetBefore: before } = this;
    const icid = fields.icid(packet);
    if (fields.valid(packet) === 0) {
      if (bereft !== undefined)
        found.add(rules.collectionUnmappedWithEvents, icid, bereft.device, bereft.event.eventId);
      return;
    }
    const to = this.targetOf(icid);
    this.collectionChanged.stamp(icid, now);
    if (to === undefined) return;
    this.givenAt.stamp(to, now);
    if (bereft !== undefined && before !== undefined && before !== to)
      found.add(rules.collectionMoved, icid, before, to);
  }

  /** The LPI that MAPTI or MAPI maps. */
  private get mappedLpi(): number {
    return this.opcode === code.MAPI ? fields.event(this.packet) : fields.intid(this.packet);
  }

  private beginMapti(siblings: readonly CommandWatch[]): void {
    const { packet, tables, mappedLpi: intid } = this;
    const [device, event] = [fields.device(packet), fields.event(packet)];
    this.eventBefore = tables.event(device, event);
    this.bereft = undefined;
    for (let its = 0; its < siblings.length && this.bereft === undefined; its++) {
      const watch = siblings[its];
      // Most LPIs are new.
      if (watch.names(intid)) this.bereft = watch.eventOf(intid, watch === this ? eventKey(device, event) : undefined);
    }
  }

  private endMapti(): void {
    const { packet, found, ledger, now, eventBefore: before, bereft, mappedLpi: intid } = this;
    const [device, event, icid] = [fields.device(packet), fields.event(packet), fields.icid(packet)];
    if (before !== undefined) found.add(rules.eventRemapped, device, event, before.intid);
    if (bereft !== undefined) found.add(rules.lpiOfTwoEvents, intid, bereft.device, bereft.event.eventId);
    if (this.targetOf(icid) === undefined) found.add(rules.collectionNotMapped, icid);
    this.readAt.stamp(intid, now);
    const key = eventKey(device, event);
    if (key === undefined) return;
    ledger.addToCollection(key, icid);
    ledger.addToLpi(key, intid);
    this.eventChanged.stamp(key, now);
  }

  /** A device's MSI is about to be sent. @param now later than that of every command before */
  msi(device: number, event: number): void {
    const { tables, found, synced } = this;
    const state = tables.event(device, event);
    this.signalled(state);
    const icid = state?.icid;
    const target = icid === undefined ? undefined : tables.collection(icid)?.target;
    if (icid === undefined || target === undefined) return;
    const key = eventKey(device, event) ?? -1;
    const last = synced.when(target);
    if (this.eventChanged.when(key) > last)
      found.add(rules.notSynchronised, `The mapping of EventID ${hex(event)} of DeviceID ${hex(device)}`, target);
    else if (this.collectionChanged.when(icid) > last)
      found.add(rules.notSynchronised, `The mapping of ICID ${icid}`, target);
    const from = this.movedFrom.get(key);
    if (from !== undefined && this.movedAt.when(key) > synced.when(from) && this.movedAt.when(key) < last)
      found.add(rules.syncsNewTargetOnly, target, from);
    const to = this.emptiedTo.get(target);
    if (to !== undefined && to !== target && this.emptiedAt.when(target) > this.givenAt.when(target))
      found.add(rules.movallAlone, icid, target, to);
  }
}

function first<Value>(list: Iterable<Value>): Value | undefined {
  for (const value of list) return value;
  return undefined;
}
