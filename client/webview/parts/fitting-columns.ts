import type { GridColumn } from "../../protocol.ts";

/** Width of a column that fills the rest, at least, in characters. */
export const LEAST_FILL = 12;
/** Room beside a column's text, in characters. */
const PADDING = 2;
/** Width of the column of marks, in characters. */
export const MARK_WIDTH = 3;

/** Places of the columns that show. */
export interface FittingColumns {
  readonly shown: readonly number[];
  /** Headings of those that have no room. */
  readonly hidden: readonly string[];
  /** Characters that the shown ones need. */
  readonly least: number;
  /** As CSS has it, without the column of marks. */
  readonly tracks: string;
}

/** The columns that fit into a width: those with the highest rank give way first, those of rank 0 never. @param room in characters */
export function fittingColumns(columns: readonly GridColumn[], room: number): FittingColumns {
  const widthOf = ({ fill, width }: GridColumn) => (fill ? LEAST_FILL : width + PADDING);
  const shown = new Set(columns.keys());
  let least = columns.reduce((sum, column) => sum + widthOf(column), MARK_WIDTH);
  const leaving = [...columns.keys()]
    .filter((at) => columns[at].rank > 0)
    .sort((a, b) => columns[b].rank - columns[a].rank);
  for (const at of leaving) {
    if (least <= room) break;
    shown.delete(at);
    least -= widthOf(columns[at]);
  }
  const places = [...shown];
  const hidden = columns.filter((_column, at) => !shown.has(at)).map(({ heading }) => heading);
  const tracks = places.map((at) => (columns[at].fill ? `minmax(${LEAST_FILL}ch, 1fr)` : `${widthOf(columns[at])}ch`));
  return { shown: places, hidden, least, tracks: tracks.join(" ") };
}
