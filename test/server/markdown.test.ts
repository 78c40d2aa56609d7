import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { code, plain, scriptBlock, textBlock } from "../../server/markdown.ts";

/** What makes a link, a tag or an end of code, in any order. */
const hostile = fc
  .array(
    fc.constantFrom(
      "[a](command:b)",
      "<a href='command:b'>",
      "`",
      "``",
      "```",
      "\n",
      "[",
      "]",
      "<",
      ">",
      "|",
      "\\",
      "x",
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(""));

const longestRun = (text: string): number => Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));

describe("Markdown of hovers", () => {
  it("has no link and no tag from a text that is shown as it is", () => {
    fc.assert(fc.property(hostile, (text) => !/[[\]<>`|]/.test(plain(text).replace(/\\[\s\S]/g, ""))));
  });

  it("keeps code in its fence, whatever backticks are in it", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const made of [scriptBlock(text), textBlock(text), code(text)]) {
          const fence = /^`+/.exec(made)?.[0] ?? "";
          assert.ok(made.endsWith(fence), made);
          assert.ok(fence.length > longestRun(made.slice(fence.length, -fence.length)), made);
        }
      }),
    );
  });

  it("is as short as it can be", () => {
    assert.equal(code("x"), "`x`");
    assert.equal(code("a`b"), "``a`b``");
    assert.equal(code("`"), "`` ` ``");
    assert.equal(scriptBlock("let a = 1"), "```itscmd\nlet a = 1\n```");
    assert.equal(scriptBlock("# ```"), "````itscmd\n# ```\n````");
  });
});
