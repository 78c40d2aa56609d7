import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readLayoutFile } from "../../dumps/layout-files/index.ts";
import { ScriptDocument } from "../../language/index.ts";
import { prepareTarget, runTests, ScriptRun } from "../../runner/index.ts";
import { linesOf, pages, textOf } from "./pages.ts";

/** The text of each fenced block of a page. */
function blocksOf(page: string): string[] {
  const found: string[][] = [];
  let open: string[] | undefined;
  for (const { text, isFence, block } of linesOf(textOf(page))) {
    if (!isFence) {
      if (block !== undefined) open?.push(text);
      continue;
    }
    if (open !== undefined) found.push(open);
    open = open === undefined ? [] : undefined;
  }
  return found.map((lines) => lines.join("\n"));
}

describe("the examples of docs/how-to and of the walkthrough", () => {
  const blocks = pages.filter((page) => /^(docs\/how-to|media)\//.test(page)).flatMap(blocksOf);
  const scripts = blocks.filter((text) => /^test "/m.test(text));
  const layouts = blocks.filter((text) => text.startsWith("{"));

  test("are there", () => assert.ok(scripts.length > 0 && layouts.length > 0));

  for (const text of scripts) {
    test(`passes: ${text.split("\n")[0]}`, () => {
      const document = new ScriptDocument(text);
      assert.deepEqual(document.diagnostics().list, []);
      const prepared = prepareTarget(document.machine);
      if ("failure" in prepared) assert.fail(prepared.failure);
      const results = runTests(document, new ScriptRun(document, prepared.target, prepareTarget));
      assert.deepEqual(
        results.map(({ outcome }) => outcome),
        ["passed"],
      );
    });
  }

  for (const text of layouts) {
    test("is a layout", () => {
      assert.ok("layouts" in readLayoutFile(text, "soc.giclayout.json"));
    });
  }
});
