import type { Diagnostic, ExpectedOutcome, Span } from "../language/index.ts";
import { runErrors } from "./errors.ts";
import { expectedText } from "./expected.ts";
import type { Target } from "./target.ts";

/**
 * The problem of a load or store, unless it came to what the author expected.
 * @param answered a device or RAM took it @param place what was accessed, for users
 */
export function judgeAccess(
  target: Target,
  answered: boolean,
  place: string,
  { expected }: { readonly expected?: ExpectedOutcome | undefined },
  whole: Span,
): readonly Diagnostic[] {
  const exits = !answered && target.vmm !== undefined;
  if (expected === undefined) {
    if (answered) return [];
    return [exits ? runErrors.mmioExit(whole, place) : runErrors.busError(whole, place)];
  }
  const found = answered ? "done" : exits ? "MMIO_EXIT" : "an external abort";
  return expected.kind === found ? [] : [runErrors.outcomeDiffers(whole, expectedText(expected), found)];
}
