import { errnoName, type Hop, type MatrixRow, migrationMatrix } from "../../emulator/index.ts";
import { defineCommand } from "../command.ts";
import { errors } from "../errors.ts";
import { printTable, type TextColumn } from "../text-table.ts";

const columns: readonly TextColumn[] = [
  { heading: "policy", align: "left" },
  { heading: "guest on B", align: "left" },
  { heading: "A reads", align: "left" },
  { heading: "A → B", align: "left" },
  { heading: "B reads", align: "left" },
  { heading: "B → C", align: "left" },
  { heading: "C reads", align: "left" },
];

/** `gicwb migrate --matrix`: what becomes of a guest under each policy for the revision of its saved ITS tables. */
export const migrate = defineCommand({
  name: "migrate",
  summary: "show which migrations of saved ITS tables succeed, by revision policy",
  args: [],
  options: {
    matrix: { type: "flag", summary: "A → B → C, where A and C know one revision and B the next one too" },
    first: {
      type: "number",
      value: "N",
      summary: "number of the older revision: 1 as in the 2017 review (default), 0 as in Linux",
    },
  },
  details: [
    'A guest starts on A, moves to B and on to C. With "new features" it begins to use on B what only the newer revision can hold.',
    "A value with ! differs from what the guest read before: GITS_IIDR is visible to it and must not change.",
  ],
  async run(_args, options, { out }) {
    if (!options.matrix) throw errors.usage("gicwb migrate prints one thing so far: say --matrix.", "migrate");
    const first = Number(options.first ?? 1n);
    const rows = migrationMatrix(first);
    await printTable(out, columns, rows.length, (row) => cells(rows[row]));
    return 0;
  },
});

function cells({ policy, newFeatures, hops }: MatrixRow): readonly string[] {
  const [a, b, c] = hops;
  return [
    policy.title,
    newFeatures ? "new features" : "old features",
    reads(a),
    move(b),
    `${reads(b)}${b?.refusedFeature === undefined ? "" : ", feature refused"}`,
    move(c),
    reads(c),
  ];
}

function reads(hop: Hop | undefined): string {
  return hop?.guestReads === undefined ? "-" : `${hop.guestReads}${hop.changed ? "!" : ""}`;
}

function move(hop: Hop | undefined): string {
  if (hop === undefined) return "-";
  const { failure } = hop;
  return failure === undefined
    ? `ok, revision ${hop.arrived}`
    : `${errnoName(failure.errno)} at ${failure.step} on ${failure.host}`;
}
