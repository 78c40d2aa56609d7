import { commandByOpcode } from "../../architecture/commands.ts";
import { extractMeaning, extractRaw } from "../../architecture/field.ts";
import { FIRST_LPI } from "../../architecture/intids.ts";
import { type EntryLayout, entryIsValid } from "../../architecture/layout.ts";
import { layouts } from "../../architecture/layouts/index.ts";
import { undeclaredBits } from "./row-fields.ts";
import { TABLE_NAMES, type TableName } from "./table-names.ts";

/** Implementations keep LPIs below 2^24. */
const LPI_LIMIT = 1n << 24n;

/** No machine that is known has its RAM above this physical address. */
const ADDRESS_LIMIT = 1n << 44n;

type Kind = (typeof TABLE_NAMES)[TableName];

/** What a word of 8 bytes can be: an entry of a table in some layout that says whether it is valid, or the beginning of a command. */
const wordKinds: readonly { readonly kind: Kind; readonly is: (word: bigint) => boolean }[] = [
  ...Object.values(layouts)
    .flatMap(({ entries }) => Object.values(entries))
    .filter(({ bytes, validField }) => bytes === 8 && validField !== undefined)
    .map((layout) => ({ kind: layout.kind, is: (word: bigint) => isPlausible(layout, word) })),
  { kind: "command-queue", is: beginsCommand },
];

/** Whether a word is like DW0 of a command: an opcode in [7:0], and nothing above it but a DeviceID in [63:32]. */
function beginsCommand(word: bigint): boolean {
  return (word & 0xffff_ff00n) === 0n && commandByOpcode(Number(word & 0xffn)) !== undefined;
}

/** Counts words by what they can be. Words of one table are all the same kind of thing; words that are read wrongly are one now, another then. */
export class WordCensus {
  private readonly counts = new Uint32Array(wordKinds.length);

  add(word: bigint): void {
    for (const [place, { is }] of wordKinds.entries()) if (is(word)) this.counts[place]++;
  }

  /** The most words that are one kind of thing. @param tables that are meant; none: nobody knows */
  most(tables: ReadonlySet<TableName>): number {
    const kinds = new Set<Kind>([...tables].map((name) => TABLE_NAMES[name]));
    // A device table may have two levels.
    if (kinds.has("device")) kinds.add("level1");
    let most = 0;
    for (const [place, { kind }] of wordKinds.entries()) {
      if (kinds.size === 0 || kinds.has(kind)) most = Math.max(most, this.counts[place]);
    }
    return most;
  }
}

/** Whether an entry is valid, with nothing outside its fields, and with plausible INTIDs, addresses and sizes. */
export function isPlausible(layout: EntryLayout, entry: bigint): boolean {
  if (!entryIsValid(layout, entry) || undeclaredBits(layout, entry) !== 0n) return false;
  for (const field of layout.fields) {
    const meaning = extractMeaning(entry, field);
    if (field.unit === "address" && (meaning === 0n || meaning >= ADDRESS_LIMIT)) return false;
    if (field.unit === "EventID bits" && meaning > 32n) return false;
    const isIntid = field.name === "pINTID" || field.name === "INTID" || field.name === "vLPI";
    if (isIntid && (meaning < BigInt(FIRST_LPI) || meaning >= LPI_LIMIT)) return false;
    // PE numbers are small; KVM's "unmapped" has a name.
    if (
      field.name === "RDbase" &&
      meaning > 0xffffn &&
      !(field.values ?? []).some((value) => BigInt(value.value) === extractRaw(entry, field))
    )
      return false;
  }
  return true;
}
