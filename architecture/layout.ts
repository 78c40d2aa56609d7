import { extractRaw, type Field } from "./field.ts";

/**
 * Whose tables. The KVM drafts of 2017 that were reviewed on the list have the entries of "kvm-rev0": they differ in how tables are
 * walked, which is the business of an emulator's model.
 */
export type LayoutName = "kvm-rev0" | "qemu" | "gem5" | "xen";
export type TableKind = "device" | "itt" | "collection" | "vpe" | "level1" | "lpi-config" | "lpi-pending";

/** How the place of an entry is found: by its id, or one after another in no order (KVM's collection table). */
export type Indexing = "by-id" | "packed";

/** Bit layout of one entry of a table in memory. Entries longer than 8 bytes are one little-endian number of `bytes` bytes. */
export interface EntryLayout {
  readonly kind: TableKind;
  /** DTE, ITE, CTE, VTE, L1 entry. */
  readonly entryName: string;
  /** Bytes an entry; 0 for the pending table, which has one bit an INTID. */
  readonly bytes: number;
  readonly indexedBy: Indexing;
  /** What the index counts: "DeviceID", "EventID", "ICID", "vPEID". */
  readonly index: string;
  /** The id of the entry at offset 0 of the table. Absent: 0. The LPI configuration table begins at INTID 8192. */
  readonly firstIndex?: number;
  readonly fields: readonly Field[];
  /** The field whose value tells a valid entry, see {@link invalidRaws}. Absent: every entry counts. */
  readonly validField?: string;
  /** Raw values of `validField` that make the entry invalid. Absent: 0 alone. */
  readonly invalidRaws?: readonly bigint[];
  /** The field that holds the distance in ids to the next valid entry, 0 = last (KVM). */
  readonly nextField?: string;
  readonly source: string;
}

/** All table layouts of one implementation. */
export interface TableLayouts {
  readonly name: LayoutName;
  readonly title: string;
  readonly entries: Readonly<Partial<Record<TableKind, EntryLayout>>>;
}

/** The field of a layout by its name. */
export function layoutField(layout: EntryLayout, name: string): Field | undefined {
  return layout.fields.find((field) => field.name === name);
}

/** Whether an entry (all its bytes as one little-endian number) is valid by its layout. */
export function entryIsValid(layout: EntryLayout, entry: bigint): boolean {
  const field = layout.validField === undefined ? undefined : layoutField(layout, layout.validField);
  if (field === undefined) return true;
  return !(layout.invalidRaws ?? [0n]).includes(extractRaw(entry, field));
}
