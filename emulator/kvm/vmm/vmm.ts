import {
  attributeNumbers,
  groupNumbers,
  type RegisterAttribute,
  type RegisterMember,
  registerAttribute,
  registerByName,
} from "../../../architecture/index.ts";
import { Bank } from "../../journal/bank.ts";
import type {
  AttributeCall,
  AttributeResult,
  HostResult,
  RegisterName,
  RegisterValue,
  StepResult,
  Vmm,
} from "../../vmm.ts";
import type { KvmDevice } from "../device.ts";
import { Errno } from "../errno.ts";
import { KvmIoctls, lineNumber, type VmmOptions } from "./ioctls.ts";
import { getRegister, setRegister } from "./register-attributes.ts";
import { Run } from "./vcpus.ts";

/** Words of an access that has begun: 1 + place of its register in {@link KvmVmm.members}, PE, ITS, value. */
const Access = { register: 0, pe: 1, its: 2, low: 3, high: 4, count: 5 } as const;

/**
 * A KVM virtual machine as its VMM drives it: its ioctls, and beside them registers by name and, to put things in a chosen order, the steps
 * of one register access and of stores to GITS_CWRITER. A machine of a KVM model boots by these calls, scripts and the debugger use it, saved
 * machines are restored through it, and the recordings of real kernels are replayed on it.
 */
export class KvmVmm extends KvmIoctls implements Vmm {
  private readonly begun: Bank;
  /** Registers that an access ever began on; {@link begun} names one by its index. */
  private readonly members: string[] = [];

  constructor(options: VmmOptions) {
    super(options);
    this.begun = new Bank(this.guest.journal, new Uint32Array(Access.count));
  }

  /** Version of the guest's GIC. */
  get generation(): 2 | 3 {
    return this.guest.gic.model === 2 ? 2 : 3;
  }

  /** Goes on with what the pace of the machine has stopped. */
  proceed(): void {
    this.guest.memory.pace.proceed();
  }

  attribute({ verb, device: type, its, group, attribute, value }: AttributeCall): AttributeResult | undefined {
    const device = this.device(type, its);
    if (device === undefined) return undefined;
    if (verb === "has") return { errno: device.hasAttribute(group, attribute), value: 0n };
    if (verb === "get") return device.getAttribute(group, attribute, value);
    return { ...this.set(device, group, attribute, value ?? 0n), value: 0n };
  }

  /** The GIC of the machine. @throws RangeError when there is none */
  get gic(): KvmDevice {
    const device = this.device(`VGIC_V${this.generation}`);
    if (device === undefined) throw new RangeError("this machine has no GIC");
    return device;
  }

  /** An ITS of the machine. @throws RangeError when there is none of that number */
  its(index: number): KvmDevice {
    const device = this.device("VGIC_ITS", index);
    if (device === undefined) throw new RangeError(`this machine has no ITS ${index}`);
    return device;
  }

  /** KVM_SET_DEVICE_ATTR, with a crash of the host told. */
  set(device: KvmDevice, group: number, attribute: bigint, value = 0n): HostResult {
    this.takeCrash();
    const errno = device.setAttribute(group, attribute, value);
    const crash = this.takeCrash();
    return crash === undefined ? { errno } : { errno, crash };
  }

  saveTables(its: number): HostResult {
    return this.set(this.its(its), groupNumbers.CTRL, attributeNumbers.SAVE_TABLES);
  }

  restoreTables(its: number): HostResult {
    return this.set(this.its(its), groupNumbers.CTRL, attributeNumbers.RESTORE_TABLES);
  }

  resetIts(its: number): HostResult {
    return this.set(this.its(its), groupNumbers.CTRL, attributeNumbers.RESET);
  }

  savePendingTables(): HostResult {
    return this.set(this.gic, groupNumbers.CTRL, attributeNumbers.SAVE_PENDING_TABLES);
  }

