import assert from "node:assert/strict";
import { it } from "node:test";
import { countTests } from "../../scripts/test-counts.ts";

it("reads the closing lines of Node's test runner", () => {
  const output = "✔ a\nℹ tests 9\nℹ suites 1\nℹ pass 6\nℹ fail 2\nℹ cancelled 1\nℹ skipped 0\n";
  assert.deepEqual(countTests(output), { passed: 6, failed: 3 });
});

it("reads TAP", () => {
  assert.deepEqual(countTests("# tests 2\n# pass 2\n# fail 0\n"), { passed: 2, failed: 0 });
});

it("reads the project's own closing line, and of several the last", () => {
  assert.deepEqual(countTests("1 passed, 1 failed\nmore\n63 passed, 0 failed\n"), { passed: 63, failed: 0 });
});

it("takes no closing line for no test", () => {
  assert.deepEqual(countTests("all 3 tests passed, 0 failed to start? no\n"), { passed: 0, failed: 0 });
});
