import type { TableName } from "../../tables/table-names.ts";
import type { GroupOrder } from "../group-form.ts";
import { EntryVotes } from "./order-entries.ts";
import type { TextVotes } from "./order-text.ts";

/** Why a group's bytes are read in an order. */
export type OrderEvidence =
  | { readonly kind: "asked" }
  /** The dump's own `# gic:` line says so. */
  | { readonly kind: "hint" }
  /** The text column agrees with it, on so many lines. */
  | { readonly kind: "text-column"; readonly lines: number }
  /** So many of the words are whole table entries this way, and so many the other way. */
  | { readonly kind: "entries"; readonly whole: number; readonly others: number; readonly words: number }
  /** The tools that write lines of this form write them so. */
  | { readonly kind: "form" };

export interface OrderChoice {
  readonly order: GroupOrder;
  readonly evidence: OrderEvidence;
  /**
   * `unproven`: nothing in the bytes tells it from the other order. `close`: the bytes make about as much sense in the other order. `few`: what
   * tells it are so few words that it may be chance.
   */
  readonly doubt?: "unproven" | "close" | "few";
  /** The tools that write lines of this form write the other order. */
  readonly unusual?: true;
}

/** So many times more words must be entries of one kind in one order than in the other. */
const CLEARLY = 2;

/** Fewer words are one thing or another by chance, in either order. */
const FEW_WORDS = 3;

/** What speaks for the orders of one class of lines. */
export class OrderVotes {
  /** Lines whose text column agrees with one order alone. */
  readonly text: TextVotes = { bytes: 0, little: 0 };
  /** What the words can be. */
  readonly entries = new EntryVotes();
  /** Lines in which the order makes a difference. */
  lines = 0;
  /** Of these, lines of groups of two bytes. */
  narrow = 0;
  /** Of these, lines behind a log prefix: the kernel writes numbers, but what is logged may be xxd's. */
  logged = 0;

  /** Of these, lines with `0x` before each group or a symbol before them, or of crash: nobody writes bytes so. */
  numbers = 0;

  /** Of these, lines as od writes them, which has an option for the order of a big-endian machine. */
  eitherEnd = 0;

  /** The first of these lines is at offset 0: a file that xxd has dumped, as no machine's U-Boot is asked for memory there. */
  fromZero = false;

  private readonly usual: (narrow: boolean) => GroupOrder;
  private readonly formTells: boolean;

  /**
   * @param usual the order in which such lines are written, by the width of their groups
   * @param formTells whether no tool is known that writes such lines in the other order
   */
  constructor(usual: (narrow: boolean) => GroupOrder, formTells: boolean) {
    this.usual = usual;
    this.formTells = formTells;
  }

  /** @param tables that the dump is said to be */
  choose(tables: ReadonlySet<TableName>): OrderChoice {
    const { text } = this;
    const { words } = this.entries;
    if (text.bytes !== text.little) {
      const order = text.bytes > text.little ? "bytes" : "little";
      return { order, evidence: { kind: "text-column", lines: text[order] } };
    }
    const [bytes, little] = [this.entries.bytes.most(tables), this.entries.little.most(tables)];
    const order = bytes.words > little.words ? "bytes" : "little";
    const [best, other] = order === "bytes" ? [bytes, little] : [little, bytes];
    const [whole, others] = [best.words, other.words];
    const narrow = this.narrow * 2 > this.lines;
    const usual: OrderChoice = { order: this.usual(narrow), evidence: { kind: "form" } };
    if (this.numbers * 2 > this.lines) return usual;
    // Of a table of bytes or bits no word is one thing or another: that od was asked for big-endian words, nothing in it tells.
    const isBytes = tables.size > 0 && [...tables].every((table) => table === "lpi-config" || table === "lpi-pending");
    const isOpenEnd = isBytes && this.eitherEnd * 2 > this.lines;
    const formTells =
      (this.formTells && this.logged * 2 < this.lines && !isOpenEnd) || (narrow && this.fromZero && !isOpenEnd);
    if (whole > others) {
      const choice: OrderChoice = { order, evidence: { kind: "entries", whole, others, words } };
      // gdb, the monitor and od write numbers: words of which many make sense both ways do not speak against it.
      const isClose = whole < CLEARLY * others || best.bits < other.bits;
      if (isClose) return formTells ? usual : { ...choice, doubt: "close" };
      if (words < FEW_WORDS) return formTells ? usual : { ...choice, doubt: "few" };
      return order === usual.order ? choice : { ...choice, unusual: true };
    }
    if (whole > 0 && !formTells) return { ...usual, doubt: "close" };
    return words > 0 && !formTells ? { ...usual, doubt: "unproven" } : usual;
  }
}
