import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GivenUp, inSlices } from "../../client/dumps/slices.ts";
import type { Work } from "../../dumps/work.ts";

function* endless(): Work<never> {
  for (;;) yield;
}

function* counting(steps: number): Work<number> {
  for (let i = 0; i < steps; i++) yield;
  return steps;
}

describe("work in slices", () => {
  it("gives its result", async () => {
    assert.equal(await inSlices(counting(1000)), 1000);
  });

  it("lets timers and messages run while it lasts, and ends when it is given up", async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 0);
    await assert.rejects(inSlices(endless(), abort.signal), GivenUp);
  });

  it("does nothing of a work that is given up already", async () => {
    const abort = new AbortController();
    abort.abort();
    let steps = 0;
    const work = (function* (): Work<void> {
      steps++;
      yield;
    })();
    await assert.rejects(inSlices(work, abort.signal), GivenUp);
    assert.equal(steps, 0);
  });
});
