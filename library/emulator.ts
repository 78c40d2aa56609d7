/**
 * `gicwb/emulator`: machines with a GIC and ITSs, driven by address as software drives them. They are the machines of the debugger and of
 * `gicwb run`. Pure code: no file, no network, no Node API, so it runs in a browser's worker as well.
 */
export type { ModelName } from "../architecture/models.ts";
export { defaultModel, models, resolveModel } from "../architecture/models.ts";
export { createMachine } from "../emulator/create-machine.ts";
export type { Journal } from "../emulator/journal/journal.ts";
export type { Mark } from "../emulator/journal/undo-log.ts";
export { errnoName } from "../emulator/kvm/errno.ts";
export type {
  AccessBytes,
  CollectionState,
  CommandEvent,
  DeviceState,
  EventState,
  ItsTables,
  LpiState,
  Machine,
  MachineOptions,
  MemoryMap,
  QueueState,
  RamRange,
} from "../emulator/machine.ts";
export { MemoryBudget, MemoryLimitError } from "../emulator/memory-budget.ts";
export type { Outcome, OutcomeName } from "../emulator/outcome.ts";
export { DONE, outcomeDetail, outcomeName } from "../emulator/outcome.ts";
export type { DecodeResult, StateProblem } from "../emulator/state-file/decode.ts";
export { decodeState } from "../emulator/state-file/decode.ts";
export type { EncodedState } from "../emulator/state-file/encode.ts";
export { encodeState } from "../emulator/state-file/encode.ts";
export type { LoadResult, SaveResult } from "../emulator/state-file/save-state.ts";
export { loadState, saveState } from "../emulator/state-file/save-state.ts";
export type { SavedState } from "../emulator/state-file/saved-state.ts";
export type { Vmm } from "../emulator/vmm.ts";
