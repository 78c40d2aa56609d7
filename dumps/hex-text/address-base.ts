import type { AddressForm, Radix } from "./address.ts";
import { textOf } from "./characters.ts";
import type { LineScan } from "./line-scan.ts";

/** Why addresses are read in a base. */
export type RadixEvidence =
  /** They follow each other in it: so many neighbouring lines do. */
  | { readonly kind: "steps"; readonly count: number }
  /** od's own form: seven digits and no colon, words that hexdump does not write, addresses that are lines apart. */
  | { readonly kind: "od" }
  /** What nearly every tool writes. */
  | { readonly kind: "usual" }
  /** The lines are records, so many of them, whose form says so. */
  | { readonly kind: "records"; readonly count: number }
  /** There are none: so many lines have groups of one width alone. */
  | { readonly kind: "none"; readonly lines: number };

export interface AddressBase {
  readonly radix: AddressForm;
  readonly evidence: RadixEvidence;
  /** Another base that the lines fit about as well. */
  readonly doubt?: Radix;
  /** In no base do addresses follow the bytes between them: neighbouring lines all step by `step` and seem to hold `bytes`. */
  readonly odd?: { readonly step: number; readonly bytes: number; readonly groups: number };
}

/** Digits of an address as `od` and `hexdump` write it without a colon, when nothing else is asked for. */
const OWN_DIGITS = 7;

interface Candidate {
  readonly radix: Radix;
  readonly digits: RegExp;
  /** Neighbouring lines whose addresses differ by the bytes between them, and others. */
  follows: number;
  /** Every address has only digits of the base, and is a whole number of lines from the first. */
  possible: boolean;
  first: number;
}

/**
 * Learns the base of a dump's addresses: `od` writes octal ones unless it is asked for others, `od -A d` and `xxd -d` decimal ones. What
 * settles it are neighbouring lines. Where repeats leave none, the form of the address and how far addresses are apart are what is left.
 */
export class AddressBaseVotes {
  private readonly candidates: readonly Candidate[] = [
    { radix: 16, digits: /^[\da-f]+$/i, follows: 0, possible: true, first: -1 },
    { radix: 10, digits: /^\d+$/, follows: 0, possible: true, first: -1 },
    { radix: 8, digits: /^[0-7]+$/, follows: 0, possible: true, first: -1 },
  ];
  private previous:
    | { readonly line: number; readonly text: string; readonly bytes: number; readonly groups: number }
    | undefined;
  /** Every line has seven digits and no colon. */
  private ownForm = true;
  /** Groups of four digits, as hexdump writes them when it is asked for nothing. */
  private narrow = false;
  private lines = 0;
  /** The step of neighbouring lines in base 16, as long as it is always the same; how many there are. */
  private step: { readonly step: number; readonly bytes: number; readonly groups: number } | undefined;
  private neighbours = 0;
  private sameStep = true;

  /** Lines that were looked at. */
  get count(): number {
    return this.lines;
  }

  /** @param text of the address @param bytes,groups of the line @param digits of a group @param marked something stands behind the address */
  add(line: number, text: string, bytes: number, groups: number, digits: number, marked: boolean): void {
    this.lines++;
    this.ownForm &&= !marked && text.length === OWN_DIGITS;
    this.narrow ||= digits === 4;
    const { previous } = this;
    for (const candidate of this.candidates) {
      const { radix } = candidate;
      if (!candidate.digits.test(text)) {
        candidate.possible = false;
        continue;
      }
      const address = Number.parseInt(text, radix);
      if (candidate.first < 0) candidate.first = address;
      // The last line of a dump may be a short one: what counts is the length of the line before.
      const width = previous?.bytes ?? bytes;
      if (Math.abs(address - candidate.first) % width !== 0) candidate.possible = false;
      if (previous?.line === line - 1 && address - Number.parseInt(previous.text, radix) === width) candidate.follows++;
    }
    if (previous?.line === line - 1)
      this.addStep(Number.parseInt(text, 16) - Number.parseInt(previous.text, 16), previous);
    this.previous = { line, text, bytes, groups };
  }

  private addStep(step: number, { bytes, groups }: { readonly bytes: number; readonly groups: number }): void {
    this.neighbours++;
    this.step ??= { step, bytes, groups };
    this.sameStep &&= this.step.step === step && this.step.bytes === bytes;
  }

  choose(): AddressBase {
    const [hexadecimal, decimal, octal] = this.candidates;
    if (hexadecimal.follows > 0) return steps(hexadecimal);
    // A hex dump with gaps can look octal for three lines (0x20, 0x40, 0x60).
    const least = this.ownForm ? 1 : 4;
    if (octal.follows >= least && octal.possible && octal.follows >= decimal.follows) return steps(octal);
    if (decimal.follows > 0 && decimal.possible) return steps(decimal);
    const odd = this.neighbours >= 2 && this.sameStep && isOdd(this.step) ? this.step : undefined;
    const usual: AddressBase = { radix: 16, evidence: { kind: "usual" }, ...(odd && odd.step > 0 ? { odd } : {}) };
    if (!this.ownForm || this.lines < 2) return usual;
    const other = [octal, decimal].find(({ possible }) => possible);
    if (other === undefined) return usual;
    // hexdump writes seven hexadecimal digits, but no words of one, four or eight bytes in that form.
    if (this.narrow) return { ...usual, doubt: other.radix };
    return { radix: other.radix, evidence: { kind: "od" }, doubt: 16 };
  }
}

/** Adds a line with an address. */
export function addTo(votes: AddressBaseVotes, line: number, text: Uint8Array, start: number, scan: LineScan): void {
  const { byteCount, groupCount, digits, addressMark, addressStart, addressEnd } = scan;
  const shown = textOf(text, start + addressStart, start + addressEnd);
  votes.add(line, shown, byteCount, groupCount, digits, addressMark !== "blank");
}

/** Lines may overlap nowhere; whole lines of 16 bytes that are further apart are some lines of a table. */
function isOdd(found: { readonly step: number; readonly bytes: number } | undefined): boolean {
  return found !== undefined && (found.step < found.bytes || found.bytes < 16);
}

function steps({ radix, follows: count }: Candidate): AddressBase {
  return { radix, evidence: { kind: "steps", count } };
}
