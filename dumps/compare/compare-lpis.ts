import { FIRST_LPI } from "../../architecture/intids.ts";
import { PENDING_TABLE_RESERVED_BYTES } from "../../architecture/layouts/lpi.ts";
import type { CaptureMemory } from "../captures/capture-memory.ts";
import type { CheckedTables } from "../checks/checked-tables.ts";
import type { LpiDifference } from "./differences.ts";

/** Bytes of a table that are compared at a time. */
const CHUNK = 0x1_0000;

/** What a comparison of LPI tables found, and how many tables one side does not know. */
export interface LpiComparison {
  readonly lpis: readonly LpiDifference[];
  readonly unknownConfigurations: number;
  readonly unknownPending: number;
}

/** Compares the LPI configuration and pending tables of two guests, byte by byte where both are known. */
export function compareLpis(a: readonly CheckedTables[], b: readonly CheckedTables[]): LpiComparison {
  const lpis: LpiDifference[] = [];
  const mapped = new Set<number>();
  for (const { report } of [...a, ...b]) {
    for (const { events } of report.devices) {
      for (const { intid, vpe } of events) if (vpe === undefined) mapped.add(intid);
    }
  }
  const [ours, theirs] = [a[0], b[0]];
  const intids = Math.min(ours.facts.intids, theirs.facts.intids);
  const runs = new Runs(lpis, mapped);
  const [one, other] = [ours, theirs].map(({ facts }) => facts.propertyTable?.address);
  let unknownConfigurations = 0;
  if (one !== undefined && other !== undefined) {
    const places = { a: one, b: other, bytes: intids - FIRST_LPI };
    const isWhole = compareBytes(ours.memory, theirs.memory, places, (at, before, now) =>
      runs.add("configuration", FIRST_LPI + at, undefined, { a: before, b: now, ...addressesAt(places, at) }),
    );
    if (!isWhole) unknownConfigurations++;
  } else if (one !== other) unknownConfigurations++;
  runs.end();
  let unknownPending = 0;
  for (const pe of new Set([...ours.facts.pendingTables.keys(), ...theirs.facts.pendingTables.keys()])) {
    const [first, second] = [ours, theirs].map(({ facts }) => facts.pendingTables.get(pe)?.address);
    if (first === undefined || second === undefined) {
      unknownPending++;
      continue;
    }
    const skipped = PENDING_TABLE_RESERVED_BYTES;
    const places = { a: first + skipped, b: second + skipped, bytes: intids / 8 - skipped };
    const isWhole = compareBytes(ours.memory, theirs.memory, places, (at, before, now) => {
      for (let bit = 0; bit < 8; bit++) {
        const [was, is] = [(before >>> bit) & 1, (now >>> bit) & 1];
        if (was === is) continue;
        runs.add("pending", (skipped + at) * 8 + bit, pe, { a: was, b: is, ...addressesAt(places, at) });
      }
    });
    if (!isWhole) unknownPending++;
    runs.end();
  }
  return { lpis, unknownConfigurations, unknownPending };
}

function addressesAt({ a, b }: { readonly a: number; readonly b: number }, at: number) {
  return { addressA: a + at, addressB: b + at };
}

/** @returns whether both sides know all bytes */
function compareBytes(
  ours: CaptureMemory,
  theirs: CaptureMemory,
  { a, b, bytes }: { readonly a: number; readonly b: number; readonly bytes: number },
  differs: (at: number, before: number, now: number) => void,
): boolean {
  let known = 0;
  for (const span of ours.known(a, a + bytes)) {
    for (const other of theirs.known(b + span.from - a, b + span.to - a)) {
      known += other.to - other.from;
      for (let from = other.from - b; from < other.to - b; from += CHUNK) {
        const length = Math.min(CHUNK, other.to - b - from);
        const before = ours.read(a + from, length) ?? new Uint8Array();
        const now = theirs.read(b + from, length) ?? new Uint8Array();
        for (let at = 0; at < length; at++) if (before[at] !== now[at]) differs(from + at, before[at], now[at]);
      }
    }
  }
  return known === bytes;
}

/** INTIDs one after another that differ in the same way become one difference. */
class Runs {
  private run: LpiDifference | undefined;
  private readonly found: LpiDifference[];
  private readonly mapped: ReadonlySet<number>;

  constructor(found: LpiDifference[], mapped: ReadonlySet<number>) {
    this.found = found;
    this.mapped = mapped;
  }

  add(
    kind: LpiDifference["kind"],
    intid: number,
    pe: number | undefined,
    sides: Pick<LpiDifference, "a" | "b" | "addressA" | "addressB">,
  ): void {
    const { a, b } = sides;
    const { run } = this;
    const mapped = this.mapped.has(intid);
    const goesOn = run !== undefined && intid === run.last + 1 && run.a === a && run.b === b && run.mapped === mapped;
    if (!goesOn) this.end();
    this.run = goesOn ? { ...run, last: intid } : { kind, first: intid, last: intid, pe, ...sides, mapped };
  }

  end(): void {
    if (this.run !== undefined) this.found.push(this.run);
    this.run = undefined;
  }
}
