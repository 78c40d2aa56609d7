import type { Source } from "../facts.ts";
import type { CaptureReport } from "../report.ts";
import type { SizeFinding } from "./entry-sizes.ts";
import { saidLines } from "./said-lines.ts";

/** What a user has to know of a capture beside its tables, in parts of a sentence without full stop: where its files contradict each other, and what is left out. */
export function captureNotes(report: CaptureReport): string[] {
  const { disagreements, values, conflicts, sizes, unplaced, leftOut } = report;
  return [
    ...disagreements.map(
      ({ what, believed, other }) =>
        `${what} is at ${hex(believed.address)} by ${sourceText(believed.source)}, at ${hex(other.address)} by ${sourceText(other.source)}; the first is believed`,
    ),
    ...values.map(
      ({ register, believed, other }) =>
        `${register} is ${hex(believed.value)} by ${sourceText(believed.source)}, ${hex(other.value)} by ${sourceText(other.source)}; the first is believed`,
    ),
    ...conflicts.map(
      ({ address, files: [believed, other] }) =>
        `${believed} and ${other} have different bytes at ${hex(address)}; the first is believed`,
    ),
    ...sizes.map((size) => sizeText(size, report.layout.name)),
    ...unplaced.map(
      (file) =>
        `${file} is left out: nothing tells its address. Put it into the name (mem-0x42590000.bin), or into a *.giccap.json`,
    ),
    ...(leftOut === 0
      ? []
      : ["there is more than is shown: devices, events or missing parts are left out because they are too many"]),
  ];
}

/** {@link captureNotes}, and what traces and vgic-its-state say otherwise than the tables: for faces that show the tables for something else. */
export function allCaptureNotes(report: CaptureReport): string[] {
  const said = saidLines(report.said).flatMap(({ summary, differences }) => {
    if (differences.length === 0) return [];
    const [first] = differences;
    return [`${summary}; ${differences.length === 1 ? first : `${differences.length} differ, the first: ${first}`}`];
  });
  return [...captureNotes(report), ...said];
}

function sizeText({ entryName, said, layout, field, source }: SizeFinding, name: string): string {
  const bytes = (count: number) => `${count} ${count === 1 ? "byte" : "bytes"}`;
  return `${field} (${sourceText(source)}) says ${bytes(said)} of each ${entryName}, and layout ${name}, by which the table is read, has ${bytes(layout)}`;
}

export function sourceText({ file, line }: Source): string {
  return line === 0 ? file : `${file}:${line}`;
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
