import { PhysicalGic, type PhysicalGicOptions } from "../gicv3/physical-gic.ts";
import { RedistributorRegisters } from "../gicv3/redistributor-registers.ts";
import type { Journal } from "../journal/journal.ts";
import type { QemuDecisions } from "../models/model.ts";
import { QemuDma } from "./dma.ts";
import { QemuIts } from "./its.ts";
import { QemuItsState } from "./its-state.ts";

/** The parts of QEMU's GIC and how they are joined. Where their frames are is the machine's business. */
export class QemuGic extends PhysicalGic {
  readonly dma: QemuDma;
  readonly redistributorRegisters: RedistributorRegisters;
  readonly itss: readonly QemuIts[];

  /** @param options `isLast` tells whether a PE's redistributor is the last of its run of frames */
  constructor(
    journal: Journal,
    decisions: QemuDecisions,
    options: PhysicalGicOptions & { itss: number; isLast: (pe: number) => boolean },
  ) {
    super(journal, decisions, options);
    const { architecture, distributor, delivery, redistributors } = this;
    const dma = new QemuDma(this.memory, options.secure);
    this.dma = dma;
    this.lpiMemory.outside = dma;
    this.redistributorRegisters = new RedistributorRegisters(this, architecture, options.isLast);
    const itss: QemuIts[] = [];
    for (let its = 0; its < options.itss; its++) {
      const state = new QemuItsState(journal, { dma, decisions, distributor, delivery, redistributors, architecture });
      itss.push(new QemuIts(state, itss));
    }
    this.itss = itss;
  }
}
