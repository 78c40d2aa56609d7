import {
  type DeviceType,
  type RegisterAttribute,
  type RegisterMember,
  registerAttribute,
  registerByName,
} from "../../../architecture/index.ts";
import type {
  AttributeCall,
  AttributeResult,
  HostResult,
  RegisterName,
  RegisterValue,
  StepResult,
  UserSpace,
} from "../../machine.ts";
import { Bank } from "../../state/bank.ts";
import type { DeviceHost, KvmDevice } from "../device.ts";
import { Errno } from "../errno.ts";
import type { KvmGuest } from "../frames/guest.ts";
import { KvmGicV2Device } from "./gic-v2-device.ts";
import { KvmGicV3Device } from "./gic-v3-device.ts";
import { KvmItsDevice } from "./its-device.ts";
import { getRegister, setRegister } from "./register-attributes.ts";

/** What a vCPU is at. */
const Run = {
  out: 0,
  /** In its guest. */
  inside: 1,
  /** KVM_RUN waits for the vCPU's lock. */
  waiting: 2,
} as const;

/** Words of an access that has begun: 1 + place of its register in {@link KvmUserSpace.members}, PE, ITS, value. */
const Access = { register: 0, pe: 1, its: 2, low: 3, high: 4, count: 5 } as const;

/** What the VMM does with a machine that has been set up: device attributes, and running vCPUs. */
export class KvmUserSpace implements UserSpace, DeviceHost {
  readonly ipaBits = 52;
  private readonly guest: KvmGuest;
  private readonly generation: 2 | 3;
  private readonly gic: KvmDevice;
  private readonly itss: readonly KvmDevice[];
  /** A word a vCPU, of {@link Run}, and one behind them: how many are inside. */
  private readonly runs: Bank;
  private readonly begun: Bank;
  /** Registers that an access ever began on; {@link begun} names one by its index. */
  private readonly members: string[] = [];
  /** Why the host's kernel crashed in the call under way. */
  private crashed: string | undefined;
  /** The access under way has made sure that no vCPU runs. */
  private checked = false;

  constructor(guest: KvmGuest) {
    this.guest = guest;
    this.generation = guest.gic.model === 2 ? 2 : 3;
    this.gic = this.generation === 2 ? new KvmGicV2Device(guest, this) : new KvmGicV3Device(guest, this);
    this.itss = guest.itss.map((its) => new KvmItsDevice(guest, its, this));
    this.runs = new Bank(guest.journal, new Uint32Array(guest.cpus.length + 1));
    this.begun = new Bank(guest.journal, new Uint32Array(Access.count));
  }

  /** A vCPU in its guest, or in the kernel for a store of its guest: both have its lock. */
  get anyVcpuRunning(): boolean {
    return !this.checked && (this.inside > 0 || this.guest.itss.some(({ writers }) => writers.busy));
  }

  /** vCPUs that are in their guest. */
  private get inside(): number {
    return this.runs.words[this.guest.cpus.length];
  }

  private setRun(pe: number, run: number): void {
    const before = this.runs.words[pe];
    this.runs.set(pe, run);
    this.runs.set(this.guest.cpus.length, this.inside + Number(run === Run.inside) - Number(before === Run.inside));
  }

  crash(sentence: string): void {
    this.crashed = sentence;
  }

  running(pe: number): boolean {
    return this.runs.words[pe] === Run.inside;
  }

  /** Lets vCPUs in their guests see interrupts that have come. */
  kick(): void {
    if (this.inside === 0) return;
    for (let pe = 0; pe < this.guest.cpus.length; pe++) if (this.running(pe)) this.guest.worldSwitch.kick(pe);
  }

  runVcpu(pe: number): HostResult {
    if (this.runs.words[pe] !== Run.out) return { errno: Errno.EBUSY };
    const waits = this.begun.words[Access.register] !== 0 && this.guest.decisions.accessExcludes === "vCPU locks";
    if (waits) this.setRun(pe, Run.waiting);
    else this.enter(pe);
    return { errno: Errno.OK };
  }

  private enter(pe: number): void {
    this.setRun(pe, Run.inside);
    this.guest.worldSwitch.start(pe);
  }

  stopVcpu(pe: number): HostResult {
    if (this.running(pe)) this.guest.worldSwitch.stop(pe);
    this.setRun(pe, Run.out);
    return { errno: Errno.OK };
  }

  private place({ name, pe }: RegisterName): { member: RegisterMember; place: RegisterAttribute } | undefined {
    const member = registerByName(name);
    const place = member && pe < this.guest.cpus.length ? registerAttribute(member, pe, this.generation) : undefined;
    return member && place && { member, place };
  }

  private device(type: DeviceType, its: number): KvmDevice | undefined {
    if (type === "VGIC_ITS") return this.itss[its];
    return type === `VGIC_V${this.generation}` ? this.gic : undefined;
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

  attribute({ verb, device: type, its, group, attribute, value }: AttributeCall): AttributeResult | undefined {
    const device = this.device(type, its);
    if (device === undefined) return undefined;
    this.crashed = undefined;
    if (verb === "has") return { errno: device.hasAttribute(group, attribute), value: 0n };
    if (verb === "get") return device.getAttribute(group, attribute, value);
    const errno = device.setAttribute(group, attribute, value ?? 0n);
    return this.crashed === undefined ? { errno, value: 0n } : { errno, value: 0n, crash: this.crashed };
  }

  beginSet(register: RegisterName, value: bigint): HostResult | undefined {
    if (this.place(register) === undefined) return undefined;
    if (this.anyVcpuRunning || this.begun.words[Access.register] !== 0) return { errno: Errno.EBUSY };
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
    if (words[Access.register] === 0) return undefined;
    const name = this.members[words[Access.register] - 1];
    const value = (BigInt(words[Access.high]) << 32n) | BigInt(words[Access.low]);
    this.checked = true;
    let result: HostResult | undefined;
    try {
      result = this.setRegister({ name, pe: words[Access.pe], its: words[Access.its] }, value);
    } finally {
      this.checked = false;
    }
    this.begun.set(Access.register, 0);
    for (let pe = 0; pe < this.guest.cpus.length; pe++) if (this.runs.words[pe] === Run.waiting) this.enter(pe);
    return result;
  }

  beginCwriter(pe: number, its: number, value: number): boolean {
    return this.guest.itss[its]?.writers.begin(pe, value) ?? false;
  }

  stepCwriter(pe: number): StepResult | undefined {
    for (const its of this.guest.itss) {
      const step = its.writers.step(pe);
      if (step !== undefined) return step;
    }
    return undefined;
  }

  writing(pe: number): boolean {
    return this.guest.itss.some((its) => its.writers.writing(pe));
  }
}
