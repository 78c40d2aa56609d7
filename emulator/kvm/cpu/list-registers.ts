import { FIRST_LPI } from "../../../architecture/index.ts";
import type { KvmDecisions } from "../../models/model.ts";
import type { KvmGicState } from "../interrupts/gic-state.ts";
import {
  activeSourceOf,
  hasHardwareBit,
  IrqFlag,
  isMappedLevel,
  isPending,
  listRegistersWanted,
  priorityOf,
  SGIS,
  sourcesOf,
  withActiveSource,
  withSources,
} from "../interrupts/interrupt-record.ts";
import type { KvmInterrupts } from "../interrupts/interrupts.ts";
import type { KvmLpis } from "../interrupts/lpis.ts";
import type { PendingList } from "../interrupts/pending-list.ts";
import type { VirtualInterfaceFeatures } from "../virtual-host.ts";
import { Hcr, LrHigh, LrLow, Vmcr } from "./hypervisor-fields.ts";
import { InterfaceWord, type VirtualCpu } from "./virtual-cpu.ts";

/** How a PE's list stands against its list registers. */
interface ListSummary {
  pending: number;
  active: number;
  sgis: number;
}

const EMPTY: ListSummary = { pending: 0, active: 0, sgis: 0 };

/**
 * Interrupts into list registers before the guest runs, and back after it ran (Linux vgic.c `vgic_flush_lr_state`,
 * vgic-v3.c `vgic_v3_populate_lr`, `vgic_v3_fold_lr_state`). Works on KVM's copy in memory; the registers are the world switch's.
 */
export class ListRegisters {
  private readonly interrupts: KvmInterrupts;
  private readonly lpis: KvmLpis;
  private readonly gic: KvmGicState;
  private readonly decisions: KvmDecisions;

  constructor(interrupts: KvmInterrupts, lpis: KvmLpis, gic: KvmGicState, decisions: KvmDecisions) {
    this.interrupts = interrupts;
    this.lpis = lpis;
    this.gic = gic;
    this.decisions = decisions;
  }

  /** Fills the list registers of a PE from its list. */
  flush(pe: number, cpu: VirtualCpu, features: VirtualInterfaceFeatures): void {
    // What a disabled distributor holds back leaves the list at this exit at the latest, and takes no list register before.
    if (!this.interrupts.distributorEnabled) this.interrupts.prune(pe);
    if (this.decisions.countsEois) this.flushCounting(pe, cpu, features);
    else this.flushByNeed(pe, cpu, features.listRegisters);
  }

  /** Before Linux 6.19: active interrupts first; the one maintenance interrupt asks for more when the registers run empty. */
  private flushByNeed(pe: number, cpu: VirtualCpu, room: number): void {
    const list = this.interrupts.lists[pe];
    list.setAsideChosen();
    const { extra, several } = this.multipleSources(pe);
    let wanted = list.chosenCount + list.waiting + extra;
    list.forEachAside((record) => {
      if (isPending(this.interrupts.flags(record))) wanted++;
    });
    list.fill(room, wanted > room || several, 0);
    let used = 0;
    let limit = 0xff;
    for (; used < list.chosenCount; used++) {
      const record = list.chosen(used);
      const priority = priorityOf(this.interrupts.flags(record));
      // An SGI with sources left must be seen wholly before anything less urgent.
      if (several && priority > limit) break;
      this.populate(cpu, record, used);
      if (sourcesOf(this.interrupts.flags(record)) !== 0) limit = priority;
    }
    this.clearFrom(cpu, used, room);
    if (used === room && !list.onlyChosen) {
      cpu.saved.set(InterfaceWord.hcr, cpu.saved.get(InterfaceWord.hcr) | Hcr.uie);
    }
    cpu.usedLrs = used;
  }

  /** GICv2: list registers that SGIs with several sources want beyond the first. */
  private multipleSources(pe: number): { extra: number; several: boolean } {
    let extra = 0;
    for (let intid = 0; this.gic.model === 2 && intid < SGIS; intid++) {
      const record = this.interrupts.record(pe, intid);
      if (this.interrupts.listedOn(record) < 0) continue;
      extra += Math.max(0, listRegistersWanted(intid, this.interrupts.flags(record)) - 1);
    }
    return { extra, several: extra > 0 };
  }

