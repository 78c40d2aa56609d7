import { type CpuInterface, type Group, SPURIOUS } from "../cpu/cpu-interface.ts";
import { Hcr, Vmcr } from "../cpu/hypervisor-fields.ts";
import { COUNTER, Timer } from "../cpu/timers.ts";
import { InterfaceWord } from "../cpu/virtual-cpu.ts";
import { IrqFlag } from "../interrupts/interrupt-record.ts";
import type { KvmGuest } from "./guest.ts";

/** A write of one register by its name, `ICC_EOIR1_EL1`. */
export interface RegisterWrite {
  readonly name: string;
  readonly value: bigint;
}

/** One ICC_* register as a guest with a virtual GICv3 has it. */
interface SystemRegister<Value = number | bigint> {
  read?(pe: number): Value;
  write?(pe: number, value: bigint): void;
}

/** ICC_SRE_EL1 of a GICv3 guest: SRE, DFB and DIB, all fixed at 1. */
export const SRE_VALUE = 7;

/** ICC_SGI1R_EL1.IRM. */
const ALL_BUT_SELF = 1n << 40n;

/**
 * The CPU interface system registers of a guest (Arm IHI0069 12.2). A guest's access runs on the list registers that KVM fills for
 * it; the SGI registers trap to KVM.
 */
export class SystemRegisters {
  private readonly guest: KvmGuest;
  private readonly cpuInterface: CpuInterface;
  private readonly registers: Readonly<Record<string, SystemRegister>>;
  /** Registers whose writes KVM carries out, after the guest's exit. */
  private readonly trapped: Readonly<Record<string, (pe: number, value: bigint) => void>>;
  private readonly trappedReads: Readonly<Record<string, (pe: number) => bigint>>;

  constructor(guest: KvmGuest) {
    this.guest = guest;
    this.cpuInterface = guest.cpuInterface;
    this.registers = { ...this.common(), ...this.ofGroup(0), ...this.ofGroup(1), ...timerRegisters(guest, "CNTV") };
    const physicalTimer = timerRegisters(guest, "CNTP");
    this.trappedReads = Object.fromEntries(Object.entries(physicalTimer).map(([name, { read }]) => [name, read]));
    this.trapped = {
      ...Object.fromEntries(Object.entries(physicalTimer).map(([name, { write }]) => [name, write])),
      ICC_SGI1R_EL1: (pe, value) => this.generate(pe, value, true),
      ICC_ASGI1R_EL1: (pe, value) => this.generate(pe, value, false),
      ICC_SGI0R_EL1: (pe, value) => this.generate(pe, value, false),
    };
  }

  private common(): Record<string, SystemRegister> {
    const ci = this.cpuInterface;
    return {
      ICC_PMR_EL1: {
        read: (pe) => ci.priorityMask(pe),
        write: (pe, value) => ci.setPriorityMask(pe, Number(value & 0xffn)),
      },
      ICC_RPR_EL1: { read: (pe) => ci.runningPriority(pe) },
      ICC_DIR_EL1: { write: (pe, value) => ci.deactivate(pe, Number(value & 0xff_ffffn)) },
      ICC_SRE_EL1: { read: () => SRE_VALUE, write: () => undefined },
      ICC_CTLR_EL1: {
        read: (pe) => {
          const { priorityBits, idBits, a3v, seis } = ci.features;
          const vmcr = ci.vmcr(pe);
          const mode = ((vmcr & Vmcr.vcbpr) !== 0 ? 1 : 0) | ((vmcr & Vmcr.veoim) !== 0 ? 2 : 0);
          return mode | ((priorityBits - 1) << 8) | (idBits << 11) | (seis << 14) | (a3v << 15);
        },
        write: (pe, value) => {
          const set = ((value & 1n) !== 0n ? Vmcr.vcbpr : 0) | ((value & 2n) !== 0n ? Vmcr.veoim : 0);
          ci.setVmcr(pe, Vmcr.vcbpr | Vmcr.veoim, set);
        },
      },
    };
  }

  private ofGroup(group: Group): Record<string, SystemRegister> {
    const ci = this.cpuInterface;
    const enable = group === 0 ? Vmcr.veng0 : Vmcr.veng1;
    const active: Record<string, SystemRegister> = {};
    for (let index = 0; index < ci.activePriorityRegisters; index++) {
      const word = (group === 0 ? InterfaceWord.ap0r : InterfaceWord.ap1r) + index;
      active[`ICC_AP${group}R${index}_EL1`] = {
        read: (pe) => this.guest.cpus[pe].hardware.get(word),
        write: (pe, value) => this.guest.cpus[pe].hardware.set(word, Number(value & 0xffff_ffffn)),
      };
    }
    return {
      ...active,
      [`ICC_IAR${group}_EL1`]: { read: (pe) => ci.acknowledge(pe, group) },
      [`ICC_HPPIR${group}_EL1`]: {
        read: (pe) => {
          const pending = ci.pending(pe);
          return pending?.group === group ? pending.intid : SPURIOUS;
        },
      },
      [`ICC_EOIR${group}_EL1`]: { write: (pe, value) => ci.end(pe, group, Number(value & 0xff_ffffn)) },
      [`ICC_BPR${group}_EL1`]: {
        read: (pe) => ci.binaryPoint(pe, group),
        write: (pe, value) => ci.setBinaryPoint(pe, group, Number(value & 7n)),
      },
      [`ICC_IGRPEN${group}_EL1`]: {
        read: (pe) => ((ci.vmcr(pe) & enable) !== 0 ? 1 : 0),
        write: (pe, value) => ci.setVmcr(pe, enable, (value & 1n) !== 0n ? enable : 0),
      },
    };
  }

