import { offsetOf, registerByEncoding, registerName } from "../../../architecture/index.ts";
import type { KvmDecisions } from "../../models/model.ts";
import { Width } from "../../value64.ts";
import { Vmcr } from "../cpu/hypervisor-fields.ts";
import { InterfaceWord } from "../cpu/virtual-cpu.ts";
import { type AttributeValue, failed } from "../device.ts";
import { Errno } from "../errno.ts";
import { constant, ignores, type RegisterRegion, RegisterTable, readsZero } from "../register-table.ts";
import { CTLR_MASK } from "./gicv-registers.ts";
import type { KvmGuest } from "./guest.ts";
import { SRE_VALUE } from "./system-registers.ts";

/** One ICC_* register of the group CPU_SYSREGS: KVM's copy of the state. A write answers false for EINVAL. */
interface SystemRegisterAttribute {
  get(pe: number): number | undefined;
  set(pe: number, value: bigint): boolean;
}

/** Places of ICC_CTLR_EL1. */
const Ctlr = { cbpr: 1, eoim: 2, priShift: 8, idShift: 11, seis: 14, a3v: 15 } as const;

/** ProductID 'K', architecture version 2, Implementer 0x43B. */
const GICC_IIDR = 0x04b2_043b;

/** The group CPU_SYSREGS of a VGICv3 (Linux vgic-sys-reg-v3.c). */
export class CpuSystemRegisterAttributes {
  private readonly guest: KvmGuest;
  private readonly decisions: KvmDecisions;
  private readonly registers: ReadonlyMap<string, SystemRegisterAttribute>;

  constructor(guest: KvmGuest) {
    this.guest = guest;
    this.decisions = guest.decisions;
    const groups = ([0, 1] as const).flatMap((group) => [
      ...this.activePriorities(group),
      [`ICC_IGRPEN${group}_EL1`, this.vmcrField(group === 0 ? Vmcr.veng0 : Vmcr.veng1, group)] as const,
    ]);
    this.registers = new Map<string, SystemRegisterAttribute>([
      ...groups,
      ["ICC_PMR_EL1", this.vmcrField((0xff << Vmcr.pmrShift) >>> 0, Vmcr.pmrShift)],
      ["ICC_BPR0_EL1", this.vmcrField(Vmcr.bprMask << Vmcr.bpr0Shift, Vmcr.bpr0Shift)],
      ["ICC_BPR1_EL1", this.binaryPoint1()],
      ["ICC_CTLR_EL1", this.control()],
      ["ICC_SRE_EL1", { get: () => SRE_VALUE, set: (_pe, value) => (value & 1n) === 1n }],
    ]);
  }

  private vmcr(pe: number): number {
    return this.guest.cpus[pe].saved.get(InterfaceWord.vmcr);
  }

  /** FIQEn of a GICv3 guest is 1, AckCtl 0. */
  private setVmcr(pe: number, mask: number, value: number): void {
    const kept = this.vmcr(pe) & ~mask & ~Vmcr.vackctl;
    this.guest.cpus[pe].saved.set(InterfaceWord.vmcr, kept | (value & mask) | Vmcr.vfiqen);
  }

  private vmcrField(mask: number, shift: number): SystemRegisterAttribute {
    return {
      get: (pe) => (this.vmcr(pe) & mask) >>> shift,
      set: (pe, value) => {
        this.setVmcr(pe, mask, Number(value & 0xffn) << shift);
        return true;
      },
    };
  }

  /** While CBPR is 1, Group 1 follows Group 0 and takes no value. */
  private binaryPoint1(): SystemRegisterAttribute {
    const own = this.vmcrField(Vmcr.bprMask << Vmcr.bpr1Shift, Vmcr.bpr1Shift);
    const common = (pe: number): boolean => (this.vmcr(pe) & Vmcr.vcbpr) !== 0;
    return {
      get: (pe) =>
        common(pe) ? Math.min(((this.vmcr(pe) >>> Vmcr.bpr0Shift) & Vmcr.bprMask) + 1, Vmcr.bprMask) : own.get(pe),
      set: (pe, value) => common(pe) || own.set(pe, value),
    };
  }

