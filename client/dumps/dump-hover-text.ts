import { bits, type DumpHover, type EntryExplanation } from "../../dumps/explain.ts";
import type { LineFacts } from "../../dumps/text/line-facts.ts";
import { code, markdownTable, plain } from "../markdown.ts";
import { withoutName } from "../summary.ts";
import { texts } from "../texts.ts";

/** Entries of a line that are shown in full; a line of 64 LPI configuration bytes would fill the screen. */
const SHOWN_ENTRIES = 4;

/**
 * What a place in a dump is, as Markdown.
 * @param remarks sentences about the whole table that the place is in
 * @param reading how the dump was read
 * @param facts what the line, or the word, is of the table
 */
export function dumpHoverText(
  hover: DumpHover,
  remarks: readonly string[] = [],
  reading?: string,
  facts?: LineFacts,
): string {
  const parts = hover.entries.slice(0, SHOWN_ENTRIES).map((entry) => entryText(entry, facts?.field));
  const rest = hover.entries.slice(SHOWN_ENTRIES).map((entry) => `- ${plain(entry.title)}: ${plain(entry.summary)}`);
  if (rest.length > 0) parts.push(rest.join("\n"));
  for (const note of [hover.note, ...remarks]) if (note !== undefined) parts.push(`$(warning) ${plain(note)}`);
  // Beside the digits the question is what the line is, on them what the word is.
  if (facts?.part === "digits") parts.push(factsText(facts));
  else if (facts !== undefined) parts.unshift(factsText(facts));
  const place = placeText(hover);
  if (place !== undefined) parts.push(place);
  if (reading !== undefined && parts.length > 0) parts.push(plain(texts.webview.readAs(reading)));
  return parts.filter((part) => part !== "").join("\n\n---\n\n");
}

/** @param under name of the field under the pointer */
function entryText(entry: EntryExplanation, under: string | undefined): string {
  const lines = [
    `**${plain(entry.title)}** ${plain(texts.valueAt(entry.address))}  \n${entry.words.map(code).join(" ")}`,
  ];
  if (entry.text !== undefined) lines.push(code(entry.text));
  if (entry.valid && entry.fields.length > 0) lines.push(fieldTable(entry, under));
  else if (entry.valid) lines.push(plain(entry.summary));
  else lines.push(`*${plain(texts.notValid())}*`);
  for (const note of entry.notes) lines.push(`$(warning) ${plain(note)}`);
  lines.push(plain(entry.layout));
  return lines.join("\n\n");
}

function fieldTable(entry: EntryExplanation, under: string | undefined): string {
  const headings = [texts.registerBits(), texts.registerField(), texts.registerValue(), texts.registerMeaning()];
  const rows = entry.fields.map((field) => [
    code(bits(field)),
    field.name === under ? `**${plain(field.name)}**` : plain(field.name),
    code(field.text),
    plain(withoutName(field)),
  ]);
  return markdownTable(headings, "rlrl", rows);
}

/** Which entries a line or a word is of, and which part of one. */
function factsText({ part, address, lastAddress, offset, ids, bits: word, pending }: LineFacts): string {
  const lines: string[] = [];
  const which =
    ids === undefined
      ? undefined
      : ids.first === ids.last
        ? `${ids.indexName} ${ids.first}`
        : texts.fromTo(ids.indexName, ids.first, ids.last);
  if (which !== undefined) {
    const where =
      part === "digits" ? texts.wordOf(which) : part === "repeat" ? texts.repeatOf(which) : texts.lineOf(which);
    lines.push(plain(where));
  }
  if (part !== "digits") {
    const range = `${code(address)} – ${code(lastAddress)}`;
    lines.push(offset === undefined ? range : `${range} · ${plain(texts.offsetInTable(offset))}`);
  } else if (offset !== undefined) lines.push(plain(texts.offsetInTable(offset)));
  if (word !== undefined)
    lines.push(plain(texts.wordBits(`[${word.msb}:${word.lsb}]`, word.fields.join(", ") || texts.noField())));
  if (pending !== undefined)
    lines.push(plain(pending.length === 0 ? texts.noPending() : texts.pendingLpis(pending.join(", "))));
  return lines.join("  \n");
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
