import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { commands, modelWords } from "../../architecture/index.ts";
import {
  diagnosticCatalogue,
  exitOutcome,
  formatDocument,
  machineProperties,
  outcomeWords,
  ScriptDocument,
  stateKeywords,
  statementKeywords,
} from "../../language/index.ts";
import { generated } from "../../syntaxes/generate.ts";
import { Files } from "./script-files.ts";

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
/** A script of the documentation: the file that it includes is an empty one. */
const document = (text: string) =>
  new ScriptDocument(text, new Map(), { files: new Files({ "common.itscmd": "" }), file: "example.itscmd" });
const root = new URL("../../", import.meta.url);

describe("docs/language.md names everything that the language has", () => {
  const page = read("docs/language.md");
  const named = (what: string, words: readonly string[]) =>
    test(what, () =>
      assert.deepEqual(
        words.filter((word) => !page.includes(word)),
        [],
      ),
    );
  named(
    "statements",
    statementKeywords.map(({ word }) => `\`${word}`),
  );
  named(
    "state",
    stateKeywords.map(({ word }) => `\`${word}[`),
  );
  named(
    "commands",
    commands.map(({ name }) => name),
  );
  named(
    "machine properties",
    machineProperties.map(({ word }) => `| \`${word}\` |`),
  );
  named(
    "models",
    modelWords().map((word) => `\`${word}\``),
  );
  named(
    "outcomes",
    [...outcomeWords, exitOutcome].map(({ word }) => `| \`${word}\` |`),
  );
  named(
    "diagnostics",
    diagnosticCatalogue.map(({ code, title }) => `| ${code} | ${title} |`),
  );

  test("its scripts are right", () => {
    for (const [, block] of page.matchAll(/```\n([^`]*)```/g))
      assert.deepEqual(document(block).diagnostics().list, [], block);
  });
});

test("examples of the keyword tables are right", () => {
  for (const { example } of [...statementKeywords, ...outcomeWords, exitOutcome])
    assert.deepEqual(document(example).diagnostics().list, [], example);
  for (const { example } of stateKeywords)
    assert.deepEqual(new ScriptDocument(`expect ${example}`).diagnostics().list, [], example);
  for (const { example } of machineProperties)
    assert.deepEqual(new ScriptDocument(`machine { ${example} }`).diagnostics().list, [], example);
});

test("example scripts are right and formatted", () => {
  const examples = globSync("examples/*.itscmd", { cwd: root });
  assert.ok(examples.length > 0);
  for (const example of examples) {
    const text = read(example);
    const document = new ScriptDocument(text);
    assert.deepEqual(document.diagnostics().list, [], example);
    assert.equal(formatDocument(document), text, example);
  }
});

describe("the files of syntaxes/ are what syntaxes/generate.ts writes", () => {
  for (const [name, content] of Object.entries(generated))
    test(name, () => assert.deepEqual(JSON.parse(read(`syntaxes/${name}`)), JSON.parse(JSON.stringify(content))));
});

describe("the script grammar", () => {
  const rules = JSON.stringify(generated["itscmd.tmLanguage.json"]);

  test("knows every command and every statement word", () => {
    const words = [...commands.map(({ name }) => name), ...statementKeywords.map(({ word }) => word)];
    assert.deepEqual(
      words.filter((word) => !rules.includes(word)),
      [],
    );
  });

  test("has patterns that compile", () => {
    const patterns = [...rules.matchAll(/"(?:match|begin|end)":("(?:\\.|[^"\\])*")/g)].map(([, text]) =>
      JSON.parse(text),
    );
    assert.ok(patterns.length > 20);
    for (const pattern of patterns) assert.doesNotThrow(() => new RegExp(pattern), pattern);
  });
});

test("words of a script are selected whole", () => {
  const { wordPattern } = JSON.parse(read("syntaxes/itscmd.language-configuration.json"));
  const words = "write GITS_BASER0.Type = 0x10 save-pending kvm-7.2 64K DeviceID=nic".match(
    new RegExp(wordPattern, "g"),
  );
  const expected = ["write", "GITS_BASER0.Type", "0x10", "save-pending", "kvm-7.2", "64K", "DeviceID", "nic"];
  assert.deepEqual(words, expected);
});
