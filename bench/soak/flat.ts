import process from "node:process";

const MIB = 2 ** 20;

/** What is held by this process after a collection, in MiB: objects and the buffers beside them. */
export function held(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / MIB;
}

/**
 * Prints the memory at equal distances of some work, and fails the process when the second half of them goes on growing.
 *
 * @param samples in MiB, at least four
 * @param room growth that does not count, in MiB
 */
export function reportFlat(what: string, samples: readonly number[], room: number): void {
  const middle = samples[Math.floor(samples.length / 2)];
  const growth = samples[samples.length - 1] - middle;
  const ok = growth <= room;
  const list = samples.map((sample) => sample.toFixed(0)).join(", ");
  console.log(
    `${ok ? "ok  " : "FAIL"} ${what}: ${list} MiB; ${growth.toFixed(1)} in the second half, ${room} are allowed`,
  );
  if (!ok) process.exitCode = 1;
}

/** As {@link reportFlat}, of a bound that no measurement may exceed. */
export function reportBelow(what: string, most: number, bound: number): void {
  const ok = most <= bound;
  console.log(`${ok ? "ok  " : "FAIL"} ${what}: ${most.toFixed(0)} MiB at most, ${bound} are allowed`);
  if (!ok) process.exitCode = 1;
}
