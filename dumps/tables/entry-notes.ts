import { hex } from "../../architecture/hex.ts";
import { FIRST_LPI } from "../../architecture/intids.ts";
import type { EntryLayout } from "../../architecture/layout.ts";
import { undeclaredBits } from "./row-fields.ts";
import type { RowField } from "./table.ts";

/** Linux restores no device with more (vgic-its.c VITS_TYPER_IDBITS). */
const KVM_EVENT_BITS = 16n;

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
    const size = fields.find((field) => field.name === "Size");
    const address = fields.find((field) => field.name === "ITT_addr");
    if (size !== undefined && layout.nextField !== undefined && size.meaning > KVM_EVENT_BITS) {
      notes.push(`Size is more than the ${KVM_EVENT_BITS} EventID bits that KVM has`);
    }
    if (address?.meaning === 0n) notes.push("the ITT address is 0");
  }
  if (layout.kind === "itt") {
    const intid = fields.find((field) => field.name === "pINTID" || field.name === "INTID" || field.name === "vLPI");
    if (intid !== undefined && intid.meaning < BigInt(FIRST_LPI))
      notes.push(`${intid.name} ${intid.meaning} is no LPI: they begin at ${FIRST_LPI}`);
    const next = fields.find((field) => field.name === layout.nextField);
    if (eventBits !== undefined && next !== undefined && id + Number(next.raw) >= 2 ** eventBits) {
      notes.push(
        `next points at EventID ${hex(BigInt(id) + next.raw)}, beyond the ${eventBits} EventID bits of the device`,
      );
    }
  }
  return notes;
}

function fieldRaw(fields: readonly FieldValue[], name: string | undefined): string {
  const field = fields.find((candidate) => candidate.name === name);
  return field === undefined ? "not set" : `0x${field.raw.toString(16)}`;
}
