import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { axeVersion } from "../../scripts/accessibility/axe.ts";
import { pagesIn } from "../../scripts/accessibility/found-text.ts";

const page = readFileSync(path.join(import.meta.dirname, "..", "..", "docs", "accessibility.md"), "utf8");

test("docs/accessibility.md is of the axe-core that is installed, and found nothing", () => {
  assert.ok(page.includes(`With axe-core ${axeVersion},`), `run npm run accessibility with axe-core ${axeVersion}`);
  assert.match(page, /Violations: \*\*0\*\*/);
});

test("docs/accessibility.md has all live views, reports, maps and the table editor", () => {
  const wanted = ["registers", "interrupts", "command queue", "timeline", "bits", "table editor", "trace of an MSI"];
  const found = pagesIn(page);
  assert.deepEqual(
    wanted.filter((name) => !found.includes(name)),
    [],
  );
});