  private control(): SystemRegisterAttribute {
    const { features } = this.guest.cpuInterface;
    return {
      get: (pe) => {
        const cpu = this.guest.cpus[pe];
        const vmcr = this.vmcr(pe);
        const mode = ((vmcr & Vmcr.vcbpr) !== 0 ? Ctlr.cbpr : 0) | ((vmcr & Vmcr.veoim) !== 0 ? Ctlr.eoim : 0);
        const bits = ((cpu.priorityBits - 1) << Ctlr.priShift) | (cpu.idBits << Ctlr.idShift);
        return mode | bits | (features.seis << Ctlr.seis) | (features.a3v << Ctlr.a3v);
      },
      set: (pe, wide) => {
        const cpu = this.guest.cpus[pe];
        const value = Number(wide & 0xffff_ffffn);
        // Each check that passes takes effect, even when a later one refuses the write.
        const priorityBits = ((value >>> Ctlr.priShift) & 7) + 1;
        if (priorityBits > cpu.priorityBits) return false;
        cpu.priorityBits = priorityBits;
        const idBits = (value >>> Ctlr.idShift) & 7;
        if (idBits > cpu.idBits) return false;
        cpu.idBits = idBits;
        if (((value >>> Ctlr.seis) & 1) !== features.seis || ((value >>> Ctlr.a3v) & 1) !== features.a3v) return false;
        const mode = ((value & Ctlr.cbpr) !== 0 ? Vmcr.vcbpr : 0) | ((value & Ctlr.eoim) !== 0 ? Vmcr.veoim : 0);
        this.setVmcr(pe, Vmcr.vcbpr | Vmcr.veoim, mode);
        return true;
      },
    };
  }

  /** Four registers are known; how many exist depends on the priority bits that ICC_CTLR_EL1 has (`vgic_v3_max_apr_idx`). */
  private activePriorities(group: 0 | 1): [string, SystemRegisterAttribute][] {
    const first = group === 0 ? InterfaceWord.ap0r : InterfaceWord.ap1r;
    const exists = (pe: number, index: number): boolean => {
      const bits = this.guest.cpus[pe].priorityBits;
      return index <= (bits >= 7 ? 3 : bits === 6 ? 1 : 0);
    };
    return [0, 1, 2, 3].map((index) => [
      `ICC_AP${group}R${index}_EL1`,
      {
        get: (pe) => (exists(pe, index) ? this.guest.cpus[pe].saved.get(first + index) : undefined),
        set: (pe, value) => {
          if (!exists(pe, index)) return false;
          this.guest.cpus[pe].saved.set(first + index, Number(value & 0xffff_ffffn));
          return true;
        },
      },
    ]);
  }

  /** @param instruction [15:14] op0, [13:11] op1, [10:7] CRn, [6:3] CRm, [2:0] op2 */
  private find(instruction: number): SystemRegisterAttribute | undefined {
    const found = registerByEncoding({
      op0: (instruction >>> 14) & 3,
      op1: (instruction >>> 11) & 7,
      CRn: (instruction >>> 7) & 15,
      CRm: (instruction >>> 3) & 15,
      op2: instruction & 7,
    });
    return found && this.registers.get(registerName(found.register, found.index));
  }

  /** @returns errno */
  has(instruction: number): number {
    return this.find(instruction) === undefined ? Errno.ENXIO : Errno.OK;
  }

  get(pe: number, instruction: number): AttributeValue {
    const register = this.find(instruction);
    if (register === undefined) return failed(Errno[this.decisions.unknownSystemRegister]);
    const value = register.get(pe);
    return value === undefined ? failed(Errno.EINVAL) : { errno: Errno.OK, value: BigInt(value >>> 0) };
  }

  /** @returns errno */
  set(pe: number, instruction: number, value: bigint): number {
    const register = this.find(instruction);
    if (register === undefined) return Errno[this.decisions.unknownSystemRegister];
    return register.set(pe, value) ? Errno.OK : Errno.EINVAL;
  }
}

/** GICC_APR<n> as the host has it: 32 preemption levels, which the first register holds. */
function hostPriorities(guest: KvmGuest): RegisterRegion {
  return {
    offset: offsetOf("GICC_APR0"),
    bytes: 16,
    widths: Width.bits32,
    read: (pe, offset, _bytes, into) => {
      if ((offset & 0xc) === 0) into.lo = guest.cpus[pe].saved.get(InterfaceWord.ap0r);
    },
    write: (pe, offset, _bytes, lo) => {
      if ((offset & 0xc) === 0) guest.cpus[pe].saved.set(InterfaceWord.ap0r, lo);
    },
  };
}

