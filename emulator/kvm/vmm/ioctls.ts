import {
  type DeviceType,
  KVM_MSI_VALID_DEVID,
  type KvmHostName,
  kvmDevices,
  MAX_PES,
} from "../../../architecture/index.ts";
import { Bank } from "../../journal/bank.ts";
import type { Journal } from "../../journal/journal.ts";
import type { AccessBytes } from "../../machine.ts";
import type { KvmDecisions } from "../../models/model.ts";
import { DONE, type Outcome, OutcomeKind, outcomeDetail, swallowed } from "../../outcome.ts";
import type { HostInterrupts } from "../../vmm.ts";
import type { AttributeValue, DeviceHost, KvmDevice } from "../device.ts";
import { Errno } from "../errno.ts";
import { V2_MAX_PES } from "../frames/distributor-v2.ts";
import { KvmGuest } from "../frames/guest.ts";
import { RegisterFrames } from "../frames/register-frames.ts";
import type { RegisterWrite } from "../frames/system-registers.ts";
import { PRIVATE_INTIDS, SGIS } from "../interrupts/interrupt-record.ts";
import type { VirtualInterfaceChoice } from "../virtual-host.ts";
import { DeviceFile } from "./device-file.ts";
import { KvmGicV2Device } from "./gic-v2-device.ts";
import { KvmGicV3Device } from "./gic-v3-device.ts";
import { KvmHostInterrupts } from "./host-interrupts.ts";
import { KvmItsDevice } from "./its-device.ts";
import { Run, Vcpus } from "./vcpus.ts";

export interface VmmOptions {
  readonly decisions: KvmDecisions;
  readonly journal?: Journal | undefined;
  /** Bits of intermediate physical address, `type` of KVM_CREATE_VM. Default: 40. */
  readonly ipaBits?: number | undefined;
  /** GIC of the host: which virtual GICs it can make. Default: 3. */
  readonly hostGic?: 2 | 3 | undefined;
  /** Whose virtual CPU interface the host has. Default: `arm`. */
  readonly host?: KvmHostName | undefined;
  /** What that interface has otherwise than the recorded hosts. */
  readonly virtual?: VirtualInterfaceChoice | undefined;
}

/** One call of KVM_SIGNAL_MSI. */
export interface Msi {
  readonly address: number;
  readonly devid: number;
  readonly data: number;
  readonly flags: number;
}

/** What KVM_SIGNAL_MSI returns, and what the ITS made of the MSI. */
export interface MsiResult {
  /** 1 = delivered, 0 = the guest blocked it (an ITS mapping error), -1 with an errno. */
  readonly ret: number;
  readonly errno: number;
  readonly outcome: Outcome;
}

const DEFAULT_IPA_BITS = 40;
/** Pages of the host. */
const PAGE_BYTES = 4096n;
/** VFIO is there on every host (include/uapi/linux/kvm.h KVM_DEV_TYPE_VFIO); the others are `kvmDevices`. */
const VFIO = 4;
/** irq_type of KVM_IRQ_LINE. */
const LineType = { cpu: 0, spi: 1, ppi: 2 } as const;
/** Words of the bank {@link KvmIoctls.lifetime}: a first KVM_RUN failed and every ioctl is EIO since; behind it one a vCPU that has run. */
const Lifetime = { dead: 0, ran: 1 } as const;

/**
 * The ioctls of a KVM virtual machine: memory slots, vCPUs, devices and their attributes, interrupts, and what guests do while they run.
 * Methods answer with errno numbers, 0 = success, and never throw for what a guest or user space asks.
 */
export class KvmIoctls implements DeviceHost {
  readonly guest: KvmGuest;
  readonly frames: RegisterFrames;
  readonly vcpus: Vcpus;
  readonly ipaBits: number;
  readonly hostInterrupts: HostInterrupts;
  /** Set while a register access of user space in two steps has made sure that no vCPU runs. */
  protected locked = false;
  private readonly devices: DeviceFile[] = [];
  private readonly hostGic: 2 | 3;
  private readonly lifetime: Bank;
  private gicV2: KvmGicV2Device | undefined;
  private crashed: string | undefined;
  /** Of the last guest's access whose KVM_RUN failed. */
  private runError: number = Errno.OK;

  constructor({ decisions, journal, ipaBits, hostGic = 3, host = "arm", virtual }: VmmOptions) {
    this.hostGic = hostGic;
    this.guest = new KvmGuest(decisions, journal, hostGic, host, virtual);
    this.frames = new RegisterFrames(this.guest);
    this.vcpus = new Vcpus(this.guest, this.frames);
    this.ipaBits = ipaBits || DEFAULT_IPA_BITS;
    this.hostInterrupts = new KvmHostInterrupts(this.guest, () => this.vcpus.settle());
    this.lifetime = new Bank(this.guest.journal, new Uint32Array(Lifetime.ran + MAX_PES));
  }

