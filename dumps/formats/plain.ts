import type { TextFormat } from "./format.ts";

/** `address: words` as people type it. */
export const plain: TextFormat = {
  kind: "text",
  name: "address: words",
  title: "plain address: words",
  sample: "40100040: 8002000008080004 80b6000008090000",
  recognise: () => 10,
};
