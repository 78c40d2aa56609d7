// Writes the rules into docs/check-and-diff.md, as they are declared:  node test/dumps/rules-table.ts
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ruleIds, ruleOf } from "../../dumps/checks/index.ts";

/** The table of rules. */
export function rulesTable(): string {
  const rows = ruleIds.map((id) => {
    const { severity, title, why } = ruleOf(id);
    return `| ${id} | ${severity} | ${title} | ${why} |\n`;
  });
  return `| rule | | broken when | why it matters |\n|---|---|---|---|\n${rows.join("")}`;
}

if (process.argv[1] === import.meta.filename) {
  const file = path.resolve(import.meta.dirname, "../../docs/check-and-diff.md");
  const rows = `<!-- rules -->\n${rulesTable()}<!-- /rules -->`;
  writeFileSync(
    file,
    readFileSync(file, "utf8").replace(/<!-- rules -->[\s\S]*<!-- \/rules -->/, () => rows),
  );
}
