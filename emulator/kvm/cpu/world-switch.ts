import type { KvmDecisions } from "../../models/model.ts";
import type { Pace } from "../../pace.ts";
import { toBigInt } from "../../value64.ts";
import type { KvmInterrupts } from "../interrupts/interrupts.ts";
import type { VirtualInterfaceFeatures } from "../virtual-host.ts";
import type { CpuInterface } from "./cpu-interface.ts";
import { asksForEoi, gichListRegister, Hcr, Misr, Vmcr } from "./hypervisor-fields.ts";
import type { ListRegisters } from "./list-registers.ts";
import type { GuestTimers } from "./timers.ts";
import { InterfaceWord, type VirtualCpu } from "./virtual-cpu.ts";

/** KVM's access to one register of the hypervisor interface. */
export interface HypervisorAccess {
  readonly pe: number;
  /** In the manual's spelling: `ICH_LR0_EL2`, `ICH_HCR_EL2`; `GICH_LR0` on a GICv2 host. */
  readonly register: string;
  readonly write: boolean;
  readonly value: bigint;
}

/** Names of the active priorities registers. */
const AP0R = ["AP0R0", "AP0R1", "AP0R2", "AP0R3"];
const AP1R = ["AP1R0", "AP1R1", "AP1R2", "AP1R3"];

/** Exits for maintenance in a row, after which the guest counts as quiet: each one empties what asked for it. */
const MAX_MAINTENANCE_EXITS = 4;

/**
 * Entry to a guest and exit from it: KVM's copy of the CPU interface to the CPU's registers and back, interrupts into list registers
 * and back (Linux hyp/vgic-v3-sr.c, vgic.c `kvm_vgic_flush_hwstate`, `kvm_vgic_sync_hwstate`).
 */
export class WorldSwitch {
  /** Told of every access to a register of the hypervisor interface, in order. */
  onAccess: ((access: HypervisorAccess) => void) | undefined;

  /** PEs that are out of their guests for the handling of one access; nothing of it outlasts that. */
  private readonly left = new Set<number>();
  private readonly interrupts: KvmInterrupts;
  private readonly listRegisters: ListRegisters;
  private readonly decisions: KvmDecisions;
  private readonly cpus: readonly VirtualCpu[];
  private readonly cpuInterface: CpuInterface;
  private readonly timers: GuestTimers;
  private readonly pace: Pace;

  constructor(parts: {
    pace: Pace;
    interrupts: KvmInterrupts;
    listRegisters: ListRegisters;
    decisions: KvmDecisions;
    cpus: readonly VirtualCpu[];
    cpuInterface: CpuInterface;
    timers: GuestTimers;
  }) {
    this.interrupts = parts.interrupts;
    this.listRegisters = parts.listRegisters;
    this.decisions = parts.decisions;
    this.cpus = parts.cpus;
    this.cpuInterface = parts.cpuInterface;
    this.timers = parts.timers;
    this.pace = parts.pace;
    this.pace.onAside(() => {
      const [left, kicked] = [[...this.left], this.interrupts.kicked.list()];
      return () => {
        this.forgetLeft();
        for (const pe of left) this.left.add(pe);
        for (const pe of kicked) this.interrupts.kicked.add(pe);
      };
    });
    this.pace.onAbandon(() => this.forgetLeft());
  }

  private forgetLeft(): void {
    this.left.clear();
    this.interrupts.kicked.clear();
  }

  private get features(): VirtualInterfaceFeatures {
    return this.cpuInterface.features;
  }

  /** KVM_RUN up to the first instruction of the guest. */
  enter(pe: number): void {
    this.load(pe);
    this.timers.load(pe);
    this.restore(pe);
  }

  /** KVM_RUN that returns before the guest is entered (`immediate_exit`): the vCPU is loaded and put. */
  touch(pe: number): void {
    this.load(pe);
    this.timers.load(pe);
    this.put(pe);
  }

  /** From an exit of the guest to the return of KVM_RUN. */
  exit(pe: number): void {
    this.takeBack(pe);
    this.put(pe);
  }

