import type { SavedState } from "../../emulator/index.ts";
import type { MachineDescription, RuleSettings, ScriptDocument } from "../../language/index.ts";
import {
  EmulatorTarget,
  type MachineBounds,
  type Prepare,
  type Prepared,
  preparing,
  type RunEvent,
  runningScript,
  scriptBounds,
} from "../../runner/index.ts";
import { restoredMachine } from "../../runner/saved-machines/index.ts";
import { errors } from "../errors.ts";

/** What is given for the machine that a script describes. */
export interface GivenMachine {
  /** Whatever the script says. */
  readonly model?: MachineDescription["model"] | undefined;
  /** Of each script the first machine: each gets a new one. */
  readonly saved?: { readonly file: string; readonly state: SavedState } | undefined;
}

/**
 * Runs a script to its end, see {@link runningScript}.
 * @param name of the script, in errors
 * @param bounds what its machines may take of their host
 * @throws CliError for a script that cannot be run at all, and for a saved machine that cannot be restored
 */
export function* runScript(
  name: string,
  document: ScriptDocument,
  given: GivenMachine,
  settings: RuleSettings,
  bounds: MachineBounds = scriptBounds(),
): Generator<RunEvent, void, undefined> {
  if (document.refusal !== undefined) throw errors.script(name, document.refusal.message);
  const isEmpty = !document.lines.some(({ statement }) => statement !== undefined);
  if (isEmpty && document.diagnostics(undefined, settings).list.length === 0) throw errors.noStatement(name);

  const described = preparing(bounds, (machine) =>
    given.model === undefined ? machine : { ...machine, model: given.model },
  );
  // A saved machine is that of its model alone, and nothing runs beside it.
  const prepare: Prepare = given.saved === undefined ? described : (machine) => described(machine);
  yield* runningScript(
    document,
    firstMachine(given, () => prepare(document.machine)),
    prepare,
    settings,
  );
}

/** The machine that a script begins on. @throws CliError for a saved one that cannot be restored */
function firstMachine({ saved }: GivenMachine, described: () => Prepared): Prepared {
  if (saved === undefined) return described();
  const restored = restoredMachine(saved.state);
  if ("failure" in restored) throw errors.state(saved.file, restored.failure);
  return { target: new EmulatorTarget(restored.machine) };
}
