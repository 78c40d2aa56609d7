import type { Radix } from "./address.ts";
import { HEX_VALUE, LF, textOf } from "./characters.ts";
import { LineScan } from "./line-scan.ts";
import { MAX_LINE, scanLine, unknownTextColumn } from "./scan-line.ts";

/** `bytes`: a group lists bytes in memory order (xxd). `little`: a group is one little-endian number (od, gdb, U-Boot). */
export type GroupOrder = "bytes" | "little";

/** How the text of a dump is written, by its first lines and a spread of later ones. */
export interface TextStyle {
  readonly radix: Radix;
  readonly order: GroupOrder;
  /** Why this order: for the user, who can overrule it. */
  readonly orderReason: string;
}

/** The order of the bytes in a line's groups: only a bare `address: groups` leaves it open. */
export function groupOrder(scan: LineScan, style: TextStyle): GroupOrder {
  if (scan.groupsPrefixed || scan.addressMark !== "colon" || scan.hasLogPrefix || isCrashLine(scan)) return "little";
  return style.order;
}

/** crash's rd: the address right-justified to 16 columns, two blanks after its colon. */
export function isCrashLine(scan: LineScan): boolean {
  const bare = scan.addressMark === "colon" && !scan.groupsPrefixed && !scan.hasLogPrefix;
  return bare && scan.addressEnd === 16 && scan.groupStart[0] === scan.addressEnd + 3;
}

/** `# gic: … order=little` or `order=bytes` near the top of a dump. */
const ORDER_HINT = /^\s*#\s*gic:.*\border=(little|bytes)\b/;
const FIRST_LINES = 256;
const SPREAD_LINES = 512;

/**
 * Decides the base of the addresses and the order of bytes in a group. The order of groups of two digits does not matter, and words
 * written with `0x`, after a symbol or without a colon (gdb, QEMU, od, hexdump) are always numbers. What is left, `00000000: 04000808 …`,
 * is settled by the text column, which always shows memory order; without a telling one, by the width of the groups.
 */
export function learnStyle(text: Uint8Array): TextStyle {
  const votes = { bytes: 0, little: 0, narrow: 0, wide: 0 };
  const steps: RadixSteps = { 16: 0, 10: 0, 8: 0, octal: true, decimal: true };
  const scan = new LineScan();
  const column = unknownTextColumn();
  let asked: string | undefined;
  const previous = { line: -2, bytes: 0, text: "" };
  eachSampledLine(text, (start, end, line) => {
    scanLine(text, start, end, 16, column, scan);
    if (scan.kind === "comment") asked ??= ORDER_HINT.exec(textOf(text, start, Math.min(end, start + 1000)))?.[1];
    if (scan.kind !== "data") return;
    const digits = addressText(text, start, scan);
    steps.decimal &&= /^\d+$/.test(digits);
    steps.octal &&= scan.addressMark === "blank" && /^[0-7]+$/.test(digits);
    if (previous.line === line - 1) countStep(previous.text, digits, previous.bytes, steps);
    previous.line = line;
    previous.text = digits;
    previous.bytes = scan.byteCount;
    if (scan.groupsPrefixed || scan.addressMark !== "colon" || scan.hasLogPrefix || scan.digits <= 2) return;
    if (isCrashLine(scan)) return;
    if (scan.digits === 4) votes.narrow++;
    else votes.wide++;
    if (scan.asciiStart >= 0) voteByText(text, start, end, scan, votes);
  });
  const radix = chooseRadix(steps);
  if (asked === "little" || asked === "bytes")
    return { radix, order: asked, orderReason: "the dump's # gic: line says so" };
  return { radix, ...chooseOrder(votes) };
}

function chooseOrder(votes: { bytes: number; little: number; narrow: number; wide: number }) {
  if (votes.bytes !== votes.little) {
    const order: GroupOrder = votes.bytes > votes.little ? "bytes" : "little";
    return { order, orderReason: "the text column agrees with it" };
  }
  if (votes.narrow > votes.wide) return { order: "bytes" as const, orderReason: "groups of 2 bytes: xxd's own form" };
  return { order: "little" as const, orderReason: "words, as xxd -e and U-Boot md write them" };
}

/**
 * Another base needs proof: addresses that follow each other in it and nowhere in base 16, and no digit that it does not have. A hex dump
 * with gaps can look octal for three lines (0x20, 0x40, 0x60); od writes octal addresses without a colon.
 */
function chooseRadix(steps: RadixSteps): Radix {
  if (steps[16] > 0) return 16;
  if (steps[8] >= 4 && steps.octal) return 8;
  return steps[10] >= 1 && steps.decimal ? 10 : 16;
}

/** Calls back for the first lines and for lines spread evenly over the rest, so that a sparse table's few words are seen too. */
function eachSampledLine(text: Uint8Array, visit: (start: number, end: number, line: number) => void): void {
  let at = 0;
  let line = 0;
  for (; line < FIRST_LINES && at < text.length; line++) {
    const end = lineEnd(text, at);
    visit(at, Math.min(end, at + MAX_LINE + 1), line);
    at = end + 1;
  }
  const stride = Math.floor((text.length - at) / SPREAD_LINES);
  if (stride < 1) return;
  // A line that is longer than a stride is looked through once.
  let start = at;
  let end = -1;
  for (let i = 0; i < SPREAD_LINES; i++) {
    const from = at + i * stride;
    if (from >= start || i === 0) {
      start = (from <= end && end >= 0 ? end : lineEnd(text, from)) + 1;
      if (start >= text.length) return;
      end = lineEnd(text, start);
    }
    line += 2;
    visit(start, Math.min(end, start + MAX_LINE + 1), line);
  }
}

function lineEnd(text: Uint8Array, from: number): number {
  const at = text.indexOf(LF, from);
  return at < 0 ? text.length : at;
}

function addressText(text: Uint8Array, start: number, scan: LineScan): string {
  return String.fromCharCode(...text.subarray(start + scan.addressStart, start + scan.addressEnd));
}

/** How often neighbouring addresses follow each other in a base, and whether all addresses can be of it. */
interface RadixSteps extends Record<Radix, number> {
  octal: boolean;
  decimal: boolean;
}

/** Counts in which base two neighbouring lines' addresses differ by the bytes between them. */
function countStep(before: string, after: string, bytes: number, steps: RadixSteps): void {
  for (const radix of [16, 10, 8] as const) {
    if (Number.parseInt(after, radix) - Number.parseInt(before, radix) === bytes) steps[radix]++;
  }
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
