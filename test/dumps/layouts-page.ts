// Writes what layout files may say into docs/layouts.md, as it is declared:  node test/dumps/layouts-page.ts
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type EntryRole, entryRoles, roleFacts } from "../../architecture/entry-roles.ts";
import {
  describedEntries,
  entryProperties,
  fieldProperties,
  fileProperties,
} from "../../dumps/layout-files/layout-schema.ts";

export const page = path.resolve(import.meta.dirname, "../../docs/layouts.md");

type Properties = Readonly<Record<string, { readonly summary: string; readonly required?: true }>>;

function properties(list: Properties): string[] {
  return Object.entries(list).map(([name, { summary, required }]) =>
    row(`\`${name}\``, required ? "yes" : "", summary),
  );
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

const PROPERTY = ["| property | needed | |", "|---|---|---|"];

/** The tables of the page, by the name of their place in it. */
const parts: Readonly<Record<string, () => readonly string[]>> = {
  file: () => [
    ...PROPERTY,
    ...properties(fileProperties),
    ...describedEntries.map(({ table, entryName, bytes: [least, most], bytesReason }) => {
      const bytes = least === most ? `${least}` : `${least} to ${most}`;
      return row(`\`${table}\``, "one of them", `Entries (${entryName}), ${bytes} bytes each (${bytesReason}).`);
    }),
  ],
  entry: () => [...PROPERTY, ...properties(entryProperties)],
  field: () => [...PROPERTY, ...properties(fieldProperties)],
  roles: () => [
    "| role | what the field means | tables | needed |",
    "|---|---|---|---|",
    ...(Object.keys(entryRoles) as EntryRole[]).map((role) => {
      const own = describedEntries.filter(({ kind }) => roleFacts(role).tables.includes(kind));
      const needed = own.filter(({ needs }) => needs.includes(role));
      const names = (list: typeof own) => list.map(({ table }) => `\`${table}\``).join(", ");
      return row(`\`${role}\``, roleFacts(role).summary, names(own), names(needed));
    }),
  ],
};

/** The page with its tables as they are declared. */
export function layoutsPage(text: string): string {
  return Object.entries(parts).reduce((whole, [name, lines]) => {
    const place = new RegExp(`<!-- ${name} -->\\n[\\s\\S]*<!-- /${name} -->`);
    return whole.replace(place, () => `<!-- ${name} -->\n${lines().join("\n")}\n<!-- /${name} -->`);
  }, text);
}

if (process.argv[1] === import.meta.filename) writeFileSync(page, layoutsPage(readFileSync(page, "utf8")));
