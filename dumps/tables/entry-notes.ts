import type { EntryRole } from "../../architecture/entry-roles.ts";
import { hex } from "../../architecture/hex.ts";
import { FIRST_LPI } from "../../architecture/intids.ts";
import type { EntryLayout } from "../../architecture/layout.ts";
import { undeclaredBits } from "./row-fields.ts";
import type { RowField } from "./table.ts";

/** What remarks ask of a field. */
export type FieldValue = Omit<RowField, "text">;

/** What is remarkable about an entry by itself. */
export function entryNotes(
  layout: EntryLayout,
  entry: bigint,
  fields: readonly FieldValue[],
  id: number,
  valid: boolean,
  eventBits: number | undefined,
): string[] {
  const notes: string[] = [];
  if (!valid) {
    if (entry !== 0n)
      notes.push(
        `invalid: ${layout.validField} is ${fieldRaw(fields, layout.validField)}; the other bits mean nothing`,
      );
    return notes;
  }
  const extra = undeclaredBits(layout, entry);
  if (extra !== 0n) notes.push(`bits that no field has are set: 0x${extra.toString(16)}`);
  if (layout.kind === "device") {
    const size = fieldOf(fields, "event-bits");
    const { maxEventBits } = layout;
    if (size !== undefined && maxEventBits !== undefined && size.meaning > maxEventBits) {
      notes.push(
        `${size.name} is more than ${maxEventBits} EventID bits, the most that the implementation of this layout has`,
      );
    }
    if (fieldOf(fields, "itt-address")?.meaning === 0n) notes.push("the ITT address is 0");
  }
  if (layout.kind === "itt") {
    const intid = fieldOf(fields, "intid");
    if (intid !== undefined && intid.meaning < BigInt(FIRST_LPI))
      notes.push(`${intid.name} ${intid.meaning} is no LPI: they begin at ${FIRST_LPI}`);
    const next = fieldOf(fields, "next");
    if (eventBits !== undefined && next !== undefined && id + Number(next.raw) >= 2 ** eventBits) {
      notes.push(
        `${next.name} points at EventID ${hex(BigInt(id) + next.raw)}, beyond the ${eventBits} EventID bits of the device`,
      );
    }
  }
  return notes;
}

function fieldOf(fields: readonly FieldValue[], role: EntryRole): FieldValue | undefined {
  return fields.find((field) => field.role === role);
}

function fieldRaw(fields: readonly FieldValue[], name: string | undefined): string {
  const field = fields.find((candidate) => candidate.name === name);
  return field === undefined ? "not set" : `0x${field.raw.toString(16)}`;
}
