import type { CommandEvent, ItsTables } from "../../emulator/index.ts";
import type { Operation } from "../../language/index.ts";
import type { Target } from "../target.ts";
import { type Mapped, mappedTo, type Subject, sameMapping, subjectKey } from "./subject.ts";
import { mayChangeTables, type Stretch } from "./table-memory.ts";
import { touchOf } from "./touched.ts";

/** A line mapped or unmapped something. */
export interface MappingChange {
  readonly line: number;
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

/** Changes that are kept of one run, and looks at tables. What is mapped below is not known then. */
const MOST_CHANGES = 100_000;
const MOST_LOOKS = 500_000;
/** Looks after one line, which are made in one go: some 30 ms. Of a line that asks for more nothing is known, nor below it. */
const MOST_LOOKS_OF_LINE = 8192;

/** Bytes of an ITT entry at most in the implementations that are emulated (QEMU: 12), rounded up to a power of two. */
export const ITE_BYTES = 16;

/**
 * Which line of a run mapped or unmapped what. After each line the ITS itself is asked about everything that the line's commands named,
 * and after a restore, a reset and such about all that was ever named; so failed commands, DISCARD, MAPD with V = 0, `raw`, and commands
 * that memory held are known as they were carried out. Where tables are in memory, entries that nothing but stores has made are not
 * found, and of two devices with one ITT only the one that a command names is looked at.
 */
export class MappingLog {
  private readonly changes: MappingChange[] = [];
  /** The last change of each subject, by machine and key. */
  private readonly latest = new Map<string, MappingChange>();
  /** Keys of events by the key of their device. */
  private readonly events = new Map<string, Map<string, Subject>>();
  /** What commands of the line under way have named. */
  private readonly touched = new Map<string, { readonly subject: Subject; readonly maps: boolean }>();
  private tablesTouched = false;
  /** Looks after the line under way. */
  private lineLooks = 0;
  /** Lines at which the machines after the first were made. */
  private readonly stages: number[] = [];
  /** Lines after which tables were looked at, and how often. */
  private readonly looked: { readonly line: number; readonly looks: number }[] = [];
  private looks = 0;
  /** Line from which on nothing is known any more, because it became too much. */
  private blindFrom = Number.POSITIVE_INFINITY;

  /** A line begins. */
  lineBegins(): void {
    this.touched.clear();
    this.tablesTouched = false;
    this.lineLooks = 0;
  }

  /** A command was carried out, or refused. */
  command(event: CommandEvent, target: Target): void {
    if (event.its !== 0 || this.touched.size > MOST_LOOKS_OF_LINE) return;
    const touch = touchOf(event, target);
    if (touch === undefined) return;
    const key = this.key(subjectKey(touch.subject));
    this.touched.set(key, { subject: touch.subject, maps: touch.maps || this.touched.get(key)?.maps === true });
  }

  /** An operation was carried out. */
  performed(operation: Operation, target: Target): void {
    this.tablesTouched ||= mayChangeTables(operation, target, this.itts());
  }

  /** What the line under way does may change any table. */
  everythingMayChange(): void {
    this.tablesTouched = true;
  }

  /** A line is done. @param begun whether it made `target` @returns false when it is the first of which nothing is known */
  lineDone(line: number, target: Target, begun: boolean): boolean {
    if (begun) this.stages.push(line);
    if (line >= this.blindFrom || target.map.its.length === 0) return true;
    const looked = this.lookAtTouched(line, target.tables(0)) && (!this.tablesTouched || this.compare(line, target));
    if (this.lineLooks > 0) {
      this.looks += this.lineLooks;
      this.looked.push({ line, looks: this.lineLooks });
    }
    if (looked && this.changes.length <= MOST_CHANGES && this.looks <= MOST_LOOKS) return true;
    this.forgetFrom(line);
    this.blindFrom = line;
    return false;
  }

  /** Forgets what a line and those below it did. */
  takeBack(line: number): void {
    this.lineBegins();
    this.forgetFrom(line);
    while ((this.stages.at(-1) ?? -1) >= line) this.stages.pop();
    for (let last = this.looked.at(-1); last !== undefined && last.line >= line; last = this.looked.at(-1)) {
      this.looks -= last.looks;
      this.looked.pop();
    }
    if (line <= this.blindFrom) this.blindFrom = Number.POSITIVE_INFINITY;
  }

  private forgetFrom(line: number): void {
    for (let last = this.changes.at(-1); last !== undefined && last.line >= line; last = this.changes.at(-1)) {
      this.changes.pop();
      this.forget(last);
    }
  }

  /** Whether it is known what is mapped when a line begins. */
  knows(line: number): boolean {
    return line <= this.blindFrom;
  }

  /** The last change of a subject above a line, on the line's machine; undefined when no line has mapped it yet. */
  above(subject: Subject, line: number): MappingChange | undefined {
    let change = this.latest.get(this.key(subjectKey(subject), this.stageAt(line)));
    while (change !== undefined && change.line >= line) change = change.before;
    return change;
  }

  /** What a line did, in order. */
  of(line: number): readonly MappingChange[] {
    const from = this.place(line);
    let to = from;
    while (this.changes[to]?.line === line) to++;
    return this.changes.slice(from, to);
  }

