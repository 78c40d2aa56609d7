import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { loadAll, commands as table } from "../../cli/commands/index.ts";
import { gicwb } from "../cli/gicwb.ts";
import { linesOf, pages, root, textOf } from "./pages.ts";

const commands = await loadAll(table);

/** A command line that a page shows, and below it what it prints there. */
interface Shown {
  readonly page: string;
  readonly line: number;
  readonly text: string;
  readonly words: readonly string[];
  readonly output: readonly string[];
}

/** A line of shell, or what a code span shows, as words; without comments behind two blanks, and what comes behind `|`, `>`, `;` and `&`. */
function wordsOf(text: string): string[] {
  const [command] = text
    .replace(/^\s*(?:\$ |- run: |npx )?/, "")
    .replace(/^npx /, "")
    .split(/\s{2,}|\s#\s| [|>;&]|\s…/);
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain,
  );
}

function shownIn(page: string): Shown[] {
  const found: Shown[] = [];
  const lines = linesOf(textOf(page));
  for (const [index, { line, text, block }] of lines.entries()) {
    const add = (shown: string, output: readonly string[]): void => {
      const words = wordsOf(shown);
      if (words[0] === "gicwb") found.push({ page, line, text: shown, words: words.slice(1), output });
    };
    if (block === undefined) for (const [, span] of text.matchAll(/`((?:npx )?gicwb [^`]+)`/g)) add(span, []);
    else add(text, block === "" ? outputBelow(lines.slice(index + 1).map((below) => below)) : []);
  }
  return found;
}

/** What an indented block shows below a command: lines up to the next one that is not indented, or another command. */
function outputBelow(lines: readonly { readonly text: string; readonly block: string | undefined }[]): string[] {
  const end = lines.findIndex(
    ({ text, block }) => (block === undefined && text.trim() !== "") || /^(npx )?gicwb /.test(text),
  );
  return lines.slice(0, end === -1 ? lines.length : end).map(({ text }) => text.trimEnd());
}

const shown = pages.filter((page) => page !== "CHANGELOG.md" && !page.startsWith("docs/rules/")).flatMap(shownIn);
const where = ({ page, line, text }: Shown): string => `${page}:${line}: ${text.trim()}`;

/** Whether a word stands for something: FILE, [OPTION], NAME=VALUE…, tests/*.itscmd. */
const isPlaceholder = (word: string): boolean => /^[[A-Z]|…|\.\.\.|\*|^-$/.test(word) && !/^[A-Z]+\d*_|^0x/.test(word);

/** Of commands that are there to be run as they stand: their files are examples, or they need none. */
function canRun({ words }: Shown): boolean {
  const [name, ...rest] = words;
  if (["lsp", "dap", undefined].includes(name) || words.some((word) => word === "--output" || word === "-o"))
    return false;
  const args = rest.filter((word) => !word.startsWith("-"));
  if (name === "explain") return args.length > 0 && !args.some((word) => /^[A-Z]+(\.\.\.|…)$/.test(word));
  const files = args.filter((word) => word.startsWith("examples/"));
  return files.length > 0 && files.every((file) => existsSync(path.join(root, file)));
}

describe("the commands that the documentation shows", () => {
  const home = process.cwd();
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "gicwb-docs-")));
  before(() => {
    cpSync(path.join(root, "examples"), path.join(folder, "examples"), { recursive: true });
    process.chdir(folder);
  });
  after(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  });

  test("are many", () => assert.ok(shown.length > 80, `${shown.length}`));

  test("exist, with the options that they are given", () => {
    const wrong = shown.flatMap((one) => {
      const [name, ...rest] = one.words;
      if (name === undefined || name.startsWith("-") || isPlaceholder(name)) return [];
      const command = commands.find((known) => known.name === name);
      if (command === undefined) return [`${where(one)}: no command ${name}`];
      const known = ["help", ...Object.keys(command.options)];
      const given = rest.filter((word) => word.startsWith("--")).map((word) => word.slice(2).split("=")[0]);
      return given.filter((option) => !known.includes(option)).map((option) => `${where(one)}: no option ${option}`);
    });
    assert.deepEqual(wrong, []);
  });

  const runnable = shown.filter(canRun);
  test("are run where they can be", () => assert.ok(runnable.length > 15, runnable.map(where).join("\n")));

  for (const one of runnable) {
    test(`${where(one)} does what the page says`, async () => {
      const { code, out, err } = await gicwb(...one.words);
      assert.ok(code !== 2, err);
      assert.notEqual(out + err, "");
      const printed = new Set(`${out}\n${err}`.split("\n").map((line) => line.replace(/\s+/g, " ").trim()));
      const missing = one.output
        .map((line) => line.replace(/\s+/g, " ").trim())
        .filter((line) => line !== "" && !line.includes("…") && !printed.has(line));
      assert.deepEqual(missing, [], out);
    });
  }
});
