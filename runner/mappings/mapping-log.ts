import type { CommandEvent, ItsTables } from "../../emulator/index.ts";
import { limits, type Operation } from "../../language/index.ts";
import type { Target } from "../target.ts";
import { type Route, routeOf } from "./route.ts";
import { type Slot, Slots } from "./slots.ts";
import { type Mapped, mappedTo, type Subject, sameMapping } from "./subject.ts";
import { mayChangeTables, type Stretch } from "./table-memory.ts";
import { touchOf } from "./touched.ts";

/** A line mapped or unmapped something. */
export interface MappingChange {
  readonly line: number;
  /** Place of the line's run in the history. */
  readonly place: number;
  /** The furthest line that had run then: in a loop it may be below `line`. */
  readonly reach: number;
  /** Number of the machine, from 0. */
  readonly stage: number;
  readonly subject: Subject;
  /** As the ITS had it when the line was done; undefined: unmapped. */
  readonly to: Mapped | undefined;
  /** The change before, of the same subject on the same machine. */
  readonly before: MappingChange | undefined;
}

/** A {@link MappingChange} that maps. */
export type Mapping = MappingChange & { readonly to: Mapped };

/** A change as the log keeps it. */
interface Noted extends MappingChange {
  readonly before: Noted | undefined;
  readonly slot: Slot<Noted>;
}

/** Changes that are kept of one run, and looks at tables. What is mapped below is not known then. */
const MOST_CHANGES = 100_000;
const MOST_LOOKS = 500_000;
/** Looks after one line, which are made in one go: some 30 ms. Of a line that asks for more nothing is known, nor below it. */
const MOST_LOOKS_OF_LINE = 8192;

/** Subjects beside those that have changed that are kept of one machine: what is taken back by an edit is mostly mapped again. */
const MOST_UNCHANGED = MOST_CHANGES;

/** ITSs of one machine. */
const MOST_ITSS = Number(limits.itss);

/** Bytes of an ITT entry at most in the implementations that are emulated (QEMU: 12), rounded up to a power of two. */
export const ITE_BYTES = 16;

/**
 * Which line of a run mapped or unmapped what. After each line the ITSs themselves are asked about everything that the line's commands named,
 * and after a restore, a reset and such about all that was ever named; so failed commands, DISCARD, MAPD with V = 0, `raw`, and commands
 * that memory held are known as they were carried out. Where tables are in memory, entries that nothing but stores has made are not
 * found, and of two devices with one ITT only the one that a command names is looked at.
 */
export class MappingLog {
  private readonly changes: Noted[] = [];
  /** What was named, by machine and ITS: see {@link keyOf}. */
  private readonly slots = new Map<number, Slots<Noted>>();
  /** What commands of the line under way have named. */
  private touched: Slot<Noted>[] = [];
  /** Counts runs of lines. It never goes back. */
  private runs = 0;
  private tablesTouched = false;
  /** Looks after the line under way. */
  private lineLooks = 0;
  /** Lines from which on another machine than the first was there, and which one. */
  private readonly stages: { readonly line: number; readonly place: number; readonly machine: number }[] = [];
  /** How often tables were looked at up to a run of a line and after it: by its place. */
  private readonly looks: number[] = [];
  /** Where the events went that lines named: the last runs of each line last. */
  private readonly routes = new Map<number, Route[]>();
  /** Lines of {@link routes} in the order of their runs, with the place of each. */
  private readonly routed: { readonly line: number; readonly place: number }[] = [];
  private route: Route | undefined;
  /** The first run of a line after which nothing is known any more, because it became too much. */
  private blind: { readonly line: number; readonly place: number } | undefined;
  /** The furthest line so far, with the first place where it was. */
  private readonly reaches: { readonly line: number; readonly place: number }[] = [];
  /** Whether a line has ever run behind one further down. */
  private hasLoops = false;
  /** The run of a line that is looked at. */
  private now = { line: 0, place: 0 };

  /** A line begins. */
  lineBegins(): void {
    if (this.touched.length > 0) this.touched = [];
    this.runs++;
    this.tablesTouched = false;
    this.lineLooks = 0;
    this.route = undefined;
  }

  /** A command was carried out, or refused. */
  command(event: CommandEvent, target: Target): void {
    if (this.touched.length > MOST_LOOKS_OF_LINE) return;
    // Of what comes behind nothing is known.
    if (this.blind !== undefined) return;
    const touch = touchOf(event, target);
    if (touch === undefined) return;
    const slot = this.slotsOf(this.machine, event.its).of(touch.subject);
    if (slot.namedBy === this.runs) {
      slot.maps ||= touch.maps;
      return;
    }
    slot.namedBy = this.runs;
    slot.maps = touch.maps;
    this.touched.push(slot);
  }

