import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { LineSplitter } from "../runner/trace/index.ts";
import { CliError, errors } from "./errors.ts";
import { asFileError, readInput } from "./files.ts";

const GZIP = [0x1f, 0x8b];

/** Text of any length, plain or packed by gzip, that can be read more than once. */
export class TraceInput {
  readonly file: string;
  /** The bytes, of what can be read only once; undefined for a file. */
  private readonly bytes: Uint8Array | undefined;

  private constructor(file: string, bytes: Uint8Array | undefined) {
    this.file = file;
    this.bytes = bytes;
  }

  /** @param file `-` is standard input @throws CliError for what is missing, a directory, empty or not readable */
  static async open(file: string, stdin: AsyncIterable<Uint8Array>): Promise<TraceInput> {
    const information = file === "-" ? undefined : await stat(file).catch(() => undefined);
    if (information?.isFile() && information.size > 0) return new TraceInput(file, undefined);
    return new TraceInput(file, await readInput(file, stdin));
  }

  /**
   * Reads all lines, in bounded memory.
   * @param take returns whether more are wanted @param rest between two pieces of the file: for progress
   * @returns whether the file has bytes that no text has
   * @throws CliError when it cannot be read, or a gzip file is damaged
   */
  async read(take: (line: string) => boolean, rest?: () => Promise<void>): Promise<{ binary: boolean }> {
    let more = true;
    const lines = new LineSplitter((line) => {
      if (more) more = take(line);
    });
    try {
      for await (const chunk of await this.stream()) {
        lines.push(chunk);
        if (!more) break;
        await rest?.();
      }
    } catch (error) {
      throw this.errorOf(error);
    }
    lines.end();
    return { binary: lines.sawZero };
  }

  private async stream(): Promise<AsyncIterable<Uint8Array>> {
    const { bytes, file } = this;
    const packed = bytes === undefined ? await startsAsGzip(file) : isGzip(bytes);
    const source: Readable = bytes === undefined ? createReadStream(file) : Readable.from([bytes]);
    if (!packed) return source;
    const unpacked = createGunzip();
    source.on("error", (error) => unpacked.destroy(error));
    unpacked.on("close", () => source.destroy());
    return source.pipe(unpacked);
  }

  private errorOf(error: unknown): unknown {
    if (error instanceof CliError || !(error instanceof Error) || !("code" in error)) return error;
    if (error.code === "Z_BUF_ERROR") return errors.gzip(this.file, "it ends in the middle");
    if (String(error.code).startsWith("Z_")) return errors.gzip(this.file, error.message);
    return asFileError(this.file, error);
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === GZIP[0] && bytes[1] === GZIP[1];
}

async function startsAsGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const start = new Uint8Array(2);
    await handle.read(start, 0, 2, 0);
    return isGzip(start);
  } finally {
    await handle.close();
  }
}
