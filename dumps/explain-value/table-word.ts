import { hex } from "../../architecture/hex.ts";
import { type EntryLayout, entryIsValid, type TableLayouts } from "../../architecture/layout.ts";
import { layouts } from "../../architecture/layouts/index.ts";
import { lpiConfig } from "../../architecture/layouts/lpi.ts";
import { EntryNotes } from "../tables/entry-notes.ts";
import { isPlausible, plausibleBits } from "../tables/plausible.ts";
import { entryView, rowFields } from "../tables/row-fields.ts";
import { type Reading, sentence } from "./reading.ts";

interface Candidate {
  readonly owner: TableLayouts;
  readonly layout: EntryLayout;
}

const entries: readonly Candidate[] = Object.values(layouts).flatMap((owner) =>
  Object.values(owner.entries).map((layout) => ({ owner, layout })),
);

/** Entries that one word of at most 8 bytes holds whole, and that say whether they are valid. */
const candidates = entries.filter(
  ({ layout: { bytes, validField } }) => bytes > 0 && bytes <= 8 && validField !== undefined,
);

const longer = entries
  .filter(({ layout }) => layout.bytes > 8)
  .map((one) => `${nameOf(one)} (${one.layout.bytes} bytes)`);

/**
 * The entries of tables in memory that a word of 64 bits can be, most telling first: those that it would take the most chance to be by
 * accident.
 * @param all also valid entries that are not plausible, said to be so, and which others the word is not
 */
export function readTableWord(word: bigint, all = false): Reading[] {
  const fitting = candidates.filter(({ layout }) => word >> BigInt(layout.bytes * 8) === 0n);
  const plausible = fitting.filter(({ layout }) => isPlausible(layout, word));
  plausible.sort((a, b) => plausibleBits(b.layout) - plausibleBits(a.layout));
  const found = [...(isConfigurationByte(word) ? [configurationByte(word)] : [])];
  found.push(...plausible.map((candidate) => entryReading(candidate, word)));
  if (!all) return found;
  const others = fitting.filter((candidate) => !plausible.includes(candidate));
  const valid = others.filter(({ layout }) => entryIsValid(layout, word));
  found.push(...valid.map((candidate) => entryReading(candidate, word)));
  return [
    ...found,
    nothingElse(
      word,
      others.filter((candidate) => !valid.includes(candidate)),
    ),
  ];
}

/** Bit 1 is RES1, which KVM and QEMU ignore and drivers leave alone. */
function isConfigurationByte(word: bigint): boolean {
  return word <= 0xffn;
}

function nameOf({ owner, layout }: Candidate): string {
  return `${layout.entryName} of ${owner.name}`;
}

function entryReading(candidate: Candidate, word: bigint): Reading {
  const { owner, layout } = candidate;
  const fields = rowFields(layout, word);
  const doubt = isPlausible(layout, word) ? [] : ["not plausible: some field has a value that no driver writes"];
  const notes = [...new EntryNotes(layout, undefined).of(entryView(word, layout.bytes), 0, 0, true), ...doubt];
  return {
    kind: "table-entry",
    title: `${hex(word)}: ${nameOf(candidate)}`,
    summary: `A valid ${layout.entryName} of ${owner.title}.`,
    fields,
    notes: notes.map(sentenceOf),
  };
}

function configurationByte(word: bigint): Reading {
  const enabled = (word & 1n) === 1n ? "enabled" : "not enabled";
  return {
    kind: "table-entry",
    title: `${hex(word)}: configuration byte of an LPI`,
    summary: `An LPI that is ${enabled}, with priority ${hex(word & 0xfcn)}, in the table at GICR_PROPBASER.`,
    fields: rowFields(lpiConfig, word),
    notes: [],
  };
}

/** Which entries the word is not, and which it does not show. */
function nothingElse(word: bigint, invalid: readonly Candidate[]): Reading {
  const names = invalid.map((one) => `${nameOf(one)} (${one.layout.validField})`);
  const notes = [
    ...(names.length === 0 ? [] : [`Not valid, by the field in parentheses: ${names.join(", ")}.`]),
    `Longer entries, which one word does not show whole: ${longer.join(", ")}.`,
  ];
  return sentence("table-entry", hex(word), "What else there is.", notes);
}

/** A note as a sentence; names like pINTID keep their spelling. */
function sentenceOf(note: string): string {
  return `${/^[a-z][^A-Z]/.test(note) ? note[0].toUpperCase() : note[0]}${note.slice(1)}.`;
}