  /** Since Linux 6.19: by group, then pending before active; a maintenance interrupt for all that stays outside. */
  private flushCounting(
    pe: number,
    cpu: VirtualCpu,
    { listRegisters: room, trapsDir }: VirtualInterfaceFeatures,
  ): void {
    const list = this.interrupts.lists[pe];
    list.setAsideChosen();
    const summary = this.summarise(pe, list);
    const outside = summary.pending + summary.active > room;
    const vmcr = cpu.saved.get(InterfaceWord.vmcr);
    list.fill(room, outside, vmcr & (Vmcr.veng0 | Vmcr.veng1));
    for (let index = 0; index < list.chosenCount; index++) this.populate(cpu, list.chosen(index), index);
    this.clearFrom(cpu, list.chosenCount, room);
    cpu.usedLrs = list.chosenCount;
    cpu.saved.set(InterfaceWord.hcr, this.control(vmcr, summary, room, trapsDir));
  }

  /** ICH_HCR_EL2 for what the list holds. */
  private control(vmcr: number, summary: ListSummary, room: number, trapsDir: boolean): number {
    const outside = summary.pending + summary.active > room;
    const trapped = !trapsDir || (summary.active > 0 && outside) || this.interrupts.spisInFlight > 0;
    // GICH_HCR has neither vSGIEOICount nor TDIR.
    const v3 = this.gic.model === 3;
    return (
      Hcr.en |
      (summary.pending > room ? Hcr.npie : 0) |
      (summary.active > 0 && outside ? Hcr.lrenpie : 0) |
      (outside ? Hcr.uie : 0) |
      (v3 && summary.sgis === 0 ? Hcr.vsgiEoiCount : 0) |
      ((vmcr & Vmcr.veng0) !== 0 ? Hcr.vgrp0die : Hcr.vgrp0eie) |
      ((vmcr & Vmcr.veng1) !== 0 ? Hcr.vgrp1die : Hcr.vgrp1eie) |
      (v3 && trapped ? Hcr.tdir : 0)
    );
  }

  /** Whether {@link flush} and {@link fold} would change nothing: the list is empty, and so are the list registers of the last entry. */
  settled(pe: number, cpu: VirtualCpu, { listRegisters: room, trapsDir }: VirtualInterfaceFeatures): boolean {
    if (!this.interrupts.lists[pe].empty) return false;
    if (cpu.usedLrs !== 0) return false;
    if (!this.decisions.countsEois) return true;
    const { saved } = cpu;
    if (!saved.lrsAreZero(room)) return false;
    const hcr = this.control(saved.get(InterfaceWord.vmcr), EMPTY, room, trapsDir);
    return saved.get(InterfaceWord.hcr) === hcr >>> 0;
  }

  private summarise(pe: number, list: PendingList): ListSummary {
    const summary = { pending: list.waitingPending, active: list.waitingActive, sgis: 0 };
    for (let index = 0; index < list.chosenCount; index++) {
      if ((this.interrupts.flags(list.chosen(index)) & IrqFlag.active) !== 0) summary.active++;
      else summary.pending++;
    }
    for (let intid = 0; intid < SGIS && !list.empty; intid++) {
      const record = this.interrupts.record(pe, intid);
      if (this.interrupts.listedOn(record) === pe && list.takes(record)) summary.sgis++;
    }
    return summary;
  }

  private clearFrom(cpu: VirtualCpu, used: number, room: number): void {
    for (let index = used; index < room; index++) cpu.saved.setLr(index, 0, 0);
  }

