import { littleEndian } from "../../dumps/index.ts";
import type { Expression, NameTable, ScriptDocument } from "../../language/index.ts";
import { plainNumber, type ScriptRun } from "../../runner/index.ts";
import { type HitTest, hitProblem, hitTest, readExpression, scopeOf, valueNow } from "./condition.ts";
import { type Hit, noHit, type SetBreakpoint } from "./hit.ts";
import { HitCount } from "./hit-count.ts";
import { isReadable, type LineReads, type Readable, readableOf } from "./reads.ts";

/** Which accesses to stop at. A write that changes nothing is none. */
export type AccessType = "read" | "write" | "readWrite";

/** What an editor asks for. */
export interface DataBreakpointRequest {
  /** The expression whose value is watched, as {@link DataBreakpoints} gave it. */
  readonly dataId: string;
  /** Default: write. */
  readonly accessType?: AccessType;
  readonly condition?: string;
  readonly hitCondition?: string;
}

interface Watched extends SetBreakpoint {
  readonly request: DataBreakpointRequest;
  readonly subject: Subject;
  readonly condition?: Expression;
  readonly holds: HitTest;
  /** Value when it was last looked at, or why there was none. */
  value: bigint | string;
  readonly count: HitCount;
}

/**
 * Stops when a value changes: of a register, a field, a table entry, a bit of an interrupt's state, of memory, of any expression of the
 * script language. Values are compared after each line; what has no value (an entry that is not mapped) is a value of its own.
 */
export class DataBreakpoints {
  private document: ScriptDocument;
  private readonly nextId: () => number;
  private watched: readonly Watched[] = [];

  constructor(document: ScriptDocument, nextId: () => number) {
    this.document = document;
    this.nextId = nextId;
  }

  replace(document: ScriptDocument): void {
    this.document = document;
  }

  /** Which accesses of a value can be watched, or why none can. */
  accessTypes(text: string): readonly AccessType[] | { readonly refused: string } {
    const subject = readSubject(text, this.names());
    if ("wrong" in subject) return { refused: subject.wrong };
    return readsCanBeSeen(subject) ? ["read", "write", "readWrite"] : ["write"];
  }

  /** Replaces all. */
  set(requests: readonly DataBreakpointRequest[]): readonly SetBreakpoint[] {
    const made = requests.map((request) => this.make(request));
    this.watched = made.filter((one): one is Watched => one.verified);
    return made;
  }

  private make(request: DataBreakpointRequest): Watched | SetBreakpoint {
    const id = this.nextId();
    const unverified = (message: string): SetBreakpoint => ({ id, verified: false, message });
    const names = this.names();
    const subject = readSubject(request.dataId, names);
    if ("wrong" in subject) return unverified(subject.wrong);
    if ((request.accessType ?? "write") !== "write" && !readsCanBeSeen(subject)) {
      return unverified(
        `Reads of ${request.dataId} cannot be seen: watch registers, memory, table entries or bits of LPIs.`,
      );
    }
    const holds = hitTest(request.hitCondition);
    if (holds === undefined) return unverified(hitProblem(request.hitCondition ?? ""));
    const condition = request.condition === undefined ? undefined : readExpression(request.condition, names);
    if (condition?.wrong !== undefined) return unverified(condition.wrong);
    return {
      id,
      verified: true,
      request,
      subject,
      condition: condition?.expression,
      holds,
      value: "",
      count: new HitCount(),
    };
  }

  /** Every name of the script: a breakpoint that was kept from before stands before the line that defines it. */
  private names(): NameTable {
    const { document } = this;
    const names = new Map(document.namesAt(document.lines.length).map((entry) => [entry.name, entry]));
    return { find: (name) => names.get(name), names: () => names.keys() };
  }

  get isEmpty(): boolean {
    return this.watched.length === 0;
  }

  /** Notes the values of this moment: what changes from here on counts. */
  note(run: ScriptRun): void {
    for (const one of this.watched) one.value = subjectNow(one.subject, run);
  }