  /** A vCPU in its guest, or in the kernel for a store of its guest: both have its lock. */
  get anyVcpuRunning(): boolean {
    return !this.locked && (this.vcpus.inside > 0 || this.guest.itss.some(({ writers }) => writers.busy));
  }

  /** Whether this kernel would have crashed since the last call: what it dereferenced, and why. */
  takeCrash(): string | undefined {
    const { crashed } = this;
    this.crashed = undefined;
    return crashed;
  }

  crash(sentence: string): void {
    this.crashed = sentence;
  }

  get dead(): boolean {
    return this.lifetime.words[Lifetime.dead] !== 0;
  }

  /** KVM_SET_USER_MEMORY_REGION of a slot that is new (kvm_main.c `kvm_set_memory_region`, then mmu.c `kvm_arch_prepare_memory_region`). */
  addMemslot(gpa: bigint, size: bigint): number {
    if (size === 0n || ((gpa | size) & (PAGE_BYTES - 1n)) !== 0n || gpa + size > 1n << 64n) return Errno.EINVAL;
    if (this.guest.memory.overlapped(Number(gpa), Number(size)) !== undefined) return Errno.EEXIST;
    if (gpa + size > 1n << BigInt(this.ipaBits)) return Errno.EFAULT;
    this.guest.memory.addWindow(Number(gpa), Number(size));
    return Errno.OK;
  }

  /** KVM_CREATE_VCPU, `count` times, with consecutive ids. */
  createVcpus(count: number): number {
    if (this.dead) return Errno.EIO;
    for (let index = 0; index < count; index++) {
      const errno = this.createVcpu(this.guest.redistributors.length);
      if (errno !== Errno.OK) return errno;
    }
    return Errno.OK;
  }

  /**
   * KVM_CREATE_VCPU (virt/kvm/kvm_main.c `kvm_vm_ioctl_create_vcpu`, arch/arm64/kvm/arm.c `kvm_arch_vcpu_precreate`). The vCPU's
   * number in this VM is the next one, whatever its id.
   * @param id any number @returns errno: EINVAL for an id that no vCPU has, EBUSY once the GIC is initialised, EEXIST for one that is there
   */
  createVcpu(id: number): number {
    const { gic, redistributors, regions } = this.guest;
    if (this.dead) return Errno.EIO;
    const most = gic.model === 2 ? V2_MAX_PES : MAX_PES;
    if (!(id >= 0 && id < MAX_PES) || redistributors.length >= most) return Errno.EINVAL;
    if (gic.initialised) return Errno.EBUSY;
    if (id >= most) return Errno.EINVAL;
    if (redistributors.some((one) => one.id === id)) return Errno.EEXIST;
    const { pe } = this.guest.addPe(id);
    return gic.model === 3 ? regions.place(pe, this.ipaBits) : Errno.OK;
  }

  /** KVM_CREATE_DEVICE. @param type its name, or another of which there is none */
  createDevice(type: DeviceType | string): { readonly errno: number; readonly device?: KvmDevice } {
    const number = kvmDevices.find((known) => known.type === type)?.code ?? (type === "vfio" ? VFIO : -1);
    const exists = this.testDevice(number);
    if (exists !== Errno.OK || number === VFIO) return { errno: exists || Errno.ENODEV };
    if (type === "VGIC_ITS") return this.opened(type, new KvmItsDevice(this.guest, this.guest.addIts(), this));
    const errno = this.createGic(type === "VGIC_V2" ? 2 : 3);
    if (errno !== Errno.OK) return { errno };
    if (this.gicV2 !== undefined) return this.opened("VGIC_V2", this.gicV2);
    return this.opened("VGIC_V3", new KvmGicV3Device(this.guest, this.frames, this));
  }

  private opened(type: DeviceType, target: KvmDevice): { errno: number; device: KvmDevice } {
    const device = new DeviceFile(type, target, this);
    this.devices.push(device);
    return { errno: Errno.OK, device };
  }

  /** A device that was created. @param index among those of its type, in order of creation */
  device(type: DeviceType, index = 0): KvmDevice | undefined {
    return this.devices.filter((device) => device.type === type)[index];
  }

