import type { Report, SuiteFigures } from "./figures.ts";

/** By how much a ratio may be below the one that is kept, before it counts as fallen. */
export const TOLERANCE = 0.2;

/** A ratio that has fallen. */
export interface Fallen {
  readonly suite: string;
  readonly name: string;
  readonly kept: number;
  readonly now: number;
}

/** What came of comparing. */
export interface Comparison {
  readonly fallen: readonly Fallen[];
  /** Ratios that were compared. */
  readonly compared: number;
  /** `SUITE: NAME` of ratios that are kept and were not measured. */
  readonly missing: readonly string[];
}

/** Compares ratios with those that are kept. Milliseconds are those of a machine; ratios to a peer that ran in turn on the same one are not. */
export function compare(kept: Pick<Report, "suites">, now: Pick<Report, "suites">): Comparison {
  const fallen: Fallen[] = [];
  const missing: string[] = [];
  let compared = 0;
  for (const { suite, figures } of kept.suites) {
    const measured = ratiosOf(now.suites.find((one) => one.suite === suite));
    for (const { name, ratio } of figures) {
      if (ratio === undefined) continue;
      const other = measured.get(name);
      if (other === undefined) {
        missing.push(`${suite}: ${name}`);
        continue;
      }
      compared++;
      if (other < ratio * (1 - TOLERANCE)) fallen.push({ suite, name, kept: ratio, now: other });
    }
  }
  return { fallen, compared, missing };
}

function ratiosOf(suite: SuiteFigures | undefined): ReadonlyMap<string, number> {
  return new Map(suite?.figures.flatMap(({ name, ratio }) => (ratio === undefined ? [] : [[name, ratio] as const])));
}

/** Of two runs of a suite the better ratio of each figure: what else the machine does makes a run worse, and never better. */
export function better(first: SuiteFigures, second: SuiteFigures): SuiteFigures {
  const others = ratiosOf(second);
  const figures = first.figures.map((figure) => {
    const other = others.get(figure.name);
    return figure.ratio !== undefined && other !== undefined && other > figure.ratio
      ? { ...figure, ratio: other }
      : figure;
  });
  return { ...first, figures };
}

/** A comparison in words, and whether it is one to fail for. */
export function comparisonLines({ fallen, compared, missing }: Comparison): readonly string[] {
  const percent = (now: number, kept: number) => `${Math.round((1 - now / kept) * 100)} %`;
  return [
    ...fallen.map(
      ({ suite, name, kept, now }) => `FELL ${suite}: ${name}: ratio ${now}, kept ${kept}: ${percent(now, kept)} less`,
    ),
    ...missing.map((name) => `not measured here: ${name}`),
    `${compared} ratios compared, ${fallen.length} fell by more than ${TOLERANCE * 100} %`,
  ];
}

/** Nothing that could be compared is no success. */
export function hasFailed({ fallen, compared }: Comparison): boolean {
  return fallen.length > 0 || compared === 0;
}
