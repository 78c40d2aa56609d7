/**
 * Who decides which revision of the table layout a host saves, and when a migration fails for it. The first four were proposed in the
 * review of "Add GITS_IIDR as table ABI revision" (2017); `selected` is what Linux has done since 4.12.
 */
export type PolicyName = "newest" | "lowest-sufficient" | "limit-features" | "refuse-save" | "selected";

export interface Policy {
  readonly name: PolicyName;
  readonly title: string;
  /** What it does, in a sentence. */
  readonly summary: string;
}

export const policies: readonly Policy[] = [
  {
    name: "newest",
    title: "save the newest, fail at restore",
    summary:
      "A host saves in its newest revision. GITS_IIDR.Revision written by user space is compared at RESTORE_TABLES; an unknown one fails there.",
  },
  {
    name: "lowest-sufficient",
    title: "lowest sufficient revision",
    summary: "A host saves in the lowest revision that can hold what the guest uses.",
  },
  {
    name: "limit-features",
    title: "limit features",
    summary:
      "A host saves in the revision that it restored, and gives the guest no feature that this revision cannot hold.",
  },
  {
    name: "refuse-save",
    title: "refuse to save",
    summary:
      "A host saves in the revision that it restored, and refuses SAVE_TABLES once the guest uses what it cannot hold.",
  },
  {
    name: "selected",
    title: "selected by the GITS_IIDR write (Linux)",
    summary:
      "User space selects the revision by writing GITS_IIDR; it rules entry sizes, saves and what the guest reads from then on. An unknown one fails at the write.",
  },
];

export function policyByName(name: string): Policy | undefined {
  return policies.find((policy) => policy.name === name);
}
