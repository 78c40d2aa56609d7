import type { DeviceType } from "../architecture/index.ts";

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

/**
 * The VMM of a KVM guest: the ioctls that it makes and the vCPUs that it lets run. Scripts, the debugger, saved machines, migration and the
 * recordings of real kernels drive one such object. `undefined` = there is no such device, register or step.
 */
export interface Vmm {
  /** @returns undefined when there is no such device */
  attribute(call: AttributeCall): AttributeResult | undefined;
  /** CTRL attributes of an ITS. @throws RangeError when the machine has no such ITS */
  saveTables(its: number): HostResult;
  restoreTables(its: number): HostResult;
  resetIts(its: number): HostResult;
  /** CTRL / SAVE_PENDING_TABLES of the GIC. */
  savePendingTables(): HostResult;
  /** KVM_SET_DEVICE_ATTR of a register, of a wide one in halves where its group has 32 bits. */
  setRegister(register: RegisterName, value: bigint): HostResult | undefined;
  getRegister(register: RegisterName): RegisterValue | undefined;
  /** The first half of {@link setRegister}: sees to it that no vCPU runs. */
  beginSet(register: RegisterName, value: bigint): HostResult | undefined;
  /** The second half: the register is written. */
  stepSet(): HostResult | undefined;
  /** KVM_CREATE_VCPU: the vCPU's number is the next one, its affinity comes from its id. @param id any number */
  addVcpu(id: number): HostResult;
  /** KVM_RUN; the vCPU stays in its guest. While a register access holds its lock, it waits. @param pe below `cpus` */
  runVcpu(pe: number): HostResult;
  stopVcpu(pe: number): HostResult;
  /** The errno with which the KVM_RUN of the last load, store or system register access ended that nothing answered; asked once. */
  takeRunError(): number;
  /** Whether a vCPU is in its guest. */
  running(pe: number): boolean;
  /** A vCPU begins to store to GITS_CWRITER. @returns false when its last store has not returned */
  beginCwriter(pe: number, its: number, value: number): boolean;
  stepCwriter(pe: number): StepResult | undefined;
  /** Whether a vCPU is in a store to GITS_CWRITER. */
  writing(pe: number): boolean;
  /** KVM_IRQ_LINE: a device drives the input of an SPI or, of a vCPU, a PPI. @param intid any number */
  driveLine(intid: number, level: boolean, pe: number): HostResult;
  /** What devices of the host do with interrupts of the guest. */
  readonly hostInterrupts: HostInterrupts;
}
