import { type EntryRole, roleFacts } from "../../architecture/entry-roles.ts";
import type { FieldValue } from "../../architecture/field.ts";
import type { EntryField } from "../../architecture/layout.ts";
import type { JsonPlace } from "./json-place.ts";
import { type DescribedEntry, fieldProperties, rolesOf } from "./layout-schema.ts";

/** Names of values of one field. */
const MAX_VALUES = 256;
/** Bits that a physical address of the architecture has at most. */
const ADDRESS_BITS = 52;
/** Bits of what is no address: ids and numbers of them have no more. */
const NUMBER_BITS = 32;
/** MAPC has RDbase in [51:16]: a number, or an address without its 16 lowest bits. */
const TARGET_BITS = 36;
/** Bits of a value that is printed as a number. */
const MOST_BITS = 64;

/** A field as an item of `fields` describes it. @param entryBits of the entry */
export function readField(
  content: unknown,
  { kind, entryName }: DescribedEntry,
  entryBits: number,
  place: JsonPlace,
): EntryField | undefined {
  const object = place.object(content, Object.keys(fieldProperties));
  if (object === undefined) return undefined;
  const name = place
    .at("name")
    .text(
      object.name,
      new RegExp(fieldProperties.name.shape.pattern),
      "a name of letters, digits and _ that begins with a letter",
    );
  const bits = readBits(object.bits, entryBits, entryName, place.at("bits"));
  const role = object.role === undefined ? undefined : readRole(object.role, kind, place.at("role"));
  const shift = small(object, "shift", place);
  const plus = small(object, "plus", place);
  const unit = text(object, "unit", place);
  const summary = text(object, "summary", place);
  const display = object.display === undefined ? undefined : readDisplay(object.display, place.at("display"));
  if (name === undefined || bits === undefined) return undefined;
  if (object.role !== undefined && role === undefined) return undefined;
  const values = object.values === undefined ? undefined : readValues(object.values, bits, place.at("values"));
  const facts = role === undefined ? undefined : roleFacts(role);
  const { most, what } = mostBits(role);
  const whole = bits.msb - bits.lsb + 1 + (shift ?? 0);
  if (whole > most)
    return place.at("bits").tell(`with its shift ${name} has ${whole} bits; ${what} has ${most} at most.`);
  return {
    name,
    ...(role && { role }),
    ...bits,
    ...(shift && { shift }),
    ...(plus && { plus }),
    ...((unit ?? facts?.unit) === undefined ? {} : { unit: unit ?? facts?.unit }),
    ...(display ? { display } : facts?.unit === "address" ? { display: "hex" as const } : {}),
    summary: `${name}: ${summary ?? facts?.summary ?? "as the layout file has it"}${/[.!?]$/.test(summary ?? "") ? "" : "."}`,
    ...(values && { values }),
  };
}

/** The bits that what a field means may have, and what it is. */
function mostBits(role: EntryRole | undefined): { readonly most: number; readonly what: string } {
  if (role === undefined) return { most: MOST_BITS, what: "a field" };
  if (roleFacts(role).unit === "address") return { most: ADDRESS_BITS, what: "a physical address" };
  return role === "target" ? { most: TARGET_BITS, what: "an RDbase" } : { most: NUMBER_BITS, what: "such a number" };
}

/** `63:49`, `0`, or the number 0. */
function readBits(
  value: unknown,
  entryBits: number,
  entryName: string,
  place: JsonPlace,
): { msb: number; lsb: number } | undefined {
  const written = typeof value === "number" ? `${value}` : value;
  const found = place.text(
    written,
    new RegExp(fieldProperties.bits.shape.pattern),
    '"high:low" or one bit, as in "48:5" or "63"',
  );
  if (found === undefined) return undefined;
  const [msb, lsb = msb] = found.split(":").map(Number);
  if (lsb > msb) return place.tell(`"${found}" has its low bit before its high one; write "${lsb}:${msb}".`);
  if (msb >= entryBits)
    return place.tell(
      `bit ${msb} is beyond the ${entryName}, whose ${entryBits / 8} bytes have bits 0 to ${entryBits - 1}.`,
    );
  return { msb, lsb };
}

function readRole(value: unknown, kind: DescribedEntry["kind"], place: JsonPlace): EntryRole | undefined {
  const roles = rolesOf(kind);
  const found = roles.find((role) => role === value);
  return (
    found ??
    place.tell(
      `${JSON.stringify(value)?.slice(0, 40)} is no role that a field has here; roles are ${roles.join(", ")}.`,
    )
  );
}

function readDisplay(value: unknown, place: JsonPlace): EntryField["display"] {
  const forms = fieldProperties.display.shape.enum as readonly ("hex" | "decimal")[];
  return forms.find((form) => form === value) ?? place.tell(`it is neither ${forms.join(" nor ")}.`);
}

function small(object: Readonly<Record<string, unknown>>, key: "shift" | "plus", place: JsonPlace): number | undefined {
  const { minimum, maximum } = fieldProperties[key].shape;
  const reason = key === "shift" ? "addresses have 52 bits" : "it makes up for a number that is kept minus one";
  return object[key] === undefined ? undefined : place.at(key).integer(object[key], minimum, maximum, reason);
}

function text(
  object: Readonly<Record<string, unknown>>,
  key: "unit" | "summary",
  place: JsonPlace,
): string | undefined {
  return object[key] === undefined
    ? undefined
    : place.at(key).anyText(object[key], fieldProperties[key].shape.maxLength);
}

function readValues(
  content: unknown,
  { msb, lsb }: { readonly msb: number; readonly lsb: number },
  place: JsonPlace,
): readonly FieldValue[] | undefined {
  if (typeof content !== "object" || content === null || Array.isArray(content))
    return place.tell('it is no object of names by value, as in {"0": "Virtual"}.');
  const entries = Object.entries(content);
  if (entries.length > MAX_VALUES) return place.tell(`it has ${entries.length} names; ${MAX_VALUES} are possible.`);
  const values: FieldValue[] = [];
  for (const [key, given] of entries) {
    const value = place.at(key).bitsValue(key, msb - lsb + 1);
    const name = place.at(key).anyText(given, fieldProperties.values.shape.additionalProperties.maxLength);
    if (value === undefined || name === undefined) continue;
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) place.at(key).tell("it is too large to have a name.");
    else values.push({ value: Number(value), name });
  }
  return values;
}
