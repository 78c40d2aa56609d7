import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { carryOut } from "../../cli/mcp/call.ts";
import { tools } from "../../cli/mcp/tools/index.ts";
import manifest from "../../package.json" with { type: "json" };

const root = path.join(import.meta.dirname, "..", "..");
const { chatSkills, languageModelTools } = manifest.contributes;
const folders = { paths: [], where: "no folder", none: "nothing is read here" };

describe("the skill of the extension", () => {
  assert.equal(chatSkills.length, 1);
  const place = path.join(root, chatSkills[0].path);
  const text = readFileSync(place, "utf8");

  test("is named as its folder is, and says when it is to be used", () => {
    const [, front] = /^---\n([\s\S]*?)\n---\n/.exec(text) ?? assert.fail("it has no front matter");
    assert.match(front, new RegExp(`^name: ${path.basename(path.dirname(place))}$`, "m"));
    const [, description] = /^description: (.+)$/m.exec(front) ?? assert.fail("it has no description");
    assert.ok(description.length <= 1024 && description.includes("Use for"));
  });

  test("names every tool, and no other", () => {
    const named = new Set(Array.from(text.matchAll(/`([a-z]+_[a-z_]+)`/g), ([, name]) => name));
    const there = [...tools, ...languageModelTools].map(({ name }) => name);
    assert.deepEqual([...named].sort(), [...there].sort());
  });

  const scripts = Array.from(text.matchAll(/^```itscmd\n([\s\S]*?)^```$/gm), ([, script]) => script);
  test("has examples", () => assert.ok(scripts.length >= 3));
  for (const script of scripts) {
    test(`runs: ${script.split("\n")[0]}`, () => {
      const result = carryOut({ tool: "run_its_script", arguments: { text: script }, folders });
      assert.ok("answer" in result, JSON.stringify(result));
      assert.deepEqual([result.answer.data.errors, result.answer.data.warnings], [0, 0], result.answer.text);
    });
  }

  test("explains the value that it gives as an example", () => {
    const value = /`(GITS_BASER0=0x[0-9a-f]+)`/.exec(text)?.[1];
    const result = carryOut({ tool: "explain_gic_value", arguments: { text: value }, folders });
    assert.ok("answer" in result);
  });
});
