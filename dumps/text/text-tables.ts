import type { DumpDocument } from "../document.ts";
import { decodeTableWork } from "../tables/decode-table.ts";
import { sectionMemory } from "../tables/section-memory.ts";
import type { TablePlan } from "../tables/section-tables.ts";
import type { SectionTable } from "../tables/sections.ts";
import type { DecodedTable } from "../tables/table.ts";
import type { Work } from "../work.ts";

/** A table of a dump with all that its lines hold: of a two-level one its first level, too. */
export interface TextTable {
  readonly plan: TablePlan;
  readonly section: SectionTable;
  /** The table, then its first level; empty when it cannot be decoded. An address is an entry of the first that has one there. */
  readonly tables: readonly DecodedTable[];
}

/** Decodes a table for what its text shows. */
export function* textTable(document: DumpDocument, plan: TablePlan): Work<TextTable> {
  const section = yield* plan.decode();
  if (!section.result.ok) return { plan, section, tables: [] };
  const { table } = section.result;
  yield* table.prepare?.() ?? [];
  if (table.levels === 1 || table.layouts === undefined) return { plan, section, tables: [table] };
  const memory = plan.section === undefined ? document.memory : yield* sectionMemory(document, plan.section);
  const level1 = yield* decodeTableWork(
    memory,
    "device-table-l1",
    { layout: table.layouts, base: memory.origin + BigInt(table.base) },
    memory,
  );
  return { plan, section, tables: level1.ok ? [table, level1.table] : [table] };
}
