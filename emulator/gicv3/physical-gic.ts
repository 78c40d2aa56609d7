import type { Journal } from "../journal/journal.ts";
import { GuestMemory } from "../memory/guest-memory.ts";
import type { QemuDecisions } from "../models/model.ts";
import { Arbiter } from "./arbiter.ts";
import { CpuInterface } from "./cpu-interface.ts";
import { CpuInterfaceRegisters } from "./cpu-interface-registers.ts";
import { Distributor } from "./distributor.ts";
import { DistributorRegisters } from "./distributor-registers.ts";
import { LpiDelivery } from "./lpi-delivery.ts";
import { LpiMemory } from "./lpi-memory.ts";
import { affinityOf, QemuRedistributor } from "./redistributor.ts";

/** GICD_TYPER.IDbits + 1 of a GIC that says nothing else. */
const DEFAULT_INTID_BITS = 16;

/** What a physical GIC is made with. */
export interface PhysicalGicOptions {
  readonly cpus: number;
  /** GIC version that the ID registers tell. */
  readonly architecture: 3 | 4;
  /** Whether there are two Security states. */
  readonly secure: boolean;
  /** Whether GIC and PEs have FEAT_GICv3_NMI. */
  readonly nmi?: boolean;
  /** Bits of an INTID. Default: 16. */
  readonly intidBits?: number | undefined;
  /** Affinity of each PE. Default: those of QEMU's `virt` machine. */
  readonly affinities?: readonly number[] | undefined;
}

/** What physical GICs decide one way or another. */
export type PhysicalGicDecisions = Pick<
  QemuDecisions,
  "spis" | "priorityBits" | "linesCountPrivate" | "priorityMaskHighBits" | "activePrioritiesKeepNonSecureHalf"
>;

/** Distributor, CPU interfaces and the physical side of the redistributors, joined: a GIC but for its ITSs and its frames. */
export class PhysicalGic {
  readonly architecture: 3 | 4;
  readonly intidBits: number;
  readonly memory: GuestMemory;
  readonly lpiMemory: LpiMemory;
  readonly distributor: Distributor;
  readonly distributorRegisters: DistributorRegisters;
  readonly redistributors: readonly QemuRedistributor[];
  readonly arbiter: Arbiter;
  readonly delivery: LpiDelivery;
  readonly cpuInterface: CpuInterface;
  readonly systemRegisters: CpuInterfaceRegisters;

  constructor(journal: Journal, decisions: PhysicalGicDecisions, options: PhysicalGicOptions) {
    const { architecture, cpus, secure } = options;
    this.architecture = architecture;
    this.memory = new GuestMemory(journal);
    this.lpiMemory = new LpiMemory(this.memory);
    const { affinities, intidBits = DEFAULT_INTID_BITS } = options;
    this.distributor = new Distributor(journal, {
      spis: decisions.spis,
      cpus,
      secure,
      nmi: options.nmi ?? false,
      affinities,
    });
    const redistributors: QemuRedistributor[] = [];
    for (let pe = 0; pe < cpus; pe++) {
      const affinity = affinities?.[pe] ?? affinityOf(pe);
      redistributors.push(new QemuRedistributor(journal, this.lpiMemory, { pe, affinity, intidBits }));
    }
    this.intidBits = intidBits;
    this.redistributors = redistributors;
    this.arbiter = new Arbiter(this.distributor, redistributors);
    this.delivery = new LpiDelivery(this.lpiMemory, this.distributor, this.arbiter);
    this.distributorRegisters = new DistributorRegisters(this.distributor, this.arbiter, {
      architecture,
      linesCountPrivate: decisions.linesCountPrivate,
      intidBits,
    });
    this.cpuInterface = new CpuInterface(this, { priorityBits: decisions.priorityBits, hasEl3: secure });
    this.systemRegisters = new CpuInterfaceRegisters(this.cpuInterface, this.distributor, decisions);
    for (const pe of redistributors) this.systemRegisters.reset(pe);
  }
}
