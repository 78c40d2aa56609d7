import type { Writable } from "node:stream";

const CHUNK = 64 * 1024;

/**
 * Text to a stream: collected into chunks, waiting when the reader is slow. A reader that goes away (`| head`) is no error: `closed` turns
 * true and further text is dropped.
 */
export class Output {
  private readonly stream: Writable;
  private plain = "";
  closed = false;
  /** Why writing failed, when it was not the reader going away: a full disk. */
  failure: string | undefined;

  constructor(stream: Writable) {
    this.stream = stream;
    stream.on("error", (error: NodeJS.ErrnoException) => {
      this.fail(error);
    });
  }

  /** Adds a line. Call {@link settle} now and then in long loops, so that memory stays bounded. */
  line(text = ""): void {
    this.plain += `${text}\n`;
  }

  /** Adds text as it is. */
  text(text: string): void {
    this.plain += text;
  }

  /** Whether {@link settle} would write: long loops that ask this first do not wait at every turn. */
  get isFull(): boolean {
    return this.plain.length >= CHUNK;
  }

  /** Writes when a chunk is full. */
  async settle(): Promise<void> {
    if (this.isFull) await this.flush();
  }

  /** Writes everything that was added. */
  async flush(): Promise<void> {
    const text = this.plain;
    this.plain = "";
    if (this.closed || text === "") return;
    await new Promise<void>((done) => {
      this.stream.write(text, (error) => {
        if (error) this.fail(error);
        done();
      });
    });
  }

  private fail(error: NodeJS.ErrnoException): void {
    this.closed = true;
    if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") this.failure ??= error.code ?? error.message;
  }
}
