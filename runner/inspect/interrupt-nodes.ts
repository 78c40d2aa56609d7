import { hex } from "../../architecture/hex.ts";
import { intidRange } from "../../architecture/index.ts";
import type { Target } from "../target.ts";
import { decimal } from "./format-value.ts";
import { type InterruptPiece, InterruptRegisters, type InterruptState, PRIVATE_INTIDS } from "./interrupt-registers.ts";
import { children, type DisplayNode, list, type NodeChildren } from "./node.ts";

/**
 * Every SGI, PPI and SPI with its state, by the registers of distributor and redistributors; looking changes nothing. Each register is
 * read once: an inspector is for one moment of its target, until it is told to {@link forget} that.
 */
export class InterruptInspector {
  private readonly target: Target;
  private registers: InterruptRegisters;

  constructor(target: Target) {
    this.target = target;
    this.registers = new InterruptRegisters(target);
  }

  /** Another moment: registers are read anew. */
  forget(): void {
    this.registers = new InterruptRegisters(this.target);
  }

  /** What is pending or active, then the SPIs, then each PE's own. */
  all(): NodeChildren {
    return children((style) => {
      const waiting = this.waiting();
      const spis = this.registers.spiCount();
      return [
        {
          name: "Pending or active",
          value: decimal(waiting.length, style),
          children: list(
            () => waiting.length,
            (start, count) => waiting.slice(start, start + count).map((state) => this.node(state)),
          ),
        },
        {
          name: "SPIs",
          value: `INTIDs ${PRIVATE_INTIDS} to ${PRIVATE_INTIDS + spis - 1}`,
          children: this.run(PRIVATE_INTIDS, spis, 0),
        },
        {
          name: "SGIs and PPIs",
          value: `${decimal(this.target.cpus, style)} PEs`,
          children: list(
            () => this.target.cpus,
            (start, count) =>
              Array.from({ length: Math.max(Math.min(count, this.target.cpus - start), 0) }, (_, at) =>
                this.peNode(start + at),
              ),
          ),
        },
      ];
    });
  }

  /** Names of those that are pending or active, PE by PE, then SPIs. */
  waitingNames(): string[] {
    return this.waiting().map((state) => this.nameOf(state));
  }

  private nameOf({ intid, pe }: InterruptState): string {
    const own = intid < PRIVATE_INTIDS && this.target.cpus > 1 ? `, PE ${pe}` : "";
    return `${intidRange(intid)?.kind ?? "INTID"} ${intid}${own}`;
  }

  private peNode(pe: number): DisplayNode {
    const waiting = this.waitingOf(0, PRIVATE_INTIDS, pe).length;
    return {
      name: `PE ${pe}`,
      value: waiting === 0 ? "none pending or active" : `${waiting} pending or active`,
      children: this.run(0, PRIVATE_INTIDS, pe),
    };
  }

  private run(first: number, length: number, pe: number): NodeChildren {
    return list(
      () => length,
      (start, count) =>
        Array.from({ length: Math.max(Math.min(count, length - start), 0) }, (_, at) =>
          this.node(this.registers.state(first + start + at, pe)),
        ),
    );
  }

  private waiting(): readonly InterruptState[] {
    const own = Array.from({ length: this.target.cpus }, (_, pe) => this.waitingOf(0, PRIVATE_INTIDS, pe)).flat();
    return [...own, ...this.waitingOf(PRIVATE_INTIDS, this.registers.spiCount(), 0)];
  }

  private waitingOf(first: number, count: number, pe: number): readonly InterruptState[] {
    const found: InterruptState[] = [];
    for (let intid = first; intid < first + count; intid += 32) {
      const word = this.registers.wordOf("pending", intid, pe) | this.registers.wordOf("active", intid, pe);
      for (let bit = 0; word >> BigInt(bit) !== 0n && bit < Math.min(32, first + count - intid); bit++) {
        if (((word >> BigInt(bit)) & 1n) === 1n) found.push(this.registers.state(intid + bit, pe));
      }
    }
    return found;
  }

  private node(state: InterruptState): DisplayNode {
    const { intid, pe } = state;
    return {
      name: this.nameOf(state),
      value: stateText(state, intid < PRIVATE_INTIDS ? undefined : this.routeText(intid)),
      type: `INTID ${intid}`,
      expression: this.registers.expression("pending", intid, pe),
      children: children(() => this.fields(state)),
    };
  }

  private fields(state: InterruptState): readonly DisplayNode[] {
    const { intid, pe } = state;
    const of = (property: InterruptPiece, name: string, value: string): DisplayNode => ({
      name,
      value,
      type: this.registers.registerOf(property, intid),
      expression: this.registers.expression(property, intid, pe),
    });
    const bit = (property: "enabled" | "pending" | "active"): DisplayNode =>
      of(property, property, state[property] ? "1" : "0");
    const route = intid < PRIVATE_INTIDS ? undefined : this.routeText(intid);
    return [
      bit("enabled"),
      bit("pending"),
      bit("active"),
      of("priority", "priority", hex(state.priority)),
      of("group1", "group", state.group1 ? "1" : "0"),
      of("edge", "trigger", state.edge ? "edge" : "level"),
      ...(route === undefined ? [] : [{ name: "target", value: route, type: this.registers.routeRegister(intid) }]),
    ];
  }

  /** Where an SPI goes. */
  private routeText(intid: number): string {
    const route = this.registers.route(intid);
    if (route.kind === "any") return "any PE";
    if (route.kind === "nowhere") return `no PE (affinity ${hex(route.affinity)})`;
    return route.pes.length === 0 ? "no PE" : `PE ${route.pes.join(", ")}`;
  }
}

function stateText(
  { enabled, pending, active, group1, edge, priority }: InterruptState,
  route: string | undefined,
): string {
  const words = [
    ...(pending ? ["pending"] : []),
    ...(active ? ["active"] : []),
    enabled ? "enabled" : "disabled",
    edge ? "edge" : "level",
    `priority ${hex(priority)}`,
    `group ${group1 ? 1 : 0}`,
    ...(route === undefined ? [] : [`to ${route}`]),
  ];
  return words.join(", ");
}
