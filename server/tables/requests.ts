import { resolveModel } from "../../architecture/index.ts";
import { type InterruptMap, interruptMap } from "../../dumps/captures/index.ts";
import type { Work } from "../../dumps/work.ts";
import { encodeState } from "../../emulator/index.ts";
import { machineOfTables } from "../../runner/inputs/machine-of-tables.ts";
import { tablesDump } from "../../runner/inputs/tables-dump.ts";
import { capturesIn, type InputTables, walkTables } from "../../runner/inputs/tables-input.ts";
import { dumpCheckRequest } from "../dump-check-protocol.ts";
import {
  type Answer,
  checkRequest,
  compareRequest,
  type DumpParams,
  dumpRequest,
  type MachineOfTables,
  type MachineParams,
  type MapAnswer,
  type MapParams,
  machineRequest,
  mapRequest,
  registersRequest,
  type TablesAnswers,
  type TablesDump,
  type TablesParams,
  traceRequest,
} from "../tables-protocol.ts";
import { checkInput } from "./check.ts";
import { dumpCheckWork } from "./check-text.ts";
import { compareInputs, inputDetail } from "./compare.ts";
import { type FileAccess, InputProblem, layoutOf, noTables, readInput, readTables, sayTables } from "./read-input.ts";
import { registersOf } from "./registers.ts";
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
  [dumpRequest]: dumpOf,
  [registersRequest]: registersOf,
  [dumpCheckRequest]: dumpCheckWork,
};

function* mapOf({ input }: MapParams, access: FileAccess | undefined): Work<MapAnswer> {
  const tables = yield* readTables(input, access);
  const { reports, itss } = tables;
  const map = interruptMap(reports, Math.max(0, ...itss.map(({ facts }) => facts.pes)));
  yield;
  return { map, detail: inputDetail(tables), files: filesOf(map, tables) };
}

/** The files that hold the entries of a map, by runs of addresses: most maps have few. */
function filesOf({ devices }: InterruptMap, { itss }: InputTables): MapAnswer["files"] {
  const places = devices.flatMap(({ its, address, events }) =>
    [address, ...events.map((event) => event.address)].flatMap((at) => (at === undefined ? [] : [{ its, at }])),
  );
  const files: { from: number; file: string | undefined }[] = [];
  for (const { its, at } of places.sort((a, b) => a.at - b.at)) {
    const file = itss[its].memory.sourceOf(at)?.file;
    if (files.length === 0 || files.at(-1)?.file !== file) files.push({ from: at, file });
  }
  return files;
}

function* dumpOf({ input }: DumpParams, access: FileAccess | undefined): Work<Answer<TablesDump>> {
  return { dump: yield* tablesDump(yield* readTables(input, access)) };
}

function* machineOf({ input, model }: MachineParams, access: FileAccess | undefined): Work<MachineOfTables> {
  const content = yield* readInput(input, access);
  const captures = yield* capturesIn(content);
  if (!("state" in content) && !sayTables(captures)) throw noTables(input.name, content);
  const tables = yield* walkTables(input.name, content, captures, layoutOf(input.layout));
  const made = machineOfTables(content, tables, model === undefined ? undefined : resolveModel(String(model)));
  if ("failure" in made) throw new InputProblem(made.failure);
  yield;
  return { json: encodeState(made.state).json, model: made.state.model, left: made.left };
}
