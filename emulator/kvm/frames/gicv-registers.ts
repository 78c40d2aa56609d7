import { offsetOf } from "../../../architecture/index.ts";
import { Width } from "../../value64.ts";
import { type CpuInterface, type Group, OTHER_GROUP, SPURIOUS } from "../cpu/cpu-interface.ts";
import { LrLow, Vmcr } from "../cpu/hypervisor-fields.ts";
import { InterfaceWord, type VirtualCpu } from "../cpu/virtual-cpu.ts";
import { constant, ignores, type RegisterRegion, RegisterTable, readsZero } from "../register-table.ts";

/** GICC_CTLR: EnableGrp0, EnableGrp1, AckCtl, FIQEn, CBPR and EOImode, which have the same places in GICH_VMCR. */
export const CTLR_MASK = Vmcr.veng0 | Vmcr.veng1 | Vmcr.vackctl | Vmcr.vfiqen | Vmcr.vcbpr | Vmcr.veoim;

/** GICC_IIDR of the interface that the host's GIC lends to guests. */
const GICV_IIDR = 0x0002_043b;

/** First byte of the frame with GICC_DIR alone: since Linux 6.19 it is not the host's, but KVM's. */
export const GICV_DIR_FRAME = 0x1000;

/**
 * The second frame where its accesses leave the guest (Linux 6.19, vgic-mmio-v2.c `vgic_v2_cpu_registers`): of an interrupt that is in no
 * list register the hardware cannot tell which one ends.
 */
export function trappedGicvRegisters(deactivate: (pe: number, value: number) => void): RegisterTable {
  const dir: RegisterRegion = {
    offset: offsetOf("GICC_DIR"),
    bytes: 4,
    widths: Width.bits32,
    read: readsZero,
    write: (pe, _offset, _bytes, lo) => deactivate(pe, lo),
  };
  return new RegisterTable([dir], () => 0);
}

/**
 * The GICv2 CPU interface as a guest has it: the frames of the host's GICV, mapped into the guest, so that no access leaves it
 * (Arm IHI0048B chapter 5.5).
 */
export function gicvRegisters(ci: CpuInterface, cpus: readonly VirtualCpu[]): RegisterTable {
  const register = (name: string, access: Partial<RegisterRegion>): RegisterRegion => ({
    offset: offsetOf(name),
    bytes: 4,
    widths: Width.bits32,
    read: readsZero,
    write: ignores,
    ...access,
  });

  /** Without AckCtl, GICC_IAR and GICC_HPPIR do not tell which Group 1 interrupt is pending. */
  const visible = (pe: number, wanted: Group | undefined): number => {
    const pending = ci.pending(pe);
    if (pending === undefined || !ci.passesMask(pe)) return SPURIOUS;
    if (wanted !== undefined) return pending.group === wanted ? pending.intid : SPURIOUS;
    return pending.group === 1 && (ci.vmcr(pe) & Vmcr.vackctl) === 0 ? OTHER_GROUP : pending.intid;
  };
  const acknowledge = (pe: number, wanted: Group | undefined): number => {
    const seen = visible(pe, wanted);
    const pending = ci.pending(pe);
    const special = seen === SPURIOUS || seen === OTHER_GROUP;
    return special || pending === undefined ? seen : ci.acknowledge(pe, pending.group);
  };
  const read =
    (value: (pe: number) => number): RegisterRegion["read"] =>
    (pe, _offset, _bytes, into) => {
      into.lo = value(pe) >>> 0;
    };
  const write =
    (action: (pe: number, value: number) => void): RegisterRegion["write"] =>
    (pe, _offset, _bytes, lo) =>
      action(pe, lo);

  const aliased: readonly RegisterRegion[] = [
    register("GICC_AIAR", { read: read((pe) => acknowledge(pe, 1)) }),
    register("GICC_AEOIR", { write: write((pe, value) => ci.end(pe, 1, value)) }),
    register("GICC_AHPPIR", { read: read((pe) => visible(pe, 1)) }),
  ];
  const sourceless = ci.host.hppirSource ? -1 : LrLow.v2IntidMask;

  return new RegisterTable(
    [
      register("GICC_CTLR", {
        read: read((pe) => ci.vmcr(pe) & CTLR_MASK),
        write: write((pe, value) => ci.setVmcr(pe, CTLR_MASK, value & CTLR_MASK)),
      }),
      register("GICC_PMR", {
        read: read((pe) => ci.priorityMask(pe)),
        write: write((pe, value) => ci.setPriorityMask(pe, value)),
      }),
      register("GICC_BPR", {
        read: read((pe) => ci.binaryPoint(pe, 0)),
        write: write((pe, value) => ci.setBinaryPoint(pe, 0, value)),
      }),
      register("GICC_IAR", { read: read((pe) => acknowledge(pe, undefined)) }),
      register("GICC_EOIR", { write: write((pe, value) => ci.end(pe, 0, value)) }),
      register("GICC_RPR", { read: read((pe) => ci.runningPriority(pe)) }),
      register("GICC_HPPIR", { read: read((pe) => visible(pe, undefined) & sourceless) }),
      register("GICC_ABPR", {
        read: read((pe) => ci.binaryPoint(pe, 1)),
        write: write((pe, value) => ci.setBinaryPoint(pe, 1, value)),
      }),
      ...(ci.host.aliasedRegisters ? aliased : []),
      register("GICC_APR0", {
        read: read((pe) => cpus[pe].hardware.get(InterfaceWord.ap0r)),
        write: write((pe, value) => cpus[pe].hardware.set(InterfaceWord.ap0r, value)),
      }),
      register("GICC_IIDR", { read: constant(GICV_IIDR) }),
      register("GICC_DIR", { write: write((pe, value) => ci.deactivate(pe, value)) }),
    ],
    () => 0,
  );
}
