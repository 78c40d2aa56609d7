/** Characters of a line that are kept: the longest event has under 300. The rest of a longer line is dropped. */
const MAX_LINE = 4096;
/** Bytes that are made text at a time. */
const PIECE = 8192;
const NEWLINE = 10;

/** Cuts bytes into lines as they come, with bounded memory: a file without a line's end is one line, and its start. */
export class LineSplitter {
  /** Whether a byte was 0, which no text has. */
  sawZero = false;
  private rest = "";
  private readonly take: (line: string) => void;

  constructor(take: (line: string) => void) {
    this.take = take;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += PIECE) this.pushPiece(bytes.subarray(at, at + PIECE));
  }

  private pushPiece(bytes: Uint8Array): void {
    this.sawZero ||= bytes.includes(0);
    // Of a line without an end the start is known already; making text of the rest would take all the time.
    if (this.rest.length === MAX_LINE && !bytes.includes(NEWLINE)) return;
    const text = String.fromCharCode(...bytes);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      this.take((this.rest + text.slice(start, end)).slice(0, MAX_LINE));
      this.rest = "";
      start = end + 1;
    }
    this.rest = (this.rest + text.slice(start)).slice(0, MAX_LINE);
  }

  /** The bytes are over: what stands behind the last line's end is a line, too. */
  end(): void {
    if (this.rest !== "") this.take(this.rest);
    this.rest = "";
  }
}
