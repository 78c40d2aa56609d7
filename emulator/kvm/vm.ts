import { kvmModels } from "../models/kvm.ts";
import { OutcomeKind, outcomeDetail } from "../outcome.ts";
import { type AttributeValue, type DeviceHost, failed, type KvmDevice } from "./device.ts";
import { Errno } from "./errno.ts";
import { KvmGicV3Device } from "./gic-v3-device.ts";
import { KvmGuest } from "./guest.ts";
import { KvmItsDevice } from "./its-device.ts";
import { MAX_PES } from "./lpis.ts";
import { toBigInt } from "./mmio.ts";

/** Return value of an ioctl; -1 with an errno on failure. */
export interface IoctlResult {
  readonly ret: number;
  readonly errno: number;
}

export type KernelVersion = "5.10" | "6.1" | "6.12" | "7.2";

/** KVM_MSI_VALID_DEVID. */
const MSI_VALID_DEVID = 1;
const DEFAULT_IPA_BITS = 40;
/** What an access gives that no device of the kernel takes: user space is asked, and this one answers with this byte. */
const UNHANDLED_BYTE = 0xeen;

/**
 * A KVM virtual machine as user space sees it: memory slots, vCPUs, interrupt controller devices and their attributes.
 * Methods answer with errno numbers, 0 = success, and never throw for what a guest or user space asks.
 */
export class KvmVm implements DeviceHost {
  readonly system: KvmGuest;
  readonly ipaBits: number;
  private readonly devices = new Map<string, KvmDevice>();
  private readonly running = new Set<number>();
  private crashSentence: string | undefined;
  private gicV3: KvmGicV3Device | undefined;

  constructor(options: { kernel: KernelVersion; ipaBits?: number | undefined }) {
    this.system = new KvmGuest(kvmModels[`kvm-${options.kernel}`].kvm);
    this.ipaBits = options.ipaBits || DEFAULT_IPA_BITS;
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

  addMemslot(_slot: number, gpa: bigint, size: bigint): number {
    if (gpa + size > 1n << BigInt(this.ipaBits)) return Errno.EFAULT;
    this.system.memory.addWindow(Number(gpa), Number(size));
    return Errno.OK;
  }

  createVcpus(count: number): number {
    if (this.system.redistributors.length + count > MAX_PES) return Errno.EINVAL;
    for (let index = 0; index < count; index++) this.system.addPe();
    return Errno.OK;
  }

  createDevice(name: string, type: string): number {
    if (type === "VGIC_ITS") {
      this.devices.set(name, new KvmItsDevice(this.system, this.system.addIts(), this));
      return Errno.OK;
    }
    if (type !== "VGIC_V3") return Errno.ENODEV;
    if (this.gicV3 !== undefined) return Errno.EEXIST;
    this.gicV3 = new KvmGicV3Device(this.system, this);
    this.devices.set(name, this.gicV3);
    return Errno.OK;
  }

  setAttr(device: string, group: number, attr: bigint, value: bigint): number {
    return this.devices.get(device)?.setAttribute(group, attr, value) ?? Errno.ENODEV;
  }

  getAttr(device: string, group: number, attr: bigint): AttributeValue {
    return this.devices.get(device)?.getAttribute(group, attr) ?? failed(Errno.ENODEV);
  }

  hasAttr(device: string, group: number, attr: bigint): number {
    return this.devices.get(device)?.hasAttribute(group, attr) ?? Errno.ENODEV;
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
    if ((msi.flags & ~MSI_VALID_DEVID) !== 0) return { ret: -1, errno: Errno.EINVAL };
    if (!this.system.hasIts) return { ret: -1, errno: Errno.ENODEV };
    const its = this.system.itsByDoorbell(Number(msi.address));
    if (its?.deliverCached(msi.devid, msi.data)) return { ret: 1, errno: Errno.OK };
    if ((msi.flags & MSI_VALID_DEVID) === 0 || its === undefined) return { ret: -1, errno: Errno.EINVAL };
    const outcome = its.translate(msi.devid, msi.data);
    if (outcome >>> 24 === OutcomeKind.swallowed) return { ret: -1, errno: outcomeDetail(outcome) };
    return { ret: outcome === 0 ? 1 : 0, errno: Errno.OK };
  }

  irqLine(_irq: number, _level: number): IoctlResult {
    return { ret: -1, errno: Errno.ENXIO };
  }

  startVcpu(index: number): number {
    this.running.add(index);
    return Errno.OK;
  }

  stopVcpu(index: number): void {
    this.running.delete(index);
  }

  /** One instruction of a guest: `ldrb`, `ldrh`, `ldr32`, `ldr64`, `str32`, `str64`, … at an address. */
  guest(_vcpu: number, instruction: string, address: bigint, value: bigint): { result: bigint } {
    const match = /^(ldr|str)(b|h|32|64)$/.exec(instruction);
    if (match === null) return { result: 0n };
    const bytes = { b: 1, h: 2, "32": 4, "64": 8 }[match[2] as "b" | "h" | "32" | "64"];
    const at = Number(address);
    if (match[1] === "str") {
      this.system.writeIts(at, bytes, Number(value & 0xffff_ffffn), Number(value >> 32n));
      return { result: 0n };
    }
    const into = { lo: 0, hi: 0 };
    if (this.system.readIts(at, bytes, into)) return { result: toBigInt(into.lo, into.hi) };
    let unhandled = 0n;
    for (let byte = 0; byte < bytes; byte++) unhandled = (unhandled << 8n) | UNHANDLED_BYTE;
    return { result: unhandled };
  }

  close(): void {
    this.devices.clear();
  }
}
