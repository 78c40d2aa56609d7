/** How many tests a runner says it ran. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Reads the closing lines of a test runner's output: Node's (`ℹ pass 3`, `ℹ fail 0`, `ℹ cancelled 0`, with `#` for `ℹ`
 * in TAP) or the project's own (`3 passed, 0 failed`). No closing line counts as no test.
 */
export function countTests(output: string): Counts {
  const own = [...output.matchAll(/^(?:\w+: )?(\d+) passed, (\d+) failed\b.*$/gm)].at(-1);
  if (own !== undefined) return { passed: Number(own[1]), failed: Number(own[2]) };
  const node = (name: string) =>
    Number([...output.matchAll(new RegExp(`^[ℹ#] ${name} (\\d+)$`, "gm"))].at(-1)?.[1] ?? 0);
  return { passed: node("pass"), failed: node("fail") + node("cancelled") };
}
