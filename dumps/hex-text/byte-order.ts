import { ValueWidths } from "../records/value-widths.ts";
import { WordCensus } from "../tables/plausible.ts";
import { isTableName, type TableName } from "../tables/table-names.ts";
import { type AddressBase, AddressBaseVotes, addTo } from "./address-base.ts";
import { BareVotes } from "./bare-votes.ts";
import { HEX_VALUE, textOf } from "./characters.ts";
import { type DigitChoice, DigitVotes } from "./digit-votes.ts";
import { writeNumbers } from "./digits.ts";
import { DIGIT_NAMES, type DigitForm, type DigitName, type GroupOrder } from "./group-form.ts";
import { LineScan } from "./line-scan.ts";
import { type LineForm, LineScanner, type LineShape } from "./line-scanner.ts";
import { behindPrefix } from "./log-prefix.ts";
import { eachSampledLine } from "./sampled-lines.ts";

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

/** What is known of a text beforehand. */
export interface StyleOptions {
  /** Overrules what the text says. */
  readonly order?: GroupOrder;
  /** Overrules what the text says. */
  readonly digits?: DigitForm;
  /** What it is to be decoded as. */
  readonly table?: TableName;
  /** Where a dump without addresses, or with offsets from 0, begins in memory. */
  readonly base?: bigint;
}

export interface OrderChoice {
  readonly order: GroupOrder;
  readonly evidence: OrderEvidence;
  /** `unproven`: nothing in the bytes tells it from the other order. `close`: the bytes make about as much sense in the other order. */
  readonly doubt?: "unproven" | "close";
  /** The tools that write lines of this form write the other order. */
  readonly unusual?: true;
}

/** How the text of a dump is written, by its first lines and a spread of later ones. */
export interface TextStyle {
  readonly addresses: AddressBase;
  /** What groups are written in. */
  readonly digits: DigitChoice;
  /** Lines without a colon after their address stand behind the prefixes of a log. */
  readonly isLogged: boolean;
  /** Bytes of the values of lines `address = value`; 0: there are none. */
  readonly valueBytes: number;
  /** The order in lines that leave it open, `address: groups`. */
  readonly groups: OrderChoice;
  /** The order in lines whose form is that of numbers: `0x`, a symbol, no colon, a log prefix. */
  readonly numbers: OrderChoice;
  /** Which of the two most of the lines go by; undefined when the order makes no difference to them. */
  readonly main: OrderChoice | undefined;
  /** Bytes of a group on most lines in which the order makes a difference; 1: on none. */
  readonly groupBytes: number;
}

/** What a scanner of the text's lines has to know. */
export function lineForm({ addresses, digits, isLogged, valueBytes }: TextStyle): LineForm {
  return { addresses: addresses.radix, digits: digits.form, isLogged, valueBytes };
}

/**
 * The order of the bytes in a line's groups: a bare `address: groups` leaves it open, other forms are numbers. Groups of a width that no
 * machine's word has (xxd -g3, xxd -p) are bytes.
 */
export function groupOrder(scan: LineScan, style: TextStyle): GroupOrder {
  if (!isWord(scan)) return "bytes";
  return (isOpen(scan) ? style.groups : style.numbers).order;
}

function isOpen(scan: LineScan): boolean {
  if (scan.groupsPrefixed || scan.hasLogPrefix) return false;
  // Without an address: lines of several words are od's.
  return scan.addressMark === "none" ? scan.groupCount === 1 : scan.addressMark === "colon" && !isCrashLine(scan);
}

/** Whether the groups can be words: they are as wide as one of 1, 2, 4, 8 or 16 bytes, and objdump does not write them. */
function isWord({ digits, groupBytes, addressMark }: LineScan): boolean {
  if (groupBytes > 0) return true;
  return (digits & (digits - 1)) === 0 && digits <= 32 && addressMark !== "indented";
}

/** crash's rd: the address right-justified to 16 columns, two blanks after its colon. */
export function isCrashLine(scan: LineScan): boolean {
  const bare = scan.addressMark === "colon" && !scan.groupsPrefixed && !scan.hasLogPrefix;
  return bare && scan.addressEnd === 16 && scan.groupStart[0] === scan.addressEnd + 3;
}

