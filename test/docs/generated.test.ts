import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { commands, layouts, registers } from "../../architecture/index.ts";
import { architecturePages } from "../../scripts/generate-architecture.ts";
import { anchorsOf, root } from "./pages.ts";

const read = (name: string): string => readFileSync(path.join(root, "docs", name), "utf8");

describe("the pages that are made from architecture/ (node scripts/generate-architecture.ts writes them)", () => {
  for (const [name, text] of Object.entries(architecturePages)) {
    test(`docs/${name} is what would be written`, () => assert.equal(read(name), text()));
  }

  test("have a heading for each command, register and layout", () => {
    const has = (page: string, names: readonly string[]): void => {
      const anchors = anchorsOf(read(page));
      const missing = names.filter((name) => !anchors.has(name.toLowerCase().replace(/[^\w-]/g, "")));
      assert.deepEqual(missing, []);
    };
    has(
      "commands.md",
      commands.map(({ name }) => name),
    );
    has(
      "registers.md",
      registers.map(({ name }) => name),
    );
    has(
      "table-layouts.md",
      Object.values(layouts).map(({ name }) => name),
    );
  });
});
