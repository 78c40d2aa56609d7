import type { ByteStore } from "./byte-store.ts";
import type { DumpDocument, DumpText } from "./document.ts";
import { type BinaryFormat, dumpFormats, type TextFormat } from "./formats/index.ts";
import type { StyleOptions } from "./hex-text/byte-order.ts";
import { toCharacters } from "./hex-text/characters.ts";
import { LineScan } from "./hex-text/line-scan.ts";
import type { LineShape } from "./hex-text/line-scanner.ts";
import { readHexText } from "./hex-text/read-hex-text.ts";
import { scanLineOf } from "./hex-text/scan-line-of.ts";
import { finish, type Work } from "./work.ts";

/** Lines that are asked which format they are. */
const NAMING_LINES = 64;

/**
 * Reads a dump of any registered format: bytes with their addresses, and where in the file each stands.
 * @param input text as an editor holds it, or the bytes of a file
 */
export function readDump(input: string | Uint8Array, options: StyleOptions = {}): DumpDocument {
  return finish(readDumpWork(input, options));
}

/** As {@link readDump}, in slices. */
export function* readDumpWork(input: string | Uint8Array, options: StyleOptions = {}): Work<DumpDocument> {
  if (typeof input !== "string") {
    const format = binaryFormat(input.subarray(0, HEAD_BYTES));
    if (format !== undefined) return yield* readBinaryWork(format, input, options);
  }
  const characters = yield* toCharacters(input);
  const document = yield* readHexText(characters, lineShapes, options);
  const format = document.text === undefined ? undefined : nameFormat(document.text);
  return { ...document, format: format?.name ?? "none", formatTitle: format?.title ?? "no hex dump" };
}

/** First bytes of a file that tell what it is. */
export const HEAD_BYTES = 4096;

/** The format of a file that is no text, by its first bytes. */
export function binaryFormat(head: Uint8Array): BinaryFormat | undefined {
  return dumpFormats.find((format) => format.kind === "binary" && format.recognise(head) >= 50) as
    | BinaryFormat
    | undefined;
}

/** Reads a file that is no text, of which only what is needed is read: its bytes of memory when somebody asks for them. */
export function* readBinaryWork(format: BinaryFormat, file: ByteStore, options: StyleOptions = {}): Work<DumpDocument> {
  const { name, title } = format;
  return { ...(yield* format.read(file, options)), format: name, formatTitle: title };
}

/** The formats that have a scanner of their own for their lines. */
const lineShapes: readonly LineShape[] = dumpFormats.flatMap((format): LineShape[] =>
  format.kind === "text" && format.scanLine !== undefined ? [{ name: format.name, scanLine: format.scanLine }] : [],
);

/** The text format that most of the first data lines look like. */
function nameFormat(text: DumpText): TextFormat | undefined {
  const formats = dumpFormats.filter((format) => format.kind === "text");
  const sums = new Map<TextFormat, number>();
  const scan = new LineScan();
  const { runs } = text.lines;
  for (let run = 0, asked = 0; run < runs.count && asked < NAMING_LINES; run++) {
    if (!runs.isData(run)) continue;
    asked++;
    scanLineOf(text, runs.firstLines[run], scan);
    for (const format of formats) sums.set(format, (sums.get(format) ?? 0) + format.recognise(scan, text.style));
  }
  let best: TextFormat | undefined;
  for (const [format, sum] of sums) if (best === undefined || sum > (sums.get(best) ?? 0)) best = format;
  return best;
}

/** Whether the first bytes of a file look like anything but text: a NUL, many control characters or hardly any ASCII, and no UTF-16 mark. */
export function looksBinary(head: Uint8Array): boolean {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return false;
  let control = 0;
  let high = 0;
  for (const byte of head) {
    if (byte === 0) return true;
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x1b) control++;
    if (byte >= 0x80) high++;
  }
  // A table of LPI properties is bytes like 0xa2.
  return control * 20 > head.length || high * 2 > head.length;
}
