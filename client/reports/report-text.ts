import type { Report, ReportCell, ReportTable } from "../../server/tables-protocol.ts";

/** A report as plain text: tables in columns. */
export function reportText(title: string, { inputs, result, tables, notes }: Report): string {
  const lines = [title, ...inputs.map(inputLine), "", result.text];
  for (const table of tables) {
    lines.push("", `${table.title}: ${table.rowCount}`, ...table.about);
    const rows = [table.columns, ...table.rows.map((row) => row.map(flat))];
    const widths = table.columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    for (const row of rows)
      lines.push(
        row
          .map((text, column) => text.padEnd(widths[column]))
          .join("  ")
          .trimEnd(),
      );
    lines.push(...leftOut(table));
  }
  if (notes.length > 0) lines.push("", ...notes);
  return `${lines.join("\n")}\n`;
}

/** A report as Markdown. Nothing in it is markup but what is written here. */
export function reportMarkdown(title: string, { inputs, result, tables, notes }: Report): string {
  const lines = [
    `## ${plain(title)}`,
    "",
    ...inputs.map((input) => `- ${plain(inputLine(input))}`),
    "",
    `**${plain(result.text)}**`,
  ];
  for (const table of tables) {
    lines.push("", `### ${plain(table.title)} (${table.rowCount})`, "");
    for (const sentence of table.about) lines.push(plain(sentence), "");
    lines.push(
      markdownRow(table.columns),
      markdownRow(
        table.columns.map(() => "---"),
        true,
      ),
    );
    for (const row of table.rows) lines.push(markdownRow(row.map(flat)));
    for (const sentence of leftOut(table)) lines.push("", sentence);
  }
  if (notes.length > 0) lines.push("", ...notes.map((note) => `- ${plain(note)}`));
  return `${lines.join("\n")}\n`;
}

function inputLine({ label, name, detail }: Report["inputs"][number]): string {
  return `${label === "" ? "" : `${label}: `}${name}: ${detail}`;
}

function flat({ text }: ReportCell): string {
  return text.replaceAll("\n", "; ");
}

function leftOut({ rows, rowCount }: ReportTable): string[] {
  return rows.length < rowCount ? [`and ${rowCount - rows.length} more`] : [];
}

function markdownRow(cells: readonly string[], isRule = false): string {
  return `| ${cells.map((cell) => (isRule ? cell : plain(cell))).join(" | ")} |`;
}

/** Text that is no markup inside a line. */
function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>|~]/g, "\\$&").replace(/\s+/g, " ");
}
