import type { EntryRole } from "./entry-roles.ts";
import { extractRaw, type Field } from "./field.ts";

/**
 * Whose tables, of those that are declared in `layouts/`. The KVM drafts of 2017 that were reviewed on the list have the entries of
 * "kvm-rev0": they differ in how tables are walked, which is the business of an emulator's model.
 */
export type LayoutName = "kvm-rev0" | "qemu" | "gem5" | "xen";
export type TableKind = "device" | "itt" | "collection" | "vpe" | "level1" | "lpi-config" | "lpi-pending";

/** How the place of an entry is found: by its id, or one after another in no order (KVM's collection table). */
export type Indexing = "by-id" | "packed";

/** A field of an entry of a table. */
export interface EntryField extends Field {
  /** What it is for. Absent: nothing that leads on. */
  readonly role?: EntryRole;
}

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
  readonly fields: readonly EntryField[];
  /** The field whose value tells a valid entry, see {@link invalidRaws}. Absent: every entry counts. */
  readonly validField?: string;
  /** Raw values of `validField` that make the entry invalid. Absent: 0 alone. */
  readonly invalidRaws?: readonly bigint[];
  /** Most EventID bits that the owner of a device table takes from an entry. Absent: as many as the field can say. */
  readonly maxEventBits?: number;
  readonly source: string;
}

/** All table layouts of one implementation. */
export interface TableLayouts {
  /** A {@link LayoutName}, or the name of a layout that a user wrote; no two layouts have the same. */
  readonly name: string;
  readonly title: string;
  readonly entries: Readonly<Partial<Record<TableKind, EntryLayout>>>;
}

/** The field of a layout by its name. */
export function layoutField(layout: EntryLayout, name: string): EntryField | undefined {
  return layout.fields.find((field) => field.name === name);
}

/** The field of a layout that has a role; a layout has one of each at most. */
export function roleField(layout: EntryLayout, role: EntryRole): EntryField | undefined {
  return layout.fields.find((field) => field.role === role);
}

/** Whether an entry (all its bytes as one little-endian number) is valid by its layout. */
export function entryIsValid(layout: EntryLayout, entry: bigint): boolean {
  const field = layout.validField === undefined ? undefined : layoutField(layout, layout.validField);
  if (field === undefined) return true;
  return !(layout.invalidRaws ?? [0n]).includes(extractRaw(entry, field));
}
