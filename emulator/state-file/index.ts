export { attemptRestore, type ItsAttempt, type RestoreAttempt, type WalkWitness } from "./attempt-restore.ts";
export { type DecodeResult, decodeState, rawFileOf, type StateProblem } from "./decode.ts";
export { type EncodedState, encodeState, MAX_INLINE_BYTES, STATE_FORMAT, STATE_VERSION, versionOf } from "./encode.ts";
export { explainRestoreFailure, faultSentence, type RestoreFault, restoreFaultText } from "./explain-restore.ts";
export { type LoadResult, loadState, type SaveResult, saveState } from "./save-state.ts";
export type { MachineShape, MemoryRun, RegisterValues, SavedState, StateFailure } from "./saved-state.ts";
