export { createMachine } from "./create-machine.ts";
export { Errno, type ErrnoName, errnoName } from "./kvm/errno.ts";
export { type IoctlResult, type KernelVersion, KvmVm } from "./kvm/vm.ts";
export * from "./machine.ts";
export { GuestMemory } from "./memory/guest-memory.ts";
export { modelByName, modelNames, resolveModel } from "./models/index.ts";
export type { ModelName } from "./models/model.ts";
export {
  DONE,
  type Outcome,
  OutcomeKind,
  type OutcomeName,
  outcomeDetail,
  outcomeName,
} from "./outcome.ts";
export type { Mark } from "./state/journal.ts";
export { Journal } from "./state/journal.ts";
