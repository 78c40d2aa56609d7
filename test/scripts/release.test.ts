import assert from "node:assert/strict";
import { test } from "node:test";
import { releaseProblems } from "../../scripts/release.ts";

const good = {
  tag: "v1.2.0",
  version: "1.2.0",
  lockedVersion: "1.2.0",
  changelog: "# Changelog\n\n## 1.2.0\n\nReleased on 2027-01-31.\n\n- x\n\n## 1.1.0\n",
};

test("a release that says one version everywhere has no problem", () => assert.deepEqual(releaseProblems(good), []));

const wrong: readonly (readonly [object, RegExp])[] = [
  [{ tag: undefined }, /^Say which tag/],
  [{ tag: "v1.2" }, /^The tag is v1\.2, and package\.json has version 1\.2\.0/],
  [{ lockedVersion: "1.1.0" }, /^package-lock\.json has version 1\.1\.0/],
  [{ changelog: "# Changelog\n\n## 1.1.0\n\nReleased on 2027-01-31.\n" }, /^CHANGELOG\.md begins with "1\.1\.0"/],
  [{ changelog: "# Changelog\n\n## 1.2.0\n\nUnreleased.\n" }, /^CHANGELOG\.md says "Unreleased\." below 1\.2\.0/],
];
for (const [part, problem] of wrong)
  test(`a release with ${JSON.stringify(part)} has one`, () => {
    const problems = releaseProblems({ ...good, ...part });
    assert.equal(problems.length, 1);
    assert.match(problems[0], problem);
  });
