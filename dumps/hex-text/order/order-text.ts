import { HEX_VALUE } from "../characters.ts";
import type { LineScan } from "../line-scan.ts";

/** Lines whose text column agrees with one order alone. */
export interface TextVotes {
  bytes: number;
  little: number;
}

/** Compares the text column of a line with its groups in each order. @param start,end of the line in the text */
export function voteByText(text: Uint8Array, start: number, end: number, scan: LineScan, votes: TextVotes): void {
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
