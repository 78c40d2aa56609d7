import { type AddressBase, AddressBaseVotes, addTo } from "./address-base.ts";
import type { DigitForm } from "./group-form.ts";
import { LineScan } from "./line-scan.ts";
import { scanDigits } from "./scan-digits.ts";

/** Why groups are read as they are. */
export type DigitEvidence =
  | { readonly kind: "asked" }
  /** The dump's own `# gic:` line says so. */
  | { readonly kind: "hint" }
  /** So many neighbouring lines have as many bytes, read so, as their addresses step. */
  | { readonly kind: "steps"; readonly count: number }
  /** The form of the lines. */
  | { readonly kind: "form" };

export interface DigitChoice {
  readonly form: DigitForm;
  readonly evidence: DigitEvidence;
  /** Another form that the lines fit about as well. */
  readonly doubt?: DigitForm;
}

/** Forms that may be others than hexadecimal, and hexadecimal itself: where lines fit two equally, the first one is taken. */
const PREFERRED: readonly DigitForm[] = [2, 8, 10, 16, "characters"];

interface Candidate {
  readonly form: DigitForm;
  readonly addresses: AddressBaseVotes;
}

/** Learns what the groups of a dump's lines are written in. What settles it are addresses that step by the bytes between them. */
export class DigitVotes {
  private readonly candidates = ([8, 10, 2, "characters"] as const).map((form) => ({
    form,
    addresses: new AddressBaseVotes(),
  }));
  private readonly scan = new LineScan();

  /** Asks of a line that has an address, or is none of hexadecimal digits, what else it can be. */
  add(line: number, text: Uint8Array, start: number, end: number): void {
    const { scan } = this;
    for (const { form, addresses } of this.candidates) {
      if (scanDigits(text, start, end, form, 16, scan)) addTo(addresses, line, text, start, scan);
    }
  }

  /** @param hexadecimal votes of the lines as hexadecimal ones */
  choose(
    hexadecimal: AddressBaseVotes,
    asked: DigitForm | undefined,
    hint: DigitForm | undefined,
  ): { choice: DigitChoice; addresses: AddressBase } {
    const all: readonly Candidate[] = [...this.candidates, { form: 16, addresses: hexadecimal }];
    const given = all.find(({ form }) => form === (asked ?? hint));
    if (given !== undefined) {
      const kind = asked === undefined ? "hint" : "asked";
      return { choice: { form: given.form, evidence: { kind } }, addresses: given.addresses.choose() };
    }
    const ranked = all
      .map((candidate) => ({ ...candidate, base: candidate.addresses.choose(), lines: candidate.addresses.count }))
      .filter(({ form, lines, base }) => lines > 0 && (form !== "characters" || follows(base) > 0))
      .sort(
        (a, b) =>
          follows(b.base) - follows(a.base) ||
          b.lines - a.lines ||
          PREFERRED.indexOf(a.form) - PREFERRED.indexOf(b.form),
      );
    const [best, second] = ranked;
    if (best === undefined)
      return { choice: { form: 16, evidence: { kind: "form" } }, addresses: hexadecimal.choose() };
    const count = follows(best.base);
    const isTie = second !== undefined && follows(second.base) === count && second.lines === best.lines;
    const { form } = best;
    const evidence: DigitEvidence = count > 0 && form !== 16 ? { kind: "steps", count } : { kind: "form" };
    const doubt = isTie && isOther(form, second.form) ? { doubt: second.form } : {};
    return { choice: { form, evidence, ...doubt }, addresses: best.base };
  }
}

/** Neighbouring lines that go with each other. */
function follows({ evidence }: AddressBase): number {
  return evidence.kind === "steps" ? evidence.count : 0;
}

/** Whether a line that fits both forms has other bytes in the second. Three octal digits are a byte of od -c, too; xxd -b has a text column. */
function isOther(form: DigitForm, second: DigitForm): boolean {
  return second !== "characters" && form !== 2;
}
