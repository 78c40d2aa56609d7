import type { TextFormat } from "./format.ts";

/** Linux print_hex_dump: a log prefix, an offset or a pointer, groups of 1, 2, 4 or 8 bytes. */
export const kernelLog: TextFormat = {
  kind: "text",
  name: "print_hex_dump",
  title: "Linux print_hex_dump",
  sample: "[   12.345678] dte: 00000040: 04 00 08 08 00 00 02 80 00 00 09 08 00 00 b6 80  ................",
  recognise: (line) => (line.hasLogPrefix && line.addressMark === "colon" ? 90 : 0),
};
