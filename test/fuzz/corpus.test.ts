import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { faultOf, kindNames } from "./hostile/kind.ts";
import { kinds } from "./hostile/kinds.ts";

const corpus = path.join(import.meta.dirname, "corpus");

describe("cases that had a fault once, and files that may have one", () => {
  const files = readdirSync(corpus).filter((name) => name !== "README.md");

  test("are there for each kind of a text", () => {
    const there = new Set(files.map((name) => name.split("-")[0]));
    assert.deepEqual(
      kindNames.filter((name) => !there.has(name)),
      [],
    );
  });

  for (const name of files)
    test(name, async () => {
      const kind = kindNames.find((known) => name.startsWith(`${known}-`));
      assert.ok(kind !== undefined, `${name} begins with no kind`);
      const parts = readFileSync(path.join(corpus, name), "utf8").replace(/\n$/, "").split("\n");
      assert.equal(await faultOf(() => kinds[kind].check(parts)), undefined);
    });
});
