import { printable } from "../printable.ts";
import { grouped } from "./numbers.ts";
import type { Difference } from "./replay.ts";
import type { ReplayResult } from "./trace-run.ts";

/** Lines of a trace that are shown around a difference, on each side. */
export const CONTEXT_LINES = 5;

/** What a replay came to, in a few lines: machine, counts, what was taken as given, what could not be compared. */
export function summaryLines(result: ReplayResult): string[] {
  const { survey, assumptions } = result;
  const lines = [
    `machine: ${result.machine}`,
    `${count(survey.events, "event")}: ${grouped(result.compared)} compared, ${grouped(result.given)} given to the machine, ${grouped(result.passedOver)} passed over`,
  ];
  const given = [
    counted(
      assumptions.lpis,
      "LPI's priority and enable bit",
      "LPIs' priorities and enable bits",
      "from their HPPI updates",
    ),
    counted(
      assumptions.disabled,
      "time an LPI was disabled",
      "times an LPI was disabled",
      "from an update that does not show it",
    ),
    counted(
      assumptions.level1Entries,
      "first-level table entry",
      "first-level table entries",
      "from entries that were read below them",
    ),
  ].filter((line) => line !== undefined);
  if (given.length > 0)
    lines.push("taken as given, as no line shows the guest's memory:", ...given.map((line) => `  ${line}`));
  const passed = result.rows.filter((row) => row.passedOver > 0);
  if (passed.length > 0) lines.push("passed over:");
  for (const row of passed) lines.push(`  ${grouped(row.passedOver)} ${row.name}: ${row.reason}`);
  if (survey.unreadableLines > 0) {
    lines.push(
      `${count(survey.unreadableLines, "line")} with an event that is not known or not whole, line ${survey.firstUnreadable} first`,
    );
  }
  if (survey.otherLines > 0) lines.push(`${count(survey.otherLines, "line")} without an event`);
  return lines;
}

/** Table rows by name of event: name, compared, given, passed over. */
export function eventRows(result: ReplayResult): string[][] {
  return result.rows.map((row) => [row.name, grouped(row.compared), grouped(row.given), grouped(row.passedOver)]);
}

/** A difference: what trace and machine say. */
export function differenceLines(difference: Difference): string[] {
  const { expected, actual, cause, causeLine, line, atReset } = difference;
  const lines =
    expected === undefined
      ? [`The machine does something before line ${line} that the trace does not have.`]
      : [`The machine does ${actual === undefined ? "not do what" : "something else than"} line ${line} says.`];
  if (expected !== undefined) lines.push(`  trace:   ${expected}`);
  lines.push(`  machine: ${actual ?? "nothing"}`);
  if (cause !== undefined && causeLine !== line) lines.push(`  given:   ${cause} (line ${causeLine})`);
  if (atReset)
    lines.push("Nothing wrote GICD_CTLR up to there: the machine begins at reset, and a trace must begin there, too.");
  return lines;
}

/** The lines of a trace around a difference, numbered and marked. @param first number of the first one */
export function contextLines(texts: readonly string[], first: number, marked: number): string[] {
  const width = String(first + texts.length - 1).length;
  return texts.map(
    (text, i) => `${first + i === marked ? ">" : " "} ${String(first + i).padStart(width)}  ${printable(text)}`,
  );
}

function counted(amount: number, one: string, many: string, source: string): string | undefined {
  return amount === 0 ? undefined : `${grouped(amount)} ${amount === 1 ? one : many}, ${source}`;
}

function count(amount: number, noun: string): string {
  return `${grouped(amount)} ${noun}${amount === 1 ? "" : "s"}`;
}
