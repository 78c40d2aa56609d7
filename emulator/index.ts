export { type ErrnoName, Errno, errnoName } from "./kvm/errno.ts";
export { type IoctlResult, type KernelVersion, KvmVm } from "./kvm/vm.ts";
export type { ModelName } from "./models/model.ts";
export {
  type Outcome,
  OutcomeKind,
  type OutcomeName,
  outcomeDetail,
  outcomeName,
} from "./outcome.ts";
export type { Mark } from "./state/journal.ts";