  private place({ name, pe }: RegisterName): { member: RegisterMember; place: RegisterAttribute } | undefined {
    const member = registerByName(name);
    const unit = this.guest.redistributors[pe];
    const place = member && unit && registerAttribute(member, unit.id, this.generation);
    return member && place && { member, place };
  }

  setRegister(register: RegisterName, value: bigint): HostResult | undefined {
    const found = this.place(register);
    const device = found && this.device(found.place.device, register.its);
    return found && device && { errno: setRegister(device, found.place, found.member.register.width, value) };
  }

  getRegister(register: RegisterName): RegisterValue | undefined {
    const found = this.place(register);
    const device = found && this.device(found.place.device, register.its);
    return found && device && getRegister(device, found.place, found.member.register.width);
  }

  private get accessing(): boolean {
    return this.begun.words[Access.register] !== 0;
  }

  beginSet(register: RegisterName, value: bigint): HostResult | undefined {
    if (this.place(register) === undefined) return undefined;
    if (this.anyVcpuRunning || this.accessing) return { errno: Errno.EBUSY };
    const known = this.members.indexOf(register.name);
    const index = known >= 0 ? known : this.members.push(register.name) - 1;
    const wide = BigInt.asUintN(64, value);
    this.begun.set(Access.register, index + 1);
    this.begun.set(Access.pe, register.pe);
    this.begun.set(Access.its, register.its);
    this.begun.set(Access.low, Number(wide & 0xffff_ffffn));
    this.begun.set(Access.high, Number(wide >> 32n));
    return { errno: Errno.OK };
  }

  stepSet(): HostResult | undefined {
    const { words } = this.begun;
    if (!this.accessing) return undefined;
    const name = this.members[words[Access.register] - 1];
    const value = (BigInt(words[Access.high]) << 32n) | BigInt(words[Access.low]);
    let result: HostResult | undefined;
    this.locked = true;
    try {
      result = this.setRegister({ name, pe: words[Access.pe], its: words[Access.its] }, value);
    } finally {
      this.locked = false;
    }
    this.begun.set(Access.register, 0);
    const { vcpus } = this;
    for (let pe = 0; pe < vcpus.count; pe++) if (vcpus.at(pe) === Run.waiting) vcpus.enter(pe);
    vcpus.settle();
    return result;
  }

  addVcpu(id: number): HostResult {
    return { errno: this.createVcpu(id) };
  }

  runVcpu(pe: number): HostResult {
    const waits = this.accessing && this.guest.decisions.accessExcludes === "vCPU locks";
    return { errno: this.run(pe, waits) };
  }

  driveLine(intid: number, level: boolean, pe: number): HostResult {
    return { errno: this.irqLine(lineNumber(intid, pe), level) };
  }

  stopVcpu(pe: number): HostResult {
    this.vcpus.stop(pe);
    return { errno: Errno.OK };
  }

  /** Stops the vCPUs that are in their guests, as a VMM does before it saves a machine. @returns which they were */
  pause(): readonly number[] {
    const stopped: number[] = [];
    for (let pe = 0; pe < this.vcpus.count; pe++) if (this.running(pe)) stopped.push(pe);
    for (const pe of stopped) this.vcpus.stop(pe);
    return stopped;
  }

  /** Lets vCPUs that {@link pause} stopped run again. */
  resume(pes: readonly number[]): void {
    for (const pe of pes) this.run(pe);
  }

  running(pe: number): boolean {
    return this.vcpus.at(pe) === Run.inside;
  }

  beginCwriter(pe: number, its: number, value: number): boolean {
    return this.guest.itss[its]?.writers.begin(pe, value) ?? false;
  }

  stepCwriter(pe: number): StepResult | undefined {
    for (const its of this.guest.itss) {
      const step = its.writers.step(pe);
      this.vcpus.settle();
      if (step !== undefined) return step;
    }
    return undefined;
  }

  writing(pe: number): boolean {
    return this.guest.itss.some((its) => its.writers.writing(pe));
  }
}
