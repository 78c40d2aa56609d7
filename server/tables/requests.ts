import { resolveModel } from "../../architecture/index.ts";
import { interruptMap } from "../../dumps/captures/index.ts";
import type { Work } from "../../dumps/work.ts";
import { encodeState } from "../../emulator/index.ts";
import { machineOfTables } from "../../runner/inputs/machine-of-tables.ts";
import { capturesIn, namesTables, walkTables } from "../../runner/inputs/tables-input.ts";
import {
  checkRequest,
  compareRequest,
  type MachineOfTables,
  type MachineParams,
  type MapParams,
  machineRequest,
  mapRequest,
  type TablesAnswers,
  type TablesParams,
  traceRequest,
} from "../tables-protocol.ts";
import { checkInput } from "./check.ts";
import { compareInputs } from "./compare.ts";
import { type FileAccess, InputProblem, layoutOf, noTables, readInput, readTables } from "./read-input.ts";
import { traceInput } from "./trace.ts";

type Requests = keyof TablesAnswers & string;
type Handler<Name extends Requests> = (
  params: TablesParams[Name],
  access: FileAccess | undefined,
) => Work<TablesAnswers[Name]>;

/** What each request is answered with; a handler throws InputProblem for what the user can mend. */
export const tablesHandlers: { readonly [Name in Requests]: Handler<Name> } = {
  [compareRequest]: compareInputs,
  [checkRequest]: checkInput,
  [traceRequest]: traceInput,
  [mapRequest]: mapOf,
  [machineRequest]: machineOf,
};

function* mapOf({ input }: MapParams, access: FileAccess | undefined): Work<TablesAnswers[typeof mapRequest]> {
  const { reports, itss } = yield* readTables(input, access);
  const pes = Math.max(0, ...itss.map(({ facts }) => facts.pes));
  return { map: interruptMap(reports, pes), input: input.name };
}

function* machineOf({ input, model }: MachineParams, access: FileAccess | undefined): Work<MachineOfTables> {
  const content = yield* readInput(input, access);
  const captures = capturesIn(content);
  if (!("state" in content) && !namesTables(captures)) throw new InputProblem(noTables(input.name, content));
  const tables = yield* walkTables(input.name, content, captures, layoutOf(input.layout));
  const made = machineOfTables(content, tables, model === undefined ? undefined : resolveModel(String(model)));
  if ("failure" in made) throw new InputProblem(made.failure);
  yield;
  return { json: encodeState(made.state).json, model: made.state.model, left: made.left };
}
