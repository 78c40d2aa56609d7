import type { EntryRole } from "../../architecture/entry-roles.ts";
import { extractMeaning, extractRaw, type Field } from "../../architecture/field.ts";
import { hex } from "../../architecture/hex.ts";
import { FIRST_LPI } from "../../architecture/intids.ts";
import { type EntryLayout, layoutField, roleField } from "../../architecture/layout.ts";
import { rawReader } from "./field-bits.ts";
import { undeclaredBits, undeclaredMask } from "./row-fields.ts";
import { readEntryAt } from "./segments.ts";

/** Something that a valid entry may have: looked for in every row, so without a bigint; its words are made where it is there. */
interface Remark {
  /** Whether the entry that begins at a byte of a view has it. */
  holds(view: DataView, at: number, id: number): boolean;
  text(entry: bigint, id: number): string;
}

/** What is remarkable about entries of a layout by themselves; planned once for a table of millions. */
export class EntryNotes {
  private readonly layout: EntryLayout;
  private readonly remarks: readonly Remark[];

  /** @param eventBits EventID bits of the device that an ITT belongs to, where they are known */
  constructor(layout: EntryLayout, eventBits: number | undefined) {
    this.layout = layout;
    this.remarks = [
      undeclared(layout),
      ...(layout.kind === "device" ? [tooManyEventBits(layout), noIttAddress(layout)] : []),
      ...(layout.kind === "itt" ? [noLpi(layout), nextBeyondEvents(layout, eventBits)] : []),
    ].filter((remark) => remark !== undefined);
  }

  /** Of the entry that begins at a byte of a view. */
  of(view: DataView, at: number, id: number, valid: boolean): string[] {
    const { layout } = this;
    if (!valid) return invalidNotes(layout, readEntryAt(view, at, layout.bytes));
    const notes: string[] = [];
    for (const remark of this.remarks) {
      if (remark.holds(view, at, id)) notes.push(remark.text(readEntryAt(view, at, layout.bytes), id));
    }
    return notes;
  }
}

function invalidNotes(layout: EntryLayout, entry: bigint): string[] {
  if (entry === 0n) return [];
  const field = layout.validField === undefined ? undefined : layoutField(layout, layout.validField);
  const value = field === undefined ? "not set" : hex(extractRaw(entry, field));
  return [`invalid: ${layout.validField} is ${value}; the other bits mean nothing`];
}

function undeclared(layout: EntryLayout): Remark {
  const mask = undeclaredMask(layout);
  // The bytes that have such bits, of an entry of any length.
  const bytes: [place: number, bits: number][] = [];
  for (let place = 0; place < layout.bytes; place++) {
    const bits = Number((mask >> BigInt(8 * place)) & 0xffn);
    if (bits !== 0) bytes.push([place, bits]);
  }
  return {
    holds: (view, at) => {
      for (let i = 0; i < bytes.length; i++) if ((view.getUint8(at + bytes[i][0]) & bytes[i][1]) !== 0) return true;
      return false;
    },
    text: (entry) => `bits that no field has are set: ${hex(undeclaredBits(layout, entry))}`,
  };
}

function tooManyEventBits(layout: EntryLayout): Remark | undefined {
  const { maxEventBits } = layout;
  return ofRole(layout, "event-bits", (field) => {
    const raw = rawReader(layout.bytes, field);
    if (maxEventBits === undefined) return undefined;
    return {
      holds: (view, at) => meaningOf(field, raw(view, at)) > maxEventBits,
      text: () =>
        `${field.name} is more than ${maxEventBits} EventID bits, the most that the implementation of this layout has`,
    };
  });
}

function noIttAddress(layout: EntryLayout): Remark | undefined {
  return ofRole(layout, "itt-address", (field) => {
    const raw = rawReader(layout.bytes, field);
    return { holds: (view, at) => meaningOf(field, raw(view, at)) === 0, text: () => "the ITT address is 0" };
  });
}

function noLpi(layout: EntryLayout): Remark | undefined {
  return ofRole(layout, "intid", (field) => {
    const raw = rawReader(layout.bytes, field);
    return {
      holds: (view, at) => meaningOf(field, raw(view, at)) < FIRST_LPI,
      text: (entry) => `${field.name} ${extractMeaning(entry, field)} is no LPI: they begin at ${FIRST_LPI}`,
    };
  });
}

function nextBeyondEvents(layout: EntryLayout, eventBits: number | undefined): Remark | undefined {
  if (eventBits === undefined) return undefined;
  const events = 2 ** eventBits;
  return ofRole(layout, "next", (field) => {
    const raw = rawReader(layout.bytes, field);
    return {
      holds: (view, at, id) => id + raw(view, at) >= events,
      text: (entry, id) => {
        const target = BigInt(id) + extractRaw(entry, field);
        return `${field.name} points at EventID ${hex(target)}, beyond the ${eventBits} EventID bits of the device`;
      },
    };
  });
}

function ofRole<T>(layout: EntryLayout, role: EntryRole, make: (field: Field) => T | undefined): T | undefined {
  const field = roleField(layout, role);
  return field === undefined ? undefined : make(field);
}

function meaningOf({ shift = 0, plus = 0 }: Field, raw: number): number {
  return raw * 2 ** shift + plus;
}
