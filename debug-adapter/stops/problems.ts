import { hex } from "../../architecture/hex.ts";
import { defineDiagnostic } from "../../language/index.ts";

/** What a run can stop at that is no problem of the script. */
export const adapterProblems = {
  ignoredWrite: defineDiagnostic(
    "ignored-write",
    "A write was ignored",
    /** @param lock the field that makes it read-only, which is 1 */
    (register: string, wanted: bigint, value: bigint, lock: string | undefined) =>
      `${register} stays ${hex(value)}: ${lock === undefined ? `the write of ${hex(wanted)} changed nothing` : `it is read-only while ${lock} is 1`}.`,
  ),
  modelsDiffer: defineDiagnostic(
    "model-difference",
    "Another model does something else",
    (model: string, own: string, others: string) => `On ${model}: ${own}. On ${others}.`,
  ),
  machinesDiffer: defineDiagnostic(
    "comparison",
    "The two machines of a comparison differ",
    (what: string, own: string, other: string) => `The ${what} differs. ${own}; ${other}.`,
  ),
} as const;