  /** Writes one interrupt to a list register; the pending state of an edge-triggered one moves there. */
  private populate(cpu: VirtualCpu, record: number, index: number): void {
    const { interrupts } = this;
    const intid = interrupts.intid(record);
    const flags = interrupts.flags(record);
    const v2Sgi = this.gic.model === 2 && intid < SGIS;
    const edge = (flags & IrqFlag.edge) !== 0;
    const active = (flags & IrqFlag.active) !== 0;
    let low = intid;
    let high = 0;
    let allowPending = true;
    if (active) {
      high |= LrHigh.active;
      if (v2Sgi) low |= activeSourceOf(flags) << LrLow.sourceShift;
      if (listRegistersWanted(intid, flags) > 1) {
        allowPending = false;
        high |= LrHigh.eoi;
      }
    }
    if (hasHardwareBit(flags)) {
      high |= LrHigh.hw | interrupts.hardware.physicalOf(record);
      // That it is pending as well is the physical distributor's knowledge: a list register must not hold both with HW = 1.
      if (active) allowPending = false;
    } else if (!edge) {
      high |= LrHigh.eoi;
      if (active) allowPending = false;
    }
    if (allowPending && isPending(flags)) {
      let left = edge ? flags & ~IrqFlag.pending : flags;
      // KVM is told of rising edges of a physical line alone: the level counts as handed over.
      if (isMappedLevel(flags)) left &= ~IrqFlag.line;
      if (v2Sgi) {
        const sources = sourcesOf(flags);
        if (sources === 0) {
          interrupts.setFlags(record, left);
          return;
        }
        low |= (31 - Math.clz32(sources & -sources)) << LrLow.sourceShift;
        left = withSources(left, sources & (sources - 1));
        if (sourcesOf(left) !== 0) {
          left |= IrqFlag.pending;
          high |= LrHigh.eoi;
        }
      }
      high |= LrHigh.pending;
      interrupts.setFlags(record, left);
    }
    if ((flags & IrqFlag.group1) !== 0) high |= LrHigh.group1;
    cpu.saved.setLr(index, low, high | (priorityOf(flags) << LrHigh.priorityShift));
  }

  /** Takes the list registers' state back to the interrupts. */
  fold(pe: number, cpu: VirtualCpu): void {
    const { saved } = cpu;
    if (!this.decisions.countsEois) saved.set(InterfaceWord.hcr, saved.get(InterfaceWord.hcr) & ~Hcr.uie);
    for (let index = 0; index < cpu.usedLrs; index++) this.foldOne(pe, saved.lrLow(index), saved.lrHigh(index));
    if (this.decisions.countsEois && cpu.usedLrs > 0) {
      this.replayEois(pe, saved.get(InterfaceWord.hcr) >>> Hcr.eoiCountShift, saved.get(InterfaceWord.vmcr));
    }
    cpu.usedLrs = 0;
  }

  private foldOne(pe: number, low: number, high: number): void {
    const { interrupts } = this;
    const v2 = this.gic.model === 2;
    const intid = v2 ? low & LrLow.v2IntidMask : low;
    const source = (low >>> LrLow.sourceShift) & 7;
    const record = intid < FIRST_LPI ? interrupts.record(pe, intid) : this.lpis.find(intid);
    if (record === undefined || record === 0) return;
    const active = (high & LrHigh.active) !== 0 && !(this.decisions.countsEois && intid >= FIRST_LPI);
    const pending = (high & LrHigh.pending) !== 0;
    if (v2 && intid < SGIS) {
      let flags = interrupts.flags(record);
      if (active) flags = withActiveSource(flags, source);
      if (pending) flags = withSources(flags, sourcesOf(flags) | (1 << source));
      interrupts.setFlags(record, flags);
    }
    const eoi = (high & (LrHigh.state | LrHigh.hw | LrHigh.eoi)) === LrHigh.eoi;
    interrupts.fold(record, active, pending, eoi);
  }

  /** Ends of interrupts that were active outside the list registers: the most urgent ones ended. */
  private replayEois(pe: number, count: number, vmcr: number): void {
    const list = this.interrupts.lists[pe];
    for (let left = count; left > 0; left--) {
      const record = list.firstWaitingActive(vmcr & (Vmcr.veng0 | Vmcr.veng1));
      if (record === 0) return;
      this.interrupts.deactivateOutside(record);
    }
  }
}