  /** What is mapped when a line begins, the nearest above it first. */
  *mappedAt(line: number): Iterable<Mapping> {
    const seen = new Set<string>();
    const stage = this.stageAt(line);
    for (let at = this.place(line) - 1; at >= 0 && this.changes[at].stage === stage; at--) {
      const change = this.changes[at];
      const key = subjectKey(change.subject);
      if (seen.has(key)) continue;
      seen.add(key);
      if (isMapping(change)) yield change;
    }
  }

  /** What is mapped when a line begins, and what lines from there on map on its machine, as far as they have run; latest first. */
  *usedFrom(line: number): Iterable<Mapping> {
    const stage = this.stageAt(line);
    const seen = new Set<string>();
    for (let at = this.changes.length - 1; at >= 0 && this.changes[at].stage >= stage; at--) {
      const change = this.changes[at];
      if (change.stage > stage) continue;
      const key = subjectKey(change.subject);
      if (change.line < line && seen.has(key)) continue;
      // Above the line only what is still in force there counts.
      if (change.line < line) seen.add(key);
      if (isMapping(change)) yield change;
    }
  }

  /** The first change from a line on, on the line's machine, that maps what is asked for. */
  firstFrom(line: number, wanted: (change: Mapping) => boolean): Mapping | undefined {
    const stage = this.stageAt(line);
    for (let at = this.place(line); at < this.changes.length && this.changes[at].stage <= stage; at++) {
      const change = this.changes[at];
      if (change.stage === stage && isMapping(change) && wanted(change)) return change;
    }
    return undefined;
  }

  /** All changes, in the order of the lines. */
  all(): readonly MappingChange[] {
    return this.changes;
  }

  private key(subject: string, stage = this.stages.length): string {
    return `${stage} ${subject}`;
  }

  /** The machine that a line meets. */
  private stageAt(line: number): number {
    let stage = this.stages.length;
    while (stage > 0 && this.stages[stage - 1] >= line) stage--;
    return stage;
  }

  /** Place of the first change of a line or below it. */
  private place(line: number): number {
    let from = 0;
    let to = this.changes.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.changes[middle].line < line) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** @returns whether the line may have all the looks that it asks for */
  private lookAtTouched(line: number, tables: ItsTables): boolean {
    for (const [key, { subject, maps }] of this.touched) {
      if (!this.note(line, key, subject, maps, tables)) return false;
      if (subject.kind !== "device") continue;
      // MAPD frees the events of a device, or leaves them, as the model does.
      for (const [event, of] of this.events.get(key) ?? []) {
        if (!this.touched.has(event) && !this.note(line, event, of, false, tables)) return false;
      }
    }
    return true;
  }

  /** Looks at everything that was ever named on this machine, and at all that a KVM's host has. @returns as {@link lookAtTouched} */
  private compare(line: number, target: Target): boolean {
    const tables = target.tables(0);
    const stage = this.stages.length;
    for (const [key, { subject, stage: of }] of [...this.latest]) {
      if (of === stage && !this.note(line, key, subject, false, tables)) return false;
    }
    for (const subject of target.vmm === undefined ? [] : subjectsOf(tables)) {
      if (!this.note(line, this.key(subjectKey(subject)), subject, false, tables)) return false;
    }
    return true;
  }

  /** Looks at what became of a subject. @returns false when the line has had all its looks */
  private note(line: number, key: string, subject: Subject, maps: boolean, tables: ItsTables): boolean {
    if (++this.lineLooks > MOST_LOOKS_OF_LINE) return false;
    const before = this.latest.get(key);
    const to = mappedTo(tables, subject);
    // A second MAPD or MAPC is in force though it says the same; a second MAPTI of an event may have been passed over.
    const again = maps && subject.kind !== "event" && to !== undefined && before?.line !== line;
    if (sameMapping(before?.to, to) && !again) return true;
    const change = { line, stage: this.stages.length, subject, to, before };
    this.changes.push(change);
    this.latest.set(key, change);
    if (subject.kind !== "event") return true;
    const device = this.key(subjectKey({ kind: "device", device: subject.device }));
    const events = this.events.get(device);
    if (events === undefined) this.events.set(device, new Map([[key, subject]]));
    else events.set(key, subject);
    return true;
  }

  private forget({ stage, subject, before }: MappingChange): void {
    const key = this.key(subjectKey(subject), stage);
    if (before !== undefined) {
      this.latest.set(key, before);
      return;
    }
    this.latest.delete(key);
    if (subject.kind === "event")
      this.events.get(this.key(subjectKey({ kind: "device", device: subject.device }), stage))?.delete(key);
  }

  private *itts(): Iterable<Stretch> {
    const stage = this.stages.length;
    for (const { to, stage: of } of this.latest.values())
      if (of === stage && to?.kind === "device") yield { address: to.ittAddress, bytes: 2 ** to.eventBits * ITE_BYTES };
  }
}

export function isMapping(change: MappingChange): change is Mapping {
  return change.to !== undefined;
}

function* subjectsOf(tables: ItsTables): Iterable<Subject> {
  for (const { icid } of tables.collections()) yield { kind: "collection", icid };
  for (const { deviceId: device } of tables.devices()) {
    yield { kind: "device", device };
    for (const { eventId: event } of tables.events(device)) yield { kind: "event", device, event };
  }
}
