import type { TableLayouts } from "../../architecture/index.ts";
import { allCaptureNotes, type Capture } from "../../dumps/captures/index.ts";
import { counted, type ReadTables } from "../../dumps/checks/index.ts";
import { guessSentence } from "../../dumps/tables/guess-table.ts";

/**
 * What tables were read, as lines for a terminal.
 * @param name of the input @param given the layout, where it was asked for
 */
export function tablesLines(
  name: string,
  { itss, close, reports }: ReadTables,
  captures: readonly Capture[],
  given?: TableLayouts,
): string[] {
  const lines: string[] = [];
  for (const [its, { layout, report, facts, collections }] of itss.entries()) {
    const of = itss.length === 1 ? "" : `, ITS ${its}`;
    lines.push(`${name}${of}: layout ${layout.name} (${layout.title})`);
    const events = report.devices.reduce((sum, device) => sum + device.events.length, 0);
    const pes = facts.pes === 0 ? "an unknown number of PEs" : counted(facts.pes, "PE");
    const entries = [
      counted(report.devices.length, "device"),
      counted(events, "event"),
      counted(collections.length, "collection"),
    ];
    lines.push(`valid entries: ${entries.join(", ")}; ${pes}`);
  }
  for (const { guess } of captures) if (guess !== undefined) lines.push(guessSentence(guess));
  for (const report of reports) lines.push(...allCaptureNotes(report).map((note) => `note: ${note}`));
  const [, second] = reports[0]?.scores ?? [];
  if (close && given === undefined && second !== undefined) {
    lines.push(`The layout ${second.layout} explains them about as well; choose with --layout.`);
  }
  return lines;
}
