import type { EntryRole } from "../../architecture/entry-roles.ts";
import type { TableKind, TableLayouts } from "../../architecture/layout.ts";
import type { CpuInterfaceForm, ListRegisterOrder } from "../list-registers/forms.ts";
import type { Work } from "../work.ts";
import type { TableName } from "./table-names.ts";

/** What is known about a table; all of it can be left out. */
export interface TableOptions {
  /** Whose bit layout. Absent: guessed from the words, see {@link DecodedTable.layoutReason}. */
  readonly layout?: TableLayouts;
  /** Address of the table, so that ids follow from addresses. Absent: the first address of the dump. */
  readonly base?: bigint;
  /** The id of the entry at `base`. Absent: 0 (8192 for the LPI configuration table). */
  readonly firstId?: number;
  /** Bytes of the table (of a two-level one: of level 1). Absent: as far as the dump goes, see tableExtent for a core. */
  readonly size?: number;
  /** 1: flat. 2: `base` holds level-1 entries that point to pages of entries. Absent: guessed. */
  readonly levels?: 1 | 2;
  /** Bytes of a level-2 page. Absent: 65536. */
  readonly pageSize?: number;
  /** ITT: number of EventID bits of its device, for the end of the table and for checks. */
  readonly eventBits?: number;
  /** Saved vCPU interface: ICH_VTR_EL2 of the host, for the number of list and active-priority registers. */
  readonly vtr?: bigint;
  /** Saved vCPU interface: order of the list registers in memory. Absent: guessed. */
  readonly listOrder?: ListRegisterOrder;
  /** Saved vCPU interface: which shape of the structure. Absent: guessed. */
  readonly form?: CpuInterfaceForm;
}

/** One field of an entry. */
export interface RowField {
  readonly name: string;
  /** What it is for, where its layout says it. */
  readonly role?: EntryRole;
  /** The bits, moved down to bit 0. */
  readonly raw: bigint;
  /** What they mean: an address whole, a size with its one added. */
  readonly meaning: bigint;
  /** The meaning for people, with its unit: "0x40400000", "5 EventID bits", "unmapped". */
  readonly text: string;
  /** What the field is. */
  readonly summary: string;
  readonly msb: number;
  readonly lsb: number;
}

/** One entry, or a range of equal ones in the LPI tables. */
export interface TableRow {
  /** DeviceID, EventID, ICID, INTID; the place in the list for KVM's collection table. */
  readonly index: number;
  /** Last id of a range; equal to `index` for a single entry. */
  readonly lastIndex: number;
  /** Address of the first byte, the memory's origin not included. */
  readonly address: number;
  readonly byteCount: number;
  /** The entry as little-endian words of at most 8 bytes, the first one first. */
  readonly words: readonly bigint[];
  readonly fields: readonly RowField[];
  /** What the entry is, where its place in the table does not say it. */
  readonly title?: string;
  /** The whole entry in one line: a command as a script writes it, a saved register in words. */
  readonly text?: string;
  /** What is remarkable or wrong about the entry, a sentence each. */
  readonly notes: readonly string[];
}

/** What a list shows of a row. */
export interface ListedRow extends Pick<TableRow, "index" | "lastIndex" | "address" | "text" | "notes"> {
  /** Texts of the table's columns, in their order. */
  readonly cells: readonly string[];
}

/** A table whose rows are decoded when they are asked for. */
export interface DecodedTable {
  readonly name: TableName;
  readonly kind: TableKind | "command-queue" | "list-registers";
  /** Undefined: the LPI tables, the command queue and saved registers, which are the same in every implementation. */
  readonly layouts: TableLayouts | undefined;
  /** Name of the layout; `architecture` where there are no {@link layouts}. */
  readonly layout: string;
  readonly layoutTitle: string;
  /** Why this layout: "given", or what made it the best guess. */
  readonly layoutReason: string;
  /** Another layout under which the words make about as much sense. */
  readonly closeLayout?: string;
  /** DTE, ITE, CTE, … */
  readonly entryName: string;
  /** What `index` counts: "DeviceID", "EventID", "slot", … */
  readonly indexName: string;
  readonly entryBytes: number;
  readonly base: number;
  readonly levels: 1 | 2;
  /** Names of the fields that every row has, most wanted first. Empty for the command queue and saved registers, whose rows differ. */
  readonly columns: readonly string[];
  /** Number of valid entries. */
  readonly rowCount: number;
  /**
   * Does what rows need of the table as a whole (the chain of `next`), in slices; without it the first row does it at once. Absent: nothing
   * is to be done.
   */
  prepare?(): Work<void>;
  /** Decodes a row. `i` from 0 to rowCount - 1, ascending ids. */
  row(i: number): TableRow;
  /** What a list shows of a row, many times as fast as {@link row}. Absent: see listedRow of column-text.ts. */
  listed?(i: number): ListedRow;
  /** The row that holds an address, -1 when the entry there is invalid or outside the table. */
  rowAt(address: number): number;
  /** The entry that holds an address, valid or not; undefined outside the table. */
  entryAt(address: number): TableRow | undefined;
  /** Number of entries that the dump holds, valid or not. Absent: {@link row}s are all that is known. */
  readonly heldCount?: number;
  /** Decodes an entry that the dump holds, valid or not. `i` from 0 to heldCount - 1, ascending ids. */
  held?(i: number): TableRow;
  /** Whether the dump holds the entry of an id, valid or not. Absent: {@link row}s are all that is known. */
  holds?(id: number): boolean;
  /** Whether an address is in an entry of which the dump holds a part: nothing is known of it as a whole. */
  isPart?(address: number): boolean;
  /** What is remarkable about the whole table, a sentence each. */
  readonly notes: readonly string[];
}

/** A table, or a sentence that says why there is none. */
export type TableResult =
  | { readonly ok: true; readonly table: DecodedTable }
  /** `leftOut`: it would be more than one dump may cost. */
  | { readonly ok: false; readonly message: string; readonly leftOut?: boolean };
