export type ModelName = "kvm-5.10" | "kvm-6.1" | "kvm-6.12" | "kvm-7.2";

/** What a Linux kernel's virtual ITS decides where kernels differ. Every decision names its source. */
export interface KvmDecisions {
  /** Exact version that was recorded, for sentences to users. */
  readonly kernel: string;
  /** SAVE_TABLES with a device whose DTE has no place in the table (its L1 entry is gone). */
  readonly unlocatableDeviceOnSave: "EINVAL" | "skip";
  /** SAVE_TABLES with an ITE whose collection was unmapped after MAPTI. */
  readonly iteWithoutCollectionOnSave: "host-crash" | "zero-entry";
  /** What ITE.next of a saved table points at: the next event that still has a collection, or the next event of the list. */
  readonly iteNextSkipsUnmapped: boolean;
  /** DISCARD writes a zero ITE, MAPD V=0 a zero DTE to guest memory. */
  readonly unmapClearsEntry: boolean;
  /** Which LPIs MOVALL moves: those of RDbase1, or every LPI of the VM. */
  readonly movallMoves: "RDbase1" | "every LPI";
  /** A failed RESTORE_TABLES frees what it had restored. */
  readonly failedRestoreFrees: boolean;
  /** MAPTI and RESTORE_TABLES refuse an event whose ITE is not in RAM. */
  readonly iteMustBeInRam: boolean;
  /** RESTORE_TABLES meets an ICID that does not fit the collection table. */
  readonly unfitIcidOnRestore: "EINVAL" | "skip";
  /** RESTORE_TABLES refuses a DTE with more than 16 EventID bits. */
  readonly restoreChecksEventBits: boolean;
  /** A BASER write that changes the register frees the table's contents and empties the translation cache, Valid or not. */
  readonly baserChangeFrees: boolean;
  /** Implementation revision in GICD_IIDR.Revision; from 3 on GICR_CTLR reads IR and CES as 1. */
  readonly implementationRevision: 2 | 3;
  /** Register access with a running vCPU: the offset is looked up before the vCPU locks are taken. */
  readonly offsetCheckedBeforeLocks: boolean;
  /** A CTRL attribute that does not exist. */
  readonly unknownCtrlAttribute: "ENXIO" | "OK";
}

/** A named set of behaviours. */
export interface Model {
  readonly name: ModelName;
  readonly title: string;
  readonly kvm: KvmDecisions;
}
