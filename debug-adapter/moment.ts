import { encodeState, type SaveResult, saveState } from "../emulator/index.ts";
import { EmulatorTarget, type Target } from "../runner/index.ts";
import { errors } from "./errors.ts";

/** Memory of a machine that is sent as one text, in bytes. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * A machine as it is at this moment, as the text of a state file. Saving a machine of KVM writes its tables to its memory; that is taken back.
 * @throws AdapterError when it cannot be saved
 */
export function momentOf(target: Target): string {
  if (!(target instanceof EmulatorTarget)) throw errors.notSaved("this target is no machine of the emulator");
  const { machine } = target;
  const saved: SaveResult = machine.journal.peek(() => saveState(machine));
  if ("failure" in saved) throw errors.notSaved(saved.failure.message);
  const bytes = saved.state.memory.reduce((sum, run) => sum + run.bytes.length, 0);
  if (bytes > MAX_BYTES) throw errors.notSaved(`it has ${bytes >> 20} MiB of memory that is not zero`);
  return encodeState(saved.state).json;
}
