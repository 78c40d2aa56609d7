/** What a layout needs of a column. */
export interface LaidColumn {
  readonly heading: string;
  /** Characters of the longest text that is to be expected; of a column that fills the rest: that it has at least. */
  readonly width: number;
  readonly fill?: boolean;
  /** Columns with the highest number are left out first where there is no room; 0 always shows. */
  readonly rank: number;
  /** Characters that must be left over for the columns that fill the rest, before this one shows. */
  readonly spare?: number;
}

/** Places of the columns that show. */
export interface ColumnLayout {
  readonly shown: readonly number[];
  /** Characters of text that each shown column has room for. */
  readonly rooms: readonly number[];
  /** Headings of those that have no room. */
  readonly hidden: readonly string[];
  /** Characters that the shown ones need. */
  readonly least: number;
  /** As CSS has it. */
  readonly tracks: string;
}

/** Room beside a column's text, in characters; the style sheet says the same. */
const PADDING = 1.6;
/** Characters of a column that fills the rest, where there is no room for what it should have. */
const LEAST = 8;

/** Chooses the columns that fit. @param room in characters */
export function columnLayout(columns: readonly LaidColumn[], room: number): ColumnLayout {
  const shown = new Set(columns.keys());
  const needed = (): number => [...shown].reduce((sum, at) => sum + columns[at].width + PADDING, 0);
  const leaving = [...columns.keys()]
    .filter((at) => columns[at].rank > 0)
    .sort((a, b) => columns[b].rank - columns[a].rank || b - a);
  for (const at of leaving) {
    if (needed() + (columns[at].spare ?? 0) > room) shown.delete(at);
  }
  const places = [...shown];
  const fills = places.filter((at) => columns[at].fill === true);
  const over = Number.isFinite(room) ? (room - needed()) / Math.max(1, fills.length) : 0;
  const widthOf = (at: number): number =>
    columns[at].fill === true ? Math.max(LEAST, columns[at].width + over) : columns[at].width;
  return {
    shown: places,
    rooms: places.map((at) => Math.floor(widthOf(at))),
    hidden: columns.filter((_column, at) => !shown.has(at)).map(({ heading }) => heading),
    least: places.reduce((sum, at) => sum + widthOf(at) + PADDING, 0),
    tracks: places.map((at) => `${(widthOf(at) + PADDING).toFixed(2)}ch`).join(" "),
  };
}
