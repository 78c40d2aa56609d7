import type { EntryLayout, TableLayouts } from "../../../architecture/layout.ts";
import type { CaptureFacts, Source } from "../facts.ts";
import { registerField } from "../frames.ts";

/** An entry's length as hardware says it, where the layout that the tables are read by has another one. */
export interface SizeFinding {
  /** DTE, ITE, CTE, VTE. */
  readonly entryName: string;
  /** Bytes of an entry by the field, and by the layout. */
  readonly said: number;
  readonly layout: number;
  /** The field that says it. */
  readonly field: "GITS_BASER<n>.Entry_Size" | "GITS_TYPER.ITT_entry_size";
  readonly source: Source;
}

/** Lengths of entries that registers, or Linux's words about them, give otherwise than a layout does: then it is not the layout of these tables. */
export function otherSizes(facts: CaptureFacts, { entries }: TableLayouts): SizeFinding[] {
  const found: SizeFinding[] = [];
  const compare = (
    entry: EntryLayout | undefined,
    said: number | undefined,
    field: SizeFinding["field"],
    source: Source,
  ): void => {
    if (entry === undefined || said === undefined || said === entry.bytes) return;
    found.push({ entryName: entry.entryName, said, layout: entry.bytes, field, source });
  };
  for (const { kind, entryBytes, source } of facts.tables.values())
    compare(entries[kind], entryBytes, "GITS_BASER<n>.Entry_Size", source);
  const typer = facts.registers.get("GITS_TYPER");
  // A dump of a frame that is not read through reads as 0, and GITS_TYPER.Physical is RES1 on an ITS with physical LPIs.
  if (typer !== undefined && typer !== 0n) {
    const said = Number(registerField("GITS_TYPER", "ITT_entry_size", typer));
    const source = facts.registerSources.get("GITS_TYPER") ?? { file: "", line: 0 };
    compare(entries.itt, said, "GITS_TYPER.ITT_entry_size", source);
  }
  return found;
}
