import { KVM_MSI_VALID_DEVID } from "../../../architecture/index.ts";
import type { HostInterrupts } from "../../machine.ts";
import { kvmModels } from "../../models/kvm.ts";
import { OutcomeKind, outcomeDetail } from "../../outcome.ts";
import { Bank } from "../../state/bank.ts";
import { type AttributeValue, type DeviceHost, failed, type KvmDevice } from "../device.ts";
import { Errno } from "../errno.ts";
import { V2_MAX_PES } from "../frames/distributor-v2.ts";
import { KvmGuest } from "../frames/guest.ts";
import { PRIVATE_INTIDS, SGIS } from "../interrupts/interrupt-record.ts";
import { MAX_PES } from "../interrupts/lpis.ts";
import { KvmGicV2Device } from "./gic-v2-device.ts";
import { KvmGicV3Device } from "./gic-v3-device.ts";
import { GuestRunner } from "./guest-runner.ts";
import { KvmHostInterrupts } from "./host-interrupts.ts";
import { KvmItsDevice } from "./its-device.ts";

/** Return value of an ioctl; -1 with an errno on failure. */
export interface IoctlResult {
  readonly ret: number;
  readonly errno: number;
}

export type KernelVersion = "5.10" | "6.1" | "6.12" | "7.2";

export interface KvmVmOptions {
  readonly kernel: KernelVersion;
  /** Bits of intermediate physical address. Default: 40. */
  readonly ipaBits?: number | undefined;
  /** GIC of the host: which virtual GICs it can make. Default: 3. */
  readonly hostGic?: 2 | 3;
}

const DEFAULT_IPA_BITS = 40;

/** Numbers of KVM_CREATE_DEVICE (include/uapi/linux/kvm.h `enum kvm_device_type`). VFIO is there on every host. */
const DeviceType = { vfio: 4, VGIC_V2: 5, VGIC_V3: 7, VGIC_ITS: 8 } as const;

/** irq_type of KVM_IRQ_LINE. */
const LineType = { cpu: 0, spi: 1, ppi: 2 } as const;

/**
 * A KVM virtual machine as user space sees it: memory slots, vCPUs, interrupt controller devices and their attributes.
 * Methods answer with errno numbers, 0 = success, and never throw for what a guest or user space asks.
 */
export class KvmVm implements DeviceHost {
  readonly system: KvmGuest;
  readonly ipaBits: number;
  /** What devices of the host do with interrupts of the guest. */
  readonly hostInterrupts: HostInterrupts;
  private readonly devices = new Map<string, KvmDevice>();
  private readonly running = new Set<number>();
  private readonly runner: GuestRunner;
  private readonly hostGic: 2 | 3;
  /** Word 0: a vCPU has run. Word 1: the VM is dead. */
  private readonly lifetime: Bank;
  private crashSentence: string | undefined;
  private gicV2: KvmGicV2Device | undefined;

  constructor(options: KvmVmOptions) {
    this.hostGic = options.hostGic ?? 3;
    this.system = new KvmGuest(kvmModels[`kvm-${options.kernel}`].kvm, undefined, this.hostGic);
    this.ipaBits = options.ipaBits || DEFAULT_IPA_BITS;
    this.hostInterrupts = new KvmHostInterrupts(this.system, () => undefined);
    this.runner = new GuestRunner(this.system);
    this.lifetime = new Bank(this.system.journal, new Uint32Array(2));
  }

  get anyVcpuRunning(): boolean {
    return this.running.size > 0;
  }

  /** Set once this kernel would have crashed: what it dereferenced, and why. */
  get hostCrash(): string | undefined {
    return this.crashSentence;
  }

  crash(sentence: string): void {
    this.crashSentence = sentence;
  }

  /** A first KVM_RUN failed: every ioctl is EIO. */
  private get dead(): boolean {
    return this.lifetime.words[1] !== 0;
  }

  addMemslot(_slot: number, gpa: bigint, size: bigint): number {
    if (gpa + size > 1n << BigInt(this.ipaBits)) return Errno.EFAULT;
    this.system.memory.addWindow(Number(gpa), Number(size));
    return Errno.OK;
  }

  /** KVM_CREATE_VCPU, `count` times. */
  createVcpus(count: number): number {
    const { gic, redistributors, regions } = this.system;
    if (this.dead) return Errno.EIO;
    for (let index = 0; index < count; index++) {
      if (redistributors.length >= (gic.model === 2 ? V2_MAX_PES : MAX_PES)) return Errno.EINVAL;
      if (gic.initialised) return Errno.EBUSY;
      const { pe } = this.system.addPe();
      const errno = gic.model === 3 ? regions.place(pe, this.ipaBits) : Errno.OK;
      if (errno !== Errno.OK) return errno;
    }
    return Errno.OK;
  }

