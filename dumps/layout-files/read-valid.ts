import { fieldMax, fieldWidth } from "../../architecture/field.ts";
import type { EntryField, EntryLayout } from "../../architecture/layout.ts";
import type { JsonPlace } from "./json-place.ts";
import type { DescribedEntry } from "./layout-schema.ts";

/** Most bits of a field of which the valid values are listed. */
const MOST_LISTED_BITS = 8;
/** The bit that makes a level-1 entry valid (GITS_BASER<n>.Indirect in IHI 0069). */
const LEVEL1_VALID_BIT = 63;

/** Which entries are valid, as `valid` says it. */
export function readValid(
  content: unknown,
  fields: readonly EntryField[],
  kind: DescribedEntry["kind"],
  place: JsonPlace,
): { readonly field: string; readonly invalidRaws?: EntryLayout["invalidRaws"] } | undefined {
  if (content === undefined) return place.tell("it is missing: it names the field that makes an entry valid.");
  const object = typeof content === "string" ? { field: content } : place.object(content, ["field", "not", "is"]);
  if (object === undefined) return undefined;
  const field = fields.find(({ name }) => name === object.field);
  if (field === undefined) {
    const names = fields.map(({ name }) => name).join(", ");
    return place.tell(
      `${JSON.stringify(object.field)?.slice(0, 40) ?? "what is missing here"} is no field of the entry; fields are ${names}.`,
    );
  }
  const { name } = field;
  const { not, is } = object as { readonly not?: unknown; readonly is?: unknown };
  if (
    kind === "level1" &&
    (field.msb !== LEVEL1_VALID_BIT || field.lsb !== LEVEL1_VALID_BIT || not !== undefined || is !== undefined)
  )
    return place.tell(`a level-1 entry is valid by bit ${LEVEL1_VALID_BIT} alone: the architecture lays it down.`);
  if (not !== undefined && is !== undefined)
    return place.tell('"not" and "is" say the same thing in two ways; keep one.');
  if (not !== undefined) {
    const values = valuesOf(not, field, place.at("not"));
    return values && { field: name, invalidRaws: values };
  }
  if (is === undefined) return { field: name };
  if (fieldWidth(field) > MOST_LISTED_BITS)
    return place
      .at("is")
      .tell(`${name} has ${fieldWidth(field)} bits; "is" is for fields of ${MOST_LISTED_BITS} at most, "not" for all.`);
  const values = valuesOf(is, field, place.at("is"));
  if (values === undefined) return undefined;
  const all = Array.from({ length: Number(fieldMax(field)) + 1 }, (_, value) => BigInt(value));
  return { field: name, invalidRaws: all.filter((value) => !values.includes(value)) };
}

function valuesOf(content: unknown, field: EntryField, place: JsonPlace): readonly bigint[] | undefined {
  const items = place.list(content, 2 ** MOST_LISTED_BITS);
  const values = items?.map((item, at) => place.at(at).bitsValue(item, fieldWidth(field)));
  return values?.every((value) => value !== undefined) === true ? values : undefined;
}
