import type { KvmHostName } from "../../../architecture/index.ts";
import { Bank } from "../../journal/bank.ts";
import { Journal } from "../../journal/journal.ts";
import { GuestMemory } from "../../memory/guest-memory.ts";
import { hosts } from "../../models/host.ts";
import type { KvmDecisions } from "../../models/model.ts";
import { peOfAffinity } from "../affinity.ts";
import { CpuInterface } from "../cpu/cpu-interface.ts";
import { Hcr, Vmcr } from "../cpu/hypervisor-fields.ts";
import { ListRegisters } from "../cpu/list-registers.ts";
import { GuestTimers } from "../cpu/timers.ts";
import { InterfaceWord, VirtualCpu } from "../cpu/virtual-cpu.ts";
import { WorldSwitch } from "../cpu/world-switch.ts";
import { Errno } from "../errno.ts";
import { KvmGicState } from "../interrupts/gic-state.ts";
import type { HardwareInterrupts } from "../interrupts/hardware-interrupts.ts";
import { activeSourceOf, PRIVATE_INTIDS, SGIS } from "../interrupts/interrupt-record.ts";
import { InterruptRegisters } from "../interrupts/interrupt-registers.ts";
import { KvmInterrupts } from "../interrupts/interrupts.ts";
import { KvmLpis, SharedWord } from "../interrupts/lpis.ts";
import { PHYSICAL_INTIDS } from "../interrupts/physical-interrupts.ts";
import { KvmRedistributor, RedistributorWord } from "../interrupts/redistributor.ts";
import { KvmIts } from "../its/its.ts";
import { featuresOfHost, type VirtualInterfaceChoice } from "../virtual-host.ts";
import { RedistributorRegions } from "./redistributor-regions.ts";

/** Bytes of an ITS's frames (control and translation). */
export const ITS_BYTES = 0x20000;
/** GITS_TRANSLATER from the start of the control frame. */
export const TRANSLATER_OFFSET = 0x10040;
/** Bytes of a GICv2 distributor and of its CPU interface. */
export const V2_DISTRIBUTOR_BYTES = 0x1000;
export const V2_CPU_BYTES = 0x2000;

/** GICC_DIR.CPUID. */
const DIR_CPUID_SHIFT = 10;
const DIR_CPUID = 7 << DIR_CPUID_SHIFT;
/** GICR_PROPBASER at creation of an ITS: inner RaWb, inner shareable (`INITIAL_PROPBASER_VALUE`). */
const PROPBASER_RESET = 0x580;
/** SPIs of a VM whose user space has not said how many (`VGIC_NR_IRQS_LEGACY`). */
const DEFAULT_SPIS = 256 - PRIVATE_INTIDS;

/**
 * The interrupt side of one KVM guest: memory, interrupts, redistributors, CPU interfaces, ITSs, in one journal. Register frames show it
 * (`RegisterFrames`), the VMM drives it (`KvmVmm`).
 */
export class KvmGuest {
  readonly journal: Journal;
  readonly memory: GuestMemory;
  readonly decisions: KvmDecisions;
  /** What user space has set up of the GIC. */
  readonly gic: KvmGicState;
  readonly interrupts: KvmInterrupts;
  readonly interruptRegisters: InterruptRegisters;
  readonly redistributors: KvmRedistributor[] = [];
  readonly regions: RedistributorRegions;
  readonly cpus: VirtualCpu[] = [];
  /** All PEs that were ever made, by number. */
  private readonly made: { readonly redistributor: KvmRedistributor; readonly cpu: VirtualCpu }[] = [];
  private readonly peCount: Bank;
  readonly lpis: KvmLpis;
  readonly itss: KvmIts[] = [];
  readonly cpuInterface: CpuInterface;
  readonly timers: GuestTimers;
  readonly worldSwitch: WorldSwitch;

