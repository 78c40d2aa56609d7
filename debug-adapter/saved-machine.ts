import { decodeState, type Machine, type SavedState } from "../emulator/index.ts";
import { problemSentence, restoredMachine, stateLines } from "../runner/saved-machines/index.ts";
import { errors } from "./errors.ts";
import type { LaunchAttributes } from "./protocol.ts";
import type { ScriptSource } from "./sources/script-source.ts";

/** The saved machine that a session begins on. */
export interface SavedMachine {
  readonly path: string;
  /** File name, for people. */
  readonly name: string;
  /** New with each launch. */
  readonly machine: Machine;
  /** What is in the file, for a session without a script to show in its place. */
  overview(): string;
}

/**
 * Reads the state file of a launch configuration and restores its machine; undefined when it names none.
 * @throws AdapterError when this cannot be done, or when attributes stand beside it that describe a machine
 */
export async function savedMachine(
  attributes: LaunchAttributes,
  source: ScriptSource,
): Promise<SavedMachine | undefined> {
  const { state: path, model, cpus } = attributes;
  if (path === undefined) return undefined;
  if (typeof path !== "string" || path === "") throw errors.badState();
  if (model !== undefined) throw errors.stateHasMachine("model");
  if (cpus !== undefined) throw errors.stateHasMachine("cpus");
  const { text, raw } = await source.readState(path);
  const decoded = decodeState(text, raw);
  if ("problem" in decoded) throw errors.state(path, problemSentence(decoded.problem));
  const restored = restoredMachine(decoded.state);
  if ("failure" in restored) throw errors.state(path, restored.failure);
  return {
    path,
    name: source.name(path),
    machine: restored.machine,
    overview: () => overviewOf(decoded.state),
  };
}

function overviewOf(state: SavedState): string {
  return `${[...stateLines(state)].join("\n")}\n`;
}
