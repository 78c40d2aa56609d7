import type { DeviceType, LayoutName } from "../architecture/index.ts";
import type { Remark } from "./arch/remarks.ts";
import type { GuestMemory } from "./memory/guest-memory.ts";
import type { MemoryBudget } from "./memory-budget.ts";
import type { Model, ModelName } from "./models/model.ts";
import type { Outcome } from "./outcome.ts";
import type { Journal } from "./state/journal.ts";

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

export interface MachineOptions {
  readonly model?: ModelName;
  /** PEs, 1..512. */
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
  /** Two Security states and EL3 (QEMU's models and `arch`). Default: false. */
  readonly secure?: boolean;
  /** GITS_TYPER.SEIS of `arch`: command errors are signalled as System errors, too. Default: false. */
  readonly systemErrors?: boolean;
  /** GITS_TYPER.VMOVP of `arch`: a VMOVP goes to one ITS. Otherwise it goes to every ITS of its ITSList. Default: true. */
  readonly singleVmovp?: boolean;
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

export interface EventState {
  readonly eventId: number;
  readonly intid: number;
  /** Undefined when the event's collection is gone. */
  readonly icid: number | undefined;
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

/** Tables of one ITS as its model holds them. Iterators read the present state; do not change the machine while using one. */
export interface ItsTables {
  /** Mapped devices in order of DeviceID. */
  devices(): Iterable<DeviceState>;
  device(deviceId: number): DeviceState | undefined;
  /** Mapped events of a device in order of EventID. */
  events(deviceId: number): Iterable<EventState>;
  event(deviceId: number, eventId: number): EventState | undefined;
  collections(): Iterable<CollectionState>;
  collection(icid: number): CollectionState | undefined;
}

/** Answer of an operation of the host: an errno (0 = done), or a sentence saying that the host's kernel would have crashed. */
export interface HostResult {
  readonly errno: number;
  readonly crash?: string;
}

/** A register of one PE or ITS; both 0 for one that is neither's. */
export interface RegisterName {
  /** In the manual's spelling, an array's member with its index: `GICD_ISPENDR1`. */
  readonly name: string;
  readonly pe: number;
  readonly its: number;
}

export interface RegisterValue {
  readonly errno: number;
  readonly value: bigint;
}

/** One call of KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR or KVM_HAS_DEVICE_ATTR. */
export interface AttributeCall {
  readonly verb: "set" | "get" | "has";
  readonly device: DeviceType;
  /** Of VGIC_ITS, from 0. */
  readonly its: number;
  readonly group: number;
  /** `attr` of struct kvm_device_attr, 64 bits. */
  readonly attribute: bigint;
  /** What `addr` points to; absent = 0. A get reads it, too, where the kernel does. */
  readonly value?: bigint | undefined;
}

/** What a call answers; the value is that of a get, else 0. */
export interface AttributeResult extends HostResult {
  readonly value: bigint;
}

/** What a step of a vCPU in its store to GITS_CWRITER was. */
export type StepResult = "waits" | "took the queue" | "left it to another" | "command" | "moved on" | "returned";

/**
 * What the VMM of a KVM guest does beside {@link HostOperations}: registers by device attributes, vCPUs that run, and, to put things in a
 * chosen order, the steps of one register access and of stores to GITS_CWRITER. `undefined` = there is no such register or step.
 */
export interface UserSpace {
  setRegister(register: RegisterName, value: bigint): HostResult | undefined;
  getRegister(register: RegisterName): RegisterValue | undefined;
  /** @returns undefined when there is no such device */
  attribute(call: AttributeCall): AttributeResult | undefined;
  /** The first half of {@link setRegister}: sees to it that no vCPU runs. */
  beginSet(register: RegisterName, value: bigint): HostResult | undefined;
  /** The second half: the register is written. */
  stepSet(): HostResult | undefined;
  /** KVM_RUN; the vCPU stays in its guest. While a register access holds its lock, it waits. @param pe below `cpus` */
  runVcpu(pe: number): HostResult;
  stopVcpu(pe: number): HostResult;
  /** Whether a vCPU is in its guest. */
  running(pe: number): boolean;
  /** A vCPU begins to store to GITS_CWRITER. @returns false when its last store has not returned */
  beginCwriter(pe: number, its: number, value: number): boolean;
  stepCwriter(pe: number): StepResult | undefined;
  /** Whether a vCPU is in a store to GITS_CWRITER. */
  writing(pe: number): boolean;
}

/** A virtual interrupt that is to stand for a physical one. */
export interface InterruptMapping {
  /** Of a PPI or SPI of the guest. */
  readonly intid: number;
  /** PE whose PPI it is. Default: 0. */
  readonly pe?: number;
  /** INTID at the host's GIC, 0..1019. */
  readonly physical: number;
  /** Number of the device of the kernel that has it: user space cannot drive the input then. Default: 0, none. */
  readonly owner?: number;
  /** The host's list registers cannot deactivate physical interrupts, so that the kernel has to. Default: false. */
  readonly softwareDeactivation?: boolean;
}

/** A virtual interrupt that stands for a physical one. */
export interface MappedInterrupt {
  readonly physical: number;
  readonly owner: number;
  readonly softwareDeactivation: boolean;
  /** Whether it is active in the guest, as far as its list register was read. */
  readonly active: boolean;
}

/** An interrupt of the host's own GIC. */
export interface PhysicalInterrupt {
  /** Level of its input. */
  readonly line: boolean;
  readonly pending: boolean;
  readonly active: boolean;
  readonly edge: boolean;
}

/**
 * The host's interrupts behind those of a KVM guest (list registers with HW = 1): what devices of the host do with them. `pe` is that
 * of a private interrupt; its default is 0.
 */
export interface HostInterrupts {
  /** EAGAIN before CTRL/INIT, EINVAL without such a PPI, SPI or physical interrupt, EEXIST when another device has it. */
  map(mapping: InterruptMapping): HostResult;
  unmap(intid: number, pe?: number): HostResult;
  /** Undefined when it stands for no physical one. */
  mapping(intid: number, pe?: number): MappedInterrupt | undefined;
  /** The device behind a mapped interrupt is reset: the virtual one is neither pending nor active then. @returns false when there is none */
  reset(intid: number, pe?: number): boolean;
  /** Trigger of a physical interrupt; level-sensitive unless said otherwise. @returns false when there is no such interrupt */
  setTrigger(physical: number, edge: boolean, pe?: number): boolean;
  /** The device drives the input of a physical interrupt. @returns false when there is no such interrupt */
  setLine(physical: number, level: boolean, pe?: number): boolean;
  state(physical: number, pe?: number): PhysicalInterrupt | undefined;
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
  readonly journal: Journal;
  readonly memory: GuestMemory;
  /** Told of every command that an ITS takes from its queue. */
  onCommand: ((event: CommandEvent) => void) | undefined;
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
  /** A load by one PE, where that makes a difference: GICv2's registers are banked. */
  readBy?(pe: number, address: number, bytes: AccessBytes): bigint | undefined;
  writeBy?(pe: number, address: number, bytes: AccessBytes, value: bigint): boolean;
  /** A device writes an EventID to GITS_TRANSLATER. */
  signalMsi(its: number, deviceId: number, eventId: number): Outcome;
  tables(its: number): ItsTables;
  lpi(intid: number): LpiState | undefined;
  /** LPIs that exist (KVM) in order of INTID. */
  lpis(): Iterable<LpiState>;
  /** Reads a system register of a PE by its name (ICC_IAR1_EL1), with its effects. @returns undefined when there is none */
  readSystemRegister?(pe: number, name: string): bigint | undefined;
  /** @returns false when there is no such register */
  writeSystemRegister?(pe: number, name: string, value: bigint): boolean;
  /** Sets the level of an SPI's or, with `pe`, a PPI's input. @returns false when there is no such input */
  setLine?(intid: number, level: boolean, pe?: number): boolean;
  /** Host operations that a KVM model has; undefined where a model's tables live in guest memory. */
  readonly host: HostOperations | undefined;
  /** The VMM of a KVM guest. */
  readonly userSpace?: UserSpace;
  /** Devices of a KVM host whose interrupts the guest has. */
  readonly hostInterrupts?: HostInterrupts;
  /** A register of the hypervisor interface (ICH_*) as the host's kernel sees it. @returns undefined when there is none */
  readHypervisorRegister?(pe: number, name: string): bigint | undefined;
}

/**
 * What user space does with the ITS of a stopped KVM guest. An operation that the memory's pace stops answers ERESTART, and goes on
 * when it is asked for again.
 */
export interface HostOperations {
  saveTables(its: number): HostResult;
  restoreTables(its: number): HostResult;
  savePendingTables(): HostResult;
  resetIts(its: number): HostResult;
}