  /** An operation was carried out. */
  performed(performed: Operation, target: Target): void {
    // A `let` keeps what comes of the operation in it.
    const operation = performed.kind === "answer" ? performed.of : performed;
    this.tablesTouched ||= mayChangeTables(operation, target, this.itts(target));
    this.route = routeOf(operation, target) ?? this.route;
  }

  /** What the line under way does may change any table. */
  everythingMayChange(): void {
    this.tablesTouched = true;
  }

  /**
   * A line is done.
   * @param place of its run in the history @param machine number of the machine that is there now
   * @returns false when it is the first of which nothing is known
   */
  lineDone(line: number, place: number, target: Target, machine: number): boolean {
    this.now = { line, place };
    if (line > this.reach) this.reaches.push({ line, place });
    else this.hasLoops = true;
    if (machine !== this.machine) {
      this.stages.push({ line, place, machine });
      // They are of the machine before.
      this.touched = [];
    }
    if (this.route !== undefined && this.routed.length < MOST_CHANGES) this.addRoute(line, place, this.route);
    this.looks[place] = this.looks[place - 1] ?? 0;
    if (this.blind !== undefined || target.map.its.length === 0) return true;
    const looked = this.lookAtTouched(target) && (!this.tablesTouched || this.compare(target));
    this.looks[place] += this.lineLooks;
    this.pruneSlots();
    if (looked && this.changes.length <= MOST_CHANGES && this.looks[place] <= MOST_LOOKS) return true;
    this.forgetFrom(place);
    this.blind = { line: this.reach, place };
    return false;
  }

  /** Forgets what the lines from a place of the history on did. */
  takeBack(place: number): void {
    this.lineBegins();
    for (let last = this.routed.at(-1); last !== undefined && last.place >= place; last = this.routed.at(-1)) {
      this.routed.pop();
      this.routes.get(last.line)?.pop();
    }
    this.forgetFrom(place);
    this.pruneSlots();
    while ((this.stages.at(-1)?.place ?? -1) >= place) this.stages.pop();
    while ((this.reaches.at(-1)?.place ?? -1) >= place) this.reaches.pop();
    if (this.looks.length > place) this.looks.length = place;
    if (this.blind !== undefined && place <= this.blind.place) this.blind = undefined;
  }

  /** Not while a line is under way, whose slots are not known to have changed yet. */
  private pruneSlots(): void {
    for (const slots of this.slots.values()) if (slots.size > 2 * this.changes.length + MOST_UNCHANGED) slots.prune();
  }

  private forgetFrom(place: number): void {
    const { changes } = this;
    let end = changes.length;
    for (; end > 0 && changes[end - 1].place >= place; end--) changes[end - 1].slot.last = changes[end - 1].before;
    // Once for all: each cut costs more than what it cuts off.
    if (end < changes.length) changes.length = end;
  }

  /** The furthest line that has run. */
  private get reach(): number {
    return this.reaches.at(-1)?.line ?? -1;
  }

  /** Number of the present machine. */
  private get machine(): number {
    return this.stages.at(-1)?.machine ?? 0;
  }

  /** Whether it is known what is mapped when a line begins, for the first time. */
  knows(line: number): boolean {
    return this.blind === undefined || line <= this.blind.line;
  }

  /** The last change of a subject above a line, on the line's machine; undefined when no line has mapped it yet. */
  above(subject: Subject, line: number): MappingChange | undefined {
    let change: MappingChange | undefined = this.slots.get(keyOf(this.stageAt(line), subject.its))?.find(subject)?.last;
    while (change !== undefined && change.reach >= line) change = change.before;
    return change;
  }

  /** What a line did, in order. */
  of(line: number): readonly MappingChange[] {
    const own: MappingChange[] = [];
    for (let at = this.place(line); at < this.changes.length; at++) {
      if (this.changes[at].line === line) own.push(this.changes[at]);
      else if (!this.hasLoops) break;
    }
    return own;
  }

  /** What is mapped when a line begins, the nearest above it first. */
  *mappedAt(line: number): Iterable<Mapping> {
    const seen = new Set<Slot<Noted>>();
    const stage = this.stageAt(line);
    for (let at = this.place(line) - 1; at >= 0; at--) {
      const change = this.changes[at];
      if (change.stage !== stage) continue;
      if (seen.has(change.slot)) continue;
      seen.add(change.slot);
      if (isMapping(change)) yield change;
    }
  }

  /** What is mapped when a line begins, and what lines from there on map on its machine, as far as they have run; latest first. */
  *usedFrom(line: number): Iterable<Mapping> {
    const stage = this.stageAt(line);
    const seen = new Set<Slot<Noted>>();
    for (let at = this.changes.length - 1; at >= 0; at--) {
      const change = this.changes[at];
      if (change.stage !== stage) continue;
      if (change.reach < line && seen.has(change.slot)) continue;
      // Above the line only what is still in force there counts.
      if (change.reach < line) seen.add(change.slot);
      if (isMapping(change)) yield change;
    }
  }

