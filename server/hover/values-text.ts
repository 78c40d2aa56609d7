import { hex } from "../../architecture/hex.ts";
import {
  type Command,
  type CommandField,
  extractMeaning,
  extractRaw,
  type Field,
  formatArgument,
  intidName,
  valueName,
} from "../../architecture/index.ts";
import { bits, code, plain, table } from "../markdown.ts";

/** What a raw field value means, in words, beyond its number; empty when the number says it all. Markdown. */
export function meaningOf(field: Field, raw: bigint): string {
  const name = valueName(field, raw);
  if (name !== undefined) return plain(name);
  if (field.unit === "INTID") return intidName(Number(raw));
  if (field.unit === "EventID bits") {
    const meaning = raw + BigInt(field.plus ?? 0);
    return `${meaning} EventID bits, ${2n ** meaning} events`;
  }
  if ((field.plus ?? 0) !== 0 || ((field.shift ?? 0) !== 0 && field.unit !== "address")) {
    const meaning = extractMeaning(raw << BigInt(field.lsb), field);
    const number = field.shift === undefined ? meaning.toString() : hex(meaning);
    if (field.unit === undefined) return number;
    // "16 × 4 KiB pages"
    return /^\d/.test(field.unit) ? `${number} × ${field.unit}` : `${number} ${field.unit}`;
  }
  return "";
}

/** A table of the fields of a word, with the value of each before and after. `after` absent: no column for it. */
export function fieldTable(fields: readonly Field[], before: bigint | undefined, after: bigint | undefined): string {
  const rows = [...fields]
    .sort((a, b) => b.msb - a.msb)
    .map((field) => {
      const old = before === undefined ? undefined : extractRaw(before, field);
      const now = after === undefined ? undefined : extractRaw(after, field);
      const shown = now ?? old;
      const changed = now !== undefined && old !== undefined && now !== old;
      return [
        bits(field),
        plain(field.name),
        field.access ?? "",
        old === undefined ? "" : code(formatArgument(field, old)),
        changed && now !== undefined ? `**${formatArgument(field, now)}**` : "",
        (shown === undefined ? "" : meaningOf(field, shown)) || plain(withoutName(field)),
      ];
    });
  const value = after === undefined || after === before ? "value" : "before";
  return table(["bits", "field", "access", value, "after", "meaning"], rows);
}

/** The named values of a field, the present one marked. */
export function valueTable(field: Field, raw: bigint | undefined): string {
  if (field.values === undefined || field.values.length === 0) return "";
  const rows = field.values.map(({ value, name, summary }) => {
    const strong = raw !== undefined && BigInt(value) === raw ? "**" : "";
    return [`${strong}${value}${strong}`, `${strong}${plain(name)}${strong}`, plain(summary ?? "")];
  });
  return table(["value", "name", ""], rows);
}

/** Where a command's field is: `DW1[63:32]`. */
export function placeOf(field: CommandField): string {
  return `DW${field.word}${bits(field)}`;
}

/** The fields of a command with what a line gives them. */
export function commandTable(command: Command, words: readonly bigint[] | undefined): string {
  const rows = command.fields.map((field) => {
    const raw = words === undefined ? undefined : extractRaw(words[field.word], field);
    return [
      plain(field.name),
      placeOf(field),
      raw === undefined ? "" : code(formatArgument(field, raw)),
      raw === undefined ? plain(withoutName(field)) : meaningOf(field, raw) || plain(withoutName(field)),
    ];
  });
  return rows.length === 0 ? "" : table(["argument", "bits", "value", "meaning"], rows);
}

/** A field's summary without the name that it begins with. */
export function withoutName({ name, summary }: Field): string {
  const text = summary.startsWith(`${name}: `) ? summary.slice(name.length + 2) : summary;
  return text;
}
