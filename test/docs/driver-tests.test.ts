import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { releasedModelNames } from "../../emulator/index.ts";
import { formatDocument, type LineStatement, type MachineDescription, ScriptDocument } from "../../language/index.ts";
import { type Prepared, prepareTarget, RunRules, runTests, ScriptRun } from "../../runner/index.ts";

const root = path.join(import.meta.dirname, "..", "..");
const folder = path.join(root, "examples", "driver-tests");
const scripts = readdirSync(folder).sort();
const textOf = (name: string): string => readFileSync(path.join(folder, name), "utf8");

/** The calls that these are about are KVM's. */
const ofKvm: ReadonlySet<string> = new Set(["its-migration.itscmd", "vgic-init.itscmd"]);
const modelsOf = (name: string) =>
  releasedModelNames.filter((model) => !ofKvm.has(name) || model.startsWith("kvm")) as MachineDescription["model"][];

function runOf(document: ScriptDocument, model: MachineDescription["model"], rules?: RunRules): ScriptRun {
  const prepare = (machine: MachineDescription): Prepared => prepareTarget({ ...machine, model });
  const prepared = prepare(document.machine);
  if ("failure" in prepared) assert.fail(prepared.failure);
  return new ScriptRun(document, prepared.target, prepare, undefined, rules);
}

/** What says which lines run, and has no counterpart in a script that is one line after the other. */
const structure: ReadonlySet<LineStatement["kind"]> = new Set<LineStatement["kind"]>([
  "for",
  "repeat",
  "if",
  "else",
  "macro",
  "call",
  "place",
  "batch",
  "end",
]);

/** Lines of a script without blocks that does the same: one for each statement that ran, a machine block for each test. */
function straightLines(name: string): number {
  const document = new ScriptDocument(textOf(name));
  const run = runOf(document, document.machine.model);
  let lines = 0;
  for (let done = run.step(); done !== undefined; done = run.step()) {
    const { statement } = document.lines[done.line];
    if (statement !== undefined && !structure.has(statement.kind)) lines++;
  }
  return lines;
}

const codeLines = (name: string): number =>
  textOf(name)
    .split("\n")
    .filter((line) => /^\s*[^#\s]/.test(line)).length;

describe("examples/driver-tests", () => {
  for (const name of scripts) {
    for (const model of modelsOf(name)) {
      test(`${name} passes on ${model}`, () => {
        const document = new ScriptDocument(textOf(name));
        const results = runTests(document, runOf(document, model));
        assert.deepEqual(
          results.filter(({ outcome }) => outcome !== "passed"),
          [],
        );
      });
    }

    test(`${name} is formatted`, () => {
      assert.equal(formatDocument(new ScriptDocument(textOf(name))), textOf(name));
    });

    test(`${name} breaks no rule that it does not allow`, () => {
      const document = new ScriptDocument(textOf(name));
      const run = runOf(document, document.machine.model, new RunRules(document));
      const broken: string[] = [];
      for (let done = run.step(); done !== undefined; done = run.step()) {
        const { line } = done;
        broken.push(...(done.result.remarks ?? []).map(({ code }) => `${line + 1}: ${code}`));
      }
      assert.deepEqual(broken, []);
    });
  }
});

test("docs/driver-tests.md counts the lines", () => {
  const page = readFileSync(path.join(root, "docs", "driver-tests.md"), "utf8");
  const told = [...page.matchAll(/^\| \[([^\]]+\.itscmd)\]\(.*\| (\d+) \| (\d+) \|$/gm)].map((row) => row.slice(1));
  assert.deepEqual(
    told.sort(),
    scripts.map((name) => [name, String(straightLines(name)), String(codeLines(name))]),
  );
});

describe("the example of docs/driver-tests.md", () => {
  const page = readFileSync(path.join(root, "docs", "driver-tests.md"), "utf8");
  const [, text] = /^```\n([^`]*)^```$/m.exec(page) ?? assert.fail("there is none");
  for (const model of releasedModelNames as MachineDescription["model"][]) {
    test(`passes on ${model}`, () => {
      const document = new ScriptDocument(text);
      assert.deepEqual(
        runTests(document, runOf(document, model)).map(({ outcome }) => outcome),
        ["passed", "passed"],
      );
    });
  }
});
