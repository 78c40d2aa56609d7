import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { LineSplitter } from "../runner/trace/index.ts";
import { CliError, errors } from "./errors.ts";
import { asFileError, readInput } from "./files.ts";

const GZIP = [0x1f, 0x8b];
/** Bytes unpacked at a time: pieces of 16 KiB, which is the default, take three times as long. */
const UNPACKED_CHUNK = 65536;

/** Text of any length, plain or packed by gzip, that can be read more than once. */
export class TraceInput {
  readonly file: string;
  /** The bytes, of what can be read only once; undefined for a file. */
  private readonly bytes: Uint8Array | undefined;

  /** Bytes that are unpacked at most: 3 MB of gzip can be 3 GB. */
  private readonly maxUnpacked: number;

  private constructor(file: string, bytes: Uint8Array | undefined, maxUnpacked: number) {
    this.file = file;
    this.bytes = bytes;
    this.maxUnpacked = maxUnpacked;
  }

  /**
   * @param file `-` is standard input
   * @param maxUnpacked bytes that a packed file may have when it is unpacked
   * @throws CliError for what is missing, a directory, empty or not readable
   */
  static async open(file: string, stdin: AsyncIterable<Uint8Array>, maxUnpacked: number): Promise<TraceInput> {
    const information = file === "-" ? undefined : await stat(file).catch(() => undefined);
    const isFile = information?.isFile() === true && information.size > 0;
    return new TraceInput(file, isFile ? undefined : await readInput(file, stdin), maxUnpacked);
  }

  /**
   * Reads all lines, in bounded memory.
   * @param take returns whether more are wanted
   * @param rest between two pieces of the file, with the bytes so far: for progress
   * @returns whether the file has bytes that no text has
   * @throws CliError when it cannot be read, or a gzip file is damaged or too large when it is unpacked
   */
  async read(take: (line: string) => boolean, rest?: (bytes: number) => Promise<void>): Promise<{ binary: boolean }> {
    let more = true;
    const lines = new LineSplitter((line) => {
      if (more) more = take(line);
    });
    try {
      const { stream, packed } = await this.open();
      let bytes = 0;
      for await (const chunk of stream) {
        bytes += chunk.length;
        if (packed && bytes > this.maxUnpacked) throw errors.unpackedTooLarge(this.file, this.maxUnpacked);
        lines.push(chunk);
        if (!more) break;
        await rest?.(bytes);
      }
    } catch (error) {
      throw this.errorOf(error);
    }
    lines.end();
    return { binary: lines.sawZero };
  }

  /**
   * Its first bytes, unpacked. @param length how many at least, if it has them
   * @throws CliError as {@link read}
   */
  async head(length: number): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    try {
      for await (const chunk of (await this.open()).stream) {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes >= length) break;
      }
    } catch (error) {
      throw this.errorOf(error);
    }
    return Buffer.concat(chunks);
  }

  /** All its bytes as they are. @throws CliError as {@link readInput} */
  async whole(): Promise<Uint8Array> {
    return this.bytes ?? readInput(this.file, (async function* () {})());
  }

  private async open(): Promise<{ readonly stream: AsyncIterable<Uint8Array>; readonly packed: boolean }> {
    const { bytes, file } = this;
    const packed = bytes === undefined ? await startsAsGzip(file) : isGzip(bytes);
    const source: Readable = bytes === undefined ? createReadStream(file) : Readable.from([bytes]);
    if (!packed) return { stream: source, packed };
    const unpacked = createGunzip({ chunkSize: UNPACKED_CHUNK });
    source.on("error", (error) => unpacked.destroy(error));
    unpacked.on("close", () => source.destroy());
    return { stream: source.pipe(unpacked), packed };
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
