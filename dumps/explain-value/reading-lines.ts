import { bits } from "../explain.ts";
import type { Reading } from "./reading.ts";

/** Longest text of a field that is padded for the column behind it. */
const PADDED_TEXT = 26;

/** A reading as lines of plain text, for a terminal: title, summary, a line a field with its bits and value, notes. */
export function readingLines(reading: Reading): string[] {
  const names = Math.max(0, ...reading.fields.map(({ name }) => name.length));
  const texts = Math.min(PADDED_TEXT, Math.max(0, ...reading.fields.map(({ text }) => text.length)));
  return [
    reading.title,
    `  ${reading.summary}`,
    ...reading.fields.map((field) => {
      const line = `    ${field.name.padEnd(names)}  ${bits(field).padEnd(7)}  ${field.text.padEnd(texts)}  ${field.summary}`;
      return line.trimEnd();
    }),
    ...reading.notes.map((note) => `  - ${note}`),
  ];
}