  /** KVM_CREATE_DEVICE with KVM_CREATE_DEVICE_TEST. @returns errno: ENODEV for a type that this host does not have */
  testDevice(type: number): number {
    if (this.dead) return Errno.EIO;
    const present: readonly DeviceType[] = this.hostGic === 2 ? ["VGIC_V2"] : ["VGIC_V3", "VGIC_ITS"];
    const known = kvmDevices.some((device) => device.code === type && present.includes(device.type));
    return known || type === VFIO ? Errno.OK : Errno.ENODEV;
  }

  /** What creating a GIC asks for, by a device or by KVM_CREATE_IRQCHIP (vgic-init.c `kvm_vgic_create`). */
  private createGic(version: 2 | 3): number {
    const { gic, redistributors } = this.guest;
    if (this.anyVcpuRunning) return Errno.EBUSY;
    if (gic.model !== 0) return Errno.EEXIST;
    if (this.lifetime.words.indexOf(1, Lifetime.ran) >= 0) return Errno.EBUSY;
    if (version === 2 && redistributors.length > V2_MAX_PES) return Errno.E2BIG;
    gic.model = version;
    if (this.guest.decisions.identityBeforeInit) gic.revision = this.guest.decisions.implementationRevision;
    if (version === 2) this.gicV2 = new KvmGicV2Device(this.guest, this.frames, this);
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
    // The kernel looks at these two fields alone, whatever stands above them.
    if (((id >> 16n) & 0xffffn) !== 0n || this.gicV2 === undefined) return Errno.ENODEV;
    return this.gicV2.place(id & 0xffffn, address);
  }

  /** KVM_SIGNAL_MSI. */
  signalMsi({ address, devid, data, flags }: Msi): MsiResult {
    const { guest } = this;
    if (this.dead) return refusedMsi(Errno.EIO);
    if (guest.gic.model === 0 || (flags & ~KVM_MSI_VALID_DEVID) !== 0) return refusedMsi(Errno.EINVAL);
    if (!guest.hasIts) return refusedMsi(Errno.ENODEV);
    const its = guest.itsAt(address);
    // Only the translation cache compares the doorbell itself (vgic_msi_to_its takes any address of the frame).
    const cached = its !== undefined && guest.doorbellOf(its) === address && its.deliverCached(devid, data);
    if (!cached && ((flags & KVM_MSI_VALID_DEVID) === 0 || its === undefined)) return refusedMsi(Errno.EINVAL);
    const outcome = cached || its === undefined ? DONE : its.translate(devid, data);
    this.vcpus.settle();
    if (outcome >>> 24 === OutcomeKind.swallowed) return { ret: -1, errno: outcomeDetail(outcome), outcome };
    return { ret: outcome === DONE ? 1 : 0, errno: Errno.OK, outcome };
  }

  /**
   * KVM_IRQ_LINE.
   * @param irq [31:28] and [23:16] vCPU, [27:24] type (1 SPI, 2 PPI), [15:0] INTID
   */
  irqLine(irq: number, level: boolean): number {
    const errno = this.setLine(irq >>> 0, level);
    this.vcpus.settle();
    return errno;
  }

  private setLine(irq: number, level: boolean): number {
    const { gic } = this.guest;
    if (this.dead) return Errno.EIO;
    const type = (irq >>> 24) & 0xf;
    const pe = ((irq >>> 16) & 0xff) | ((irq >>> 28) << 8);
    const intid = irq & 0xffff;
    if (type === LineType.cpu) {
      if (gic.model !== 0) return Errno.ENXIO;
      // Without a GIC in the kernel these are the inputs of the vCPU: 0 = IRQ, 1 = FIQ.
      return this.vcpus.has(pe) && intid <= 1 ? Errno.OK : Errno.EINVAL;
    }
    if (type !== LineType.spi && type !== LineType.ppi) return Errno.EINVAL;
    if (gic.model === 0) return Errno.ENXIO;
    if (type === LineType.ppi) {
      if (this.guest.decisions.lineChecksInitFirst && !gic.initialised && gic.model === 3) return Errno.EBUSY;
      if (!this.vcpus.has(pe) || intid < SGIS || intid >= PRIVATE_INTIDS) return Errno.EINVAL;
    } else if (intid < PRIVATE_INTIDS) return Errno.EINVAL;
    if (!gic.initialised) {
      if (gic.model === 3) return Errno.EBUSY;
      this.guest.initialise();
    }
    return this.guest.setLine(type === LineType.ppi ? pe : 0, intid, level);
  }

  /**
   * KVM_RUN of a vCPU that then stays in its guest.
   * @param waits it finds its lock taken
   * @returns the errno with which it ended at once, 0 = it runs
   */
  run(pe: number, waits = false): number {
    if (!this.vcpus.has(pe)) return Errno.EINVAL;
    if (this.vcpus.at(pe) !== Run.out) return Errno.EBUSY;
    if (waits) {
      this.vcpus.wait(pe);
      return Errno.OK;
    }
    const errno = this.prepareRun(pe);
    if (errno === Errno.OK) this.vcpus.enter(pe);
    return errno;
  }

