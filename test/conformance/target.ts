import type { TraceRun } from "../../runner/trace/index.ts";

/**
 * What a recording is replayed against: the faces of the emulator that answer like KVM and like QEMU, reduced to what
 * the recordings exercise. The harness knows nothing else of the emulator; `connect.ts` is the only file that does.
 */

/** Kernels whose answers were recorded. */
export type Kernel = "5.10" | "6.1" | "6.12" | "7.2" | "7.3";

/** The machine on which KVM ran. GICv2 hosts cannot make a VGICv3, and `max` has more physical address bits. */
export interface KvmHost {
  gicVersion: 2 | 3;
  cpu: "cortex-a72" | "max";
}

export interface KvmVmOptions {
  kernel: Kernel;
  /** Bits of intermediate physical address asked of KVM_CREATE_VM; undefined = the default of 40. */
  ipaBits: number | undefined;
  host: KvmHost;
}

/** An ioctl's answer where the return value itself says something. `errno` 0 = success. */
export interface IoctlAnswer {
  ret: number;
  errno: number;
}

/** What one instruction of a guest came to. */
export interface GuestResult {
  /** Of KVM_RUN, 0 = the instruction was carried out. */
  errno: number;
  /** Of a load or a read; 0 for all else, and for an Undefined exception. */
  result: bigint;
  /** Exits to user space, as the recorder wrote them down: `mmio_exit 0x8200008 w=0 len=4`. */
  events: readonly string[];
}

/**
 * One VM as user space sees it through KVM's ioctls. Every method that returns a bare number returns an errno, 0 = OK.
 * Optional methods are operations that a target may not have; a recorded step that needs one then fails by saying so.
 */
export interface KvmVmTarget {
  addMemslot(slot: number, gpa: bigint, size: bigint): number;
  createVcpus(count: number): number;
  createDevice(name: string, type: string): number;
  setAttr(device: string, group: number, attr: bigint, value: bigint): number;
  /** `input`: what the buffer held before, which ADDR / REDIST_REGION reads. */
  getAttr(device: string, group: number, attr: bigint, input?: bigint): { errno: number; value: bigint };
  hasAttr(device: string, group: number, attr: bigint): number;
  writeMemory(gpa: bigint, bytes: Uint8Array): number;
  fillMemory(gpa: bigint, length: bigint, byte: number): number;
  /** Undefined when the range is not wholly in memory slots. */
  readMemory(gpa: bigint, length: number): Uint8Array | undefined;
  /** As {@link readMemory} without a copy, for a target that has the memory at hand: to be looked at before anything else is done. */
  viewMemory?(gpa: bigint, length: number): Uint8Array | undefined;
  signalMsi(msi: { address: bigint; devid: number; data: number; flags: number }): IoctlAnswer;
  irqLine(irq: number, level: number): IoctlAnswer;
  /** Lets a vCPU enter KVM_RUN; returns the errno with which KVM_RUN ended at once, 0 = it runs. */
  startVcpu(index: number): number;
  stopVcpu(index: number): void;
  /** One load, store or system register access by the guest, in the recordings' spelling. */
  guest(vcpu: number, instruction: string, address: bigint, value: bigint): GuestResult;
  close(): void;
  /** Set once this kernel would have crashed (a NULL dereference), saying where. */
  readonly hostCrash: string | undefined;
  /** KVM_SET_DEVICE_ATTR / KVM_GET_DEVICE_ATTR whose user pointer is not mapped. */
  setAttrBadPointer?(device: string, group: number, attr: bigint): number;
  getAttrBadPointer?(device: string, group: number, attr: bigint): number;
  /** KVM_CREATE_DEVICE with KVM_CREATE_DEVICE_TEST, by the number of the device type. */
  testDevice?(type: number): number;
  createIrqchip?(): number;
  /** KVM_ARM_SET_DEVICE_ADDR. */
  setDeviceAddr?(id: bigint, address: bigint): number;
}

/** What QEMU did with one command of the queue, in the order of processing. */
export interface CommandOutcome {
  /** Index of the command in the queue (offset / 32). */
  slot: number;
  opcode: number;
  outcome: string;
}

export interface QemuMachineOptions {
  /** Version as QEMU tells it; undefined = that of the oldest recordings, 7.2. */
  version?: string | undefined;
  cpus: number;
  gicVersion: 3 | 4;
  virtualization: boolean;
  secure: boolean;
}

/** QEMU's `virt` machine as qtest sees it: 1 GiB of RAM at 0x4000_0000, the GIC's frames below. */
export interface QemuMachineTarget {
  read(address: bigint, size: 1 | 2 | 4 | 8): bigint;
  write(address: bigint, size: 1 | 2 | 4 | 8, value: bigint): void;
  readBytes(address: bigint, length: number): Uint8Array;
  writeBytes(address: bigint, bytes: Uint8Array): void;
  /** The commands processed since the last call. */
  takeCommands(): CommandOutcome[];
}

export interface ConformanceTarget {
  createKvmVm(options: KvmVmOptions): KvmVmTarget;
  /** Absent in a target that has no QEMU model; recordings of QEMU then fail by saying so. */
  createQemuMachine?(options: QemuMachineOptions): QemuMachineTarget;
  /** Absent in a target that has no QEMU model; traces of QEMU then fail by saying so. */
  createTraceRun?(): TraceRun;
}
