/** One figure of a suite, over its rounds. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** How many times as good as the peer, 1 = as good; absent where there is none, or it is not installed. */
  readonly ratio?: number;
}

/** What one round of a suite says of a figure. */
export interface Measured {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** Of the suite's own runs, where it has several in a round and tells. */
  readonly least?: number;
  readonly most?: number;
  readonly ratio?: number;
}

/** What a suite came to. */
export interface SuiteFigures {
  readonly suite: string;
  /** What it was compared with, by name and version; absent: nothing. */
  readonly peer?: string;
  readonly figures: readonly Figure[];
}

/** All suites, and where they ran. */
export interface Report {
  readonly date: string;
  readonly machine: string;
  readonly system: string;
  readonly node: string;
  readonly version: string;
  /** Load of the machine before the first suite, as the system averages it over a minute, and how many cores there are for it. */
  readonly load: number;
  readonly cores: number;
  readonly suites: readonly SuiteFigures[];
}

/** The figures of several rounds of one suite as one: medians, and the least and the most of any round. */
export function merged(rounds: readonly (readonly Measured[])[]): Figure[] {
  const [first = []] = rounds;
  return first.map(({ name, unit }) => {
    const all = rounds.flatMap((round) => round.filter((one) => one.name === name));
    const ratios = all.flatMap(({ ratio }) => (ratio === undefined ? [] : [ratio]));
    return {
      name,
      unit,
      median: clean(median(all.map(({ value }) => value))),
      least: clean(Math.min(...all.map(({ value, least }) => least ?? value))),
      most: clean(Math.max(...all.map(({ value, most }) => most ?? value))),
      ...(ratios.length === 0 ? {} : { ratio: clean(median(ratios)) }),
    };
  });
}

/** Of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Three significant digits. */
function clean(value: number): number {
  return Number(value.toPrecision(3));
}
