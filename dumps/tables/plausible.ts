import type { EntryRole } from "../../architecture/entry-roles.ts";
import { extractMeaning, extractRaw, type Field, valueName } from "../../architecture/field.ts";
import { FIRST_LPI } from "../../architecture/intids.ts";
import { type EntryField, type EntryLayout, entryIsValid, layoutField, roleField } from "../../architecture/layout.ts";
import { undeclaredBits } from "./row-fields.ts";

/** No machine that is known has its RAM above this physical address. */
const ADDRESS_BITS = 44;
const ADDRESS_LIMIT = 1n << BigInt(ADDRESS_BITS);

/** Linux's KVM has 512 vCPUs at most, QEMU's virt machine too, Xen's guests 128. */
const PE_BITS = 10;
const PE_LIMIT = 1n << BigInt(PE_BITS);

/** Implementations keep LPIs below 2^24. */
const LPI_BITS = 24;
const LPI_LIMIT = 1n << BigInt(LPI_BITS);

/** What layouts call an id that stands for none. */
const UNMAPPED = "Unmapped";

/** Whether an entry is valid, with nothing outside its fields, and with plausible INTIDs, addresses and sizes. */
export function isPlausible(layout: EntryLayout, entry: bigint): boolean {
  if (!entryIsValid(layout, entry) || undeclaredBits(layout, entry) !== 0n) return false;
  for (const field of layout.fields) {
    const meaning = extractMeaning(entry, field);
    if (field.unit === "address" && (meaning === 0n || meaning >= ADDRESS_LIMIT)) return false;
    if (isIttAddress(field) && meaning % ITT_MULTIPLE !== 0n) return false;
    if (field.unit === "EventID bits" && meaning > 32n) return false;
    if (isIntid(field) && (meaning < BigInt(FIRST_LPI) || meaning >= LPI_LIMIT)) return false;
    // PE numbers are small; KVM's "unmapped" has a name.
    if (
      field.role === "target" &&
      meaning >= PE_LIMIT &&
      !(field.values ?? []).some((value) => BigInt(value.value) === extractRaw(entry, field))
    )
      return false;
    // An event that is mapped has a collection.
    if (field.role === "icid" && valueName(field, meaning) === UNMAPPED) return false;
  }
  return isConsistentEvent(layout, entry);
}

/** Whether what a layout keeps for virtual events is unused in a physical one, and the other way round, where it says what unused is. */
function isConsistentEvent(layout: EntryLayout, entry: bigint): boolean {
  const doorbell = unusedDoorbell(layout);
  if (doorbell === undefined) return true;
  const raw = (role: EntryRole) => {
    const field = roleField(layout, role);
    return field === undefined ? 0n : extractRaw(entry, field);
  };
  const given = raw("doorbell");
  const isNone = valueName(doorbell, given) !== undefined;
  return raw("event-type") === 1n
    ? isNone && raw("vpeid") === 0n
    : raw("icid") === 0n && (isNone || given >= FIRST_LPI);
}

/** The doorbell of an entry, when the layout says which value is none. */
function unusedDoorbell(layout: EntryLayout): Field | undefined {
  const doorbell = roleField(layout, "doorbell");
  return doorbell?.values === undefined ? undefined : doorbell;
}

/** Whether an entry is one that the layout's owner writes when something is unmapped. */
export function isUnmapped(layout: EntryLayout, entry: bigint): boolean {
  const field = layout.validField === undefined ? undefined : layoutField(layout, layout.validField);
  if (field === undefined || layout.invalidRaws === undefined) return false;
  const raw = extractRaw(entry, field);
  return raw !== 0n && layout.invalidRaws.includes(raw);
}

/** MAPD has ITT_addr [51:8]: an ITT is at a multiple of 256 bytes, also where an entry has room for more bits. */
const ITT_MULTIPLE = 256n;
const ITT_MULTIPLE_BITS = 8;

function isIttAddress({ role }: EntryField): boolean {
  return role === "itt-address";
}

function isIntid({ role }: EntryField): boolean {
  return role === "intid";
}

/** Bits of an entry that {@link isPlausible} wants to be as they are: what it would take chance to make one of noise. */
export function plausibleBits(layout: EntryLayout): number {
  let bits = layout.bytes * 8;
  const doorbell = unusedDoorbell(layout);
  // The vPEID or the ICID is zero, the doorbell nearly always what stands for none.
  if (doorbell !== undefined) bits += 16 + doorbell.msb - doorbell.lsb;
  for (const field of layout.fields) {
    const width = field.msb - field.lsb + 1;
    bits -= width;
    if (isIttAddress(field)) bits += ITT_MULTIPLE_BITS - Math.min(field.shift ?? 0, ITT_MULTIPLE_BITS);
    if (field.unit === "address") bits += Math.max(0, width + (field.shift ?? 0) - ADDRESS_BITS);
    else if (field.role === "target") bits += Math.max(0, width - PE_BITS);
    else if (isIntid(field)) bits += Math.max(0, width - LPI_BITS);
    else if (field.name === layout.validField && width === 1) bits += 1;
  }
  return bits;
}
