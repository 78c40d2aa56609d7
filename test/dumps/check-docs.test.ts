import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { rulesTable } from "./rules-table.ts";

const page = path.resolve(import.meta.dirname, "../../docs/check-and-diff.md");

test("docs/check-and-diff.md has the rules as they are declared (node test/dumps/rules-table.ts writes them)", () => {
  const table = /<!-- rules -->\n([\s\S]*)<!-- \/rules -->/.exec(readFileSync(page, "utf8"))?.[1];
  assert.equal(table, rulesTable());
});
