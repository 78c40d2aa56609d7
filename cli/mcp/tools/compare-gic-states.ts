import { differ, differenceTables, notComparedText, wordTables } from "../../../dumps/compare/index.ts";
import { finish } from "../../../dumps/work.ts";
import { printable } from "../../../runner/printable.ts";
import { compareTables, comparisonResult, inputDetail, problemNotes } from "../../../server/tables/compare.ts";
import { layoutArgument } from "../inputs.ts";
import { limits } from "../limits.ts";
import { aFlag, anyObject, aText, listOf, objectOf, pageMembers, said } from "../output-schema.ts";
import { pageArguments, pageOf, pageSentence } from "../page.ts";
import { defineTool } from "../tool.ts";

/** Rows of the text, and notes. */
const SHOWN = 25;
const MOST_NOTES = 50;

export const compareGicStates = defineTool({
  name: "compare_gic_states",
  title: "Compare two GIC states",
  description: {
    what: "Compares the ITS tables and GIC registers of two captures, dumps with # gic: lines, saved guests or saved machines by their ids: devices, events, collections, LPIs, registers that differ, and what only one side has the bytes of",
    when: "to see what changed between two moments of a guest, or what a save and restore, a snapshot or a migration has lost",
    whenNot: "to compare what two models do with one script (run_its_script with portable)",
    limits: `files of ${limits.fileBytes / 2 ** 20} MiB, ${limits.callBytes / 2 ** 20} MiB together`,
  },
  arguments: {
    path_a: { type: "text", value: "PATH", required: true, summary: "path of the first file or folder" },
    path_b: { type: "text", value: "PATH", required: true, summary: "path of the second file or folder" },
    layout: layoutArgument,
    ...pageArguments,
  },
  output: objectOf({
    a: objectOf({ input: aText, detail: aText }),
    b: objectOf({ input: aText, detail: aText }),
    same: said(aFlag, "No difference in what both sides have."),
    summary: aText,
    notCompared: said(listOf(aText), "What only one side has the bytes of."),
    "notes?": listOf(aText),
    ...pageMembers(said(anyObject, "table, and a member for each of its columns: a and b are the two sides.")),
  }),
  work({ path_a, path_b, layout, rows, cursor }, { files }) {
    const params = { a: files.input({ path: path_a }, layout), b: files.input({ path: path_b }, layout) };
    const { ours, theirs, differences } = finish(compareTables(params, files.access));
    const found = [...differenceTables(differences), ...wordTables(differences)].flatMap(
      ({ title, columns, rows: cells }) => cells.map((row) => ({ title, columns, row })),
    );
    const origin = files.originOf(path_a, path_b, layout ?? "");
    const page = pageOf(origin, { rows, cursor }, found.length, (at) => {
      const { title, columns, row } = found[at];
      return { table: title, ...Object.fromEntries(row.map((text, column) => [columns[column], printable(text)])) };
    });
    const summary = comparisonResult(differences).text;
    const notCompared = differences.notCompared.map((part) => printable(notComparedText(part)));
    const notes = problemNotes(ours, theirs).slice(0, MOST_NOTES).map(printable);
    const shown = page.rows.slice(0, SHOWN).map((row) =>
      Object.entries(row)
        .map(([name, text]) => (name === "table" ? `${text}:` : `${name} ${text}`))
        .join("  "),
    );
    const more =
      page.rows.length > SHOWN ? [`and ${page.rows.length - SHOWN} more rows in the structured content`] : [];
    const apart = notCompared.length === 0 ? [] : [`Not compared: ${notCompared.slice(0, SHOWN).join("; ")}.`];
    return {
      text: [`${summary}.`, ...shown, ...more, ...apart, pageSentence(page)]
        .filter((line) => line !== undefined)
        .join("\n"),
      data: {
        a: { input: ours.name, detail: inputDetail(ours) },
        b: { input: theirs.name, detail: inputDetail(theirs) },
        same: !differ(differences),
        summary,
        notCompared: notCompared.slice(0, limits.mostRows),
        ...(notes.length === 0 ? {} : { notes }),
        ...page,
      },
    };
  },
});