  /**
   * Runs the guest for one action: everything between an entry and the next exit to user space. A maintenance interrupt that the
   * action causes is an exit to KVM, which fills the list registers anew and goes on.
   */
  run<Result>(pe: number, action: () => Result): Result {
    const stays = this.cpus[pe].inGuest;
    if (!stays) this.enter(pe);
    const result = action();
    this.pace.afterwards(() => {
      this.maintain(pe);
      if (!stays) this.exit(pe);
    });
    return result;
  }

  /** Enters the guest and stays there until {@link stop}. */
  start(pe: number): void {
    this.enter(pe);
    this.cpus[pe].inGuest = true;
  }

  stop(pe: number): void {
    this.maintain(pe);
    this.cpus[pe].inGuest = false;
    this.exit(pe);
  }

  /**
   * Whether an entry of a vCPU that is not in its guest, and its exit, would change nothing but registers of the CPU that hold nothing of
   * the guest in between: most accesses of scripts are such ones.
   */
  isQuiet(pe: number): boolean {
    const cpu = this.cpus[pe];
    const vmcr = cpu.saved.get(InterfaceWord.vmcr);
    return (
      !cpu.inGuest &&
      this.onAccess === undefined &&
      this.listRegisters.settled(pe, cpu, this.features) &&
      this.cpuInterface.legalVmcr(vmcr) === vmcr &&
      this.timers.quiet(pe) &&
      !this.interrupts.hardware.signals
    );
  }

  /** Whether {@link isQuiet} still holds after an access that KVM emulates; it changes interrupts, not what is saved of the CPU. */
  staysQuiet(pe: number): boolean {
    return this.interrupts.lists[pe].empty && this.timers.quiet(pe) && !this.interrupts.hardware.signals;
  }

  /**
   * An access that KVM emulates begins: the guest, entered if the vCPU was not in it, is left, so that its list registers are known
   * (arm.c `kvm_arch_vcpu_ioctl_run`).
   */
  beginTrap(pe: number): void {
    if (!this.cpus[pe].inGuest) this.enter(pe);
    this.leave(pe);
  }

  /** The access is done: the guest is entered again, and left for good by a vCPU that does not stay in it. */
  endTrap(pe: number): void {
    this.goOn(pe);
    this.maintain(pe);
    if (!this.cpus[pe].inGuest) this.exit(pe);
  }

  /** An access that KVM emulates, by a PE that is in its guest. */
  handle<Result>(pe: number, handle: () => Result): Result {
    this.leave(pe);
    try {
      return handle();
    } finally {
      this.pace.afterwards(() => this.goOn(pe));
    }
  }

  /** Interrupts may have come for a PE that is in its guest: out and in again (`kvm_vcpu_kick`). */
  kick(pe: number): void {
    this.takeBack(pe);
    this.restore(pe);
  }

  /** A PE leaves its guest, unless it has, until {@link goOn}. */
  leave(pe: number): void {
    if (this.left.has(pe)) return;
    this.takeBack(pe);
    this.left.add(pe);
  }

  /** A PE that {@link leave} made leave its guest enters it again. */
  goOn(pe: number): void {
    if (this.left.delete(pe)) this.restore(pe);
  }

  private maintain(pe: number): void {
    // A physical interrupt that the guest has deactivated and that is still pending takes the host out of the guest, too.
    const leaves = (): boolean => this.maintenanceState(pe) !== 0 || this.interrupts.hardware.signals;
    for (let exits = 0; exits < MAX_MAINTENANCE_EXITS && leaves(); exits++) this.kick(pe);
  }

  /** Interrupts into list registers, and those to the CPU (`kvm_vgic_flush_hwstate`). */
  private restore(pe: number): void {
    const cpu = this.cpus[pe];
    // An entry is all that a kick asks for.
    this.interrupts.kicked.delete(pe);
    const { countsEois } = this.decisions;
    if (countsEois || !this.interrupts.lists[pe].empty) this.listRegisters.flush(pe, cpu, this.features);
    if (!countsEois && cpu.usedLrs === 0) return;
    this.writeWord(pe, "HCR", InterfaceWord.hcr, cpu.saved.get(InterfaceWord.hcr));
    cpu.hardware.set(InterfaceWord.hcr, this.cpuInterface.legalHcr(cpu.hardware.get(InterfaceWord.hcr)));
    for (let index = 0; index < cpu.usedLrs; index++) {
      this.writeLr(pe, index, cpu.saved.lrLow(index), cpu.saved.lrHigh(index));
    }
  }

