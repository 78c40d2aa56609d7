import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

const docs = path.join(import.meta.dirname, "..", "..", "docs");

test("docs/README.md names every page, once", () => {
  const named = [...readFileSync(path.join(docs, "README.md"), "utf8").matchAll(/^\| \[[^\]]+\]\(([^)]+)\)/gm)];
  const there = readdirSync(docs, { withFileTypes: true }).map((entry) =>
    entry.isDirectory() ? `${entry.name}/README.md` : entry.name,
  );
  assert.deepEqual(named.map(([, target]) => target).sort(), there.filter((name) => name !== "README.md").sort());
});
