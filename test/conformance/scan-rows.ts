import { type Fields, hex, RecordingError, toBig } from "./fields.ts";
import { difference } from "./findings.ts";
import { errnoName, groupNumber } from "./kvm-names.ts";
import type { KvmVmTarget } from "./target.ts";
import type { timerBits } from "./timer-bits.ts";

/**
 * `scan` and `wscan` steps: one operation that walked a range of attributes of one live device and recorded a row of
 * results for each, equal neighbours merged. The replay walks the same way and compares every attribute of the range.
 */

/** More attributes than any recording walks; a bound for damaged recordings. */
const MAX_ATTRIBUTES = 1 << 20;

interface Walk {
  vm: KvmVmTarget;
  device: string;
  deviceType: string | undefined;
  group: string;
  groupNumber: number;
  size: number;
}

/** Errno and value columns in the order of the recording's `columns` after "first" and "last". */
type Row = readonly string[];

type Probe = (walk: Walk, attr: bigint) => Row;

interface ScanKind {
  columns: readonly string[];
  /** Which columns hold values, in which timer bits are masked. */
  values: ReadonlySet<number>;
  probe: Probe;
}

function get(walk: Walk, attr: bigint): { errno: number; value: string } {
  const { errno, value } = walk.vm.getAttr(walk.device, walk.groupNumber, attr);
  return { errno, value: errno === 0 ? hex(value) : "0x0" };
}

/** has, then get. */
function probeRead(walk: Walk, attr: bigint): Row {
  const has = walk.vm.hasAttr(walk.device, walk.groupNumber, attr);
  const read = get(walk, attr);
  return [errnoName(has), errnoName(read.errno), read.value];
}

/**
 * has, get, set all ones, get, set zero, get, set the first value again, get. When an attribute neither exists nor can be
 * read, the recorder wrote only the ones and left the remaining columns at their start values, "OK" and 0.
 */
function probeWrite(walk: Walk, attr: bigint): Row {
  const { vm, device, groupNumber: group } = walk;
  const has = vm.hasAttr(device, group, attr);
  const initial = vm.getAttr(device, group, attr);
  const value = initial.errno === 0 ? initial.value : 0n;
  const ones = vm.setAttr(device, group, attr, BigInt.asUintN(walk.size * 8, -1n));
  const head = [errnoName(has), errnoName(initial.errno), hex(value), errnoName(ones)];
  const afterOnes = get(walk, attr).value;
  if (has !== 0 && initial.errno !== 0) {
    return [...head, afterOnes, "OK", "0x0", "0x0"];
  }
  const zero = vm.setAttr(device, group, attr, 0n);
  const afterZero = get(walk, attr).value;
  vm.setAttr(device, group, attr, value);
  return [...head, afterOnes, errnoName(zero), afterZero, get(walk, attr).value];
}

const KINDS: Readonly<Record<string, ScanKind>> = {
  scan: { columns: ["has_errno", "get_errno", "value"], values: new Set([2]), probe: probeRead },
  wscan: {
    columns: [
      "has_errno",
      "get_errno",
      "initial",
      "set_ones_errno",
      "after_ones",
      "set_zero_errno",
      "after_zero",
      "after_restore",
    ],
    values: new Set([2, 4, 6, 7]),
    probe: probeWrite,
  },
};

/**
 * Replays one `scan` or `wscan` step; returns one sentence for each run of attributes that differ alike.
 * @param ignored bits that are not compared
 */
export function replayScan(
  vm: KvmVmTarget,
  step: Fields,
  deviceType: string | undefined,
  ignored: typeof timerBits,
): string[] {
  const kind = KINDS[step.text("op")];
  if (kind === undefined || step.list("columns").slice(2).join() !== kind.columns.join()) {
    throw new RecordingError(`"columns" of a ${step.text("op")} are not the ones this harness compares`);
  }
  const group = step.text("group");
  const walk: Walk = {
    vm,
    device: step.text("dev"),
    deviceType,
    group,
    groupNumber: groupNumber(group),
    size: step.small("size"),
  };
  const high = step.big("attr_hi") << 32n;
  const stride = step.big("stride");
  const end = step.big("end");
  const merged = new MergedDifferences(kind.columns);
  let offset = step.big("lo");
  if (stride <= 0n || (end - offset) / stride > BigInt(MAX_ATTRIBUTES)) {
    throw new RecordingError(`range ${hex(offset)} to ${hex(end)} in steps of ${stride} is not replayed`);
  }
  for (const row of step.list("rows")) {
    const [first, last, expected] = readRow(row, kind.columns.length);
    if (first !== offset || last < first || last >= end || (last - first) % stride !== 0n) {
      throw new RecordingError(`"rows" do not continue at ${hex(offset)}`);
    }
    for (; offset <= last; offset += stride) {
      const got = kind.probe(walk, high | offset);
      const mask = ignored(deviceType, group, offset);
      merged.add(offset, masked(expected, kind.values, mask), masked(got, kind.values, mask));
    }
  }
  if (offset < end) {
    throw new RecordingError(`"rows" end at ${hex(offset)}, before ${hex(end)}`);
  }
  return merged.sentences();
}

function readRow(row: unknown, columns: number): [bigint, bigint, Row] {
  if (!Array.isArray(row) || row.length !== columns + 2 || !row.every((cell) => typeof cell === "string")) {
    throw new RecordingError(`"rows" has a row that is not ${columns + 2} texts`);
  }
  const cells: string[] = row;
  return [toBig(cells[0], "first of a row"), toBig(cells[1], "last of a row"), cells.slice(2)];
}

function masked(row: Row, values: ReadonlySet<number>, mask: bigint): Row {
  return mask === 0n ? row : row.map((cell, i) => (values.has(i) ? hex(toBig(cell, "cell of a row") & ~mask) : cell));
}

/** Gathers neighbouring attributes that differ in the same way. */
class MergedDifferences {
  private readonly columns: readonly string[];
  private readonly runs: { first: bigint; last: bigint; text: string }[] = [];
  private adjacent = false;

  constructor(columns: readonly string[]) {
    this.columns = columns;
  }

  add(offset: bigint, expected: Row, got: Row): void {
    const columns = this.columns.map((_, i) => i).filter((i) => expected[i] !== got[i]);
    if (columns.length === 0) {
      this.adjacent = false;
      return;
    }
    const text = columns.map((i) => difference(this.columns[i], expected[i], got[i])).join(", ");
    const last = this.runs.at(-1);
    if (this.adjacent && last !== undefined && last.text === text) {
      last.last = offset;
    } else {
      this.runs.push({ first: offset, last: offset, text });
    }
    this.adjacent = true;
  }

  sentences(): string[] {
    return this.runs.map(({ first, last, text }) =>
      first === last ? `${hex(first)} ${text}` : `${hex(first)}..${hex(last)} ${text}`,
    );
  }
}
