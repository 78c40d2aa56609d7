/** Bytes of a header, and of one message, at most: what an editor sends has some hundred KiB. */
const MOST_HEADER = 4096;
const MOST_CONTENT = 64 * 1024 * 1024;
const HEADER_END = "\r\n\r\n";

/** What comes out of a stream of messages. */
export interface MessageListener {
  /** A message: any JSON. */
  message(value: unknown): void;
  /** The stream cannot be read any further. @param problem a sentence */
  broken(problem: string): void;
}

/** Cuts a stream of bytes into the messages of the Debug Adapter Protocol: headers, an empty line, JSON of so many bytes. */
export class MessageReader {
  private readonly listener: MessageListener;
  private chunks: Buffer[] = [];
  private held = 0;
  /** Bytes of the message that is read; undefined while its header is. */
  private length: number | undefined;
  private isBroken = false;

  constructor(listener: MessageListener) {
    this.listener = listener;
  }

  push(data: Buffer): void {
    if (this.isBroken) return;
    this.chunks.push(data);
    this.held += data.length;
    while (!this.isBroken && this.next());
  }

  /** Takes the next header or message. @returns false when more bytes are needed */
  private next(): boolean {
    if (this.length === undefined) return this.header();
    if (this.held < this.length) return false;
    const text = this.take(this.length).toString("utf8");
    this.length = undefined;
    try {
      this.listener.message(JSON.parse(text));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.fail(`a message is not JSON: ${error.message}`);
    }
    return true;
  }

  private header(): boolean {
    const bytes = this.joined();
    const end = bytes.subarray(0, MOST_HEADER).indexOf(HEADER_END);
    if (end < 0) {
      if (bytes.length >= MOST_HEADER) this.fail(`a header is longer than ${MOST_HEADER} bytes`);
      return false;
    }
    const header = bytes.toString("latin1", 0, end);
    const [, digits] = /^Content-Length: *(\d{1,9})$/im.exec(header) ?? [];
    if (digits === undefined) {
      this.fail(`a header has no Content-Length: ${JSON.stringify(header.slice(0, 60))}`);
      return false;
    }
    if (Number(digits) > MOST_CONTENT) {
      this.fail(`a message of ${digits} bytes is longer than ${MOST_CONTENT}`);
      return false;
    }
    this.take(end + HEADER_END.length);
    this.length = Number(digits);
    return true;
  }

  private joined(): Buffer {
    if (this.chunks.length !== 1) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0];
  }

  private take(count: number): Buffer {
    const bytes = this.joined();
    this.chunks = [bytes.subarray(count)];
    this.held -= count;
    return bytes.subarray(0, count);
  }

  private fail(problem: string): void {
    this.isBroken = true;
    this.listener.broken(problem);
  }
}
