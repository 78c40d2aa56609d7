import { BAR } from "../hex-text/characters.ts";
import type { TextFormat } from "./format.ts";

/** `hexdump -C` (hd): bytes, text between bars, a last line with the length. */
export const hexdump: TextFormat = {
  kind: "text",
  name: "hexdump -C",
  title: "hexdump -C",
  sample: "00000040  04 00 08 08 00 00 02 80  00 00 09 08 00 00 b6 80  |................|",
  recognise: (line) => (line.addressMark === "blank" && line.digits === 2 && line.asciiFrame === BAR ? 100 : 0),
};
