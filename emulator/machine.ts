import type { KvmHostName, LayoutName, ModelName, TableKind } from "../architecture/index.ts";
import type { Journal } from "./journal/journal.ts";
import type { GuestMemory } from "./memory/guest-memory.ts";
import type { MemoryBudget } from "./memory-budget.ts";
import type { Model } from "./models/model.ts";
import type { Outcome } from "./outcome.ts";
import type { Remark } from "./remarks.ts";
import type { Vmm } from "./vmm.ts";

/** Bytes of one access on the bus. */
export type AccessBytes = 1 | 2 | 4 | 8;

/** Where the frames of a machine lie, as guest physical addresses. */
export interface MemoryMap {
  readonly gicd: number;
  readonly gicr: number;
  /** GICv2's CPU interface, as each PE sees its own. Where there is one, there are no redistributors. */
  readonly gicc?: number;
  /** Bytes from one PE's redistributor to the next. */
  readonly gicrStride: number;
  /** Control frames of the ITSs; GITS_TRANSLATER is 0x10040 above each. */
  readonly its: readonly number[];
}

export interface RamRange {
  readonly base: number;
  readonly bytes: number;
}

/** What of a GIC machines may have otherwise than their model has it; undefined = as the model has it. */
export interface GicDetails {
  /** SPIs, a multiple of 32, 32..960: of KVM (KVM_DEV_ARM_VGIC_GRP_NR_IRQS) and of `arch`. */
  readonly spis?: number;
  /** Bits of an INTID (GICD_TYPER.IDbits + 1), 14..24: of `arch`. */
  readonly intidBits?: number;
  /** Priority bits: of `arch` those of the CPU interface, 4..8; of KVM's models those of the host's virtual one, 5..8. */
  readonly priorityBits?: number;
  /** List registers of the host of a KVM guest, 1..16 (ICH_VTR_EL2.ListRegs + 1). */
  readonly listRegisters?: number;
  /** Aff3.Aff2.Aff1.Aff0 of each PE, a byte each: of KVM those that its vCPU ids give, and of `arch` any. */
  readonly affinities?: readonly number[];
}

/** Those of {@link GicDetails} that options give. */
export function detailsOf(options: GicDetails): GicDetails {
  const { spis, intidBits, priorityBits, listRegisters, affinities } = options;
  return {
    ...(spis === undefined ? {} : { spis }),
    ...(intidBits === undefined ? {} : { intidBits }),
    ...(priorityBits === undefined ? {} : { priorityBits }),
    ...(listRegisters === undefined ? {} : { listRegisters }),
    ...(affinities === undefined ? {} : { affinities }),
  };
}

export interface MachineOptions extends GicDetails {
  /** Default: the default model. */
  readonly model?: ModelName;
  /** PEs, 1..512; of a KVM machine that is only created 0, too. */
  readonly cpus?: number;
  readonly ram?: readonly RamRange[];
  /** Control frames of the ITSs, 1..16 of them. */
  readonly its?: readonly number[];
  /** Whether changes are logged, so that they can be taken back. Default: true. */
  readonly journal?: boolean;
  /** Changes that are logged at most, before the oldest are forgotten. */
  readonly journalLimit?: number;
  /** Bounds the memory of the host that the machine holds. Default: there is no bound. */
  readonly budget?: MemoryBudget;
  /** Architecture of the GIC: 2 or 3 of KVM's models, else 3, 4 (GICv4.0) or, with `arch` alone, 4.1. Default: 3. */
  readonly gicVersion?: 2 | 3 | 4 | 4.1;
  /** Whose virtual CPU interface the host of a KVM model has. Default: `arm`. */
  readonly host?: KvmHostName;
  /** Two Security states and EL3 (QEMU's models and `arch`). Default: false. */
  readonly secure?: boolean;
  /** FEAT_GICv3_NMI, of the PEs as of the GIC, where a model has it ({@link modelHasNmi}). Default: false. */
  readonly nmi?: boolean;
  /** GITS_TYPER.SEIS of `arch`: command errors are signalled as System errors, too. Default: false. */
  readonly systemErrors?: boolean;
  /** GITS_TYPER.VMOVP of `arch`: a VMOVP goes to one ITS. Otherwise it goes to every ITS of its ITSList. Default: true. */
  readonly singleVmovp?: boolean;
  /**
   * Of KVM's models: how far its VMM has come. `created`: memory, vCPUs and devices are there, and nothing is set of them. Default: the
   * guest has run.
   */
  readonly stage?: "created" | "running";
  /** Layout of the tables of `arch`. Default: the model's. GICv4 needs one with a vPE table. */
  readonly layout?: LayoutName;
}

