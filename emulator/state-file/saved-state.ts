import type { KvmHostName, LayoutName, ModelName } from "../../architecture/index.ts";
import type { GicDetails, RamRange } from "../machine.ts";

/** Values of registers by name, in the order in which they were saved. */
export type RegisterValues = ReadonlyMap<string, bigint>;

/** A run of whole 4 KiB pages of RAM that are not all zero. */
export interface MemoryRun {
  /** Guest physical address, a multiple of 4096. */
  readonly address: number;
  /** A multiple of 4096 of them, above 0. */
  readonly bytes: Uint8Array;
}

/** What a machine consists of, so that one of the same shape can be made. */
export interface MachineShape extends GicDetails {
  readonly cpus: number;
  /** 2 of KVM's models alone, without an ITS; 4.1 of `arch` alone. */
  readonly gicVersion: 2 | 3 | 4 | 4.1;
  readonly secure: boolean;
  /** FEAT_GICv3_NMI; undefined = without. */
  readonly nmi?: boolean;
  /** Of KVM's models: whose virtual CPU interface the host has; undefined = `arm`. */
  readonly host?: KvmHostName;
  /** Options of `arch` (see MachineOptions); undefined for the other models. */
  readonly systemErrors?: boolean;
  readonly singleVmovp?: boolean;
  readonly layout?: LayoutName;
  readonly ram: readonly RamRange[];
  /** Addresses of the ITSs' control frames. */
  readonly its: readonly number[];
}

/** A stopped machine: registers by name, RAM with the tables in it. What a state file holds. */
export interface SavedState {
  readonly model: ModelName;
  readonly shape: MachineShape;
  /**
   * GICD_* of a KVM model through its device attributes; of a QEMU model its migration fields; of `arch` the words that it holds. The
   * same holds for the others.
   */
  readonly distributor: RegisterValues;
  /** One a PE. */
  readonly redistributors: readonly RegisterValues[];
  /** ICC_*, one a PE. */
  readonly cpuInterfaces: readonly RegisterValues[];
  readonly itss: readonly RegisterValues[];
  /** Of `arch`: what it holds of vPEs beside the tables, in order of vPEID. */
  readonly vpes?: readonly RegisterValues[];
  /** Of `arch`: VMOVPs that some ITSs have still to take, in order of Sequence_Number. */
  readonly vmovps?: readonly RegisterValues[];
  /** Of `arch`, by ITS: devices in order of DeviceID, each with the events that commands have mapped. */
  readonly mapped?: readonly (readonly RegisterValues[])[];
  readonly memory: readonly MemoryRun[];
}

/** Why a machine cannot be saved or a state not be loaded. */
export interface StateFailure {
  /** Step of the save or restore: "SAVE_TABLES of ITS 0", "GITS_CBASER of ITS 0". */
  readonly step: string;
  /** errno of the kernel; undefined when no kernel was asked, or when it crashed. */
  readonly errno?: number;
  readonly message: string;
}
