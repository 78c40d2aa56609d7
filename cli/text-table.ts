import type { Output } from "./output.ts";

/** A column of a printed table. */
export interface TextColumn {
  readonly heading: string;
  readonly align: "left" | "right";
}

/** Rows measured for the widths: the first and the last ones. Ids and addresses ascend, so the widest are among them. */
const MEASURED = 512;

/**
 * Prints rows as aligned plain ASCII columns, two blanks apart. Rows are made when they are printed, so a table of millions needs no memory.
 * Stops when the reader has gone.
 */
export async function printTable(
  out: Output,
  columns: readonly TextColumn[],
  rowCount: number,
  cells: (row: number) => readonly string[],
): Promise<void> {
  const widths = columns.map((column) => column.heading.length);
  const measure = (row: number) => {
    for (const [i, cell] of cells(row).entries()) widths[i] = Math.max(widths[i], cell.length);
  };
  for (let row = 0; row < Math.min(MEASURED, rowCount); row++) measure(row);
  for (let row = Math.max(MEASURED, rowCount - MEASURED); row < rowCount; row++) measure(row);
  const print = (texts: readonly string[]) => {
    const padded = texts.map((text, i) =>
      columns[i].align === "right" ? text.padStart(widths[i]) : text.padEnd(widths[i]),
    );
    out.line(padded.join("  ").trimEnd());
  };
  print(columns.map((column) => column.heading));
  for (let row = 0; row < rowCount && !out.closed; row++) {
    print(cells(row));
    await out.settle();
  }
}
