import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { formatDocument, ScriptDocument } from "../../language/index.ts";
import { PortableCheck, prepareTarget, runTests, ScriptRun, Simulation } from "../../runner/index.ts";

const folder = path.resolve(import.meta.dirname, "../../examples/templates");
const names = readdirSync(folder).sort();
const textOf = (name: string): string => readFileSync(path.join(folder, name), "utf8");

/** Those that say whose machine they are about: other models do otherwise, and the editor hints at it (L-80). */
const ofOneModel: ReadonlySet<string> = new Set(["gicv4.1.itscmd", "save-and-restore.itscmd"]);

describe("examples/templates, which GIC: New ITS Script… begins with", () => {
  test("are the four that the command offers", () => {
    assert.deepEqual(names, [
      "driver-bring-up.itscmd",
      "first-msi.itscmd",
      "gicv4.1.itscmd",
      "save-and-restore.itscmd",
    ]);
  });

  for (const name of names) {
    test(`${name} has no problem and breaks no rule`, () => {
      const document = new ScriptDocument(textOf(name));
      const simulation = new Simulation(document, () => 0);
      while (!simulation.advance(1000));
      const found = [...document.diagnostics().list, ...simulation.problems().list];
      simulation.dispose();
      assert.deepEqual(found, []);
    });

    test(`${name} keeps its expectations`, () => {
      const document = new ScriptDocument(textOf(name));
      const prepared = prepareTarget(document.machine);
      if ("failure" in prepared) assert.fail(prepared.failure);
      const results = runTests(document, new ScriptRun(document, prepared.target, prepareTarget));
      assert.ok(results.length > 0);
      for (const { title, outcome } of results) assert.equal(outcome, "passed", title);
    });

    test(`${name} ${ofOneModel.has(name) ? "is about one model" : "comes to the same on every model"}`, () => {
      const check = new PortableCheck(new ScriptDocument(textOf(name)));
      let differences = 0;
      while (!check.complete) if (check.step() !== undefined) differences++;
      check.dispose();
      assert.equal(differences > 0, ofOneModel.has(name));
    });

    test(`${name} is formatted`, () => {
      assert.equal(formatDocument(new ScriptDocument(textOf(name))), textOf(name));
    });
  }
});
