import { commandByOpcode } from "../../architecture/commands.ts";
import { layouts } from "../../architecture/layouts/index.ts";
import { isPlausible, plausibleBits } from "./plausible.ts";
import { TABLE_NAMES, type TableName } from "./table-names.ts";

type Kind = (typeof TABLE_NAMES)[TableName];

/** What an entry of some bytes can be. */
interface EntryKind {
  readonly kind: Kind;
  readonly bytes: number;
  /** What it would take chance to make one of noise. */
  readonly bits: number;
  readonly is: (entry: bigint) => boolean;
}

/** DW0 of a command has zeros in [31:8], and one of some 30 opcodes of 256. */
const COMMAND_BITS = 27;
const WORD_BYTES = 8;

/** An entry of a table in some layout that says whether it is valid, or the beginning of a command. */
const entryKinds: readonly EntryKind[] = [
  ...Object.values(layouts)
    .flatMap(({ entries }) => Object.values(entries))
    .filter(({ bytes, validField }) => bytes >= WORD_BYTES && validField !== undefined)
    .map((layout) => ({
      kind: layout.kind,
      bytes: layout.bytes,
      bits: plausibleBits(layout),
      is: (entry: bigint) => isPlausible(layout, entry),
    })),
  { kind: "command-queue", bytes: WORD_BYTES, bits: COMMAND_BITS, is: beginsCommand },
];

/** Bytes of entries that are longer than a word. */
export const longEntryBytes: readonly number[] = [
  ...new Set(entryKinds.map(({ bytes }) => bytes).filter((bytes) => bytes > WORD_BYTES)),
];

/** Whether a word is like DW0 of a command: an opcode in [7:0], and nothing above it but a DeviceID in [63:32]. */
function beginsCommand(word: bigint): boolean {
  return (word & 0xffff_ff00n) === 0n && commandByOpcode(Number(word & 0xffn)) !== undefined;
}

/** The most that speaks for one kind of thing: words of 8 bytes that are part of one, and the bits that chance would have to get right in them. */
export interface CensusMost {
  readonly words: number;
  readonly bits: number;
}

/** Counts entries by what they can be. Those of one table are all the same kind of thing; words that are read wrongly are one now, another then. */
export class WordCensus {
  private readonly counts = new Uint32Array(entryKinds.length);

  /** @param bytes of the entry: 8, or one of {@link longEntryBytes} */
  add(entry: bigint, bytes = WORD_BYTES): void {
    for (const [place, known] of entryKinds.entries())
      if (known.bytes === bytes && known.is(entry)) this.counts[place]++;
  }

  /** @param tables that are meant; none: nobody knows */
  most(tables: ReadonlySet<TableName>): CensusMost {
    const kinds = new Set<Kind>([...tables].map((name) => TABLE_NAMES[name]));
    // A device table may have two levels.
    if (kinds.has("device")) kinds.add("level1");
    let [words, bits] = [0, 0];
    for (const [place, known] of entryKinds.entries()) {
      if (kinds.size > 0 && !kinds.has(known.kind)) continue;
      words = Math.max(words, Math.floor((this.counts[place] * known.bytes) / WORD_BYTES));
      bits = Math.max(bits, this.counts[place] * known.bits);
    }
    return { words, bits };
  }
}