/** `# gic: … order=little` or `order=bytes` near the top of a dump. */
const ORDER_HINT = /^\s*#\s*gic:.*\border=(little|bytes)\b/;
const DIGITS_HINT = /^\s*#\s*gic:.*\bdigits=(\w+)/;
const TABLE_HINT = /^\s*#\s*gic:.*\btable=([\w-]+)/;
/** Words of 8 bytes that are asked whether they could be table entries; more do not change the picture. */
const ENOUGH_WORDS = 256;
/** So many times more words must be entries of one kind in one order than in the other. */
const CLEARLY = 2;

/** What speaks for the orders of one class of lines. */
class OrderVotes {
  /** Lines whose text column agrees with one order alone. */
  text = { bytes: 0, little: 0 };
  /** What the words can be. */
  readonly census = { bytes: new WordCensus(), little: new WordCensus() };
  words = 0;
  /** Lines in which the order makes a difference. */
  lines = 0;
  /** Of these, lines of groups of two bytes. */
  narrow = 0;
  /** Of these, lines behind a log prefix: the kernel writes numbers, but what is logged may be xxd's. */
  logged = 0;

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
    const { text, census, words } = this;
    if (text.bytes !== text.little) {
      const order = text.bytes > text.little ? "bytes" : "little";
      return { order, evidence: { kind: "text-column", lines: text[order] } };
    }
    const [bytes, little] = [census.bytes.most(tables), census.little.most(tables)];
    const order = bytes > little ? "bytes" : "little";
    const [whole, others] = bytes > little ? [bytes, little] : [little, bytes];
    const narrow = this.narrow * 2 > this.lines;
    const usual: OrderChoice = { order: this.usual(narrow), evidence: { kind: "form" } };
    // Of a table of bytes or bits no word is one thing or another: that od was asked for big-endian words, nothing in it tells.
    const isBytes = tables.size > 0 && [...tables].every((table) => table === "lpi-config" || table === "lpi-pending");
    const isOpenEnd = isBytes && this.eitherEnd * 2 > this.lines;
    const formTells =
      (this.formTells && this.logged * 2 < this.lines && !isOpenEnd) || (narrow && this.fromZero && !isOpenEnd);
    if (whole > others) {
      const choice: OrderChoice = { order, evidence: { kind: "entries", whole, others, words } };
      // gdb, the monitor and od write numbers: words of which many make sense both ways do not speak against it.
      if (whole < CLEARLY * others) return formTells ? usual : { ...choice, doubt: "close" };
      return order === usual.order ? choice : { ...choice, unusual: true };
    }
    if (whole > 0 && !formTells) return { ...usual, doubt: "close" };
    return words > 0 && !formTells ? { ...usual, doubt: "unproven" } : usual;
  }
}

/**
 * Decides the base of the addresses and the order of bytes in a group, from all that a sample of the lines says. The order of groups of
 * two digits does not matter. The text column always shows memory order, so it settles the order where it shows anything; then the words
 * do, which are entries of a GIC's tables in one order and nothing in the other; then what the tools write that write such lines: words
 * with `0x`, after a symbol or without a colon (gdb, QEMU, od, hexdump) as numbers, `00000000: 0400 0808` in memory order (xxd), wider
 * groups as numbers (xxd -e, U-Boot).
 */
