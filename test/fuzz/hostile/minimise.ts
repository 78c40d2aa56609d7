/** Checks and milliseconds that making a case shorter may take. */
const MOST_CHECKS = 400;
const MOST_TIME = 20_000;

/**
 * Makes a case shorter as long as it shows the same: leaves parts out, halves of all of them first, then cuts the parts that are left.
 * @param shows whether a case still shows what it is about
 */
export async function minimise(
  parts: readonly string[],
  shows: (parts: readonly string[]) => Promise<boolean>,
): Promise<readonly string[]> {
  let best = parts;
  let checks = 0;
  const end = performance.now() + MOST_TIME;
  const take = async (candidate: readonly string[]): Promise<boolean> => {
    if (checks++ >= MOST_CHECKS || performance.now() > end || !(await shows(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let size = Math.ceil(best.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = best.length - size; at > -size; at -= size) {
      const from = Math.max(at, 0);
      await take([...best.slice(0, from), ...best.slice(from + size)]);
    }
  }
  for (let at = 0; at < best.length; at++) {
    for (let length = best[at].length >> 1; length >= 1; length >>= 1) {
      while (best[at].length > length && (await take(best.with(at, best[at].slice(0, -length)))));
    }
  }
  return best;
}
