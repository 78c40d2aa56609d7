import type { KvmHostName } from "../../architecture/index.ts";
import type { AccessBytes, HostInterrupts } from "../../emulator/index.ts";
import { KvmVmm, modelByName } from "../../emulator/index.ts";
import { parseInstruction } from "./guest-instruction.ts";
import type { GuestResult, IoctlAnswer, Kernel, KvmHost, KvmVmTarget } from "./target.ts";

export type { Kernel } from "./target.ts";

type Device = NonNullable<ReturnType<KvmVmm["createDevice"]>["device"]>;

const ENODEV = 19;
const EFAULT = 14;
/** What the recorder answers a load that leaves the kernel, in each byte. */
const UNHANDLED_BYTE = 0xeen;

interface EmulatorVmOptions {
  readonly kernel: Kernel;
  readonly ipaBits?: number | undefined;
  readonly host?: Pick<KvmHost, "gicVersion">;
  readonly hostGic?: 2 | 3;
  /** Default: that of the recordings. */
  readonly hostCpu?: KvmHostName;
}

/** A VMM of the emulator in the words of the recordings: devices by name, instructions as text. All it does are calls of {@link KvmVmm}. */
export class EmulatorVm implements KvmVmTarget {
  readonly vmm: KvmVmm;
  private crash: string | undefined;
  private readonly devices = new Map<string, Device>();

  /** @param what options of a new one, or a VMM that is there already; its devices are named by {@link name} */
  constructor(what: EmulatorVmOptions | KvmVmm) {
    this.vmm = what instanceof KvmVmm ? what : newVmm(what);
  }

  /** Gives a device that was made without a name one. */
  name(name: string, device: Device | undefined): void {
    if (device !== undefined) this.devices.set(name, device);
  }

  get system(): KvmVmm["guest"] {
    return this.vmm.guest;
  }

  get hostInterrupts(): HostInterrupts {
    return this.vmm.hostInterrupts;
  }

  get hostCrash(): string | undefined {
    this.crash ??= this.vmm.takeCrash();
    return this.crash;
  }

  get anyVcpuRunning(): boolean {
    return this.vmm.anyVcpuRunning;
  }

  viewMemory(gpa: bigint, length: number): Uint8Array | undefined {
    return this.system.memory.view(Number(gpa), length);
  }

  addMemslot(_slot: number, gpa: bigint, size: bigint): number {
    return this.vmm.addMemslot(gpa, size);
  }

  createVcpus(count: number): number {
    return this.vmm.createVcpus(count);
  }

  createDevice(name: string, type: string): number {
    const { errno, device } = this.vmm.createDevice(type);
    this.name(name, device);
    return errno;
  }

  testDevice(type: number): number {
    return this.vmm.testDevice(type);
  }

  createIrqchip(): number {
    return this.vmm.createIrqchip();
  }

  setDeviceAddr(id: bigint, address: bigint): number {
    return this.vmm.setDeviceAddr(id, address);
  }

  setAttr(device: string, group: number, attr: bigint, value: bigint): number {
    return this.devices.get(device)?.setAttribute(group, attr, value) ?? ENODEV;
  }

  setAttrBadPointer(device: string, group: number, attr: bigint): number {
    return this.devices.get(device)?.setAttribute(group, attr, undefined) ?? ENODEV;
  }

  getAttr(device: string, group: number, attr: bigint, input = 0n): { errno: number; value: bigint } {
    return this.devices.get(device)?.getAttribute(group, attr, input) ?? { errno: ENODEV, value: 0n };
  }

  /** Everything but the value is done. */
  getAttrBadPointer(device: string, group: number, attr: bigint): number {
    return this.getAttr(device, group, attr).errno || EFAULT;
  }

  hasAttr(device: string, group: number, attr: bigint): number {
    return this.devices.get(device)?.hasAttribute(group, attr) ?? ENODEV;
  }

  writeMemory(gpa: bigint, bytes: Uint8Array): number {
    return this.system.memory.writeBytes(Number(gpa), bytes) ? 0 : EFAULT;
  }

  fillMemory(gpa: bigint, length: bigint, byte: number): number {
    return this.system.memory.fill(Number(gpa), Number(length), byte) ? 0 : EFAULT;
  }

  readMemory(gpa: bigint, length: number): Uint8Array | undefined {
    return this.system.memory.readBytes(Number(gpa), length);
  }

  signalMsi(msi: { address: bigint; devid: number; data: number; flags: number }): IoctlAnswer {
    const { ret, errno } = this.vmm.signalMsi({ ...msi, address: Number(msi.address) });
    return { ret, errno };
  }

  irqLine(irq: number, level: number): IoctlAnswer {
    const errno = this.vmm.irqLine(irq, level !== 0);
    return { ret: errno === 0 ? 0 : -1, errno };
  }

  startVcpu(index: number): number {
    return this.vmm.run(index);
  }

  stopVcpu(index: number): void {
    if (this.vmm.vcpus.has(index)) this.vmm.stopVcpu(index);
  }

  /**
   * @param instruction see {@link parseInstruction}
   * @param address of a load or store; the second value of a `write` that names it
   */
  guest(vcpu: number, instruction: string, address: bigint, value: bigint): GuestResult {
    const result = this.carryOut(vcpu, instruction, address, value);
    // The recorder takes a result from an exit, and completes that before it goes on.
    if (result.errno === 0) this.vmm.completeExit(vcpu);
    return result;
  }

  private carryOut(vcpu: number, instruction: string, address: bigint, value: bigint): GuestResult {
    const parsed = parseInstruction(instruction);
    switch (parsed?.kind) {
      case "load":
        return this.load(vcpu, address, parsed.bytes);
      case "store": {
        const { errno, exit } = this.vmm.store(vcpu, Number(address), parsed.bytes, value);
        return { errno, result: 0n, events: exit ? [mmioExit(address, true, parsed.bytes)] : [] };
      }
      case "read": {
        const read = this.vmm.readSystemRegister(vcpu, parsed.register);
        return { errno: read.errno, result: read.value ?? 0n, events: [] };
      }
      case "write": {
        const writes = parsed.registers.map(({ name, from }) => ({ name, value: from === "value" ? value : address }));
        return { errno: this.vmm.writeSystemRegisters(vcpu, writes).errno, result: 0n, events: [] };
      }
      case undefined:
        return { errno: 0, result: 0n, events: [] };
    }
  }

  private load(vcpu: number, address: bigint, bytes: AccessBytes): GuestResult {
    const { errno, value } = this.vmm.load(vcpu, Number(address), bytes);
    if (errno !== 0 || value !== undefined) return { errno, result: value ?? 0n, events: [] };
    let answered = 0n;
    for (let at = 0; at < bytes; at++) answered = (answered << 8n) | UNHANDLED_BYTE;
    return { errno, result: answered, events: [mmioExit(address, false, bytes)] };
  }

  close(): void {
    this.devices.clear();
  }
}

function newVmm({ kernel, ipaBits, host, hostGic, hostCpu = "qemu-7.2" }: EmulatorVmOptions): KvmVmm {
  const model = modelByName(`kvm-${kernel}`);
  if (!("kvm" in model)) throw new Error(`${model.name} is no model of KVM`);
  return new KvmVmm({ decisions: model.kvm, ipaBits, hostGic: hostGic ?? host?.gicVersion, host: hostCpu });
}

function mmioExit(address: bigint, write: boolean, bytes: number): string {
  return `mmio_exit 0x${address.toString(16)} w=${write ? 1 : 0} len=${bytes}`;
}
