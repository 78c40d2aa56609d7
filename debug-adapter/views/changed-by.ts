import type { Steps } from "../../emulator/index.ts";
import { lastChange, type ScriptRun } from "../../runner/index.ts";
import { AdapterError, errors } from "../errors.ts";
import { evaluateExpression } from "../evaluate.ts";
import type { ChangedByArguments, ChangedByBody } from "../views-protocol.ts";

/**
 * Answers `gic/changedBy`, in steps as {@link lastChange} has them.
 * @throws AdapterError when the past is out of reach, or the expression cannot be read
 */
export function* changedBy(
  run: ScriptRun,
  program: string | undefined,
  asked: ChangedByArguments,
): Steps<ChangedByBody> {
  if (program === undefined) return {};
  const found = yield* lastChange(run, readerOf(run, asked));
  if (found === undefined)
    throw errors.pastOutOfReach("expression" in asked ? asked.expression : JSON.stringify(asked));
  return { program, ...(found.line === undefined ? {} : { line: found.line + 1 }) };
}

/** What is looked at, as a text that is the same as long as it is. */
function readerOf(run: ScriptRun, asked: ChangedByArguments): () => string {
  if ("expression" in asked) {
    return () => {
      try {
        return evaluateExpression(asked.expression, run, {}).value;
      } catch (error) {
        if (error instanceof AdapterError) return error.message;
        throw error;
      }
    };
  }
  const { its = 0 } = asked;
  if (its >= run.target.map.its.length) throw errors.noVariable(`ITS ${its}`);
  const tables = () => run.target.tables(its);
  if ("icid" in asked) return () => JSON.stringify(tables().collection(asked.icid) ?? null);
  const { device, event } = asked;
  if (event === undefined) return () => JSON.stringify(tables().device(device) ?? null);
  // Not its collection: MOVI moves an event that another line has mapped.
  return () => String(tables().event(device, event)?.intid ?? null);
}
