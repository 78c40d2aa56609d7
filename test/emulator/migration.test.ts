import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errnoName, type Hop, migrate, migrationMatrix, type PolicyName, reviewHosts } from "../../emulator/index.ts";

const [a, b, c] = reviewHosts(1);

/** A short reading of a chain: what the guest reads at each stop, then the failure. */
function told(hops: readonly Hop[]): string {
  return hops
    .map(({ host, failure, guestReads, changed }) =>
      failure
        ? `${failure.step} on ${failure.host}: ${errnoName(failure.errno)}`
        : `${host} ${guestReads}${changed ? "!" : ""}`,
    )
    .join(", ");
}

const expected: readonly (readonly [PolicyName, boolean, string])[] = [
  ["newest", false, "A 1, B 2!, RESTORE_TABLES on C: EINVAL"],
  ["newest", true, "A 1, B 2!, RESTORE_TABLES on C: EINVAL"],
  ["lowest-sufficient", false, "A 1, B 2!, C 1!"],
  ["lowest-sufficient", true, "A 1, B 2!, RESTORE_TABLES on C: EINVAL"],
  ["limit-features", false, "A 1, B 1, C 1"],
  ["limit-features", true, "A 1, B 1, C 1"],
  ["refuse-save", false, "A 1, B 1, C 1"],
  ["refuse-save", true, "A 1, B 1, SAVE_TABLES on B: EACCES"],
  ["selected", false, "A 1, B 1, C 1"],
  ["selected", true, "A 1, B 1, C 1"],
];

describe("migration A → B → C of the 2017 review", () => {
  for (const [policy, newFeatures, story] of expected) {
    it(`${policy}${newFeatures ? ", the guest takes up vLPIs on B" : ""}: ${story}`, () => {
      const row = migrationMatrix(1).find((entry) => entry.policy.name === policy && entry.newFeatures === newFeatures);
      assert.equal(told(row?.hops ?? []), story);
    });
  }

  it("refuses the new feature where the revision is kept", () => {
    const hops = migrate([{ host: a }, { host: b, uses: 2 }, { host: c }], "selected");
    assert.equal(hops[1]?.refusedFeature, 2);
  });

  it("fails at the GITS_IIDR write, not at the restore, in Linux's design", () => {
    assert.equal(told(migrate([{ host: b }, { host: c }], "selected")), "B 2, write GITS_IIDR on C: EINVAL");
  });

  it("an empty chain has no hops", () => {
    assert.deepEqual(migrate([], "selected"), []);
  });
});