  /**
   * @param host whose virtual CPU interface the host has
   * @param hostGic version of the host's GIC: a GICv2 host runs GICv2 guests, a GICv3 host GICv3 guests
   * @param virtual what that interface has otherwise than the recorded hosts
   */
  constructor(
    decisions: KvmDecisions,
    journal = new Journal(),
    hostGic: 2 | 3 = 3,
    host: KvmHostName = "arm",
    virtual: VirtualInterfaceChoice = {},
  ) {
    const features = featuresOfHost(hostGic, virtual);
    this.decisions = decisions;
    this.journal = journal;
    this.memory = new GuestMemory(journal);
    this.gic = new KvmGicState(journal);
    this.interrupts = new KvmInterrupts(journal, decisions, features.listRegisters);
    this.interruptRegisters = new InterruptRegisters(this.interrupts, this.gic);
    this.lpis = new KvmLpis(journal, this.memory, this.interrupts, this.redistributors, decisions);
    this.regions = new RedistributorRegions(this.gic, decisions, () => this.redistributors.length);
    const { physical } = this.hardware;
    this.cpuInterface = new CpuInterface(hostGic, hosts[host], features, this.cpus, (pe, intid) => {
      if (intid < PHYSICAL_INTIDS) physical.setActive(pe, intid, false);
    });
    this.timers = new GuestTimers(journal, this.interrupts);
    this.worldSwitch = new WorldSwitch({
      pace: this.memory.pace,
      timers: this.timers,
      interrupts: this.interrupts,
      listRegisters: new ListRegisters(this.interrupts, this.lpis, this.gic, decisions),
      decisions,
      cpus: this.cpus,
      cpuInterface: this.cpuInterface,
    });
    this.peCount = new Bank(journal, new Uint32Array(1));
    journal.onRewind(() => this.showPes());
  }

  /** Whether the VM has an ITS; without one GICR_CTLR.EnableLPIs cannot be set. */
  get hasIts(): boolean {
    return this.itss.length > 0;
  }

  /** Virtual interrupts that stand for physical ones, and the host's state of those. */
  get hardware(): HardwareInterrupts {
    return this.interrupts.hardware;
  }

  /** INTIDs of SGIs, PPIs and SPIs together. */
  get intids(): number {
    return this.gic.spis + PRIVATE_INTIDS;
  }

  /** @param id of the vCPU; default: as many as there are */
  addPe(id = this.redistributors.length): KvmRedistributor {
    const pe = this.redistributors.length;
    this.made[pe] ??= {
      redistributor: new KvmRedistributor(this.journal, pe),
      cpu: new VirtualCpu(this.journal),
    };
    const { redistributor } = this.made[pe];
    redistributor.registers.set(RedistributorWord.id, id);
    this.interrupts.addPe(pe);
    this.peCount.set(0, pe + 1);
    this.showPes();
    return redistributor;
  }

  /** Shows as many PEs as there are at this moment: a vCPU that is made while a guest is watched can be taken back. */
  private showPes(): void {
    const { redistributors, cpus, made } = this;
    const count = this.peCount.words[0];
    if (redistributors.length > count) {
      redistributors.length = count;
      cpus.length = count;
    }
    for (let pe = redistributors.length; pe < count; pe++) {
      redistributors.push(made[pe].redistributor);
      cpus.push(made[pe].cpu);
    }
  }

  /** The PE with an affinity, or -1. @param affinity Aff3.Aff2.Aff1.Aff0, any uint32 */
  peOfAffinity(affinity: number): number {
    const { redistributors } = this;
    // Most VMMs number their vCPUs as they make them.
    const likely = peOfAffinity(affinity, redistributors.length);
    if (likely >= 0 && redistributors[likely].affinity === affinity) return likely;
    return redistributors.findIndex((one) => one.affinity === affinity);
  }

  addIts(): KvmIts {
    const { journal, memory, decisions, lpis, redistributors } = this;
    const its = new KvmIts(this.itss.length, { journal, memory, decisions, lpis, redistributors });
    this.itss.push(its);
    lpis.shared.set(SharedWord.propbaser, PROPBASER_RESET);
    lpis.shared.set(SharedWord.propbaser + 1, 0);
    return its;
  }

