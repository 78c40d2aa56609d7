import { isCrashLine } from "../hex-text/byte-order.ts";
import type { TextFormat } from "./format.ts";

/** crash's rd: the address is filled up to 16 columns with blanks, two blanks follow its colon. */
export const crash: TextFormat = {
  kind: "text",
  name: "crash rd",
  title: "crash rd",
  sample: "ffff000000000000:  8000000000000001 0000000000400000   ..........@.....",
  recognise: (line) => (isCrashLine(line) ? 90 : 0),
};
