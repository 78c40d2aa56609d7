import { GuestMemory } from "../memory/guest-memory.ts";
import type { QemuDecisions } from "../models/model.ts";
import type { Journal } from "../state/journal.ts";
import { Arbiter } from "./arbiter.ts";
import { CpuInterface } from "./cpu-interface.ts";
import { CpuInterfaceRegisters } from "./cpu-interface-registers.ts";
import { Distributor } from "./distributor.ts";
import { DistributorRegisters } from "./distributor-registers.ts";
import { QemuDma } from "./dma.ts";
import { QemuIts } from "./its.ts";
import { QemuItsState } from "./its-state.ts";
import { LpiDelivery } from "./lpi-delivery.ts";
import { QemuRedistributor } from "./redistributor.ts";
import { RedistributorRegisters } from "./redistributor-registers.ts";

/** The parts of QEMU's GIC and how they are joined. Where their frames are is the machine's business. */
export class QemuGic {
  readonly architecture: 3 | 4;
  readonly memory: GuestMemory;
  readonly dma: QemuDma;
  readonly distributor: Distributor;
  readonly distributorRegisters: DistributorRegisters;
  readonly redistributors: readonly QemuRedistributor[];
  readonly redistributorRegisters: RedistributorRegisters;
  readonly arbiter: Arbiter;
  readonly delivery: LpiDelivery;
  readonly cpuInterface: CpuInterface;
  readonly systemRegisters: CpuInterfaceRegisters;
  readonly itss: readonly QemuIts[];

  /** @param isLast whether a PE's redistributor is the last of its run of frames */
  constructor(
    journal: Journal,
    decisions: QemuDecisions,
    options: { cpus: number; itss: number; architecture: 3 | 4; secure: boolean; isLast: (pe: number) => boolean },
  ) {
    const { architecture, secure } = options;
    this.architecture = architecture;
    this.memory = new GuestMemory(journal);
    this.dma = new QemuDma(this.memory, secure);
    this.distributor = new Distributor(journal, { spis: decisions.spis, cpus: options.cpus, secure });
    const redistributors: QemuRedistributor[] = [];
    for (let pe = 0; pe < options.cpus; pe++) redistributors.push(new QemuRedistributor(journal, this.memory, pe));
    this.redistributors = redistributors;
    this.arbiter = new Arbiter(this.distributor, redistributors);
    this.delivery = new LpiDelivery(this.memory, this.distributor, this.arbiter);
    const { distributor, arbiter, delivery, dma } = this;
    const parts = { distributor, arbiter, delivery, redistributors };
    this.distributorRegisters = new DistributorRegisters(distributor, arbiter, architecture);
    this.redistributorRegisters = new RedistributorRegisters(parts, architecture, options.isLast);
    this.cpuInterface = new CpuInterface(parts, { priorityBits: decisions.priorityBits, hasEl3: secure });
    this.systemRegisters = new CpuInterfaceRegisters(this.cpuInterface, distributor);
    for (const pe of redistributors) this.systemRegisters.reset(pe);
    const itss: QemuIts[] = [];
    for (let its = 0; its < options.itss; its++) {
      const state = new QemuItsState(journal, { dma, decisions, distributor, delivery, redistributors, architecture });
      itss.push(new QemuIts(state, itss));
    }
    this.itss = itss;
  }
}