  /** CTRL/INIT (`vgic_init`): the number of SPIs is final, every interrupt and CPU interface gets its first state. */
  initialise(): void {
    const { gic } = this;
    if (gic.initialised) return;
    if (gic.spis === 0) gic.spis = DEFAULT_SPIS;
    this.interrupts.initialise(gic.model === 3);
    for (const cpu of this.cpus) {
      cpu.saved.set(InterfaceWord.vmcr, 0);
      cpu.saved.set(InterfaceWord.hcr, Hcr.en);
      cpu.priorityBits = this.cpuInterface.features.priorityBits;
      cpu.idBits = this.cpuInterface.features.idBits;
    }
    if (gic.model === 3) for (const redistributor of this.redistributors) redistributor.initialise();
    if (gic.revision === 0) gic.revision = this.decisions.implementationRevision;
    gic.initialised = true;
  }

  /**
   * Forgets the initialisation: number and state of the SPIs, what stands on the PEs' lists, and the redistributor regions
   * (`kvm_vgic_destroy`, which until Linux 5.13 left the other addresses).
   */
  tearDown(): void {
    for (const { pe } of this.redistributors) this.lpis.flush(pe);
    this.interrupts.startOver();
    this.gic.spis = 0;
    this.gic.initialised = false;
    this.gic.ready = false;
    if (this.gic.model === 3) this.gic.dropRegions();
  }

  /** Puts the frames on the bus when a vCPU first runs (`kvm_vgic_map_resources`). @returns errno */
  mapFrames(ipaBits: number): number {
    const { gic } = this;
    if (gic.ready || gic.model === 0) return Errno.OK;
    if (gic.model === 2) {
      const { distributorBase: dist, cpuBase: cpu } = gic;
      if (dist === undefined || cpu === undefined) return Errno.ENXIO;
      if (dist + V2_DISTRIBUTOR_BYTES > cpu && cpu + V2_CPU_BYTES > dist) return Errno.EINVAL;
      this.initialise();
    } else {
      if (this.redistributors.some(({ pe }) => gic.regionOf(pe) < 0)) return Errno.ENXIO;
      if (gic.distributorBase === undefined) return Errno.ENXIO;
      if (!this.regions.fits(ipaBits)) return Errno.EINVAL;
      if (!gic.initialised) return Errno.EBUSY;
    }
    gic.ready = true;
    return Errno.OK;
  }

  /**
   * User space drives an input (`kvm_vgic_inject_irq` without an owner); one that a device of the kernel owns stays as it is.
   * @param pe for PPIs @param intid 16..1023 @returns errno: EINVAL when the VM has no such interrupt
   */
  setLine(pe: number, intid: number, level: boolean): number {
    if (intid < SGIS || intid >= this.intids) return Errno.EINVAL;
    const { interrupts } = this;
    const record = interrupts.record(pe, intid);
    if (interrupts.hardware.ownerOf(record) === 0) interrupts.inject(record, level);
    return Errno.OK;
  }

  /**
   * A trapped write of ICC_DIR_EL1 or GICC_DIR (`vgic_v3_deactivate`, `vgic_v2_deactivate`): with EOImode 1, and for SGIs, PPIs and SPIs
   * alone. A GICv2 guest names an SGI with the PE that it came from, which has to be the active one's.
   */
  deactivate(pe: number, value: number): void {
    const v2 = this.gic.model === 2;
    const intid = v2 ? (value & ~DIR_CPUID) >>> 0 : value;
    const split = (this.cpus[pe].saved.get(InterfaceWord.vmcr) & Vmcr.veoim) !== 0;
    if (!split || intid >= this.intids) return;
    const record = this.interrupts.record(pe, intid);
    const source = (value & DIR_CPUID) >>> DIR_CPUID_SHIFT;
    if (v2 && intid < SGIS && activeSourceOf(this.interrupts.flags(record)) !== source) return;
    if (this.interrupts.listedOn(record) !== pe) this.interrupts.halt();
    this.interrupts.deactivate(record);
  }

  /** The ITS whose frames are at an address. */
  itsAt(address: number): KvmIts | undefined {
    return this.itss.find(({ base }) => base !== undefined && address >= base && address < base + ITS_BYTES);
  }

  /** Address of an ITS's GITS_TRANSLATER. */
  doorbellOf({ base }: KvmIts): number | undefined {
    return base === undefined ? undefined : base + TRANSLATER_OFFSET;
  }
}
