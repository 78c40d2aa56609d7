import { Fields, RecordingError } from "./fields.ts";
import { difference } from "./findings.ts";
import type { QemuMachineTarget } from "./target.ts";

/** Bytes of one entry of each kind of table that the recorder read (QEMU 7.2 hw/intc/gicv3_internal.h). */
const ENTRY_BYTES: Readonly<Record<string, number>> = { dte: 8, cte: 8, vte: 8, ite: 12, l1: 8 };
const MAX_BYTES = 1 << 26;

/** One table the recorder looked at: entries, INTIDs (pending) or bytes, counted by `count`. */
export interface TableSpec {
  name: string;
  kind: string;
  address: bigint;
  count: number;
}

/** Reads an entry of the recording's `observe`. */
export function tableSpec(entry: Fields): TableSpec {
  const spec = {
    name: entry.text("name"),
    kind: entry.text("kind"),
    address: entry.big("addr"),
    count: entry.small("count"),
  };
  if (spec.kind !== "pending" && spec.kind !== "bytes" && ENTRY_BYTES[spec.kind] === undefined) {
    throw new RecordingError(`table kind "${spec.kind}" is unknown`);
  }
  if (spec.count < 0 || spec.count * 12 > MAX_BYTES) {
    throw new RecordingError(`table "${spec.name}" has ${spec.count} entries; so many are not replayed`);
  }
  return spec;
}

/**
 * Compares a table with its recorded non-zero entries, both ways. Of a recorded entry the raw bytes are compared; its
 * decoded fields are the recorder's reading of the same bytes.
 */
export function compareTable(machine: QemuMachineTarget, spec: TableSpec, expected: unknown): string[] {
  if (spec.kind === "bytes") {
    const got = Buffer.from(machine.readBytes(spec.address, spec.count)).toString("hex");
    return expected === got ? [] : [difference(spec.name, String(expected), got)];
  }
  if (!Array.isArray(expected)) {
    throw new RecordingError(`table "${spec.name}" is not a list`);
  }
  return spec.kind === "pending" ? comparePending(machine, spec, expected) : compareEntries(machine, spec, expected);
}

function comparePending(machine: QemuMachineTarget, spec: TableSpec, expected: readonly unknown[]): string[] {
  const left = new Set(expected.map(Number));
  const bytes = machine.readBytes(spec.address, Math.ceil(spec.count / 8));
  const problems: string[] = [];
  for (const [index, byte] of bytes.entries()) {
    for (let bit = 0; byte >> bit !== 0; bit++) {
      const intid = index * 8 + bit;
      if ((byte >> bit) & 1 && !left.delete(intid)) {
        problems.push(difference(`${spec.name} INTID ${intid}`, "not pending", "pending"));
      }
    }
  }
  for (const intid of left) {
    problems.push(difference(`${spec.name} INTID ${intid}`, "pending", "not pending"));
  }
  return problems;
}

function compareEntries(machine: QemuMachineTarget, spec: TableSpec, expected: readonly unknown[]): string[] {
  const entryBytes = ENTRY_BYTES[spec.kind];
  const left = new Map<number, string>();
  for (const raw of expected) {
    const entry = new Fields(raw, `an entry of ${spec.name}`);
    left.set(entry.small("index"), entry.text("hex"));
  }
  const bytes = Buffer.from(machine.readBytes(spec.address, spec.count * entryBytes));
  const zero = Buffer.alloc(entryBytes);
  const nothing = zero.toString("hex");
  const problems: string[] = [];
  for (let index = 0; index < spec.count; index++) {
    const want = left.get(index);
    const at = index * entryBytes;
    if (want === undefined && bytes.compare(zero, 0, entryBytes, at, at + entryBytes) === 0) {
      continue;
    }
    left.delete(index);
    const got = bytes.toString("hex", at, at + entryBytes);
    if (got !== (want ?? nothing)) {
      problems.push(difference(`${spec.name}[${index}]`, want ?? nothing, got));
    }
  }
  for (const index of left.keys()) {
    throw new RecordingError(`table "${spec.name}" has entry ${index}, beyond its ${spec.count} entries`);
  }
  return problems;
}
