import type { TextFormat } from "./format.ts";

/** binutils' objdump -s: a blank, the address, groups of four bytes in memory order, the bytes as text. */
export const objdump: TextFormat = {
  kind: "text",
  name: "objdump -s",
  title: "objdump -s",
  sample: " 40100040 04000808 00000280 00000908 0000b680  ................",
  recognise: (line) => (line.addressMark === "indented" ? 95 : 0),
};
