import { FIRST_LPI, hex } from "../../architecture/index.ts";
import type { SavedState } from "../../emulator/index.ts";
import type { LineShape } from "./hex-lines.ts";
import type { SavedTable } from "./saved-tables.ts";
import { fieldOf, ID_BITS } from "./table-rules.ts";

const BYTES: LineShape = { lineBytes: 16, wordBytes: 1 };

/** LPI configuration tables, each with the PEs that it is of, and the pending table of every PE, found by GICR_PROPBASER and GICR_PENDBASER. */
export function* lpiTables({ redistributors }: Pick<SavedState, "redistributors">): Iterable<SavedTable> {
  const properties = new Map<string, { readonly from: number; readonly intids: number; readonly pes: number[] }>();
  const pending: { readonly from: number; readonly intids: number; readonly pe: number }[] = [];
  const without: number[] = [];
  for (const [pe, registers] of redistributors.entries()) {
    const from = fieldOf(registers, "GICR_PROPBASER", "Physical_Address");
    const intids = 2 ** Math.min(fieldOf(registers, "GICR_PROPBASER", "IDbits"), ID_BITS);
    const enabled = fieldOf(registers, "GICR_CTLR", "EnableLPIs") === 1;
    if (intids <= FIRST_LPI || (from === 0 && !enabled)) {
      without.push(pe);
      continue;
    }
    const key = `${from} ${intids}`;
    const known = properties.get(key);
    if (known === undefined) properties.set(key, { from, intids, pes: [pe] });
    else known.pes.push(pe);
    pending.push({ from: fieldOf(registers, "GICR_PENDBASER", "Physical_Address"), intids, pe });
  }
  for (const { from, intids, pes } of properties.values()) {
    const ranges = [{ from, to: from + intids - FIRST_LPI }];
    yield {
      title: `LPI configuration table of ${peList(pes)}`,
      notes: [],
      hints: `table=lpi-config base=${hex(from)}`,
      ranges,
      shape: BYTES,
    };
  }
  for (const { from, intids, pe } of pending) {
    const ranges = [{ from, to: from + intids / 8 }];
    yield {
      title: `LPI pending table of PE ${pe}`,
      notes: [],
      hints: `table=lpi-pending base=${hex(from)}`,
      ranges,
      shape: BYTES,
    };
  }
  if (without.length > 0) {
    const notes = ["GICR_PROPBASER names no table, or GICR_PROPBASER.IDbits leaves no LPIs"];
    yield { title: `no LPI tables: ${peList(without)}`, notes, ranges: [], shape: BYTES };
  }
}

/** "PE 2", "PEs 0 to 3 and 6". */
function peList(pes: readonly number[]): string {
  const runs: { readonly first: number; last: number }[] = [];
  for (const pe of pes) {
    const last = runs.at(-1);
    if (last !== undefined && last.last === pe - 1) last.last = pe;
    else runs.push({ first: pe, last: pe });
  }
  const texts = runs.map(({ first, last }) => (first === last ? `${first}` : `${first} to ${last}`));
  const last = texts.pop();
  return `${pes.length === 1 ? "PE" : "PEs"} ${texts.length === 0 ? last : `${texts.join(", ")} and ${last}`}`;
}
