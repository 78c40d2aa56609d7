import type { TextFormat } from "./format.ts";

/** od -A x -t x1, x2, x4, x8 and hexdump's default: words of the machine that ran it, which is taken to be little-endian. */
export const od: TextFormat = {
  kind: "text",
  name: "od / hexdump",
  title: "od or hexdump words",
  sample: "000040 8002000008080004 80b6000008090000",
  recognise: (line) => (line.addressMark === "blank" ? 80 : 0),
};
