import type { TableForm } from "../../shared/view-messages.ts";

/** A table as text, in a form: columns of the same width, Markdown, CSV (RFC 4180), or JSON with an object a row. */
export function tableText(form: TableForm, headings: readonly string[], rows: readonly (readonly string[])[]): string {
  switch (form) {
    case "text": {
      const widths = headings.map((heading, at) => Math.max(heading.length, ...rows.map((row) => row[at].length)));
      const line = (cells: readonly string[]) =>
        cells
          .map((cell, at) => cell.padEnd(widths[at]))
          .join("  ")
          .trimEnd();
      return [headings, ...rows].map((row) => `${line(row)}\n`).join("");
    }
    case "markdown": {
      const line = (cells: readonly string[]) =>
        `| ${cells.map((cell) => cell.replace(/[\\|]/g, "\\$&")).join(" | ")} |\n`;
      return [line(headings), line(headings.map(() => "---")), ...rows.map(line)].join("");
    }
    case "csv": {
      const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
      return [headings, ...rows].map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
    }
    case "json":
      return `${JSON.stringify(
        rows.map((row) => Object.fromEntries(row.map((cell, at) => [headings[at], cell]))),
        undefined,
        2,
      )}\n`;
  }
}
