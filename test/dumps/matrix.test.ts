import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { allOutcomes, matrixText, ways } from "./matrix/outcomes.ts";

describe("what the real programs write of the same bytes", () => {
  it("is never read wrongly without a word, in any format, of any table, on any way", () => {
    const wrong: string[] = [];
    let cells = 0;
    for (const [{ name }, outcomes] of allOutcomes()) {
      for (const [table, byWay] of Object.entries(outcomes)) {
        for (const way of ways) {
          if (byWay[way] !== undefined) cells++;
          if (byWay[way] === "wrong") wrong.push(`${name}, ${table}, ${way}`);
        }
      }
    }
    assert.deepEqual(wrong, []);
    assert.ok(cells > 1000, `${cells} cells`);
  });

  it("is what docs/dumps.md says", () => {
    const docs = readFileSync(path.resolve(import.meta.dirname, "../../docs/dumps.md"), "utf8");
    const [, shown] = /<!-- matrix -->\n+([\s\S]*?)\n*<!-- \/matrix -->/.exec(docs) ?? [];
    assert.equal(`${shown}\n`, matrixText(), "stale: run  node test/dumps/matrix/write-docs.ts");
  });
});
