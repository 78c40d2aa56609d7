import { modelWords, resolveModel } from "../../architecture/index.ts";
import {
  errnoName,
  type Hop,
  type MatrixRow,
  migrateMachine,
  migrationMatrix,
  migrationOrder,
  migrationOrders,
} from "../../emulator/index.ts";
import { migrationLines, orderLines } from "../../runner/saved-machines/index.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { type ExitCode, errors } from "../errors.ts";
import { readMachine } from "../machine-input.ts";
import type { Output } from "../output.ts";
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

const kvmModels = modelWords("kvm");

/** `gicwb migrate`: a machine moved step by step, and what becomes of it; or of a guest under each policy for table revisions. */
export const migrate = defineCommand({
  name: "migrate",
  summary: "migrate a machine of a KVM model, in the documented order or a wrong one, and show what is lost",
  args: [],
  repeated: true,
  options: {
    order: {
      type: "choice",
      value: "NAME",
      choices: migrationOrders.map(({ name }) => name),
      summary: "order of the steps (default: documented)",
    },
    list: { type: "flag", summary: "list the orders and what goes wrong with each" },
    to: {
      type: "choice",
      value: "MODEL",
      choices: kvmModels,
      summary: "model of the destination (default: the source's)",
    },
    matrix: {
      type: "flag",
      summary: "which migrations of saved tables succeed, by policy for their revision: A to B to C",
    },
    json: { type: "flag", summary: "print one JSON object" },
    first: {
      type: "number",
      value: "N",
      summary: "with --matrix: number of the older revision: 1 as in the 2017 review (default), 0 as in Linux",
    },
  },
  details: [
    "gicwb migrate [--order NAME] [--to MODEL] FILE: FILE is a script (*.itscmd) or a saved machine (gicwb state save).",
    "Every step is printed with what it did or what the kernel refused, then what the destination has otherwise than the source.",
    "Exit code: 0 nothing is lost, 1 something is, 2 the command line is wrong.",
    "",
    "gicwb migrate --matrix: a guest starts on A, which knows one revision of the tables, moves to B, which knows the next one too,",
    'and on to C, which knows one. With "new features" it begins to use on B what only the newer revision can hold.',
    "A value with ! differs from what the guest read before: GITS_IIDR is visible to it and must not change.",
  ],
  async run(files, { order, list, to, matrix, first, json }, context) {
    const [file, second] = files;
    const asked = [matrix && "--matrix", list && "--list", file !== undefined && "FILE"].filter(
      (name) => name !== false,
    );
    if (asked.length > 1) throw errors.usage(`${asked.join(" and ")} exclude each other.`, "migrate");
    if (second !== undefined) throw errors.usage(`gicwb migrate takes one FILE; "${second}" is too many.`, "migrate");
    if (first !== undefined && !matrix) throw errors.usage("--first is for --matrix.", "migrate");
    const older = Number(first ?? 1n);
    if (matrix && json) {
      const rows = migrationMatrix(older).map(({ policy, newFeatures, hops }) => {
        return { policy: policy.name, title: policy.title, newFeatures, hops };
      });
      context.out.line(JSON.stringify({ rows }, undefined, 2));
      return 0;
    }
    if (matrix) return printMatrix(context.out, older);
    if (list && json) {
      context.out.line(JSON.stringify({ orders: migrationOrders }, undefined, 2));
      return 0;
    }
    if (list) {
      for (const line of orderLines(migrationOrders)) context.out.line(line);
      return 0;
    }
    if (file === undefined) throw errors.usage("gicwb migrate needs FILE, --list or --matrix.", "migrate");
    return migrateFile(file, order ?? "documented", to, json, context);
  },
});

async function migrateFile(
  file: string,
  orderName: string,
  to: string | undefined,
  json: boolean,
  context: CommandContext,
): Promise<ExitCode> {
  const order = migrationOrder(orderName);
  if (order === undefined) throw errors.usage(`There is no order "${orderName}".`, "migrate");
  const report = migrateMachine(await readMachine(file, context), order, to === undefined ? to : resolveModel(to));
  if ("failure" in report) throw errors.noMigration(file, report.failure);
  if (json) {
    const { steps, losses, more, destination } = report;
    const told = { file, order, steps, migrated: destination !== undefined, losses, lossesNotTold: more };
    context.out.line(JSON.stringify(told, undefined, 2));
  } else
    for (const line of migrationLines(report)) {
      context.out.line(line);
      await context.out.settle();
    }
  const whole = report.losses.length === 0 && report.steps.every(({ errno }) => errno === 0);
  return report.destination !== undefined && whole ? 0 : 1;
}

async function printMatrix(out: Output, first: number): Promise<ExitCode> {
  const rows = migrationMatrix(first);
  await printTable(out, columns, rows.length, (row) => cells(rows[row]));
  return 0;
}

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
