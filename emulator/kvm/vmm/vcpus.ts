import { MAX_PES } from "../../../architecture/index.ts";
import { Bank } from "../../journal/bank.ts";
import type { AccessBytes } from "../../machine.ts";
import { readRam, writeRam } from "../../machine-parts.ts";
import { highWord, lowWord, toBigInt } from "../../value64.ts";
import type { KvmGuest } from "../frames/guest.ts";
import { GuestBus } from "../frames/guest-bus.ts";
import type { RegisterFrames } from "../frames/register-frames.ts";
import { type RegisterWrite, SystemRegisters } from "../frames/system-registers.ts";

/** What a vCPU is at. */
export const Run = {
  out: 0,
  /** In its guest. */
  inside: 1,
  /** KVM_RUN waits for the vCPU's lock. */
  waiting: 2,
} as const;

/**
 * The vCPUs of a VM: KVM_RUN, and what their guests do. An instruction of a vCPU that does not stay in its guest is an entry, the
 * instruction and an exit. One that KVM emulates is an exit of its own: list registers come back before, and are filled anew behind it
 * (Linux arm.c `kvm_arch_vcpu_ioctl_run`).
 */
export class Vcpus {
  private readonly guest: KvmGuest;
  private readonly bus: GuestBus;
  private readonly systemRegisters: SystemRegisters;
  /** A word a vCPU, of {@link Run}. */
  private readonly runs: Bank;
  /** Word 0: how many are inside. */
  private readonly counts: Bank;
  private readonly value = { lo: 0, hi: 0 };

  constructor(guest: KvmGuest, frames: RegisterFrames) {
    this.guest = guest;
    this.bus = new GuestBus(guest, frames);
    this.systemRegisters = new SystemRegisters(guest);
    this.runs = new Bank(guest.journal, new Uint32Array(8), MAX_PES);
    this.counts = new Bank(guest.journal, new Uint32Array(1));
    guest.interrupts.halt = () => this.halt();
  }

  get count(): number {
    return this.guest.cpus.length;
  }

  /** @param pe any number */
  has(pe: number): boolean {
    return Number.isInteger(pe) && pe >= 0 && pe < this.count;
  }

  /** vCPUs that are in their guest. */
  get inside(): number {
    return this.counts.words[0];
  }

  /** @returns one of {@link Run} */
  at(pe: number): number {
    return this.runs.words[pe] ?? Run.out;
  }

  private set(pe: number, run: number): void {
    const before = this.at(pe);
    this.runs.ensure(pe + 1);
    this.runs.set(pe, run);
    this.counts.set(0, this.inside + Number(run === Run.inside) - Number(before === Run.inside));
  }

  /** KVM_RUN that finds the vCPU's lock taken. */
  wait(pe: number): void {
    this.set(pe, Run.waiting);
  }

  /** KVM_RUN of a vCPU that then stays in its guest. */
  enter(pe: number): void {
    this.set(pe, Run.inside);
    if (this.guest.gic.ready) this.guest.worldSwitch.start(pe);
    this.settle();
  }

  /** The vCPU returns from KVM_RUN, if it is there. */
  stop(pe: number): void {
    if (this.at(pe) === Run.inside && this.guest.gic.ready) this.guest.worldSwitch.stop(pe);
    this.set(pe, Run.out);
    this.settle();
  }

  /** vCPUs in their guests leave them, so that what is active in their list registers is known (`kvm_arm_halt_guest`). */
  private halt(): void {
    if (this.inside === 0) return;
    for (let pe = 0; pe < this.count; pe++) if (this.at(pe) === Run.inside) this.guest.worldSwitch.leave(pe);
  }

  /** vCPUs that were stopped or kicked go on in their guests, with what has come for them in their list registers. */
  settle(): void {
    const { pace } = this.guest.memory;
    if (pace.unfinished) pace.afterwards(() => this.settleNow());
    else this.settleNow();
  }