  /**
   * The guest reads a register.
   * @param name in the manual's spelling, `ICC_IAR1_EL1` @returns undefined where the PE would take an Undefined exception
   */
  read(pe: number, name: string): bigint | undefined {
    if (Object.hasOwn(this.trappedReads, name)) {
      const { worldSwitch } = this.guest;
      return worldSwitch.run(pe, () => worldSwitch.handle(pe, () => this.trappedReads[name](pe)));
    }
    const register = Object.hasOwn(this.registers, name) ? this.registers[name] : undefined;
    if (register?.read === undefined) return undefined;
    const { read } = register;
    return this.guest.worldSwitch.run(pe, () => {
      const value = read(pe);
      return typeof value === "bigint" ? value : BigInt(value >>> 0);
    });
  }

  /** The guest writes registers one after the other; a trapped write is an exit and an entry. @returns false on an Undefined exception */
  write(pe: number, writes: readonly RegisterWrite[]): boolean {
    const { worldSwitch } = this.guest;
    let defined = true;
    worldSwitch.run(pe, () => {
      for (const { name, value } of writes) {
        const trap = this.trapOf(pe, name);
        const register = Object.hasOwn(this.registers, name) ? this.registers[name] : undefined;
        if (trap !== undefined) worldSwitch.handle(pe, () => trap(pe, value));
        else if (register?.write === undefined) defined = false;
        else register.write(pe, value);
      }
    });
    return defined;
  }

  private trapOf(pe: number, name: string): ((pe: number, value: bigint) => void) | undefined {
    if (Object.hasOwn(this.trapped, name)) return this.trapped[name];
    if (name !== "ICC_DIR_EL1" || !this.trapsDir(pe)) return undefined;
    return (by, value) => this.guest.deactivate(by, Number(value));
  }

  private trapsDir(pe: number): boolean {
    return (this.guest.cpus[pe].hardware.get(InterfaceWord.hcr) & Hcr.tdir) !== 0;
  }

  /** A write of ICC_SGI1R_EL1 and its kin (vgic-mmio-v3.c `vgic_v3_dispatch_sgi`). */
  private generate(source: number, value: bigint, group1: boolean): void {
    const { interrupts, redistributors } = this.guest;
    const intid = Number((value >> 24n) & 0xfn);
    const affinity = (Number((value >> 48n) & 0xffn) << 24) | (Number((value >> 32n) & 0xffn) << 16);
    const cluster = (affinity | (Number((value >> 16n) & 0xffn) << 8)) >>> 0;
    for (const { pe, affinity: own } of redistributors) {
      const named =
        (value & ALL_BUT_SELF) !== 0n
          ? pe !== source
          : own - (own & 0xff) === cluster && (own & 0xff) < 16 && ((value >> BigInt(own & 0xff)) & 1n) === 1n;
      if (!named) continue;
      const record = interrupts.record(pe, intid);
      if ((interrupts.flags(record) & IrqFlag.group1) !== 0 && !group1) continue;
      interrupts.setFlag(record, IrqFlag.pending, true);
      interrupts.queue(record);
    }
  }
}

/** The registers of one timer: `CNTV` is the hardware's own, `CNTP` trapped. */
function timerRegisters(guest: KvmGuest, prefix: "CNTV" | "CNTP"): Record<string, Required<SystemRegister<bigint>>> {
  const { timers } = guest;
  const timer = prefix === "CNTV" ? Timer.virtual : Timer.physical;
  return {
    [`${prefix}_CTL_EL0`]: {
      read: (pe) => BigInt(timers.control(pe, timer)),
      write: (pe, value) => timers.setControl(pe, timer, value),
    },
    [`${prefix}_CVAL_EL0`]: {
      read: (pe) => timers.compareValue(pe, timer),
      write: (pe, value) => timers.setCompareValue(pe, timer, value),
    },
    // TimerValue is a signed distance of 32 bits from the counter.
    [`${prefix}_TVAL_EL0`]: {
      read: (pe) => BigInt.asUintN(32, timers.compareValue(pe, timer) - COUNTER),
      write: (pe, value) => timers.setCompareValue(pe, timer, BigInt.asUintN(64, COUNTER + BigInt.asIntN(32, value))),
    },
  };
}