/** One command that an ITS took from its queue. */
export interface CommandEvent {
  readonly its: number;
  /** Byte offset of the command in the queue. */
  readonly queueOffset: number;
  readonly opcode: number;
  readonly outcome: Outcome;
}

export interface DeviceState {
  readonly deviceId: number;
  /** Address of the ITT in bytes. */
  readonly ittAddress: number;
  readonly eventBits: number;
}

/** What a virtual event goes to (GICv4), as its ITE says. */
export interface VirtualTarget {
  readonly vpeId: number;
  /** LPI that tells the hypervisor of the event while the vPE is not resident; undefined when the event has none. */
  readonly doorbell: number | undefined;
}

export interface EventState {
  readonly eventId: number;
  /** LPI of a physical event, vLPI of a virtual one. */
  readonly intid: number;
  /** Undefined of a virtual event, and when the event's collection is gone. */
  readonly icid: number | undefined;
  /** Of a virtual event alone. */
  readonly virtual?: VirtualTarget;
}

export interface CollectionState {
  readonly icid: number;
  /** PE number; undefined while the collection has none. */
  readonly target: number | undefined;
}

/** An LPI as tools see it. */
export interface LpiState {
  readonly intid: number;
  /** PE number; undefined while its collection is not mapped. */
  readonly target: number | undefined;
  readonly enabled: boolean;
  readonly pending: boolean;
  readonly active: boolean;
  /** 0 (most urgent) .. 255. */
  readonly priority: number;
}

/** A vPE as an ITS has mapped it (GICv4). */
export interface VpeState {
  readonly vpeId: number;
  /** PE number. */
  readonly target: number;
  /** Address of the virtual pending table in bytes, and bits of a vINTID. */
  readonly pendingTable: number;
  readonly intidBits: number;
  /** GICv4.1 alone. */
  readonly own?: VpeOwnState;
}

/** What a GIC of version 4.1 has of a vPE beside its entry. */
export interface VpeOwnState {
  /** Address of the virtual LPI configuration table in bytes. */
  readonly configTable: number;
  /** INTID of the default doorbell; undefined: none. */
  readonly doorbell: number | undefined;
  /** Whether the next interrupt raises the default doorbell. */
  readonly doorbellArmed: boolean;
  /** Virtual SGIs 0 to 15. */
  readonly sgis: readonly VsgiState[];
}

export interface VsgiState {
  readonly enabled: boolean;
  readonly pending: boolean;
  readonly group: 0 | 1;
  /** 0 (most urgent) .. 240. */
  readonly priority: number;
}

/** Tables whose entries scripts name: by DeviceID; by DeviceID and EventID; by ICID; by vPEID. */
export type EntryTable = Extract<TableKind, "device" | "itt" | "collection" | "vpe">;

/** An entry of a table. */
export interface TableEntry {
  /** Whether the machine has something mapped there. That its words are zeros says nothing: Xen's of a collection on PE 0 are. */
  readonly mapped: boolean;
  /**
   * A mapped entry as it stands in guest memory, in the machine's layout and as one little-endian number. Of a KVM model, whose tables
   * are the host's: as SAVE_TABLES would write it now. Undefined when nothing is mapped, and where the host's kernel crashes instead of
   * writing it.
   */
  readonly words: bigint | undefined;
}

/** {@link TableEntry} where nothing is mapped. */
export const NOT_MAPPED: TableEntry = { mapped: false, words: undefined };

/** Tables of one ITS as its model holds them. Iterators read the present state; do not change the machine while using one. */
export interface ItsTables {
  /** Mapped devices in order of DeviceID. */
  devices(): Iterable<DeviceState>;
  device(deviceId: number): DeviceState | undefined;
  /** The DeviceIDs of {@link devices}, without an object for each. */
  deviceIds(): Uint32Array;
  /** Mapped events of a device in order of EventID. */
  events(deviceId: number): Iterable<EventState>;
  event(deviceId: number, eventId: number): EventState | undefined;
  collections(): Iterable<CollectionState>;
  collection(icid: number): CollectionState | undefined;
  /** Mapped vPEs in order of vPEID; none but of a GICv4. */
  vpes(): Iterable<VpeState>;
  vpe(vpeId: number): VpeState | undefined;
  /** @param ids as many as {@link EntryTable} says */
  entry(table: EntryTable, ...ids: readonly number[]): TableEntry;
}