  /** The first change from a line on, on the line's machine, that maps what is asked for. */
  firstFrom(line: number, wanted: (change: Mapping) => boolean): Mapping | undefined {
    const stage = this.stageAt(line);
    for (let at = this.place(line); at < this.changes.length; at++) {
      const change = this.changes[at];
      if (change.stage === stage && isMapping(change) && wanted(change)) return change;
    }
    return undefined;
  }

  /** Where the event went that a line named, when its last run was done; undefined: it names none, or it was not mapped. */
  routeAt(line: number): Route | undefined {
    return this.routes.get(line)?.at(-1);
  }

  private addRoute(line: number, place: number, route: Route): void {
    this.routed.push({ line, place });
    const before = this.routes.get(line);
    if (before === undefined) this.routes.set(line, [route]);
    else before.push(route);
  }

  /** All changes, in the order of the lines. */
  all(): readonly MappingChange[] {
    return this.changes;
  }

  private slotsOf(machine: number, its: number): Slots<Noted> {
    const key = keyOf(machine, its);
    const slots = this.slots.get(key) ?? new Slots();
    if (slots.size === 0) this.slots.set(key, slots);
    return slots;
  }

  /** The machine that a line meets, when it runs for the first time. */
  private stageAt(line: number): number {
    return this.stages.findLast((stage) => stage.line < line)?.machine ?? 0;
  }

  /** Place of the first change of a line, or of one below it. */
  private place(line: number): number {
    let from = 0;
    let to = this.changes.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.changes[middle].reach < line) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** @returns whether the line may have all the looks that it asks for */
  private lookAtTouched(target: Target): boolean {
    let its = -1;
    let tables: ItsTables | undefined;
    for (const slot of this.touched) {
      const { subject } = slot;
      // Nearly always all of them are of one ITS.
      if (tables === undefined || subject.its !== its) tables = target.tables(subject.its);
      its = subject.its;
      if (!this.note(slot, slot.maps, tables)) return false;
      if (subject.kind !== "device") continue;
      // MAPD frees the events of a device, or leaves them, as the model does.
      for (const event of this.slotsOf(this.machine, its).changedEvents(subject.device))
        if (event.namedBy !== this.runs && !this.note(event, false, tables)) return false;
    }
    return true;
  }

  /** Looks at everything that was ever named on this machine, and at all that a KVM's host has. @returns as {@link lookAtTouched} */
  private compare(target: Target): boolean {
    for (const its of target.map.its.keys()) {
      const tables = target.tables(its);
      const slots = this.slotsOf(this.machine, its);
      for (const slot of slots.changed()) if (!this.note(slot, false, tables)) return false;
      for (const subject of target.vmm === undefined ? [] : subjectsOf(tables, its))
        if (!this.note(slots.of(subject), false, tables)) return false;
    }
    return true;
  }

  /** Looks at what became of a subject. @returns false when the line has had all its looks */
  private note(slot: Slot<Noted>, maps: boolean, tables: ItsTables): boolean {
    if (++this.lineLooks > MOST_LOOKS_OF_LINE) return false;
    const { subject, last: before } = slot;
    const to = mappedTo(tables, subject);
    // A second MAPD or MAPC is in force though it says the same; a second MAPTI of an event may have been passed over.
    const again = maps && subject.kind !== "event" && to !== undefined && before?.place !== this.now.place;
    if (sameMapping(before?.to, to) && !again) return true;
    const { line, place } = this.now;
    slot.last = { line, place, reach: this.reach, stage: this.machine, subject, to, before, slot };
    this.changes.push(slot.last);
    return true;
  }

  private *itts(target: Target): Iterable<Stretch> {
    for (const its of target.map.its.keys())
      for (const { last } of this.slotsOf(this.machine, its).changedDevices())
        if (last?.to?.kind === "device")
          yield { address: last.to.ittAddress, bytes: 2 ** last.to.eventBits * ITE_BYTES };
  }
}

export function isMapping(change: MappingChange): change is Mapping {
  return change.to !== undefined;
}

/** A number for one ITS of one machine. */
function keyOf(machine: number, its: number): number {
  return machine * MOST_ITSS + its;
}

function* subjectsOf(tables: ItsTables, its: number): Iterable<Subject> {
  for (const { icid } of tables.collections()) yield { kind: "collection", its, icid };
  for (const { deviceId: device } of tables.devices()) {
    yield { kind: "device", its, device };
    for (const { eventId: event } of tables.events(device)) yield { kind: "event", its, device, event };
  }
}
