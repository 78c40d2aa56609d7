import { hex } from "../../architecture/hex.ts";
import type { LpiState } from "../../emulator/index.ts";
import type { Target } from "../target.ts";
import { decimal, type NumberStyle } from "./format-value.ts";
import { type DisplayNode, list, type NodeChildren } from "./node.ts";

/** Pending LPIs by the PE that they wait for; listed once: an inspector is for one moment of its target, until it is told to {@link forget} that. */
export class PendingInspector {
  private readonly target: Target;
  private byPe: Map<number, number[]> | undefined;

  constructor(target: Target) {
    this.target = target;
  }

  /** Another moment: LPIs are listed anew. */
  forget(): void {
    this.byPe = undefined;
  }

  /** PEs that LPIs are pending on, in order; LPIs without a target PE come last. */
  pes(): NodeChildren {
    return list(
      () => this.pending().size,
      (start, count, style) => {
        const found = [...this.pending()].sort(([a], [b]) => (a < 0 ? 1 : b < 0 ? -1 : a - b));
        return found.slice(start, start + count).map(([pe, intids]) => ({
          name: pe < 0 ? "no PE" : `PE ${pe}`,
          value: `${decimal(intids.length, style)} pending`,
          children: this.of(pe),
        }));
      },
    );
  }

  private of(pe: number): NodeChildren {
    const intids = (): readonly number[] => this.pending().get(pe) ?? [];
    return list(
      () => intids().length,
      (start, count, style) =>
        intids()
          .slice(start, start + count)
          .map((intid) => this.node(intid, style)),
    );
  }

  private node(intid: number, style: NumberStyle): DisplayNode {
    const lpi = this.target.lpi(intid);
    return {
      name: `LPI ${intid}`,
      value: lpi === undefined ? "gone" : stateText(lpi),
      type: `INTID ${decimal(intid, style)}`,
      expression: `pending[${intid}]`,
    };
  }

  private pending(): Map<number, number[]> {
    if (this.byPe !== undefined) return this.byPe;
    const found = new Map<number, number[]>();
    this.target.forEachPendingLpi((intid, pe) => {
      const known = found.get(pe);
      if (known === undefined) found.set(pe, [intid]);
      else known.push(intid);
    });
    this.byPe = found;
    return found;
  }
}

function stateText({ enabled, active, priority }: LpiState): string {
  return `${enabled ? "enabled" : "disabled"}${active ? ", active" : ""}, priority ${hex(priority)}`;
}
