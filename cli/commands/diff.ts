import { allCaptureNotes } from "../../dumps/captures/index.ts";
import { counted } from "../../dumps/checks/index.ts";
import {
  compareGuests,
  type Differences,
  type DifferenceTable,
  differ,
  differenceTables,
  notComparedText,
  wordTables,
} from "../../dumps/compare/index.ts";
import { differencesJson } from "../../runner/inputs/differences-json.ts";
import { type InputTables, registersOf } from "../../runner/inputs/tables-input.ts";
import { printable } from "../../runner/printable.ts";
import { defineCommand } from "../command.ts";
import { asTrouble, type ExitCode } from "../errors.ts";
import { chosenLayout, layoutOption } from "../layout-option.ts";
import type { Output } from "../output.ts";
import { readTables } from "../tables-input.ts";
import { printTable } from "../text-table.ts";

/** Rows of a table that are printed without --all. */
const SHOWN = 50;
/** Of the entries that mean the same. */
const SHOWN_WORDS = 5;

/** `gicwb diff`: how two guests, or two moments of one, differ. */
export const diff = defineCommand({
  name: "diff",
  summary: "compare the tables and registers of two captures, dumps or saved machines",
  args: ["A", "B"],
  options: {
    layout: layoutOption("whose layout both have (default: as gicwb decode finds it)"),
    all: { type: "flag", summary: `print all rows, not the first ${SHOWN} of each table` },
    json: { type: "flag", summary: "print one JSON object" },
  },
  details: [
    "A and B are what gicwb check takes: a folder, a dump with # gic: lines, a saved machine. Devices, events, collections, LPIs and",
    "registers are compared by their ids; what only one side has the bytes of is not compared, and said. Entries that mean the same are no",
    "difference: those in which next alone differs are listed apart (docs/check-and-diff.md).",
    "Exit code, as that of diff(1): 0 the same, 1 they differ, 2 trouble. And 6: no difference in what both sides have, but a device,",
    "event, collection or table of one side is not in the other input.",
  ],
  async run([placeA, placeB], { layout: given, all, json }, context) {
    const layout = chosenLayout("diff", given);
    const { out } = context;
    try {
      const a = await readTables([placeA], layout, context);
      const b = await readTables([placeB], layout, context);
      const differences = compareGuests(
        { itss: a.itss, registers: registersOf(a) },
        { itss: b.itss, registers: registersOf(b) },
      );
      if (json) out.line(JSON.stringify(differencesJson(a, b, differences)));
      else await print(out, a, b, differences, all ? Number.POSITIVE_INFINITY : SHOWN);
      return exitCodeOf(differences);
    } catch (error) {
      throw asTrouble(error);
    }
  },
});

function exitCodeOf(differences: Differences): ExitCode {
  if (differ(differences)) return 1;
  return differences.notCompared.some(({ what }) => what !== "register") ? 6 : 0;
}

async function print(
  out: Output,
  a: InputTables,
  b: InputTables,
  differences: Differences,
  most: number,
): Promise<void> {
  out.line(printable(`A: ${sideText(a)}`));
  out.line(printable(`B: ${sideText(b)}`));
  for (const [side, { reports }] of [
    ["A", a],
    ["B", b],
  ] as const) {
    for (const report of reports)
      for (const note of allCaptureNotes(report)) out.line(printable(`note: ${side}: ${note}`));
  }
  const tables = differenceTables(differences);
  for (const table of tables) await printDifferences(out, table, most);
  out.line();
  if (tables.length === 0) {
    const all = differences.notCompared.length === 0;
    out.line(all ? "What is mapped, and the registers, are the same." : "What both have is the same.");
  }
  for (const table of wordTables(differences)) await printDifferences(out, table, Math.min(most, SHOWN_WORDS));
  if (differences.notCompared.length === 0) return;
  out.line("Not compared:");
  for (const part of differences.notCompared) out.line(`  ${notComparedText(part)}`);
}

function sideText({ name, itss }: InputTables): string {
  const [first] = itss;
  const devices = itss.reduce((sum, { report }) => sum + report.devices.length, 0);
  const events = itss.reduce(
    (sum, { report }) => sum + report.devices.reduce((count, device) => count + device.events.length, 0),
    0,
  );
  const layout = `layout ${first.layout.name} (${first.layout.title})`;
  return `${name}: ${layout}; ${counted(devices, "device")}, ${counted(events, "event")}`;
}

async function printDifferences(out: Output, { title, columns, rows }: DifferenceTable, most: number): Promise<void> {
  const shown = Math.min(rows.length, most);
  out.line();
  out.line(`${title}: ${rows.length}`);
  const heads = columns.map((heading) => ({ heading, align: "left" as const }));
  await printTable(out, heads, shown, (row) => rows[row].map(printable));
  if (shown < rows.length) out.line(`and ${rows.length - shown} more (--all prints them, --json has them)`);
}
