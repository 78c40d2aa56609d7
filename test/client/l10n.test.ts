import assert from "node:assert/strict";
import { describe, it } from "node:test";
import manifest from "../../package.json" with { type: "json" };
import {
  asJson,
  bundleFile,
  bundleOf,
  clientKeys,
  keysIn,
  languages,
  placesOf,
  readTexts,
} from "../../scripts/l10n.ts";
import { externalised, nlsFile, nlsOf, notExternalised, resolved } from "../../scripts/nls.ts";

/** What is wrong with translations of texts: one sentence each. @param english by key */
function wrongIn(english: Readonly<Record<string, string>>, translated: Readonly<Record<string, string>>): string[] {
  return [
    ...Object.keys(english).flatMap((key) => (translated[key]?.trim() ? [] : [`not translated: ${key}`])),
    ...Object.keys(translated).flatMap((key) => (english[key] === undefined ? [`nobody says ${key}`] : [])),
    ...Object.entries(translated).flatMap(([key, text]) => {
      const wanted = placesOf(english[key] ?? "").join();
      return placesOf(text).join() === wanted ? [] : [`other places than ${wanted || "none"}: ${key}`];
    }),
  ];
}

/** Commands that a text of package.json has buttons for, icons, and what is in code quotes: the same in every language. */
const fixed = (text: string): string[] => [...(text.match(/\]\(command:[^)]+\)|\$\([\w-]+\)|`[^`]+`/g) ?? [])].sort();

describe("the texts of the client (node scripts/l10n.ts writes their bundle)", () => {
  const keys = clientKeys();

  it("are all in the bundle, and nothing else is", () => {
    assert.ok(keys.length > 400, `${keys.length} texts were found`);
    assert.deepEqual(readTexts(bundleFile), Object.fromEntries(keys.map((key) => [key, key])));
  });

  for (const language of languages) {
    it(`are translated into ${language}, with the same places to fill in`, () => {
      const translated = readTexts(bundleOf(language));
      assert.deepEqual(wrongIn(Object.fromEntries(keys.map((key) => [key, key])), translated), []);
      for (const [key, text] of Object.entries(translated)) assert.deepEqual(fixed(text), fixed(key), key);
    });
  }

  it("are found in any quotes, and only where they are literals", () => {
    assert.deepEqual(keysIn('a: () => t("x {0}", a), b: t(\n  \'say "{0}"\',\n)', "a.ts"), ["x {0}", 'say "{0}"']);
    assert.deepEqual(keysIn('format("x"); this.t("y"); at("z")', "a.ts"), []);
    assert.throws(() => keysIn("x;\nt(key)", "a.ts"), /a\.ts:2: the key of t\(…\) is no literal/);
  });
});

describe("the texts of package.json (node scripts/nls.ts moves them to package.nls.json)", () => {
  const texts = readTexts(nlsFile);

  it("are all keys", () => {
    assert.deepEqual(notExternalised(manifest), []);
  });

  it("have their keys in package.nls.json, and nothing else has", () => {
    const again = externalised(manifest, texts);
    assert.deepEqual(again.texts, texts);
    assert.deepEqual(again.manifest, JSON.parse(asJson(manifest)));
  });

  for (const language of languages) {
    it(`are translated into ${language}, with the same commands`, () => {
      const translated = readTexts(nlsOf(language));
      assert.deepEqual(wrongIn(texts, translated), []);
      for (const [key, text] of Object.entries(translated)) assert.deepEqual(fixed(text), fixed(texts[key]), key);
    });
  }

  it("are what they were when their keys are resolved", () => {
    const made = {
      description: "d",
      capabilities: {},
      contributes: { commands: [{ command: "gicWorkbench.x", title: "X" }] },
    };
    const moved = externalised(made, {});
    assert.deepEqual(moved.texts, { description: "d", "commands.x.title": "X" });
    assert.deepEqual(resolved(moved.manifest, moved.texts), made);
    assert.deepEqual(notExternalised(made), ["description: d", "commands.x.title: X"]);
  });
});
