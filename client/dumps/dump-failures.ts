import type { Uri } from "vscode";
import { nameOf } from "../file-names.ts";
import type { Failure } from "../protocol.ts";
import { texts } from "../texts.ts";
import { HeldBack } from "./decoding-guard.ts";
import { GivenUp } from "./slices.ts";

/** What to tell of an error while a dump was read or decoded; undefined when it only was given up, as its text has changed. */
export function failureOf(error: unknown, uri: Uri): Failure | undefined {
  if (error instanceof GivenUp) return undefined;
  if (error instanceof HeldBack) {
    return { code: "GIC-DUMP-HELD", message: texts.dumpHeld(nameOf(uri)), anyway: texts.decodeAnyway() };
  }
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: "GIC-DUMP-FAILED", message: texts.dumpFailed(nameOf(uri), reason) };
}
