import { FIRST_LPI, LAST_INTID } from "../../architecture/intids.ts";
import { layouts, PENDING_TABLE_RESERVED_BYTES } from "../../architecture/layouts/index.ts";
import type { DumpMemory } from "../memory.ts";
import type { Work } from "../work.ts";
import { bitRanges, byteRanges, type IdRange, RangeIndex } from "./range-index.ts";
import { rowFields } from "./row-fields.ts";
import { bitsSet } from "./set-bits.ts";
import type { DecodedTable, TableRow } from "./table.ts";

const SHARED = {
  // The two LPI tables are laid down by the architecture: every implementation has the same.
  layouts: undefined,
  layout: "architecture",
  layoutTitle: "Arm architecture",
  layoutReason: "laid down by it",
  levels: 1,
  indexName: "INTID",
} as const;

/** Bytes that are looked at between two slices. */
const SLICE = 1 << 16;

/** LPI configuration: one row for a range of INTIDs with the same byte. Unwritten memory reads as priority 0, disabled. */
export function* lpiConfigTable(memory: DumpMemory, base: number, firstId: number): Work<DecodedTable> {
  const layout = layouts["kvm-rev0"].entries["lpi-config"];
  const limit = base + LAST_INTID + 1 - firstId;
  const index = yield* RangeIndex.of(memory, base, base, limit, byteRanges);
  const rowOf = ({ first, last, address }: IdRange): TableRow => {
    const value = BigInt(memory.read(address, 1)?.[0] ?? 0);
    return {
      index: firstId + first,
      lastIndex: firstId + last,
      address,
      byteCount: last - first + 1,
      words: [value],
      fields: layout === undefined ? [] : rowFields(layout, value),
      notes: firstId + first < FIRST_LPI ? [`INTIDs below ${FIRST_LPI} are no LPIs`] : [],
    };
  };
  return {
    ...SHARED,
    name: "lpi-config",
    kind: "lpi-config",
    entryName: "configuration byte",
    entryBytes: 1,
    base,
    columns: ["Priority", "Enable"],
    ...rowsOf(index, rowOf),
    notes: beyond(memory, limit),
  };
}

/** LPI pending table: one row for a range of INTIDs whose bits are set. */
export function* lpiPendingTable(memory: DumpMemory, base: number, firstId: number): Work<DecodedTable> {
  const reservedEnd = base + Math.max(0, Math.ceil((FIRST_LPI - firstId) / 8));
  const limit = base + Math.ceil((LAST_INTID + 1 - firstId) / 8);
  const index = yield* RangeIndex.of(memory, base, reservedEnd, limit, bitRanges);
  const pending = yield* sumOver(memory, reservedEnd, limit, bitsSet);
  const reserved = yield* sumOver(memory, base, reservedEnd, (bytes) =>
    bytes.reduce((sum, byte) => (byte === 0 ? sum : sum + 1), 0),
  );
  const notes = [`${pending} ${pending === 1 ? "LPI is" : "LPIs are"} pending`];
  if (reserved > 0) {
    notes.push(
      `${reserved} of the first ${PENDING_TABLE_RESERVED_BYTES} bytes are not zero; what stands there is IMPLEMENTATION DEFINED`,
    );
  }
  const rowOf = ({ first, last, address }: IdRange): TableRow => {
    const byteCount = Math.floor(last / 8) - Math.floor(first / 8) + 1;
    return { index: firstId + first, lastIndex: firstId + last, address, byteCount, words: [], fields: [], notes: [] };
  };
  return {
    ...SHARED,
    name: "lpi-pending",
    kind: "lpi-pending",
    entryName: "pending bit",
    entryBytes: 0,
    base,
    columns: [],
    ...rowsOf(index, rowOf),
    notes: [...notes, ...beyond(memory, limit)],
  };
}

function rowsOf(
  index: RangeIndex,
  rowOf: (range: IdRange) => TableRow,
): Pick<DecodedTable, "rowCount" | "row" | "rowAt" | "entryAt"> {
  const row = (i: number) => rowOf(index.at(i));
  const entryAt = (address: number) => {
    const found = index.find(address);
    return found < 0 ? undefined : row(found);
  };
  return { rowCount: index.count, row, rowAt: (address) => index.find(address), entryAt };
}

/** What is said when the dump goes on behind the last INTID. */
function beyond(memory: DumpMemory, limit: number): string[] {
  if (!memory.holds(limit)) return [];
  return [`INTIDs have 24 bits at most: what the dump holds from ${memory.format(limit)} on is none of this table`];
}

/** What `count` finds in all the bytes that the dump holds, together. */
function* sumOver(memory: DumpMemory, from: number, limit: number, count: (bytes: Uint8Array) => number): Work<number> {
  let sum = 0;
  for (const { address, length } of memory.spans(from, limit)) {
    for (let at = 0; at < length; at += SLICE) {
      sum += count(memory.read(address + at, Math.min(SLICE, length - at)) ?? new Uint8Array());
      yield;
    }
  }
  return sum;
}