  /** Gets every vCPU ready for its first entry, as its first KVM_RUN does before it loads it. @returns errno of the first that fails */
  prepareVcpus(): number {
    for (let pe = 0; pe < this.vcpus.count; pe++) {
      const errno = this.prepareRun(pe);
      if (errno !== Errno.OK) return errno;
    }
    return Errno.OK;
  }

  /** What KVM_RUN does before the guest is entered; the first one puts the GIC's frames on the bus. @returns errno */
  private prepareRun(pe: number): number {
    if (!this.vcpus.has(pe)) return Errno.EINVAL;
    if (this.dead) return Errno.EIO;
    if (this.lifetime.words[Lifetime.ran + pe] !== 0) return Errno.OK;
    this.lifetime.set(Lifetime.ran + pe, 1);
    const errno = this.guest.mapFrames(this.ipaBits);
    if (errno === Errno.OK) {
      if (this.guest.gic.model !== 0) this.guest.timers.enable(pe);
      return errno;
    }
    if (this.guest.decisions.failedStart === "VM dead") this.lifetime.set(Lifetime.dead, 1);
    else this.guest.tearDown();
    return errno;
  }

  /** As {@link prepareRun}, of an access that a guest is to make. */
  private prepareAccess(pe: number): number {
    const errno = this.prepareRun(pe);
    if (errno !== Errno.OK) this.runError = errno;
    return errno;
  }

  takeRunError(): number {
    const { runError } = this;
    this.runError = Errno.OK;
    return runError;
  }

  /** KVM_RUN with `immediate_exit` of a vCPU that is not in its guest, by which a VMM completes an exit. */
  completeExit(pe: number): void {
    if (this.vcpus.has(pe) && this.vcpus.at(pe) === Run.out && this.guest.gic.ready) this.guest.worldSwitch.touch(pe);
  }

  /** A load of a guest. @returns the errno of KVM_RUN; the value is undefined on an exit to user space (KVM_EXIT_MMIO) */
  load(
    pe: number,
    address: number,
    bytes: AccessBytes,
  ): { readonly errno: number; readonly value: bigint | undefined } {
    const errno = this.prepareAccess(pe);
    return { errno, value: errno === Errno.OK ? this.vcpus.load(pe, address, bytes) : undefined };
  }

  /** A store of a guest. @returns the errno of KVM_RUN, and whether the store was an exit to user space */
  store(
    pe: number,
    address: number,
    bytes: AccessBytes,
    value: bigint,
  ): { readonly errno: number; readonly exit: boolean } {
    const errno = this.prepareAccess(pe);
    return { errno, exit: errno === Errno.OK && !this.vcpus.store(pe, address, bytes, value) };
  }

  /** A guest reads a system register. @returns the errno of KVM_RUN; the value is undefined on an Undefined exception */
  readSystemRegister(pe: number, name: string): AttributeValue | { readonly errno: number; readonly value: undefined } {
    const errno = this.prepareAccess(pe);
    return { errno, value: errno === Errno.OK ? this.vcpus.readSystemRegister(pe, name) : undefined };
  }

  /** A guest writes system registers, one after the other. @returns the errno of KVM_RUN, and false on an Undefined exception */
  writeSystemRegisters(
    pe: number,
    writes: readonly RegisterWrite[],
  ): { readonly errno: number; readonly defined: boolean } {
    const errno = this.prepareAccess(pe);
    return { errno, defined: errno === Errno.OK && this.vcpus.writeSystemRegisters(pe, writes) };
  }
}

/** `irq` of KVM_IRQ_LINE for a PPI of a vCPU or an SPI; undefined for an INTID that is neither's. */
export function lineOf(intid: number, pe: number): number | undefined {
  return Number.isInteger(intid) && intid >= SGIS && intid <= 0xffff ? lineNumber(intid, pe) : undefined;
}

/** As {@link lineOf}, of any INTID below 2^16: one of an SGI is EINVAL. */
export function lineNumber(intid: number, pe: number): number {
  if (intid >= PRIVATE_INTIDS) return (LineType.spi << 24) | intid;
  return ((pe >>> 8) << 28) | (LineType.ppi << 24) | ((pe & 0xff) << 16) | intid;
}

function refusedMsi(errno: number): MsiResult {
  return { ret: -1, errno, outcome: swallowed(errno) };
}
