export { createMachine } from "./create-machine.ts";
export { Journal, type LoggedChange } from "./journal/journal.ts";
export type { Mark } from "./journal/undo-log.ts";
export type { HypervisorAccess } from "./kvm/cpu/world-switch.ts";
export { Errno, type ErrnoName, errnoName } from "./kvm/errno.ts";
export type { Msi, MsiResult, VmmOptions } from "./kvm/vmm/ioctls.ts";
export { KvmVmm } from "./kvm/vmm/vmm.ts";
export * from "./machine.ts";
export { GuestMemory } from "./memory/guest-memory.ts";
export { MemoryBudget, MemoryLimitError } from "./memory-budget.ts";
export type { Loss } from "./migration/compare-machines.ts";
export { type MigrationReport, type MigrationStep, migrateMachine } from "./migration/machine-migration.ts";
export { type MatrixRow, migrationMatrix, reviewHosts } from "./migration/matrix.ts";
export { type FailingStep, type Hop, type Host, migrate, type Stop } from "./migration/migrate.ts";
export { type MigrationOrder, migrationOrder, migrationOrders } from "./migration/orders.ts";
export { type Policy, type PolicyName, policies, policyByName } from "./migration/policy.ts";
export { modelByName, modelNames, releasedModelNames } from "./models/index.ts";
export {
  DONE,
  type Outcome,
  OutcomeKind,
  type OutcomeName,
  outcomeDetail,
  outcomeName,
} from "./outcome.ts";
export { finish, type Pace, type Steps } from "./pace.ts";
export { QemuMachine } from "./qemu/machine.ts";
export type { EntryKind, QemuObserver } from "./qemu/observer.ts";
export { type Remark, type RemarkName, type RemarkRule, remarkRules } from "./remarks.ts";
export * from "./state-file/index.ts";
export * from "./vmm.ts";
