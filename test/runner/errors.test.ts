import assert from "node:assert/strict";
import { it } from "node:test";
import { runErrors } from "../../runner/index.ts";

it("a code of the problems of a run stands for one thing", () => {
  const titles = new Map<string, Set<string>>();
  for (const { code, title } of Object.values(runErrors)) titles.set(code, (titles.get(code) ?? new Set()).add(title));
  assert.deepEqual(
    [...titles].filter(([, { size }]) => size > 1),
    [],
  );
});