  /** KVM_CREATE_DEVICE. @param type `VGIC_V2`, `VGIC_V3` or `VGIC_ITS` */
  createDevice(name: string, type: string): number {
    if (this.dead) return Errno.EIO;
    const number = Object.hasOwn(DeviceType, type) ? DeviceType[type as keyof typeof DeviceType] : -1;
    const exists = this.testDevice(number);
    if (exists !== Errno.OK || number === DeviceType.vfio) return exists || Errno.ENODEV;
    if (number === DeviceType.VGIC_ITS) {
      this.devices.set(name, new KvmItsDevice(this.system, this.system.addIts(), this));
      return Errno.OK;
    }
    const version = number === DeviceType.VGIC_V2 ? 2 : 3;
    const errno = this.createGic(version);
    if (errno !== Errno.OK) return errno;
    const device = this.gicV2 ?? new KvmGicV3Device(this.system, this);
    this.devices.set(name, device);
    return Errno.OK;
  }

  /** KVM_CREATE_DEVICE with KVM_CREATE_DEVICE_TEST. @returns errno: ENODEV for a type that this host does not have */
  testDevice(type: number): number {
    if (this.dead) return Errno.EIO;
    const present =
      this.hostGic === 2
        ? [DeviceType.vfio, DeviceType.VGIC_V2]
        : [DeviceType.vfio, DeviceType.VGIC_V3, DeviceType.VGIC_ITS];
    return present.some((known) => known === type) ? Errno.OK : Errno.ENODEV;
  }

  /** What creating a GIC asks for, by a device or by KVM_CREATE_IRQCHIP (vgic-init.c `kvm_vgic_create`). */
  private createGic(version: 2 | 3): number {
    const { gic, redistributors } = this.system;
    if (this.anyVcpuRunning) return Errno.EBUSY;
    if (gic.model !== 0) return Errno.EEXIST;
    if (this.lifetime.words[0] !== 0) return Errno.EBUSY;
    if (version === 2 && redistributors.length > V2_MAX_PES) return Errno.E2BIG;
    gic.model = version;
    if (version === 2) this.gicV2 = new KvmGicV2Device(this.system, this);
    return Errno.OK;
  }

  /** KVM_CREATE_IRQCHIP: a GICv2. */
  createIrqchip(): number {
    if (this.dead) return Errno.EIO;
    return this.hostGic === 2 ? this.createGic(2) : Errno.ENODEV;
  }

  /** KVM_ARM_SET_DEVICE_ADDR. @param id [31:16] device, 0 = GICv2; [15:0] which address */
  setDeviceAddr(id: bigint, address: bigint): number {
    if (this.dead) return Errno.EIO;
    if (id >> 16n !== 0n || this.gicV2 === undefined) return Errno.ENODEV;
    return this.gicV2.place(id & 0xffffn, address);
  }

  setAttr(device: string, group: number, attr: bigint, value: bigint): number {
    return this.access(device, (target) => target.setAttribute(group, attr, value));
  }

  /** KVM_SET_DEVICE_ATTR whose pointer the kernel cannot read. */
  setAttrBadPointer(device: string, group: number, attr: bigint): number {
    return this.access(device, (target) => target.setAttribute(group, attr, undefined));
  }

  /** @param input what the buffer held before: the index of the region, for ADDR/REDIST_REGION */
  getAttr(device: string, group: number, attr: bigint, input = 0n): AttributeValue {
    if (this.dead) return failed(Errno.EIO);
    return this.devices.get(device)?.getAttribute(group, attr, input) ?? failed(Errno.ENODEV);
  }

  /** KVM_GET_DEVICE_ATTR whose pointer the kernel cannot write: everything but the value is done. */
  getAttrBadPointer(device: string, group: number, attr: bigint): number {
    return this.getAttr(device, group, attr).errno || Errno.EFAULT;
  }

  hasAttr(device: string, group: number, attr: bigint): number {
    return this.access(device, (target) => target.hasAttribute(group, attr));
  }

  private access(device: string, act: (target: KvmDevice) => number): number {
    if (this.dead) return Errno.EIO;
    const target = this.devices.get(device);
    return target === undefined ? Errno.ENODEV : act(target);
  }

  writeMemory(gpa: bigint, bytes: Uint8Array): number {
    return this.system.memory.writeBytes(Number(gpa), bytes) ? Errno.OK : Errno.EFAULT;
  }

  fillMemory(gpa: bigint, length: bigint, byte: number): number {
    return this.system.memory.fill(Number(gpa), Number(length), byte) ? Errno.OK : Errno.EFAULT;
  }

  readMemory(gpa: bigint, length: number): Uint8Array | undefined {
    return this.system.memory.readBytes(Number(gpa), length);
  }

