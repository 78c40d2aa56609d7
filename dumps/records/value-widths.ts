import type { LineScan } from "../hex-text/line-scan.ts";

const WIDTHS = [1, 2, 4, 8];
/** A register is seldom wider, nor a value of so many digits narrower. */
const USUAL = 4;

/** Learns how wide the values of lines `address = value` are: their digits tell when all have as many, else how far their addresses are apart. */
export class ValueWidths {
  private lines = 0;
  private fewest = 16;
  private most = 0;
  private nearest = Number.POSITIVE_INFINITY;
  private previous = -1;

  add({ addressHigh, addressLow, digits }: LineScan): void {
    this.lines++;
    this.fewest = Math.min(this.fewest, digits);
    this.most = Math.max(this.most, digits);
    const address = addressHigh * 2 ** 32 + addressLow;
    if (this.previous >= 0 && address > this.previous) this.nearest = Math.min(this.nearest, address - this.previous);
    this.previous = address;
  }

  /** Bytes; 0 when there is no such line. */
  choose(): number {
    if (this.lines === 0) return 0;
    const needed = WIDTHS.find((width) => width * 2 >= this.most) ?? 8;
    // One line, or several that are written out, are as wide as they look.
    const isWritten = this.fewest === this.most && needed * 2 === this.most;
    if (isWritten && (this.lines > 1 || this.most >= 2 * USUAL)) return needed;
    const room = WIDTHS.findLast((width) => width <= this.nearest) ?? 1;
    return Math.max(needed, Math.min(room, Math.max(needed, this.nearest === Number.POSITIVE_INFINITY ? USUAL : room)));
  }
}
