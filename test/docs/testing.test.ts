import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { argumentsOf, MOST_TASK_FILES, readTask } from "../../client/tasks/task-command.ts";
import manifest from "../../package.json" with { type: "json" };
import { MAX_TEST_PROBLEMS } from "../../server/tests-protocol.ts";

const page = readFileSync(path.join(import.meta.dirname, "..", "..", "docs", "testing.md"), "utf8");

describe("docs/testing.md", () => {
  it("has a tasks.json that is one", () => {
    const [, text = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
    const { tasks } = JSON.parse(text);
    assert.equal(tasks.length, 1);
    const task = readTask(tasks[0]);
    assert.ok(!("problem" in task), JSON.stringify(task));
    assert.deepEqual(argumentsOf(task, ["tests/a.itscmd"]), [
      "test",
      "--model",
      "kvm,qemu,arch",
      "--junit",
      "results.xml",
      "more tests/first.itscmd",
      "tests/a.itscmd",
    ]);
  });

  it("names the attributes and the matcher that there are, and the limits", () => {
    const [{ type, properties }] = manifest.contributes.taskDefinitions;
    assert.equal(type, "gicwb");
    for (const name of Object.keys(properties)) assert.ok(page.includes(`\n| \`${name}\` |`), name);
    for (const { name } of manifest.contributes.problemMatchers) assert.ok(page.includes(`\`$${name}\``), name);
    assert.ok(page.includes(`${MOST_TASK_FILES.toLocaleString("en")} files at most`));
    assert.ok(page.includes(`one test ${MAX_TEST_PROBLEMS} are shown`));
  });
});
