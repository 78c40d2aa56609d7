import assert from "node:assert/strict";
import {
  decodeState,
  encodeState,
  loadState,
  type Machine,
  type SavedState,
  saveState,
} from "../../../emulator/index.ts";

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

/** The text of a file in which one value, by its path, is another; undefined takes the field out. */
export function changed(json: string, path: string, value: unknown): string {
  const file: unknown = JSON.parse(json);
  const steps = path.split(".");
  const last = steps.pop() ?? "";
  let at = file as Record<string, unknown>;
  for (const step of steps) at = at[step] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return JSON.stringify(file);
}
