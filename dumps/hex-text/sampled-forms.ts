import { AddressBaseVotes, addTo } from "./address-base.ts";
import { BareVotes } from "./bare-votes.ts";
import { DigitVotes } from "./digit-votes.ts";
import { LineScan } from "./line-scan.ts";
import { type LineForm, LineScanner, type LineShape } from "./line-scanner.ts";
import { behindPrefix } from "./log-prefix.ts";
import { eachSampledLine } from "./sampled-lines.ts";

/** Lines as most tools write them. */
export const PLAIN: LineForm = { addresses: 16, digits: 16, isLogged: false, valueBytes: 0 };

/** Whether lines behind the prefixes of a log, that have no colon after their address, are a dump's: they follow each other, or are records. */
export function findLogged(text: Uint8Array, shapes: readonly LineShape[]): boolean {
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
export function findBareLines(
  text: Uint8Array,
  shapes: readonly LineShape[],
): { bareLines: number; hasLongGroups: boolean } {
  const votes = new BareVotes();
  const scan = new LineScan();
  const scanner = new LineScanner(shapes, PLAIN);
  eachSampledLine(text, (start, end, line) => {
    scanner.scan(text, start, end, scan);
    votes.add(line, text, start, end, scan);
  });
  return { bareLines: votes.choose(), hasLongGroups: votes.hasLongGroups };
}
