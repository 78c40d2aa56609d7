import type { TextFormat } from "./format.ts";

/** xxd -b: eight binary digits for each byte, six bytes a line. */
export const xxdBinary: TextFormat = {
  kind: "text",
  name: "xxd -b",
  title: "xxd -b",
  sample: "00000040: 00000100 00000000 00001000 00001000 00000000 00000000  ......",
  recognise: (line) => (line.digitForm === 2 ? 100 : 0),
};
