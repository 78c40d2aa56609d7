import { bits, type DumpHover, type EntryExplanation } from "../../dumps/explain.ts";
import { code, markdownTable, plain } from "../markdown.ts";
import { withoutName } from "../summary.ts";
import { texts } from "../texts.ts";

/** Entries of a line that are shown in full; a line of 64 LPI configuration bytes would fill the screen. */
const SHOWN_ENTRIES = 4;

/**
 * What a place in a dump is, as Markdown.
 * @param remarks sentences about the whole table that the place is in
 * @param reading how the dump was read
 */
export function dumpHoverText(hover: DumpHover, remarks: readonly string[] = [], reading?: string): string {
  const parts = hover.entries.slice(0, SHOWN_ENTRIES).map(entryText);
  const rest = hover.entries.slice(SHOWN_ENTRIES).map((entry) => `- ${plain(entry.title)}: ${plain(entry.summary)}`);
  if (rest.length > 0) parts.push(rest.join("\n"));
  for (const note of [hover.note, ...remarks]) if (note !== undefined) parts.push(`$(warning) ${plain(note)}`);
  const place = placeText(hover);
  if (place !== undefined) parts.push(place);
  if (reading !== undefined && parts.length > 0) parts.push(plain(texts.webview.readAs(reading)));
  return parts.join("\n\n---\n\n");
}

function entryText(entry: EntryExplanation): string {
  const lines = [
    `**${plain(entry.title)}** ${plain(texts.valueAt(entry.address))}  \n${entry.words.map(code).join(" ")}`,
  ];
  if (entry.valid) lines.push(fieldTable(entry));
  else lines.push(`*${plain(texts.notValid())}*`);
  for (const note of entry.notes) lines.push(`$(warning) ${plain(note)}`);
  lines.push(plain(entry.layout));
  return lines.join("\n\n");
}

function fieldTable(entry: EntryExplanation): string {
  const headings = [texts.registerBits(), texts.registerField(), texts.registerValue(), texts.registerMeaning()];
  const rows = entry.fields.map((field) => [
    code(bits(field)),
    plain(field.name),
    code(field.text),
    plain(withoutName(field)),
  ]);
  return markdownTable(headings, "rlrl", rows);
}

/** The byte under the pointer, and the word it is part of. */
function placeText({ byte, word }: DumpHover): string | undefined {
  if (byte === undefined) return undefined;
  const hex = (value: bigint | number, digits: number) => `0x${value.toString(16).padStart(digits, "0")}`;
  const parts = [`${code(byte.address)}: ${code(hex(byte.value, 2))}`];
  if (word !== undefined && word.byteCount < 8)
    parts.push(`${code(word.address)}: ${code(hex(word.value, word.byteCount * 2))}`);
  return parts.join(" · ");
}