/** Preemption levels of the fixed format, 32 in each of four registers. */
const FIXED_LEVELS = 128;

/**
 * GICC_APR<n> in the format of the review of 2013: level X is active when bit X mod 32 of register X / 32 is 1. A host with fewer levels
 * has evenly spaced ones of them; the bits of the others are RAZ/WI.
 */
function spacedPriorities(guest: KvmGuest): RegisterRegion {
  const levels = 2 ** guest.cpuInterface.features.preemptionBits;
  const space = FIXED_LEVELS / levels;
  const perRegister = levels / 4;
  const firstOf = (offset: number): number => ((offset & 0xc) >>> 2) * perRegister;
  return {
    offset: offsetOf("GICC_APR0"),
    bytes: 16,
    widths: Width.bits32,
    read: (pe, offset, _bytes, into) => {
      const active = guest.cpus[pe].saved.get(InterfaceWord.ap0r) >>> firstOf(offset);
      for (let level = 0; level < perRegister; level++) into.lo |= ((active >>> level) & 1) << (level * space);
      into.lo >>>= 0;
    },
    write: (pe, offset, _bytes, lo) => {
      const { saved } = guest.cpus[pe];
      let active = saved.get(InterfaceWord.ap0r);
      for (let level = 0; level < perRegister; level++) {
        const bit = 1 << (firstOf(offset) + level);
        active = ((lo >>> (level * space)) & 1) === 1 ? active | bit : active & ~bit;
      }
      saved.set(InterfaceWord.ap0r, active >>> 0);
    },
  };
}

/** The group CPU_REGS of a VGICv2: KVM's copy of the CPU interface (Linux vgic-mmio-v2.c `vgic_v2_cpu_registers`). */
export function cpuRegisterAttributes(guest: KvmGuest): RegisterTable {
  const vmcrField = (name: string, mask: number, shift: number): RegisterRegion => ({
    offset: offsetOf(name),
    bytes: 4,
    widths: Width.bits32,
    read: (pe, _offset, _bytes, into) => {
      into.lo = (guest.cpus[pe].saved.get(InterfaceWord.vmcr) & mask) >>> shift;
    },
    write: (pe, _offset, _bytes, lo) => {
      const { saved } = guest.cpus[pe];
      saved.set(InterfaceWord.vmcr, (saved.get(InterfaceWord.vmcr) & ~mask) | ((lo << shift) & mask));
    },
  });
  const activePriorities =
    guest.decisions.activePriorityFormat === "128 levels" ? spacedPriorities(guest) : hostPriorities(guest);
  const plain = { bytes: 4, widths: Width.bits32, write: ignores };
  const dir: RegisterRegion = {
    ...plain,
    offset: offsetOf("GICC_DIR"),
    read: readsZero,
    write: (pe, _offset, _bytes, lo) => {
      const { interrupts, cpus } = guest;
      if ((cpus[pe].saved.get(InterfaceWord.vmcr) & Vmcr.veoim) === 0 || (lo & 0x3ff) >= guest.intids) return;
      interrupts.deactivate(interrupts.record(pe, lo & 0x3ff));
    },
  };
  return new RegisterTable(
    [
      vmcrField("GICC_CTLR", CTLR_MASK, 0),
      // The attribute has GICH_VMCR's five bits, not the eight of GICC_PMR.
      vmcrField("GICC_PMR", (0xf8 << Vmcr.pmrShift) >>> 0, Vmcr.pmrShift + 3),
      vmcrField("GICC_BPR", Vmcr.bprMask << Vmcr.bpr0Shift, Vmcr.bpr0Shift),
      vmcrField("GICC_ABPR", Vmcr.bprMask << Vmcr.bpr1Shift, Vmcr.bpr1Shift),
      activePriorities,
      { ...plain, offset: offsetOf("GICC_IIDR"), read: constant(GICC_IIDR) },
      ...(guest.decisions.dirAttribute ? [dir] : []),
    ],
    () => 0,
  );
}
