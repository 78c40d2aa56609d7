import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { anchorsOf, linesOf, pages, root, textOf } from "./pages.ts";

const hasScheme = /^[a-z][a-z+.-]*:/i;
const link = /\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g;
const anchors = new Map<string, ReadonlySet<string>>();

function hasAnchor(page: string, anchor: string): boolean {
  const known = anchors.get(page) ?? anchorsOf(textOf(page));
  anchors.set(page, known);
  return known.has(anchor);
}

/** A sentence for each link of a page that leads nowhere. @param text where it is another one than the file's */
function brokenLinks(page: string, text = textOf(page)): string[] {
  const broken: string[] = [];
  for (const { line, text: content, block } of linesOf(text)) {
    if (block !== undefined) continue;
    for (const [, target] of content.replace(/`[^`]*`/g, "``").matchAll(link)) {
      if (hasScheme.test(target)) continue;
      const [name, anchor] = target.split("#");
      const file = name === "" ? page : path.posix.join(path.posix.dirname(page), decodeURIComponent(name));
      if (file.startsWith("../") || !existsSync(path.join(root, file))) broken.push(`${page}:${line}: no ${target}`);
      else if (anchor !== undefined && (!file.endsWith(".md") || !hasAnchor(file, anchor)))
        broken.push(`${page}:${line}: no heading ${target}`);
    }
  }
  return broken;
}

describe("links of the documentation", () => {
  test("of every page lead somewhere, and to a heading where they name one", () => {
    assert.ok(pages.length > 100);
    assert.deepEqual(
      pages.flatMap((page) => brokenLinks(page)),
      [],
    );
  });

  const cases: readonly (readonly [what: string, text: string, broken: readonly string[]])[] = [
    ["a file that is there", "[a](models.md)", []],
    ["a file that is not", "\n[a](gone.md)", ["docs/x.md:2: no gone.md"]],
    ["a heading that is there", "[a](models.md#kvm)", []],
    ["a heading that is not", "[a](models.md#vax)", ["docs/x.md:1: no heading models.md#vax"]],
    ["another site", "[a](https://example.org/x#y)", []],
    ["what is code", "`[a](gone.md)`\n\n    [a](gone.md)\n\n```\n[a](gone.md)\n```", []],
    ["what is outside of the project", "[a](../../etc/passwd)", ["docs/x.md:1: no ../../etc/passwd"]],
  ];
  for (const [what, text, broken] of cases) {
    test(`are checked: ${what}`, () => assert.deepEqual(brokenLinks("docs/x.md", text), broken));
  }

  test("find headings as GitHub names them", () => {
    const text = "# A `b` & c\n## GICR_CTLR\n### A `b` & c\n```\n# no\n```\n## [x](y.md): z, 1.2";
    assert.deepEqual([...anchorsOf(text)], ["a-b--c", "gicr_ctlr", "a-b--c-1", "x-z-12"]);
  });
});
