import type { TextFormat } from "./format.ts";

/** `xxd -e` and U-Boot's md.q, md.l: the two tools write the same line. */
export const wordsWithText: TextFormat = {
  kind: "text",
  name: "xxd -e / md",
  title: "xxd -e or U-Boot md",
  sample: "40100040: 8002000008080004 80b6000008090000  ................",
  recognise(line, style) {
    const plain = line.addressMark === "colon" && !line.groupsPrefixed && !line.hasLogPrefix && !line.addressPrefixed;
    if (!plain || line.asciiStart < 0) return 0;
    return style.groups.order === "little" && line.digits > 4 ? 60 : 30;
  },
};
