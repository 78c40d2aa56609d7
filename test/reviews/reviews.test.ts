import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { formatDocument, ScriptDocument } from "../../language/index.ts";
import { prepareTarget, ScriptRun } from "../../runner/index.ts";

const folder = new URL("../../examples/reviews/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".itscmd"));
const read = (name: string): string => readFileSync(new URL(name, folder), "utf8");

/** The model that a script is not about: the one of its counterpart. None where both designs are shown in one script. */
const counterparts: Readonly<Record<string, string | undefined>> = {
  "2013-register-access-draft": "kvm-7.2",
  "2013-register-access": "kvm-draft-2013",
  "2015-list-register-order": undefined,
  "2016-two-cwriters-draft": "kvm-7.2",
  "2016-two-cwriters": "kvm-draft-2016",
  "2017-device-table-draft": "kvm-revisions",
  "2017-device-table": "kvm-draft-2017-revisions",
  "2017-iidr-revision-draft": "kvm-revisions",
  "2017-iidr-revision": "kvm-draft-2017-revisions",
};

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
  it("are five threads, with the drafts beside what became of them", () => {
    assert.deepEqual(new Set(names), new Set(Object.keys(counterparts).map((name) => `${name}.itscmd`)));
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

      const model = counterparts[name.replace(".itscmd", "")];
      if (model === undefined) return;

      it("shows what its model does, not what every model does", () => {
        const swapped = text.replace(/^machine \{ model = [\w.-]+ \}$/m, `machine { model = ${model} }`);
        assert.notEqual(swapped, text);
        const failed = problems(started(swapped));
        assert.ok(
          failed.some((problem) => / ITS05(?:10|11)$/.test(problem)),
          `${model} fulfils every expectation`,
        );
      });
    });
  }
});
