import type { TextFormat } from "./format.ts";

/** od without options, -b, -d, -o, -c, -t u, -t d; hexdump -b, -c, -d, -o: numbers that are not hexadecimal, or characters. */
export const odNumbers: TextFormat = {
  kind: "text",
  name: "od / hexdump numbers",
  title: "od or hexdump in octal, decimal or characters",
  sample: "0000100 000004 004010 000000 100002 000000 004011 000000 100266",
  recognise: (line) => (line.digitForm !== 16 && line.addressMark === "blank" ? 100 : 0),
};