export function learnStyle(
  text: Uint8Array,
  shapes: readonly LineShape[],
  { order: asked, digits: askedDigits, table }: StyleOptions = {},
): TextStyle {
  const tables = new Set<TableName>(table === undefined ? [] : [table]);
  const bases = new AddressBaseVotes();
  const open = new OrderVotes((narrow) => (narrow ? "bytes" : "little"), false);
  const numbers = new OrderVotes(() => "little", true);
  const scan = new LineScan();
  const widths = new Map<number, number>();
  let hint: GroupOrder | undefined;
  let digitHint: DigitForm | undefined;
  let records = 0;
  const isLogged = findLogged(text, shapes);
  const { bareLines, hasLongGroups } = isLogged ? { bareLines: 0, hasLongGroups: false } : findBareLines(text, shapes);
  const form = bareLines > 0 ? "none" : 16;
  const digitVotes = new DigitVotes();
  const widthVotes = new ValueWidths();
  const asHex = new LineScanner(shapes, { ...PLAIN, addresses: form, isLogged });
  eachSampledLine(text, (start, end, line) => {
    asHex.scan(text, start, end, scan);
    if (scan.kind === "comment") {
      const comment = textOf(text, start, Math.min(end, start + 1000));
      hint ??= orderHint(comment);
      digitHint ??= digitsHint(comment);
      const named = table === undefined ? TABLE_HINT.exec(comment)?.[1] : undefined;
      if (named !== undefined && isTableName(named)) tables.add(named);
    }
    if (scan.addressMark === "record") {
      if (scan.kind === "data") records++;
    } else if (form === 16) {
      if (scan.addressMark === "value") widthVotes.add(scan);
      else if (scan.kind === "data") addTo(bases, line, text, start, scan);
      if (scan.kind === "data" || scan.kind === "junk") {
        const body = isLogged ? behindPrefix(text, start, end) : -1;
        digitVotes.add(line, text, body < 0 ? start : body, end);
      }
    }
  });
  const byDigits = digitVotes.choose(bases, askedDigits, digitHint);
  const valueBytes = widthVotes.choose();
  const scanner = new LineScanner(shapes, { addresses: form, digits: byDigits.choice.form, isLogged, valueBytes });
  eachSampledLine(text, (start, end) => {
    scanner.scan(text, start, end, scan);
    if (scan.kind !== "data" || scan.addressMark === "record") return;
    const bytes = bytesOfGroup(scan);
    if (bytes <= 1 || !isWord(scan)) return;
    const votes = isOpen(scan) ? open : numbers;
    if (votes.lines++ === 0)
      votes.fromZero = votes === open && form === 16 && (scan.addressHigh | scan.addressLow) === 0;
    widths.set(bytes, (widths.get(bytes) ?? 0) + 1);
    if (bytes === 2) votes.narrow++;
    if (scan.addressMark === "blank") votes.eitherEnd++;
    if (scan.hasLogPrefix && !scan.groupsPrefixed) votes.logged++;
    if (votes === open && scan.asciiStart >= 0) voteByText(text, start, end, scan, votes.text);
    voteByEntries(text, start, scan, votes);
  });
  const given: OrderChoice | undefined =
    asked !== undefined
      ? { order: asked, evidence: { kind: "asked" } }
      : hint && { order: hint, evidence: { kind: "hint" } };
  const bytes: OrderChoice = { order: "bytes", evidence: { kind: "form" } };
  const groups = given ?? (bareLines > 0 && hasLongGroups ? bytes : open.choose(tables));
  const words = given ?? numbers.choose(tables);
  const main = open.lines + numbers.lines === 0 ? undefined : open.lines >= numbers.lines ? groups : words;
  const addresses: AddressBase =
    bareLines > 0
      ? { radix: "none", evidence: { kind: "none", lines: bareLines } }
      : records > 0 && bases.count === 0
        ? { radix: 16, evidence: { kind: "records", count: records } }
        : byDigits.addresses;
  const [[groupBytes] = [1]] = [...widths].sort((a, b) => b[1] - a[1]);
  return { addresses, digits: byDigits.choice, isLogged, valueBytes, groups, numbers: words, main, groupBytes };
}

/** Lines as most tools write them. */
const PLAIN: LineForm = { addresses: 16, digits: 16, isLogged: false, valueBytes: 0 };

/** Whether lines behind the prefixes of a log, that have no colon after their address, are a dump's: they follow each other, or are records. */
function findLogged(text: Uint8Array, shapes: readonly LineShape[]): boolean {
  const bases = new AddressBaseVotes();
  const digits = new DigitVotes();
  const scan = new LineScan();
  const scanner = new LineScanner(shapes, PLAIN);
  let records = 0;
  eachSampledLine(text, (start, end, line) => {
    scanner.scan(text, start, end, scan);
    const body = scan.kind === "junk" ? behindPrefix(text, start, end) : -1;
    if (body < 0) return;
    scanner.scan(text, body, end, scan);
    if (scan.addressMark === "record" && scan.kind !== "junk") records++;
    else if (scan.kind === "data") addTo(bases, line, text, body, scan);
    if (scan.kind === "data" || scan.kind === "junk") digits.add(line, text, body, end);
  });
  return records > 0 || digits.choose(bases, undefined, undefined).addresses.evidence.kind === "steps";
}

