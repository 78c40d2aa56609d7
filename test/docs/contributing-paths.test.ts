import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";

const root = path.resolve(import.meta.dirname, "../..");
const folder = "docs/contributing";

/** A path of the project that a page names. */
interface NamedPath {
  /** From 1. */
  readonly line: number;
  /** As it is written. */
  readonly text: string;
  /** From the project's root, or a pattern with `*`. */
  readonly path: string;
}

/** Looks like a path of this project: names joined by `/`, with an ending or a `/` behind the last. Options, packages and addresses do not. */
const pathLike = /^(?![./~])(?:[\w.*-]+\/)+(?:[\w.*-]*\.[a-z]+)?$/;
const codeSpan = /`([^`]+)`/g;
const link = /\]\(([^)\s]+)\)/g;
const hasScheme = /^[a-z][a-z+.-]*:/i;
const fence = /^\s*```/;

/**
 * The paths that a page names: in code spans and blocks, from the project's root; in links, from the page.
 * @param page path from the project's root
 */
function namedPaths(page: string, text: string): NamedPath[] {
  const found: NamedPath[] = [];
  let inBlock = false;
  for (const [index, content] of text.split("\n").entries()) {
    const line = index + 1;
    if (fence.test(content)) {
      inBlock = !inBlock;
      continue;
    }
    const code = inBlock ? [content] : Array.from(content.matchAll(codeSpan), ([, span]) => span);
    for (const word of code.flatMap((span) => span.split(/\s+/))) {
      if (pathLike.test(word)) found.push({ line, text: word, path: word });
    }
    if (inBlock) continue;
    for (const [, target] of content.matchAll(link)) {
      const [file] = target.split("#");
      if (file === "" || hasScheme.test(target)) continue;
      found.push({ line, text: target, path: path.posix.join(path.posix.dirname(page), file) });
    }
  }
  return found;
}

/** A sentence for each path that a page names and that is not there. */
function missingPaths(page: string, text: string): string[] {
  return namedPaths(page, text)
    .filter((named) => globSync(named.path, { cwd: root }).length === 0)
    .map((named) => `${page}:${named.line}: there is no ${named.text}`);
}

describe("the pages for contributors", () => {
  const pages = globSync(`${folder}/*.md`, { cwd: root }).map((page) => page.split(path.sep).join("/"));
  const read = (page: string) => readFileSync(path.join(root, page), "utf8");

  it("are linked from README.md", () => {
    const linked = namedPaths("README.md", read("README.md")).map((named) => named.path);
    assert.ok(linked.includes(`${folder}/README.md`), "README.md has no link to them");
  });

  it("are all linked from their first page", () => {
    const first = `${folder}/README.md`;
    const linked = namedPaths(first, read(first)).map((named) => named.path);
    assert.deepEqual(
      pages.filter((page) => page !== first && !linked.includes(page)),
      [],
    );
  });

  for (const page of pages) {
    it(`${page} names paths, and all of them exist`, () => {
      const text = read(page);
      assert.ok(namedPaths(page, text).length > 0, "no path was found in it");
      assert.deepEqual(missingPaths(page, text), []);
    });

    it(`${page} has 200 lines at most`, () => {
      assert.ok(read(page).split("\n").length <= 201);
    });
  }
});

describe("the check of named paths", () => {
  const page = `${folder}/made-up.md`;
  const cases: readonly (readonly [what: string, text: string, missing: readonly string[]])[] = [
    ["takes a file that exists", "see `emulator/machine.ts`", []],
    ["takes a folder that exists", "see `emulator/kvm/`", []],
    ["takes a pattern that a file meets", "see `test/layering/*.test.ts`", []],
    ["takes a link from the page", "see [models](../models.md#models)", []],
    ["refuses a file that is not there", "one\n`emulator/no-such.ts`", [`${page}:2: there is no emulator/no-such.ts`]],
    ["refuses a folder that is not there", "`emulator/gone/`", [`${page}:1: there is no emulator/gone/`]],
    ["refuses a pattern that nothing meets", "`test/gone/*.ts`", [`${page}:1: there is no test/gone/*.ts`]],
    ["refuses a link that leads nowhere", "[x](gone.md#a)", [`${page}:1: there is no gone.md#a`]],
    ["reads each word of a command", "`node scripts/gone.ts --fast`", [`${page}:1: there is no scripts/gone.ts`]],
    ["reads blocks of code", "```sh\nnode scripts/gone.ts\n```\n", [`${page}:2: there is no scripts/gone.ts`]],
    [
      "tells every one of a line",
      "`emulator/a.ts` and `dumps/b.ts`",
      [`${page}:1: there is no emulator/a.ts`, `${page}:1: there is no dumps/b.ts`],
    ],
    [
      "passes over what is no path",
      "`a/b`, `ITT/DTE`, `@vscode/vsce`, `../elsewhere/x.md`, `~/.cache/x/`, `/tmp/x.ts`, `npm run check`, emulator/plain.ts",
      [],
    ],
    ["passes over links elsewhere", "[a](https://example.org/x.md) [b](#here)", []],
  ];
  for (const [what, text, missing] of cases) {
    it(what, () => assert.deepEqual(missingPaths(page, text), missing));
  }
});
