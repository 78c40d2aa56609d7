import assert from "node:assert/strict";
import { decodeState, encodeState, loadState, type Machine, type SavedState, saveState } from "../../emulator/index.ts";

export function saved(machine: Machine): SavedState {
  const result = saveState(machine);
  if ("failure" in result) assert.fail(result.failure.message);
  return result.state;
}

export function loaded(state: SavedState): Machine {
  const result = loadState(state);
  if ("failure" in result) assert.fail(result.failure.message);
  return result.machine;
}

/** Through the text of a file. */
export function throughFile(state: SavedState): SavedState {
  const result = decodeState(encodeState(state).json);
  if ("problem" in result) assert.fail(result.problem.message);
  return result.state;
}