  private settleNow(): void {
    const { kicked } = this.guest.interrupts;
    const { worldSwitch } = this.guest;
    if (this.inside > 0) {
      for (let pe = 0; pe < this.count; pe++) if (this.at(pe) === Run.inside) worldSwitch.goOn(pe);
      // A vCPU that goes out may hand over an interrupt to another one, which is kicked in turn.
      for (let rounds = 0; kicked.size > 0 && rounds <= this.count; rounds++) {
        const now = kicked.list();
        kicked.clear();
        for (const pe of now) if (this.at(pe) === Run.inside) worldSwitch.kick(pe);
      }
    }
    if (kicked.size > 0) kicked.clear();
  }

  /** An access that KVM emulates. */
  private trap<Result>(pe: number, handle: () => Result): Result {
    if (!this.guest.gic.ready) return handle();
    const { worldSwitch } = this.guest;
    const quiet = worldSwitch.isQuiet(pe);
    if (!quiet) worldSwitch.beginTrap(pe);
    try {
      return handle();
    } finally {
      // A queue that the pace has stopped is a part of the access.
      const { pace } = this.guest.memory;
      if (pace.unfinished) pace.afterwards(() => this.trapped(pe, quiet));
      else this.trapped(pe, quiet);
    }
  }

  /** An access that KVM emulates is done. @param quiet its exit would have changed nothing */
  private trapped(pe: number, quiet: boolean): void {
    const { worldSwitch } = this.guest;
    if (!quiet) worldSwitch.endTrap(pe);
    else if (!worldSwitch.staysQuiet(pe)) worldSwitch.run(pe, () => undefined);
    this.settle();
  }

  /** What happens in the guest. */
  private inGuest<Result>(pe: number, act: () => Result): Result {
    const result = this.guest.worldSwitch.run(pe, act);
    this.settle();
    return result;
  }

  /**
   * A load. An address that is neither a device's nor RAM is an exit to user space (KVM_EXIT_MMIO).
   * @param pe a vCPU that exists @returns undefined on that exit
   */
  load(pe: number, address: number, bytes: AccessBytes): bigint | undefined {
    const frame = this.bus.frameAt(pe, address, bytes);
    if (frame === undefined) return readRam(this.guest.memory, address, bytes) ?? this.trap(pe, () => undefined);
    const { value } = this;
    const read = (): void => frame.registers.read(frame.pe, frame.offset, bytes, value);
    if (frame.inGuest) this.inGuest(pe, read);
    else this.trap(pe, read);
    return toBigInt(value.lo, value.hi);
  }

  /** A store. @returns false on an exit to user space */
  store(pe: number, address: number, bytes: AccessBytes, value: bigint): boolean {
    const frame = this.bus.frameAt(pe, address, bytes);
    if (frame === undefined) return writeRam(this.guest.memory, address, bytes, value) || this.trap(pe, () => false);
    const write = (): void => frame.registers.write(frame.pe, frame.offset, bytes, lowWord(value), highWord(value));
    if (frame.inGuest) this.inGuest(pe, write);
    else this.trap(pe, write);
    return true;
  }

  /** A GICv2 has its CPU interface in a frame, and a guest's ICC_* are undefined then. Timers are there in either case. */
  private hasSystemRegister(name: string): boolean {
    return this.guest.gic.ready && (this.guest.gic.model === 3 || name.startsWith("CNT"));
  }

  /** @returns undefined on an Undefined exception */
  readSystemRegister(pe: number, name: string): bigint | undefined {
    if (!this.hasSystemRegister(name)) return undefined;
    const value = this.systemRegisters.read(pe, name);
    this.settle();
    return value;
  }

  /** Writes one after the other. @returns false on an Undefined exception */
  writeSystemRegisters(pe: number, writes: readonly RegisterWrite[]): boolean {
    if (!writes.every(({ name }) => this.hasSystemRegister(name))) return false;
    const defined = this.systemRegisters.write(pe, writes);
    this.settle();
    return defined;
  }
}
