import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { load } from "js-yaml";
import { inProject } from "../../scripts/project.ts";
import { linesOf, textOf } from "../docs/pages.ts";

interface Step {
  readonly run?: string;
  readonly uses?: string;
}
interface Job {
  readonly "runs-on": string;
  readonly steps: readonly Step[];
  readonly strategy?: { readonly matrix: { readonly include: readonly { readonly os: string }[] } };
}
interface Workflow {
  readonly name: string;
  readonly on: unknown;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(inProject("package.json"), "utf8"),
);

const files = [".github/workflows/ci.yml", ".github/workflows/nightly.yml"];
const read = (file: string): Workflow => load(readFileSync(inProject(file), "utf8")) as Workflow;
const stepsOf = ({ jobs }: Workflow): Step[] => Object.values(jobs).flatMap(({ steps }) => steps);

describe("the workflows", () => {
  for (const file of files) {
    test(`${file} runs scripts that there are`, () => {
      const commands = stepsOf(read(file)).flatMap(({ run }) => (run === undefined ? [] : run.split("\n")));
      const named = commands.flatMap((line) => [...line.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name));
      assert.deepEqual(
        named.filter((name) => !Object.hasOwn(scripts, name)),
        [],
      );
      const own = commands.flatMap((line) => /^\.\S+/.exec(line) ?? []);
      assert.deepEqual(
        own.filter((name) => !existsSync(inProject(name))),
        [],
      );
      assert.ok(named.length + own.length > 0);
    });

    test(`${file} may read the repository and no more, and names an action's version`, () => {
      assert.deepEqual(read(file).permissions, { contents: "read" });
      for (const { uses } of stepsOf(read(file))) assert.match(uses ?? "a@v1", /^[\w./-]+@v\d+/);
    });
  }

  test("ci.yml calls .ci/run on three systems", () => {
    const { test: job } = read(files[0]).jobs;
    assert.deepEqual(
      job.strategy?.matrix.include.map(({ os }) => os.split("-")[0]),
      ["ubuntu", "macos", "windows"],
    );
    assert.equal(job["runs-on"], "${".concat("{ matrix.os }}"));
    assert.ok(job.steps.some(({ run }) => run === ".ci/run"));
  });

  test("the workflow that docs/how-to/driver-ci.md shows can be read", () => {
    const lines = linesOf(textOf("docs/how-to/driver-ci.md")).filter(({ block }) => block === "yaml");
    const shown = load(lines.map(({ text }) => text).join("\n")) as Workflow;
    const [job] = Object.values(shown.jobs);
    const commands = job.steps.flatMap(({ run }) => run ?? []);
    assert.ok(commands.some((line) => line.includes("gicwb test ")));
  });
});
