import type { ExpectedOutcome } from "../language/index.ts";

/** An outcome as the script names it. */
export function expectedText(expected: ExpectedOutcome): string {
  switch (expected.kind) {
    case "error":
      return expected.name ?? `0x${expected.code.toString(16)}`;
    case "errno":
      return expected.name;
    default:
      return expected.kind;
  }
}
