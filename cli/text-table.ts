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
  out.line(
    alignedLine(
      columns.map((column) => column.heading),
      columns,
      widths,
    ),
  );
  for (let row = 0; row < rowCount && !out.closed; row++) {
    out.line(alignedLine(cells(row), columns, widths));
    if (out.isFull) await out.settle();
  }
}

/** Texts one beside another, without blanks behind the last one. */
function alignedLine(texts: readonly string[], columns: readonly TextColumn[], widths: readonly number[]): string {
  let line = "";
  let last = "";
  let blanks = 0;
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i];
    const missing = Math.max(0, widths[i] - text.length);
    const isRight = columns[i].align === "right";
    if (isRight) blanks += missing;
    if (text !== "") {
      line += blanksOf(blanks) + text;
      last = text;
      blanks = 0;
    }
    blanks += isRight ? GAP : missing + GAP;
  }
  // Looking at the line itself would copy it.
  return last.charCodeAt(last.length - 1) <= BLANK ? line.trimEnd() : line;
}

const BLANK = 0x20;
/** Blanks between two columns. */
const GAP = 2;

function blanksOf(count: number): string {
  return BLANKS[count] ?? " ".repeat(count);
}

const BLANKS: readonly string[] = Array.from({ length: 64 }, (_, count) => " ".repeat(count));