/** The command queue of an ITS as its registers say. Sizes and offsets are in bytes. */
export interface QueueState {
  /** GITS_CTLR.Enabled. */
  readonly enabled: boolean;
  /** GITS_CBASER.Valid, address and size. */
  readonly valid: boolean;
  readonly address: number;
  readonly bytes: number;
  /** Offset fields of GITS_CWRITER and GITS_CREADR. */
  readonly writer: number;
  readonly reader: number;
  /** GITS_CREADR.Stalled. */
  readonly stalled: boolean;
}

/** An access that nothing on the bus answers: an external abort. */
export const BUS_ERROR = undefined;

/**
 * A machine with a GIC and ITSs that behaves as one model does. The bus is its face: registers and RAM are read and written by
 * address, as software does it.
 */
export interface Machine {
  readonly model: Model;
  readonly cpus: number;
  readonly map: MemoryMap;
  /** Layout of the entries of its ITSs' tables. */
  readonly layout: LayoutName;
  readonly journal: Journal;
  readonly memory: GuestMemory;
  /** Told of every command that an ITS takes from its queue. */
  onCommand: ((event: CommandEvent) => void) | undefined;
  /** Told of every command that an ITS is about to carry out: its number, and the byte offset of the command in the queue. */
  onCommandBegin: ((its: number, queueOffset: number) => void) | undefined;
  /** Told of what software may not do and of System errors, by models that notice (`arch`). */
  onRemark?: ((remark: Remark) => void) | undefined;
  /** @returns undefined on a bus error */
  read(address: number, bytes: AccessBytes): bigint | undefined;
  /**
   * What it starts may stop where the memory's pace asks for it, and {@link proceed} goes on.
   * @returns false on a bus error
   */
  write(address: number, bytes: AccessBytes, value: bigint): boolean;
  /** Goes on with what the pace has stopped. */
  proceed(): void;
  /** A load by one PE: GICv2's registers are banked, and a PE may be Secure. {@link read} is by PE 0 or, where there are two Security states, Non-secure. */
  readBy(pe: number, address: number, bytes: AccessBytes): bigint | undefined;
  writeBy(pe: number, address: number, bytes: AccessBytes, value: bigint): boolean;
  /** A device writes an EventID to GITS_TRANSLATER. */
  signalMsi(its: number, deviceId: number, eventId: number): Outcome;
  tables(its: number): ItsTables;
  /** Looks at a command queue, without an access. @throws RangeError when there is no such ITS */
  queue(its: number): QueueState;
  lpi(intid: number): LpiState | undefined;
  /** LPIs that exist (KVM) in order of INTID. */
  lpis(): Iterable<LpiState>;
  /**
   * The pending ones of {@link lpis}, without an object for each: there may be many, and somebody looks at every stop.
   * @param visit is told the INTID, and the PE or -1 where there is none
   */
  forEachPendingLpi(visit: (intid: number, pe: number) => void): void;
  /** Reads a system register of a PE by its name (ICC_IAR1_EL1), with its effects. @returns undefined when there is none */
  readSystemRegister?(pe: number, name: string): bigint | undefined;
  /** @returns false when there is no such register */
  writeSystemRegister?(pe: number, name: string, value: bigint): boolean;
  /** Sets the level of an SPI's or, with `pe`, a PPI's input. @returns false when there is no such input */
  setLine?(intid: number, level: boolean, pe?: number): boolean;
  /** Where a PE's redistributor is, where it may be moved; undefined = nowhere. Absent: where {@link map} says. */
  readonly frameOf?: ((pe: number) => number | undefined) | undefined;
  /** The VMM of a KVM guest, and its host; undefined for a model that is no KVM. */
  readonly vmm?: Vmm;
  /** A register of the hypervisor interface (ICH_*) as the host's kernel sees it. @returns undefined when there is none */
  readHypervisorRegister?(pe: number, name: string): bigint | undefined;
}