  /** List registers from the CPU, and their state to the interrupts (`kvm_vgic_sync_hwstate`); then the host's interrupts are unmasked. */
  private takeBack(pe: number): void {
    const cpu = this.cpus[pe];
    this.save(pe, cpu);
    if (!this.interrupts.lists[pe].empty) {
      if (cpu.usedLrs > 0) this.listRegisters.fold(pe, cpu);
      this.interrupts.prune(pe);
    }
    this.interrupts.hardware.take();
  }

  private save(pe: number, cpu: VirtualCpu): void {
    const { hardware, saved } = cpu;
    const { countsEois } = this.decisions;
    const used = cpu.usedLrs;
    if (used === 0 && !countsEois) return;
    if (used > 0) {
      const empty = this.emptyListRegisters(pe);
      this.tell(pe, "ELRSR", false, empty);
      if (!countsEois) this.writeWord(pe, "HCR", InterfaceWord.hcr, saved.get(InterfaceWord.hcr) & ~Hcr.en);
      for (let index = 0; index < used; index++) this.saveLr(pe, cpu, index, (empty >>> index) & 1);
    }
    if (!countsEois) return;
    saved.set(InterfaceWord.vmcr, this.readWord(pe, "VMCR", InterfaceWord.vmcr));
    const kept = saved.get(InterfaceWord.hcr);
    if ((kept & Hcr.lrenpie) !== 0) {
      const now = this.readWord(pe, "HCR", InterfaceWord.hcr);
      saved.set(InterfaceWord.hcr, (kept & ~(0x1f << Hcr.eoiCountShift)) | (now & (0x1f << Hcr.eoiCountShift)));
    }
    hardware.set(InterfaceWord.hcr, 0);
    this.tell(pe, "HCR", true, 0);
    if (this.onAccess !== undefined) this.tell(pe, "MISR", false, this.maintenanceState(pe));
  }

  private saveLr(pe: number, cpu: VirtualCpu, index: number, empty: number): void {
    const { hardware, saved } = cpu;
    if (empty === 1) {
      saved.setLr(index, saved.lrLow(index), saved.lrHigh(index) & 0x3fff_ffff);
    } else {
      const low = hardware.lrLow(index);
      const high = hardware.lrHigh(index);
      this.tellLr(pe, index, false, low, high);
      saved.setLr(index, low, high);
    }
    this.writeLr(pe, index, 0, 0);
  }

  /** VMCR and active priorities to the CPU (`vgic_v3_load`). */
  private load(pe: number): void {
    const { saved, hardware } = this.cpus[pe];
    this.writeWord(pe, "VMCR", InterfaceWord.vmcr, saved.get(InterfaceWord.vmcr));
    hardware.set(InterfaceWord.vmcr, this.cpuInterface.legalVmcr(saved.get(InterfaceWord.vmcr)));
    this.forEachActivePriority(pe, (name, word) => this.writeWord(pe, name, word, saved.get(word)));
  }

  /** VMCR and active priorities back to memory (`vgic_v3_put`). */
  private put(pe: number): void {
    const { saved } = this.cpus[pe];
    if (!this.decisions.countsEois) saved.set(InterfaceWord.vmcr, this.readWord(pe, "VMCR", InterfaceWord.vmcr));
    this.forEachActivePriority(pe, (name, word) => saved.set(word, this.readWord(pe, name, word)));
  }

