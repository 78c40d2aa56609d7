import type { DumpDocument } from "../../dumps/document.ts";
import { type EditRefusal, refuse } from "../../dumps/edit/index.ts";
import type { TableRow } from "../../dumps/tables/table.ts";
import type { Work } from "../../dumps/work.ts";
import type { DecodedState } from "../protocol.ts";
import { TableList } from "./table-list.ts";
import type { CheckTable } from "./table-sources.ts";
import { tableTexts } from "./table-texts.ts";
import { wantedTable } from "./window-state.ts";

/** A field of an entry, and what it is to be. */
export interface WantedField {
  readonly row: TableRow;
  /** Place among the row's fields. */
  readonly field: number;
  readonly name: string;
  readonly meaning: bigint;
}

/** Looks whether the edited dump, read as a window reads it, says what was wanted: bytes that change the guess of the layout do not. */
export function checkChange(state: DecodedState, { row, field, name, meaning }: WantedField): CheckTable {
  return function* (dump: DumpDocument): Work<EditRefusal | undefined> {
    const again = yield* TableList.of(dump, wantedTable(state));
    const section = yield* again.decode(state.node, state.reading);
    const now = section?.result.ok ? section.result.table.entryAt(row.address)?.fields[field] : undefined;
    const isWanted = now?.name === name && now.meaning === meaning;
    return isWanted ? undefined : refuse("GIC-EDIT-READING", tableTexts.layoutWouldChange());
  };
}
