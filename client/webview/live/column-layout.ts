/** What a layout needs of a column. */
export interface LaidColumn {
  readonly heading: string;
  /** Characters of the longest text that is to be expected; of a column that fills the rest: that it has at least. */
  readonly width: number;
  readonly fill?: boolean;
  /** Characters of a column that fills the rest, below which it does not go. */
  readonly least?: number;
  /** How it is where columns that count have no room otherwise; see {@link COUNTS}. */
  readonly narrow?: { readonly heading: string; readonly width: number };
  /** Columns with the highest number are left out first where there is no room; 0 always shows. */
  readonly rank: number;
  /** Characters that must be left over for the columns that fill the rest, before this one shows. */
  readonly spare?: number;
}

/** Places of the columns that show. */
export interface ColumnLayout {
  readonly shown: readonly number[];
  /** Headings of the shown ones. */
  readonly headings: readonly string[];
  /** Characters of text that each shown column has room for. */
  readonly rooms: readonly number[];
  /** Headings of those that have no room. */
  readonly hidden: readonly string[];
  /** Characters that the shown ones need. */
  readonly least: number;
  /** Whether cells stand closer to each other. */
  readonly dense: boolean;
  /** As CSS has it. */
  readonly tracks: string;
}

/** Room beside a column's text, in characters, where there is plenty and where there is little; the style sheet says the same. */
const PADDING = { loose: 1.6, dense: 0.6 } as const;
/** Rooms of fewer characters are little. */
const LITTLE = 30;
/** Characters of a column that fills the rest, where there is no room for what it should have, and it does not say. */
const LEAST = 8;
/** Characters of a column that fills the rest, however narrow a view is. */
const TINY = 5;

/** Columns up to this rank count more than long headings. */
const COUNTS = 3;

/** Chooses the columns that fit. @param room in characters */
export function columnLayout(columns: readonly LaidColumn[], room: number): ColumnLayout {
  const dense = room < LITTLE;
  const padding = PADDING[dense ? "dense" : "loose"];
  const shown = new Set(columns.keys());
  const wide = columns.map(({ heading, width }) => ({ heading, width }));
  const isNarrow = columns.reduce((sum, { width, rank }) => sum + (rank > COUNTS ? 0 : width + padding), 0) > room;
  const looks = isNarrow ? columns.map(({ narrow }, at) => narrow ?? wide[at]) : wide;
  const needed = (): number => [...shown].reduce((sum, at) => sum + looks[at].width + padding, 0);
  const leaving = [...columns.keys()]
    .filter((at) => columns[at].rank > 0)
    .sort((a, b) => columns[b].rank - columns[a].rank || b - a);
  for (const at of leaving) {
    if (needed() + (columns[at].spare ?? 0) > room) shown.delete(at);
  }
  const places = [...shown];
  const widths = filled(
    places.map((at) => ({ ...columns[at], width: looks[at].width })),
    Number.isFinite(room) ? room - needed() : 0,
  );
  return {
    shown: places,
    headings: places.map((at) => looks[at].heading),
    rooms: widths,
    hidden: columns.filter((_column, at) => !shown.has(at)).map(({ heading }) => heading),
    least: widths.reduce((sum, width) => sum + width + padding, 0),
    dense,
    tracks: widths.map((width) => `${(width + padding).toFixed(2)}ch`).join(" "),
  };
}

/**
 * Widths of columns when those that fill the rest share what is over; or what is missing, by how much each of them can do without, and
 * where not even the least that they need has room, evenly by that.
 */
function filled(columns: readonly LaidColumn[], over: number): number[] {
  const fills = columns.filter(({ fill }) => fill === true);
  const least = (column: LaidColumn): number => Math.min(column.width, column.least ?? LEAST);
  const leasts = fills.reduce((sum, column) => sum + least(column), 0);
  const slacks = fills.reduce((sum, column) => sum + column.width - least(column), 0);
  return columns.map((column) => {
    if (column.fill !== true) return column.width;
    if (over >= 0) return column.width + over / fills.length;
    if (-over <= slacks) return column.width + ((column.width - least(column)) / slacks) * over;
    return Math.max(TINY, least(column) * (1 - (-over - slacks) / leasts));
  });
}
