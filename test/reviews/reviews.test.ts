import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { formatDocument, ScriptDocument } from "../../language/index.ts";
import { prepareTarget, ScriptRun } from "../../runner/index.ts";

const folder = new URL("../../examples/reviews/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".itscmd"));
const read = (name: string): string => readFileSync(new URL(name, folder), "utf8");

/**
 * The models of each review's machines in order, each with one that it is exchanged for, to see that a script shows what its model does
 * and not what every model does.
 */
const reviews: Readonly<Record<string, readonly (readonly [model: string, other?: string])[]>> = {
  "2013-register-access": [["kvm-draft-2013", "kvm-7.2"], ["kvm-7.2", "kvm-draft-2013"], ["kvm-7.2"]],
  "2015-list-register-order": [["kvm-7.2"]],
  "2016-two-cwriters": [
    ["kvm-draft-2016", "kvm-7.2"],
    ["kvm-7.2", "kvm-draft-2016"],
  ],
  "2017-device-table": [
    ["kvm-draft-2017-revisions", "kvm-revisions"],
    ["kvm-draft-2017-level1", "kvm-draft-2017-revisions"],
    ["kvm-draft-2017-last", "kvm-draft-2017-revisions"],
    ["kvm-revisions", "kvm-draft-2017-revisions"],
  ],
  "2017-iidr-revision": [
    ["kvm-draft-2017-revisions", "kvm-revisions"],
    ["kvm-draft-2017", "kvm-7.2"],
    ["kvm-revisions", "kvm-draft-2017-revisions"],
    ["kvm-7.2", "kvm-draft-2017"],
  ],
};

const block = /^(machine \{ model = )([\w.-]+)/gm;

/** The text with the model of one machine block exchanged, counted from 0. */
function exchanged(text: string, index: number, model: string): string {
  let at = 0;
  return text.replace(block, (whole, start: string) => (at++ === index ? `${start}${model}` : whole));
}

function started(text: string): ScriptRun {
  const document = new ScriptDocument(text);
  assert.deepEqual(document.diagnostics().list, []);
  const prepared = prepareTarget(document.machine);
  assert.ok("target" in prepared);
  return new ScriptRun(document, prepared.target);
}

/** Every problem of a run as `line code`, lines from 1. */
function problems(run: ScriptRun): string[] {
  const found: string[] = [];
  for (let step = run.step(); step !== undefined; step = run.step()) {
    found.push(...step.result.problems.map(({ code }) => `${step.line + 1} ${code}`));
  }
  return found;
}

describe("the reviews", () => {
  it("are five threads, with the drafts and what became of them", () => {
    const models = (name: string) => [...read(name).matchAll(block)].map(([, , model]) => model);
    assert.deepEqual(
      Object.fromEntries(names.map((name) => [name.replace(".itscmd", ""), models(name)])),
      Object.fromEntries(Object.entries(reviews).map(([name, machines]) => [name, machines.map(([model]) => model)])),
    );
  });

  for (const name of names) {
    describe(name, () => {
      const text = read(name);
      it("holds, and is formatted", () => {
        assert.deepEqual(problems(started(text)), []);
        assert.equal(formatDocument(new ScriptDocument(text)), text);
      });

      it("holds again after every line is taken back", () => {
        const run = started(text);
        problems(run);
        const lines = run.history.length;
        assert.equal(run.rewindTo(0), true);
        assert.deepEqual(problems(run), []);
        assert.equal(run.history.length, lines);
      });

      for (const [index, [model, other]] of reviews[name.replace(".itscmd", "")].entries()) {
        if (other === undefined) continue;
        it(`shows what machine ${index}, ${model}, does, and ${other} does not`, () => {
          const failed = problems(started(exchanged(text, index, other)));
          assert.ok(
            failed.some((problem) => / ITS05(?:10|11)$/.test(problem)),
            `${other} fulfils every expectation`,
          );
        });
      }
    });
  }
});
