import { FIRST_LPI } from "../../architecture/intids.ts";
import { layouts, PENDING_TABLE_RESERVED_BYTES } from "../../architecture/layouts/index.ts";
import type { DumpMemory } from "../memory.ts";
import { rowFields } from "./row-fields.ts";
import type { DecodedTable, RowField, TableRow } from "./table.ts";

type Range = { readonly first: number; last: number; readonly address: number; readonly value: number };

const SHARED = {
  // The two LPI tables are laid down by the architecture: every implementation has the same.
  layout: "architecture",
  layoutTitle: "Arm architecture",
  layoutReason: "laid down by it",
  levels: 1,
} as const;

/** LPI configuration: one row for a range of INTIDs with the same byte. Unwritten memory reads as priority 0, disabled. */
export function lpiConfigTable(memory: DumpMemory, base: number, firstId: number): DecodedTable {
  const layout = layouts["kvm-rev0"].entries["lpi-config"];
  const ranges: Range[] = [];
  for (const { id, address, value } of bytesFrom(memory, base)) extend(ranges, firstId + id, address, value);
  const fieldsOf = (range: Range): RowField[] => (layout === undefined ? [] : rowFields(layout, BigInt(range.value)));
  const notesOf = (range: Range) => (range.first < FIRST_LPI ? [`INTIDs below ${FIRST_LPI} are no LPIs`] : []);
  const head = {
    name: "lpi-config",
    kind: "lpi-config",
    entryName: "configuration byte",
    entryBytes: 1,
    base,
  } as const;
  return rangeTable(
    head,
    ["Priority", "Enable"],
    ranges,
    fieldsOf,
    notesOf,
    (range) => range.last - range.first + 1,
    [],
  );
}

/** LPI pending table: one row for a range of INTIDs whose bits are set. */
export function lpiPendingTable(memory: DumpMemory, base: number, firstId: number): DecodedTable {
  const ranges: Range[] = [];
  let pending = 0;
  let reserved = 0;
  for (const { id, address, value } of bytesFrom(memory, base)) {
    if (value === 0) continue;
    const first = firstId + id * 8;
    if (first < PENDING_TABLE_RESERVED_BYTES * 8) {
      reserved++;
      continue;
    }
    for (let bit = 0; bit < 8; bit++) {
      if (((value >> bit) & 1) === 0) continue;
      pending++;
      extend(ranges, first + bit, address, 1);
    }
  }
  const notes = [`${pending} ${pending === 1 ? "LPI is" : "LPIs are"} pending`];
  if (reserved > 0) {
    notes.push(
      `${reserved} of the first ${PENDING_TABLE_RESERVED_BYTES} bytes are not zero; what stands there is IMPLEMENTATION DEFINED`,
    );
  }
  const head = { name: "lpi-pending", kind: "lpi-pending", entryName: "pending bit", entryBytes: 0, base } as const;
  const bytesOf = (range: Range) => Math.floor(range.last / 8) - Math.floor(range.first / 8) + 1;
  return rangeTable(
    head,
    [],
    ranges,
    () => [],
    () => [],
    bytesOf,
    notes,
  );
}

function rangeTable(
  head: Pick<DecodedTable, "name" | "kind" | "entryName" | "entryBytes" | "base">,
  columns: readonly string[],
  ranges: readonly Range[],
  fieldsOf: (range: Range) => RowField[],
  notesOf: (range: Range) => string[],
  bytesOf: (range: Range) => number,
  notes: readonly string[],
): DecodedTable {
  const row = (i: number): TableRow => {
    const range = ranges[i];
    const { first, last, address, value } = range;
    const words = head.entryBytes === 0 ? [] : [BigInt(value)];
    return {
      index: first,
      lastIndex: last,
      address,
      byteCount: bytesOf(range),
      words,
      fields: fieldsOf(range),
      notes: notesOf(range),
    };
  };
  const rowAt = (address: number) =>
    ranges.findIndex((range) => address >= range.address && address < range.address + bytesOf(range));
  const entryAt = (address: number) => {
    const at = rowAt(address);
    return at < 0 ? undefined : row(at);
  };
  return { ...SHARED, ...head, indexName: "INTID", columns, rowCount: ranges.length, row, rowAt, entryAt, notes };
}

/** Adds an id to the last range when it goes on and has the same value. */
function extend(ranges: Range[], id: number, address: number, value: number): void {
  const last = ranges[ranges.length - 1];
  if (last !== undefined && last.value === value && last.last === id - 1) last.last = id;
  else ranges.push({ first: id, last: id, address, value });
}

/** The bytes from `base` on with their distance from it. An LPI table is at most 2^24 bytes long. */
function* bytesFrom(memory: DumpMemory, base: number): Generator<{ id: number; address: number; value: number }> {
  const byte = { id: 0, address: 0, value: 0 };
  for (const span of memory.spans) {
    const end = Math.min(span.address + span.bytes.length, base + 2 ** 24);
    for (let address = Math.max(span.address, base); address < end; address++) {
      byte.id = address - base;
      byte.address = address;
      byte.value = span.bytes[address - span.address];
      yield byte;
    }
  }
}