  private forEachActivePriority(pe: number, visit: (name: string, word: number) => void): void {
    if (this.cpuInterface.version === 2) {
      visit("APR", InterfaceWord.ap0r);
      return;
    }
    this.tell(pe, "VTR", false, this.features.vtr);
    const count = this.cpuInterface.activePriorityRegisters;
    for (let index = count - 1; index >= 0; index--) visit(AP0R[index], InterfaceWord.ap0r + index);
    for (let index = count - 1; index >= 0; index--) visit(AP1R[index], InterfaceWord.ap1r + index);
  }

  /** ICH_ELRSR_EL2: list registers that are free (no state, and no EOI maintenance interrupt to give). */
  emptyListRegisters(pe: number): number {
    return this.withoutState(pe, false);
  }

  /** ICH_EISR_EL2: list registers whose interrupt has ended and that ask for a maintenance interrupt at that. */
  endedListRegisters(pe: number): number {
    return this.withoutState(pe, true);
  }

  /** List registers of the CPU without a state, as a mask: those that ask for EOI maintenance, or the others. */
  private withoutState(pe: number, asking: boolean): number {
    const { hardware } = this.cpus[pe];
    let mask = 0;
    for (let index = 0; index < this.features.listRegisters; index++) {
      const high = hardware.lrHigh(index);
      if (high >>> 30 === 0 && asksForEoi(high) === asking) mask |= 1 << index;
    }
    return mask;
  }

  /** ICH_MISR_EL2 of a PE: which maintenance interrupts its interface asserts. */
  maintenanceState(pe: number): number {
    const { hardware } = this.cpus[pe];
    const hcr = hardware.get(InterfaceWord.hcr);
    const vmcr = hardware.get(InterfaceWord.vmcr);
    if ((hcr & Hcr.en) === 0) return 0;
    let valid = 0;
    let pending = 0;
    for (let index = 0; index < this.features.listRegisters; index++) {
      const high = hardware.lrHigh(index);
      if (high >>> 30 !== 0) valid++;
      if (high >>> 30 === 1) pending++;
    }
    const when = (bit: number, enable: number, condition: boolean): number =>
      (hcr & enable) !== 0 && condition ? bit : 0;
    return (
      (this.endedListRegisters(pe) !== 0 ? Misr.eoi : 0) |
      when(Misr.u, Hcr.uie, valid <= 1) |
      when(Misr.lrenp, Hcr.lrenpie, hcr >>> Hcr.eoiCountShift !== 0) |
      when(Misr.np, Hcr.npie, pending === 0) |
      when(Misr.vgrp0e, Hcr.vgrp0eie, (vmcr & Vmcr.veng0) !== 0) |
      when(Misr.vgrp0d, Hcr.vgrp0die, (vmcr & Vmcr.veng0) === 0) |
      when(Misr.vgrp1e, Hcr.vgrp1eie, (vmcr & Vmcr.veng1) !== 0) |
      when(Misr.vgrp1d, Hcr.vgrp1die, (vmcr & Vmcr.veng1) === 0)
    );
  }

  private readWord(pe: number, name: string, word: number): number {
    const value = this.cpus[pe].hardware.get(word);
    this.tell(pe, name, false, value);
    return value;
  }

  private writeWord(pe: number, name: string, word: number, value: number): void {
    this.cpus[pe].hardware.set(word, value);
    this.tell(pe, name, true, value);
  }

  private writeLr(pe: number, index: number, low: number, high: number): void {
    this.cpus[pe].hardware.setLr(index, low, high);
    this.tellLr(pe, index, true, low, high);
  }

  private tellLr(pe: number, index: number, write: boolean, low: number, high: number): void {
    if (this.onAccess === undefined) return;
    const value = this.cpuInterface.version === 2 ? BigInt(gichListRegister(low, high)) : toBigInt(low, high);
    this.tell(pe, `LR${index}`, write, value);
  }

  private tell(pe: number, name: string, write: boolean, value: number | bigint): void {
    if (this.onAccess === undefined) return;
    const register = this.cpuInterface.version === 2 ? `GICH_${name}` : `ICH_${name}_EL2`;
    this.onAccess({ pe, register, write, value: typeof value === "bigint" ? value : BigInt(value >>> 0) });
  }
}
