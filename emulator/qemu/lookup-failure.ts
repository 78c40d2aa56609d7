import { ignored, type Outcome, silentlyIgnored, stalled, swallowed } from "../outcome.ts";
import { Kind } from "./its-errors.ts";
import { type Found, NO_PAGE, NO_PE, UNREADABLE } from "./its-lookup.ts";

/** What a failed lookup makes of a command. @param group 0x01CC00 of the command */
export function failed(group: number, found: Found): Outcome {
  if (found === UNREADABLE) return stalled(0);
  if (found === NO_PAGE) return swallowed(0);
  return found === NO_PE ? silentlyIgnored(group | Kind.ite) : ignored(group | found);
}