/** How many of the sampled lines have no address (0 when lines have one), and whether they have groups that are longer than a word. */
function findBareLines(text: Uint8Array, shapes: readonly LineShape[]): { bareLines: number; hasLongGroups: boolean } {
  const votes = new BareVotes();
  const scan = new LineScan();
  const scanner = new LineScanner(shapes, PLAIN);
  eachSampledLine(text, (start, end, line) => {
    scanner.scan(text, start, end, scan);
    votes.add(line, text, start, end, scan);
  });
  return { bareLines: votes.choose(), hasLongGroups: votes.hasLongGroups };
}

function orderHint(comment: string): GroupOrder | undefined {
  const found = ORDER_HINT.exec(comment)?.[1];
  return found === "little" || found === "bytes" ? found : undefined;
}

function digitsHint(comment: string): DigitForm | undefined {
  const found = DIGITS_HINT.exec(comment)?.[1];
  return found !== undefined && Object.hasOwn(DIGIT_NAMES, found) ? DIGIT_NAMES[found as DigitName] : undefined;
}

/** Bytes of a full group. */
function bytesOfGroup({ digits, groupBytes }: LineScan): number {
  return groupBytes === 0 ? digits >> 1 : groupBytes;
}

/** Asks of the words of a line, in each order, whether they could be entries. Words start at multiples of 8 bytes. */
function voteByEntries(text: Uint8Array, start: number, scan: LineScan, votes: OrderVotes): void {
  const bytes = bytesOfGroup(scan);
  const groups = 8 / bytes;
  const asHex = scan.groupBytes === 0 ? undefined : hexOf(text, start, scan);
  if (!Number.isInteger(groups) || scan.addressLow % 8 !== 0) return;
  for (let first = 0; first + groups <= scan.groupCount && votes.words < ENOUGH_WORDS; first += groups) {
    let digits = "";
    let reversed = "";
    for (let group = first; group < first + groups; group++) {
      const at = start + scan.groupStart[group];
      const word =
        asHex?.slice(group * bytes * 2, (group + 1) * bytes * 2) ?? textOf(text, at, at + scan.groupDigits[group]);
      if (word.length !== bytes * 2) return;
      // As a number of 8 bytes: the last group's bytes are the highest.
      digits = word + digits;
      reversed = bytesReversed(word) + reversed;
    }
    // Of a word that is the same in both orders nothing can be told.
    if (digits === reversed) continue;
    votes.words++;
    votes.census.little.add(BigInt(`0x${digits}`));
    votes.census.bytes.add(BigInt(`0x${reversed}`));
  }
}

/** The groups of a line as hexadecimal digits. */
function hexOf(text: Uint8Array, start: number, scan: LineScan): string {
  const bytes = new Uint8Array(scan.byteCount);
  writeNumbers(text, start, scan, "bytes", bytes, 0);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesReversed(digits: string): string {
  return digits.match(/../g)?.reverse().join("") ?? "";
}

function voteByText(
  text: Uint8Array,
  start: number,
  end: number,
  scan: LineScan,
  votes: { bytes: number; little: number },
): void {
  const shown = start + scan.asciiStart;
  let at = 0;
  let asBytes = true;
  let asLittle = true;
  for (let group = 0; group < scan.groupCount; group++) {
    const bytes = scan.groupDigits[group] >> 1;
    const first = start + scan.groupStart[group];
    for (let i = 0; i < bytes; i++) {
      const place = shown + at + i;
      if (place >= end) continue;
      if (!shows(text[place], byteAt(text, first + i * 2))) asBytes = false;
      if (!shows(text[place], byteAt(text, first + (bytes - 1 - i) * 2))) asLittle = false;
    }
    at += bytes;
  }
  if (asBytes && !asLittle) votes.bytes++;
  if (asLittle && !asBytes) votes.little++;
}

function byteAt(text: Uint8Array, at: number): number {
  return (HEX_VALUE[text[at]] << 4) | HEX_VALUE[text[at + 1]];
}

/** Whether a dump tool would show this byte as this character. */
function shows(character: number, byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e ? character === byte : character === 0x2e || character >= 0x80;
}
