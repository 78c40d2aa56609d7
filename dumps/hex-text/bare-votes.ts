import { AddressBaseVotes } from "./address-base.ts";
import { scanBareLine } from "./bare-line.ts";
import { textOf } from "./characters.ts";
import { LineScan } from "./line-scan.ts";

const LETTER_A = 0x41;
/** Groups on a line that words of a sentence do not make. */
const SEVERAL_GROUPS = 4;
/** Addresses are below this, or kernel addresses. */
const LOW_ADDRESSES = 0x20_0000;
const KERNEL_ADDRESSES = 0xffff_0000;

/**
 * Tells a dump without addresses from one with them. A first group that is as wide as all others can be an address or a word: it is an
 * address where it goes on from line to line by the bytes of a line.
 */
export class BareVotes {
  private addressed = 0;
  private bare = 0;
  /** Lines of several groups among those. */
  private certain = 0;
  private others = 0;
  private readonly either = new AddressBaseVotes();
  private eithers = 0;
  private indented = 0;
  /** First groups that no address can be. */
  private wild = 0;
  private previous = -1;
  private ascending = true;
  /** Lines of one group that is longer than a word. */
  private long = 0;
  private readonly scan = new LineScan();

  /** @param scan of the line as one with an address, in base 16 */
  add(line: number, text: Uint8Array, start: number, end: number, scan: LineScan): void {
    if (scan.kind === "blank" || scan.kind === "comment" || scan.kind === "repeat") return;
    const isData = scan.kind === "data";
    if (scan.shape !== "" || (isData && scan.addressMark !== "blank")) {
      this.addressed++;
      return;
    }
    const { scan: bare } = this;
    bare.clear();
    scanBareLine(text, start, end, bare);
    if (bare.kind !== "data" || isBase64(text, start + bare.groupStart[0], bare)) {
      // A first group like all others is no address for sure.
      const like = bare.digits === scan.digits && scan.addressEnd - scan.addressStart === scan.digits;
      if (isData && !like) this.addressed++;
      else this.others++;
      return;
    }
    if (bare.groupCount >= SEVERAL_GROUPS || (bare.groupCount > 1 && bare.groupsPrefixed)) this.certain++;
    if (bare.groupCount === 1 && bare.digits > 16) this.long++;
    if (!isData) {
      this.bare++;
      return;
    }
    this.eithers++;
    const { addressStart, addressEnd, addressHigh, addressLow, byteCount, groupCount, digits } = scan;
    if (addressStart > 0) this.indented++;
    if (addressHigh >= LOW_ADDRESSES && addressHigh < KERNEL_ADDRESSES) this.wild++;
    const address = addressHigh * 2 ** 32 + addressLow;
    if (address <= this.previous) this.ascending = false;
    this.previous = address;
    const shown = textOf(text, start + addressStart, start + addressEnd);
    this.either.add(line, shown, byteCount, groupCount, digits, true);
  }

  /** Whether there are lines of one group that is longer than a word: bytes, as xxd -p writes them. */
  get hasLongGroups(): boolean {
    return this.long > 0;
  }

  /** How many lines have no address; 0: the dump has addresses. */
  choose(): number {
    if (this.addressed > 0) return 0;
    if (this.eithers > 0) {
      const follows = this.either.choose().evidence.kind === "steps";
      const scattered = this.indented === 0 && this.ascending && this.wild === 0;
      if (follows || scattered) return 0;
    }
    const lines = this.bare + this.eithers;
    // Words of hexadecimal digits alone on a line are rare in a text, but they are.
    return this.certain > 0 || lines > this.others ? lines : 0;
  }
}

/** Zeros in base64 are digits, too: a long line of nothing but A. */
function isBase64(text: Uint8Array, at: number, { digits, groupCount }: LineScan): boolean {
  if (groupCount !== 1 || digits <= 16) return false;
  for (let i = at; i < at + digits; i++) if (text[i] !== LETTER_A) return false;
  return true;
}
