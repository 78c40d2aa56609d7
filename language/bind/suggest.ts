/** Finds what a wrong word may mean, when that is asked for: looking costs more than all else about a broken line. */
export type Suggestion = () => string | undefined;

/** A suggestion that looks at most once, for message and data of a diagnostic. */
export function lazily(find: Suggestion): Suggestion {
  let found: { readonly word: string | undefined } | undefined;
  return () => {
    found ??= { word: find() };
    return found.word;
  };
}

/**
 * The candidate that a misspelt word most likely means: at most one edit in three characters away, the letter case aside.
 * Undefined when nothing is near enough. An edit is a letter too many, missing, wrong or swapped with its neighbour.
 * Failing that, the only candidate that the word begins. Only the first `most` candidates are looked at.
 */
export function suggest(
  word: string,
  candidates: Iterable<string>,
  most = Number.MAX_SAFE_INTEGER,
): string | undefined {
  if (word.length > 40) return undefined;
  const wanted = word.toLowerCase();
  const list: string[] = [];
  for (const candidate of candidates) {
    if (candidate !== word) list.push(candidate);
    if (list.length >= most) break;
  }
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of list) {
    if (Math.abs(candidate.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? beginning(wanted, list);
}

/** The only candidate that begins with the word: Enable for EnableLPIs. */
function beginning(wanted: string, candidates: readonly string[]): string | undefined {
  if (wanted.length < 3) return undefined;
  const found = candidates.filter((candidate) => candidate.toLowerCase().startsWith(wanted));
  return found.length === 1 ? found[0] : undefined;
}

/** Optimal string alignment distance. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      let distance = Math.min(last[column] + 1, current[column - 1] + 1, last[column - 1] + same);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        distance = Math.min(distance, beforeLast[column - 2] + 1);
      current.push(distance);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length];
}
