import { PhysicalGic } from "../gicv3/physical-gic.ts";
import { RedistributorRegisters } from "../gicv3/redistributor-registers.ts";
import type { Journal } from "../journal/journal.ts";
import type { GicDetails } from "../machine.ts";
import type { ArchDecisions } from "../models/model.ts";
import { Remarks } from "../remarks.ts";
import type { ArchFeatures } from "./features.ts";
import { ArchIts } from "./its.ts";
import { ArchItsState } from "./its-state.ts";
import { LayoutTables } from "./layout-tables.ts";
import { RedistributorFrames } from "./redistributor-frames.ts";
import { VirtualDelivery } from "./virtual-delivery.ts";
import { VirtualInterface } from "./virtual-interface.ts";
import { VlpiFrame } from "./vlpi-frame.ts";
import { VmovpExchange } from "./vmovp-exchange.ts";
import { VpeStore } from "./vpe-store.ts";

/**
 * The parts of the strict GIC and how they are joined: ITSs and virtual LPIs of its own; distributor, CPU interfaces and the physical
 * side of the redistributors are those that QEMU's model has, which leave the architecture nowhere that this model looks.
 */
export class ArchGic extends PhysicalGic {
  readonly features: ArchFeatures;
  readonly remarks = new Remarks();
  readonly frames: RedistributorFrames;
  readonly virtual: VirtualDelivery | undefined;
  readonly itss: readonly ArchIts[];

  constructor(
    journal: Journal,
    decisions: ArchDecisions,
    features: ArchFeatures,
    options: { cpus: number; itss: number; secure: boolean } & GicDetails,
  ) {
    super(
      journal,
      {
        ...decisions,
        spis: options.spis ?? decisions.spis,
        priorityBits: options.priorityBits ?? decisions.priorityBits,
        linesCountPrivate: true,
        priorityMaskHighBits: false,
        activePrioritiesKeepNonSecureHalf: false,
      },
      { ...options, architecture: features.virtual ? 4 : 3 },
    );
    this.features = features;
    const { architecture, memory, delivery, redistributors } = this;
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
      common: new RedistributorRegisters(this, architecture, (pe) => pe === options.cpus - 1),
      delivery,
      memory,
      remarks,
      features,
      vlpi,
      interfaces,
    });
  }
}
