import type { ByteStore } from "../byte-store.ts";
import type { DumpDocument } from "../document.ts";
import type { StyleOptions, TextStyle } from "../hex-text/byte-order.ts";
import type { LineScan } from "../hex-text/line-scan.ts";
import type { LineShape } from "../hex-text/line-scanner.ts";
import type { Work } from "../work.ts";

/** A format of dumps. One file each under `dumps/formats/`; {@link dumpFormats} lists them in the order they are tried. */
export type DumpFormat = TextFormat | BinaryFormat;

/**
 * A format of text lines. Lines "address, groups of digits" are all read by the same scanner; those of another shape by their own. All may be
 * mixed in one file.
 */
export interface TextFormat {
  readonly kind: "text";
  readonly name: string;
  /** The tool, for people. */
  readonly title: string;
  /** Two lines as the tool writes them. */
  readonly sample: string;
  /** How sure a data line is this format's: 0 not at all, 100 certain. The surest over the first lines names the dump. */
  recognise(line: LineScan, style: TextStyle): number;
  /** Of lines of another shape: see {@link LineShape.scanLine}. */
  readonly scanLine?: LineShape["scanLine"];
}

/** A format that has its own reader: ELF cores. Of the file only what is asked for is in memory. */
export interface BinaryFormat {
  readonly kind: "binary";
  readonly name: string;
  readonly title: string;
  /** How sure, 0..100, by the first bytes of the file. */
  recognise(head: Uint8Array): number;
  read(file: ByteStore, options: StyleOptions): Work<Omit<DumpDocument, "format" | "formatTitle">>;
}
