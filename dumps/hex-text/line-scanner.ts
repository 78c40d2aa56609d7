import type { AddressForm } from "./address.ts";
import { type DigitForm, digitName } from "./group-form.ts";
import type { LineKind, LineScan } from "./line-scan.ts";
import { behindPrefix } from "./log-prefix.ts";
import { scanDigits } from "./scan-digits.ts";
import { scanLine, type TextColumn, unknownTextColumn } from "./scan-line.ts";

/** Lines that are no "address, groups of digits", and so have a scanner of their own. It is a part of their format. */
export interface LineShape {
  readonly name: string;
  /**
   * Finds what a line of the shape is. Nothing is changed when it is none.
   * @param start position of the line's first character in `text` @param end position after its last character, line end not included
   * @returns whether the line is one of the shape, a damaged one among them
   */
  scanLine(text: Uint8Array, start: number, end: number, scan: LineScan): boolean;
}

/** How the lines of a text are written. */
export interface LineForm {
  readonly addresses: AddressForm;
  readonly digits: DigitForm;
  /** Lines may stand behind the prefix of a log. */
  readonly isLogged: boolean;
  /** Bytes of a value of which the digits do not tell; 0: as many as they are for. */
  readonly valueBytes: number;
}

/** Scans the lines of one text: those of a shape by that, all others in free form. Remembers where the text column is. */
export class LineScanner {
  readonly shapes: readonly LineShape[];
  readonly form: LineForm;
  private readonly column: TextColumn = unknownTextColumn();

  constructor(shapes: readonly LineShape[], form: LineForm) {
    this.shapes = shapes;
    this.form = form;
  }

  /** Reads one line, see {@link scanLine}. */
  scan(text: Uint8Array, start: number, end: number, scan: LineScan): void {
    if (this.scanBody(text, start, end, scan) !== "junk" || !this.form.isLogged) return;
    const body = behindPrefix(text, start, end);
    if (body < 0) return;
    const { reason, reasonColumn } = scan;
    if (this.scanBody(text, body, end, scan) === "junk" && scan.shape === "") scan.reject(reasonColumn, reason);
    else {
      scan.shift(body - start);
      scan.hasLogPrefix = true;
    }
  }

  private scanBody(text: Uint8Array, start: number, end: number, scan: LineScan): LineKind {
    const { addresses, digits, valueBytes } = this.form;
    if (digits !== 16 && scanDigits(text, start, end, digits, addresses, scan)) return scan.kind;
    scanLine(text, start, end, addresses, this.column, scan);
    if (digits !== 16 && scan.kind === "data") refuseHex(digits, scan);
    const { kind } = scan;
    if (kind !== "junk") return kind;
    for (const shape of this.shapes) {
      if (!shape.scanLine(text, start, end, scan)) continue;
      scan.shape = shape.name;
      if (scan.addressMark === "value" && scan.kind === "data") scan.setWidth(Math.max(scan.groupBytes, valueBytes));
      return scan.kind;
    }
    return "junk";
  }
}

/** Among lines of other digits, one of their form is none of hexadecimal digits: it may be a damaged one of theirs. */
function refuseHex(digits: Exclude<DigitForm, 16>, scan: LineScan): void {
  if (scan.groupsPrefixed || scan.addressMark !== (digits === 2 ? "colon" : "blank")) return;
  scan.reject(scan.groupStart[0], `its groups are no ${digitName(digits)} ones, as those of the other lines`);
}