  /** KVM_SIGNAL_MSI: 1 = delivered, 0 = the guest blocked it (an ITS mapping error). */
  signalMsi(msi: { address: bigint; devid: number; data: number; flags: number }): IoctlResult {
    const { system } = this;
    if (this.dead) return { ret: -1, errno: Errno.EIO };
    if ((msi.flags & ~KVM_MSI_VALID_DEVID) !== 0) return { ret: -1, errno: Errno.EINVAL };
    if (!system.hasIts) return { ret: -1, errno: Errno.ENODEV };
    const its = system.itsByDoorbell(Number(msi.address));
    if (its?.deliverCached(msi.devid, msi.data)) return { ret: 1, errno: Errno.OK };
    if ((msi.flags & KVM_MSI_VALID_DEVID) === 0 || its === undefined) return { ret: -1, errno: Errno.EINVAL };
    const outcome = its.translate(msi.devid, msi.data);
    if (outcome >>> 24 === OutcomeKind.swallowed) return { ret: -1, errno: outcomeDetail(outcome) };
    return { ret: outcome === 0 ? 1 : 0, errno: Errno.OK };
  }

  /**
   * KVM_IRQ_LINE.
   * @param irq [31:28] and [23:16] vCPU, [27:24] type (1 SPI, 2 PPI), [15:0] INTID
   */
  irqLine(irq: number, level: number): IoctlResult {
    const errno = this.setLine(irq >>> 0, level !== 0);
    return { ret: errno === Errno.OK ? 0 : -1, errno };
  }

  private setLine(irq: number, level: boolean): number {
    const { gic, redistributors } = this.system;
    if (this.dead) return Errno.EIO;
    const type = (irq >>> 24) & 0xf;
    const pe = ((irq >>> 16) & 0xff) | ((irq >>> 28) << 8);
    const intid = irq & 0xffff;
    if (type === LineType.cpu) {
      if (gic.model !== 0) return Errno.ENXIO;
      // Without a GIC in the kernel these are the inputs of the vCPU: 0 = IRQ, 1 = FIQ.
      return pe < redistributors.length && intid <= 1 ? Errno.OK : Errno.EINVAL;
    }
    if (type !== LineType.spi && type !== LineType.ppi) return Errno.EINVAL;
    if (gic.model === 0) return Errno.ENXIO;
    if (type === LineType.ppi) {
      if (pe >= redistributors.length || intid < SGIS || intid >= PRIVATE_INTIDS) return Errno.EINVAL;
    } else if (intid < PRIVATE_INTIDS) return Errno.EINVAL;
    if (!gic.initialised) {
      if (gic.model === 3) return Errno.EBUSY;
      this.system.initialise();
    }
    return this.system.setLine(type === LineType.ppi ? pe : 0, intid, level);
  }

  /** KVM_RUN of a vCPU that then stays in its guest. @returns the errno with which it ended at once, 0 = it runs */
  startVcpu(index: number): number {
    const errno = this.hasVcpu(index) ? this.firstRun() : Errno.EINVAL;
    if (errno !== Errno.OK) return errno;
    if (this.hasGic(index)) this.system.worldSwitch.run(index, () => undefined);
    this.running.add(index);
    return Errno.OK;
  }

  stopVcpu(index: number): void {
    if (this.running.delete(index) && this.hasGic(index)) this.system.worldSwitch.run(index, () => undefined);
  }

  private hasVcpu(index: number): boolean {
    return Number.isInteger(index) && index >= 0 && index < this.system.cpus.length;
  }

  /** Whether a vCPU runs with a virtual GIC. */
  private hasGic(index: number): boolean {
    return this.system.gic.ready && this.hasVcpu(index);
  }

  private firstRun(): number {
    if (this.dead) return Errno.EIO;
    this.lifetime.set(0, 1);
    const errno = this.system.mapFrames(this.ipaBits);
    if (errno === Errno.OK) return errno;
    if (this.system.decisions.failedStart === "VM dead") this.lifetime.set(1, 1);
    else if (this.system.gic.model === 2) this.system.startOver();
    return errno;
  }

  /**
   * One instruction of a guest: `ldrb`, `ldrh`, `ldr32`, `ldr64`, `str32`, … at an address, `read` and `write` of system registers.
   * What the guest cannot do, for want of a vCPU, a GIC or the register, gives 0.
   */
  guest(vcpu: number, instruction: string, address: bigint, value: bigint): { result: bigint } {
    if (!this.hasVcpu(vcpu) || this.firstRun() !== Errno.OK) return { result: 0n };
    return { result: this.runner.run(vcpu, instruction, address, value) };
  }

  close(): void {
    this.devices.clear();
  }
}