  /** Whether it is to be known what lines read. */
  get watchesReads(): boolean {
    return this.watched.some(({ request }) => request.accessType === "read" || request.accessType === "readWrite");
  }

  /** What a line has read that has just run. */
  read(run: ScriptRun, reads: LineReads): Hit {
    const ids: number[] = [];
    const messages: string[] = [];
    for (const one of this.watched) {
      const { accessType = "write", dataId } = one.request;
      const subject = accessType === "write" ? undefined : readableSubject(one.subject, run);
      const reader = subject && reads.reader(subject);
      if (reader === undefined || !this.counts(one, run, run.history.length)) continue;
      ids.push(one.id);
      messages.push(`${dataId} was read by ${reader}`);
    }
    return ids.length === 0 ? noHit : { ids, messages };
  }

  /** Whether an access is one to stop at. @param place lines that had run then */
  private counts({ holds, count, condition }: Watched, run: ScriptRun, place: number): boolean {
    if (!holds(count.meet(place))) return false;
    return condition === undefined || valueNow(condition, scopeOf(run)) !== 0n;
  }

  /**
   * What has changed since the last look.
   * @param direction whether a line has run, or was taken back
   */
  changed(run: ScriptRun, direction: "forwards" | "backwards"): Hit {
    if (this.watched.length === 0) return noHit;
    const ids: number[] = [];
    const messages: string[] = [];
    for (const one of this.watched) {
      if (one.request.accessType === "read") continue;
      const before = one.value;
      one.value = subjectNow(one.subject, run);
      // Another reason why there is no value is no change.
      if (one.value === before || (typeof one.value === "string" && typeof before === "string")) continue;
      // The line that made the change, or took it back, is the last one that had run then.
      if (!this.counts(one, run, run.history.length + (direction === "forwards" ? 0 : 1))) continue;
      ids.push(one.id);
      messages.push(`${one.request.dataId}: ${text(before)} → ${text(one.value)}`);
    }
    return ids.length === 0 ? noHit : { ids, messages };
  }
}

/** What is watched: the value of an expression, or bytes. */
type Subject = Expression | { readonly kind: "bytes"; readonly address: number; readonly bytes: number };

/** Bytes that are watched as one. */
const MOST_BYTES = 4096;
const RANGE = /^\s*(0x[0-9a-f]{1,13}|\d{1,15})\s*\+\s*(0x[0-9a-f]{1,4}|\d{1,4})\s+bytes\s*$/i;

/** Some bytes as a data breakpoint names them. */
export function bytesId(address: string, bytes: number): string {
  return `${address} + ${bytes} bytes`;
}

function readSubject(text: string, names: NameTable): Subject | { readonly wrong: string } {
  const range = RANGE.exec(text);
  if (range === null) {
    const { expression, wrong } = readExpression(text, names);
    return expression ?? { wrong: wrong ?? "" };
  }
  const [address, bytes] = [Number(range[1]), Number(range[2])];
  if (bytes < 1 || bytes > MOST_BYTES) return { wrong: `1 to ${MOST_BYTES} bytes can be watched, not ${bytes}.` };
  return { kind: "bytes", address, bytes };
}

function readsCanBeSeen(subject: Subject): boolean {
  return subject.kind === "bytes" || isReadable(subject);
}

function readableSubject(subject: Subject, run: ScriptRun): Readable | undefined {
  return subject.kind === "bytes" ? subject : readableOf(subject, run);
}

function subjectNow(subject: Subject, run: ScriptRun): bigint | string {
  if (subject.kind !== "bytes") return valueNow(subject, scopeOf(run));
  const found = run.target.readMemory(subject.address, subject.bytes);
  return found === undefined ? "There is no RAM." : littleEndian(found);
}

function text(value: bigint | string): string {
  return typeof value === "string" ? `no value (${value.replace(/\.$/, "")})` : plainNumber(value);
}
