import { GuestMemory } from "../memory/guest-memory.ts";
import type { ArchDecisions } from "../models/model.ts";
import { Arbiter } from "../qemu/arbiter.ts";
import { CpuInterface } from "../qemu/cpu-interface.ts";
import { CpuInterfaceRegisters } from "../qemu/cpu-interface-registers.ts";
import { Distributor } from "../qemu/distributor.ts";
import { DistributorRegisters } from "../qemu/distributor-registers.ts";
import { LpiDelivery } from "../qemu/lpi-delivery.ts";
import { QemuRedistributor } from "../qemu/redistributor.ts";
import { RedistributorRegisters } from "../qemu/redistributor-registers.ts";
import type { Journal } from "../state/journal.ts";
import type { ArchFeatures } from "./features.ts";
import { ArchIts } from "./its.ts";
import { ArchItsState } from "./its-state.ts";
import { LayoutTables } from "./layout-tables.ts";
import { RedistributorFrames } from "./redistributor-frames.ts";
import { Remarks } from "./remarks.ts";
import { VirtualDelivery } from "./virtual-delivery.ts";
import { VirtualInterface } from "./virtual-interface.ts";
import { VlpiFrame } from "./vlpi-frame.ts";
import { VmovpExchange } from "./vmovp-exchange.ts";
import { VpeStore } from "./vpe-store.ts";

/**
 * The parts of the strict GIC and how they are joined: ITSs and virtual LPIs of its own; distributor, CPU interfaces and the physical
 * side of the redistributors are those that QEMU's model has, which leave the architecture nowhere that this model looks.
 */
export class ArchGic {
  readonly memory: GuestMemory;
  readonly features: ArchFeatures;
  readonly remarks = new Remarks();
  readonly distributor: Distributor;
  readonly distributorRegisters: DistributorRegisters;
  readonly redistributors: readonly QemuRedistributor[];
  readonly frames: RedistributorFrames;
  readonly arbiter: Arbiter;
  readonly cpuInterface: CpuInterface;
  readonly systemRegisters: CpuInterfaceRegisters;
  readonly virtual: VirtualDelivery | undefined;
  readonly itss: readonly ArchIts[];

  constructor(
    journal: Journal,
    decisions: ArchDecisions,
    features: ArchFeatures,
    options: { cpus: number; itss: number; secure: boolean },
  ) {
    const { cpus, secure } = options;
    const memory = new GuestMemory(journal);
    this.memory = memory;
    this.features = features;
    const distributor = new Distributor(journal, { spis: decisions.spis, cpus, secure });
    const redistributors: QemuRedistributor[] = [];
    for (let pe = 0; pe < cpus; pe++) redistributors.push(new QemuRedistributor(journal, memory, pe));
    const arbiter = new Arbiter(distributor, redistributors);
    const delivery = new LpiDelivery(memory, distributor, arbiter);
    const parts = { distributor, arbiter, delivery, redistributors };
    const architecture = features.virtual ? 4 : 3;
    this.distributor = distributor;
    this.redistributors = redistributors;
    this.arbiter = arbiter;
    this.distributorRegisters = new DistributorRegisters(distributor, arbiter, architecture);
    this.cpuInterface = new CpuInterface(parts, { priorityBits: decisions.priorityBits, hasEl3: secure });
    this.systemRegisters = new CpuInterfaceRegisters(this.cpuInterface, distributor);
    for (const pe of redistributors) this.systemRegisters.reset(pe);

    const interfaces = features.virtual
      ? redistributors.map(({ pe }) => new VirtualInterface(journal, memory, pe))
      : [];
    this.virtual = features.virtual
      ? new VirtualDelivery({
          memory,
          physical: delivery,
          redistributors,
          interfaces,
          vpes: new VpeStore(journal),
          byId: features.virtual41,
        })
      : undefined;
    const vmovps = features.virtual ? new VmovpExchange(journal) : undefined;
    const { remarks, virtual } = this;
    const shared = { journal, memory, decisions, features, delivery, redistributors, remarks, virtual, vmovps };
    const states: ArchItsState[] = [];
    for (let its = 0; its < options.itss; its++) states.push(new ArchItsState(its, shared, states));
    this.itss = states.map((state) => new ArchIts(state));
    const vlpi =
      virtual &&
      new VlpiFrame(
        { delivery: virtual, tables: new LayoutTables(memory, features.layout), memory, remarks },
        { version41: features.virtual41, layout: features.layout },
      );
    this.frames = new RedistributorFrames({
      common: new RedistributorRegisters(parts, architecture, (pe) => pe === cpus - 1),
      delivery,
      memory,
      remarks,
      features,
      vlpi,
      interfaces,
    });
  }
}
