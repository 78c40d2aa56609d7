import type { EntryRole } from "../../architecture/entry-roles.ts";
import { roleFacts } from "../../architecture/entry-roles.ts";
import type { EntryField } from "../../architecture/layout.ts";
import type { JsonPlace } from "./json-place.ts";
import type { DescribedEntry } from "./layout-schema.ts";

/** What is wrong with the fields of an entry together: names and roles that stand twice, bits of two fields, roles that are missing. */
export function checkFields(
  fields: readonly EntryField[],
  { kind, entryName, needs }: DescribedEntry,
  isList: boolean,
  place: JsonPlace,
): void {
  for (const [at, field] of fields.entries()) {
    const before = fields.slice(0, at);
    const named = before.findIndex(({ name }) => name === field.name);
    if (named >= 0) place.at(at).at("name").tell(`"${field.name}" is the name of fields[${named}], too.`);
    const alike = before.findIndex(({ role }) => role !== undefined && role === field.role);
    if (alike >= 0) place.at(at).at("role").tell(`"${field.role}" is the role of ${before[alike].name}, too.`);
    const other = before.find(({ msb, lsb }) => msb >= field.lsb && lsb <= field.msb);
    if (other !== undefined)
      place
        .at(at)
        .at("bits")
        .tell(`${field.name}, ${bitsOf(field)}, overlaps ${other.name}, ${bitsOf(other)}.`);
  }
  const wanted: readonly EntryRole[] = isList ? [...needs, "icid"] : needs;
  for (const role of wanted) {
    if (!fields.some((field) => field.role === role))
      place.tell(`no field of the ${entryName} has the role "${role}" (${roleFacts(role).summary}).`);
  }
  if (kind === "collection" && !isList && fields.some(({ role }) => role === "icid"))
    place.tell('a CTE with a field of the role "icid" stands in a list: write "list": true, or take the role away.');
}

function bitsOf({ msb, lsb }: EntryField): string {
  return msb === lsb ? `bit ${msb}` : `bits [${msb}:${lsb}]`;
}
