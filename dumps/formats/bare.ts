import type { TextFormat } from "./format.ts";

/** Lines without addresses: od -An, xxd -p, arrays of C, print_hex_dump with DUMP_PREFIX_NONE. */
export const bare: TextFormat = {
  kind: "text",
  name: "no addresses",
  title: "words without addresses",
  sample: " 8002000008080004 80b6000008090000",
  recognise: (line) => (line.addressMark === "none" ? 100 : 0),
};
