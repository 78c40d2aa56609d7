import { ValueWidths } from "../records/value-widths.ts";
import { isTableName, type TableName } from "../tables/table-names.ts";
import { type AddressBase, AddressBaseVotes, addTo } from "./address-base.ts";
import { textOf } from "./characters.ts";
import { type DigitChoice, DigitVotes } from "./digit-votes.ts";
import { DIGIT_NAMES, type DigitForm, type DigitName, type GroupOrder } from "./group-form.ts";
import { LineScan } from "./line-scan.ts";
import { type LineForm, LineScanner, type LineShape } from "./line-scanner.ts";
import { behindPrefix } from "./log-prefix.ts";
import { bytesOfGroup } from "./order/order-entries.ts";
import { voteByText } from "./order/order-text.ts";
import { type OrderChoice, OrderVotes } from "./order/order-votes.ts";
import { findBareLines, findLogged, PLAIN } from "./sampled-forms.ts";
import { eachSampledLine } from "./sampled-lines.ts";

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
    if (scan.groupsPrefixed || scan.addressMark === "symbol" || isCrashLine(scan)) votes.numbers++;
    if (scan.addressMark === "blank") votes.eitherEnd++;
    if (scan.hasLogPrefix && !scan.groupsPrefixed) votes.logged++;
    if (votes === open && scan.asciiStart >= 0) voteByText(text, start, end, scan, votes.text);
    votes.entries.add(text, start, scan);
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

function orderHint(comment: string): GroupOrder | undefined {
  const found = ORDER_HINT.exec(comment)?.[1];
  return found === "little" || found === "bytes" ? found : undefined;
}

function digitsHint(comment: string): DigitForm | undefined {
  const found = DIGITS_HINT.exec(comment)?.[1];
  return found !== undefined && Object.hasOwn(DIGIT_NAMES, found) ? DIGIT_NAMES[found as DigitName] : undefined;
}
