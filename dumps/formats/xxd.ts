import type { TextFormat } from "./format.ts";

/** vim's xxd: groups of 2 bytes in memory order; `-e` writes little-endian words and then looks like U-Boot's md. */
export const xxd: TextFormat = {
  kind: "text",
  name: "xxd",
  title: "xxd",
  sample: "00000040: 0400 0808 0000 0280 0000 0908 0000 b680  ................",
  recognise(line, style) {
    if (line.addressMark !== "colon" || line.groupsPrefixed || line.hasLogPrefix || line.addressPrefixed) return 0;
    if (line.digits === 4) return 70;
    return (style.groups.order === "bytes" || line.digits === 2) && line.asciiStart >= 0 ? 60 : 0;
  },
};
