import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { type FileRefusal, rules, ScriptDocument, type ScriptFile, type ScriptPlace } from "../../language/index.ts";
import type { Page } from "../../language/rules/pages/index.ts";
import { PortableCheck, Simulation } from "../../runner/index.ts";
import { knownMistakes, pageIndex, pageOf, untoldCodes } from "../../runner/rules/pages/index.ts";
import { rulesPages } from "../../scripts/generate-rules.ts";

const folder = path.resolve(import.meta.dirname, "../../docs/rules");

const place = { start: 0, length: 0 };

/** What an example knows of files: it is example.itscmd. */
function placeOf(files: Page["files"]): ScriptPlace | undefined {
  if (files === undefined) return undefined;
  const read = (path: string): ScriptFile | FileRefusal => {
    const text = files[path];
    if (text === undefined) return { refused: "missing", beside: "script" };
    return { identity: path, bytes: new TextEncoder().encode(typeof text === "string" ? text : text.text()) };
  };
  return { file: "example.itscmd", files: { read } };
}

/** Codes of everything that is found in a script, with errors marked. */
function codesOf(text: string, files?: Page["files"]): readonly { readonly code: string; readonly severity: string }[] {
  const document = new ScriptDocument(text, undefined, placeOf(files));
  if (document.refusal !== undefined) return [document.refusal];
  const simulation = new Simulation(document, () => 0);
  while (!simulation.advance(1000));
  const found = [...document.diagnostics().list, ...simulation.problems().list];
  simulation.dispose();
  const check = new PortableCheck(document);
  while (!check.complete)
    if (check.step() !== undefined) found.push({ ...rules.differsBetweenModels(place, ""), line: 0 });
  check.dispose();
  return found.map(({ code, severity }) => ({ code, severity }));
}

describe("docs/rules (node scripts/generate-rules.ts writes it)", () => {
  const pages = rulesPages();
  test("has a file for each rule and code, and no other", () =>
    assert.deepEqual(readdirSync(folder).sort(), [...pages.keys()].sort()));
  test("each is what the declarations say", () => {
    for (const [name, text] of pages) assert.equal(readFileSync(path.join(folder, name), "utf8"), text, name);
  });
});

describe("mistakes without a rule", () => {
  for (const { id, told, untold } of knownMistakes) {
    if (told === undefined) {
      test(`${id} says why nothing tells it`, () => assert.ok(untold));
      continue;
    }
    test(`${id} is told by ${told.code}`, () =>
      assert.ok(
        codesOf(told.by).some(({ code }) => code === told.code),
        JSON.stringify(codesOf(told.by)),
      ));
  }
  test("none has the number of a rule", () =>
    assert.deepEqual(
      knownMistakes.filter(({ id }) => pageOf(id) !== undefined),
      [],
    ));
});

describe("the examples of each page", () => {
  for (const { code } of pageIndex()) {
    const page = pageOf(code);
    if (page === undefined) {
      test(`${code} has none, and says why`, () => assert.ok(untoldCodes[code]));
      continue;
    }
    const { breaks, keeps, files } = page;
    test(`${code} is found`, () => {
      const found = codesOf(typeof breaks === "string" ? breaks : breaks.text(), files);
      assert.ok(
        found.some((one) => one.code === code),
        JSON.stringify(found),
      );
    });
    test(`${code} is not found where it is kept`, () =>
      assert.deepEqual(
        codesOf(keeps, files).filter((one) => one.code === code || one.severity === "error"),
        [],
      ));
  }
});
