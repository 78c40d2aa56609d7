/** Text that shows as it is in Markdown, also inside a table. */
export function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+\-.!|~&]/g, "\\$&").replace(/\s+/g, " ");
}

/** Keeps "5 EventID bits" in one line. */
const NO_BREAK = "\u00a0";

/** Between two columns: the editor's tables have no space of their own. */
const GAP = NO_BREAK.repeat(2);

/** Text in fixed width. A backtick inside it would end it, so it becomes an apostrophe; a `|` would end a table's cell. */
export function code(text: string): string {
  return `\`${text.replaceAll("`", "'").replaceAll("|", "\\|").replace(/\s+/g, NO_BREAK)}\``;
}

/** Rows as a Markdown table. `align` has `l` or `r` for each column. Cells are Markdown already. */
export function markdownTable(
  headings: readonly string[],
  align: string,
  rows: readonly (readonly string[])[],
): string {
  const rule = [...align].map((side) => (side === "r" ? "--:" : ":--"));
  const line = (cells: readonly string[], gap: string) => `| ${cells.join(`${gap} | `)} |`;
  return [line(headings, GAP), line(rule, ""), ...rows.map((cells) => line(cells, GAP))].join("\n");
}
