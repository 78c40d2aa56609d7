import type { KernelModelName } from "../../architecture/index.ts";
import type { KvmDecisions, KvmModel } from "./model.ts";
import { narrowTables } from "./table-abi.ts";

/** Linux 7.3: arch/arm64/kvm/vgic. */
const linux73: KvmDecisions = {
  kernel: "Linux 7.3.4",
  unlocatableDeviceOnSave: "skip",
  iteWithoutCollectionOnSave: "zero-entry",
  iteNextSkipsUnmapped: true,
  oneIteAnLpi: true,
  mappingSetsTarget: true,
  unmapClearsEntry: true,
  movallMoves: "RDbase1",
  failedRestoreFrees: true,
  iteMustBeInRam: true,
  unfitIcidOnRestore: "EINVAL",
  restoreChecksEventBits: true,
  restoreChecksDeviceId: true,
  baserChangeFrees: true,
  implementationRevision: 3,
  offsetCheckedBeforeLocks: false,
  unknownCtrlAttribute: "ENXIO",
  lpiInvalidationRegisters: true,
  typerLastForUser: true,
  failedRegionStays: false,
  failedRegionTakes: "its own frames",
  frameCheck: "whole frame",
  pendingTablesNeedInit: true,
  lineChecksInitFirst: true,
  unknownSystemRegister: "ENOENT",
  identityBeforeInit: true,
  maintenanceInterruptAttribute: true,
  dirAttribute: true,
  failedStart: "VM dead",
  listOrder: "enabled-group-first",
  countsEois: true,
  resamplesOnDeactivation: true,
  softwareDeactivation: true,
  tableAbis: [narrowTables(0)],
  revisionWrite: "selects",
  level2FirstDevice: "DTE size",
  level2Step: "DTE size",
  level1Step: "level-1 entry size",
  level2Answer: "0 ends the walk",
  wideEntryRest: "zero",
  queueWriters: "one at a time",
  cwriterAtEnd: "ignored",
  hardwareCollections: 0,
  typerIteBytes: 8,
  idRegisters: "Arm",
  activePriorityFormat: "the host's levels",
  unknownV2Register: "ignored",
  accessExcludes: "vCPU locks",
};

/** Linux 7.2.13: before 7.3's "one LPI, one ITE" and its clean-ups of saved ITEs and of redistributor regions that fail. */
export const linux72: KvmDecisions = {
  ...linux73,
  kernel: "Linux 7.2.13",
  iteNextSkipsUnmapped: false,
  oneIteAnLpi: false,
  mappingSetsTarget: false,
  failedRegionTakes: "all frames",
};

/**
 * Linux 6.12.107: before 6.12.112 ("Skip unreachable devices instead of failing the save", "BASER change frees") and
 * 6.12.113 ("Don't dereference a NULL collection on ITT save", "Fix MOVALL handling of source redistributor").
 */
const linux612: KvmDecisions = {
  ...linux72,
  kernel: "Linux 6.12.107",
  unlocatableDeviceOnSave: "EINVAL",
  iteWithoutCollectionOnSave: "host-crash",
  movallMoves: "every LPI",
  baserChangeFrees: false,
  unknownCtrlAttribute: "OK",
  identityBeforeInit: false,
  lineChecksInitFirst: false,
  maintenanceInterruptAttribute: false,
  dirAttribute: false,
  listOrder: "active-first",
  countsEois: false,
};

/** Linux 6.1.192 (Debian 6.1.192-2): the NULL collection is fixed, MOVALL still walks the list of its source. */
const linux61: KvmDecisions = {
  ...linux612,
  kernel: "Linux 6.1.192",
  iteWithoutCollectionOnSave: "zero-entry",
  movallMoves: "RDbase1",
};

/** Linux 5.10.223: before the checks and clean-ups that RESTORE_TABLES got, and before GICR_CTLR.{IR,CES}. */
export const linux510: KvmDecisions = {
  ...linux61,
  kernel: "Linux 5.10.223",
  iteWithoutCollectionOnSave: "host-crash",
  unmapClearsEntry: false,
  failedRestoreFrees: false,
  iteMustBeInRam: false,
  unfitIcidOnRestore: "skip",
  restoreChecksEventBits: false,
  implementationRevision: 2,
  offsetCheckedBeforeLocks: true,
  lpiInvalidationRegisters: false,
  resamplesOnDeactivation: false,
  softwareDeactivation: false,
  typerLastForUser: false,
  failedRegionStays: true,
  unknownSystemRegister: "ENXIO",
  failedStart: "GIC torn down",
  frameCheck: "start",
  pendingTablesNeedInit: false,
};

function model(name: KvmModel["name"], kvm: KvmDecisions): KvmModel {
  return { name, title: `KVM of ${kvm.kernel}`, kvm };
}

export const kvmModels = {
  "kvm-5.10": model("kvm-5.10", linux510),
  "kvm-6.1": model("kvm-6.1", linux61),
  "kvm-6.12": model("kvm-6.12", linux612),
  "kvm-7.2": model("kvm-7.2", linux72),
  "kvm-7.3": model("kvm-7.3", linux73),
} as const satisfies Record<KernelModelName, KvmModel>;
