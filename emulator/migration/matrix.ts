import { type Hop, type Host, migrate } from "./migrate.ts";
import { type Policy, policies } from "./policy.ts";

/** The three hosts of the review: A and C know one revision, B knows the next one, too. */
export function reviewHosts(first: number): readonly [Host, Host, Host] {
  return [
    { name: "A", revisions: [first] },
    { name: "B", revisions: [first, first + 1] },
    { name: "C", revisions: [first] },
  ];
}

/** One row: a policy, whether the guest begins to use the newer revision's features on B, and what happens on A → B → C. */
export interface MatrixRow {
  readonly policy: Policy;
  readonly newFeatures: boolean;
  readonly hops: readonly Hop[];
}

/** A → B → C under every policy, with a guest that stays with the old features and with one that takes up new ones on B. */
export function migrationMatrix(first = 1): readonly MatrixRow[] {
  const [a, b, c] = reviewHosts(first);
  return policies.flatMap((policy) =>
    [false, true].map((newFeatures) => ({
      policy,
      newFeatures,
      hops: migrate([{ host: a }, { host: b, ...(newFeatures ? { uses: first + 1 } : {}) }, { host: c }], policy.name),
    })),
  );
}
