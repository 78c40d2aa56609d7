import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits for something that the editor does in its own time: asks again and again until the answer is neither
 * undefined nor false. Rejects with `what` in the message when `limitMs` have passed.
 */
export async function until<T>(
  what: string,
  ask: () => T | Thenable<T>,
  limitMs = 15_000,
): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms for ${what}`);
    await sleep(50);
  }
}
