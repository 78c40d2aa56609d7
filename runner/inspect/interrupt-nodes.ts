import { hex } from "../../architecture/hex.ts";
import { intidRange, registerByName } from "../../architecture/index.ts";
import { peekRegister, type Target } from "../target.ts";
import { decimal } from "./format-value.ts";
import { children, type DisplayNode, list, type NodeChildren } from "./node.ts";

/** SGIs and PPIs of a PE. */
const PRIVATE = 32;
/** INTIDs from here on are special; the last SPI is the one before. */
const SPIS_END = 1020;

/** State of an SGI, PPI or SPI as its registers show it. */
interface InterruptState {
  readonly intid: number;
  /** The PE whose own it is; 0 for SPIs. */
  readonly pe: number;
  readonly enabled: boolean;
  readonly pending: boolean;
  readonly active: boolean;
  readonly group1: boolean;
  readonly edge: boolean;
  readonly priority: bigint;
}

/** One kind of register with a piece of each interrupt's state. */
const arrays = {
  enabled: { stem: "ISENABLER", bits: 1 },
  pending: { stem: "ISPENDR", bits: 1 },
  active: { stem: "ISACTIVER", bits: 1 },
  group1: { stem: "IGROUPR", bits: 1 },
  edge: { stem: "ICFGR", bits: 2 },
  priority: { stem: "IPRIORITYR", bits: 8 },
} as const;

type Property = keyof typeof arrays;

/**
 * Every SGI, PPI and SPI with its state, by the registers of distributor and redistributors; looking changes nothing. Each register is
 * read once: an inspector is for one moment of its target.
 */
export class InterruptInspector {
  private readonly target: Target;
  private readonly words = new Map<string, bigint>();

  constructor(target: Target) {
    this.target = target;
  }

  /** What is pending or active, then the SPIs, then each PE's own. */
  all(): NodeChildren {
    return children((style) => {
      const waiting = this.waiting();
      const spis = this.spiCount();
      return [
        {
          name: "Pending or active",
          value: decimal(waiting.length, style),
          children: list(
            () => waiting.length,
            (start, count) => waiting.slice(start, start + count).map((state) => this.node(state)),
          ),
        },
        { name: "SPIs", value: `INTIDs ${PRIVATE} to ${PRIVATE + spis - 1}`, children: this.run(PRIVATE, spis, 0) },
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
    const own = intid < PRIVATE && this.target.cpus > 1 ? `, PE ${pe}` : "";
    return `${intidRange(intid)?.kind ?? "INTID"} ${intid}${own}`;
  }

  private peNode(pe: number): DisplayNode {
    const waiting = this.waitingOf(0, PRIVATE, pe).length;
    return {
      name: `PE ${pe}`,
      value: waiting === 0 ? "none pending or active" : `${waiting} pending or active`,
      children: this.run(0, PRIVATE, pe),
    };
  }

  private run(first: number, length: number, pe: number): NodeChildren {
    return list(
      () => length,
      (start, count) =>
        Array.from({ length: Math.max(Math.min(count, length - start), 0) }, (_, at) =>
          this.node(this.state(first + start + at, pe)),
        ),
    );
  }

  /** SPIs that GICD_TYPER.ITLinesNumber says there are. */
  private spiCount(): number {
    const lines = Number((this.read("GICD_TYPER", 0) ?? 0n) & 0x1fn);
    return Math.max(Math.min(32 * (lines + 1), SPIS_END) - PRIVATE, 0);
  }

  private waiting(): readonly InterruptState[] {
    const own = Array.from({ length: this.target.cpus }, (_, pe) => this.waitingOf(0, PRIVATE, pe)).flat();
    return [...own, ...this.waitingOf(PRIVATE, this.spiCount(), 0)];
  }

  private waitingOf(first: number, count: number, pe: number): readonly InterruptState[] {
    const found: InterruptState[] = [];
    for (let intid = first; intid < first + count; intid += 32) {
      const word = this.wordOf("pending", intid, pe) | this.wordOf("active", intid, pe);
      for (let bit = 0; word >> BigInt(bit) !== 0n && bit < Math.min(32, first + count - intid); bit++) {
        if (((word >> BigInt(bit)) & 1n) === 1n) found.push(this.state(intid + bit, pe));
      }
    }
    return found;
  }

  private state(intid: number, pe: number): InterruptState {
    const is = (property: Property): boolean => this.piece(property, intid, pe) !== 0n;
    return {
      intid,
      pe,
      enabled: is("enabled"),
      pending: is("pending"),
      active: is("active"),
      group1: is("group1"),
      edge: (this.piece("edge", intid, pe) & 2n) !== 0n,
      priority: this.piece("priority", intid, pe),
    };
  }

  private piece(property: Property, intid: number, pe: number): bigint {
    const { bits } = arrays[property];
    const at = intid % (32 / bits);
    return (this.wordOf(property, intid, pe) >> BigInt(at * bits)) & ((1n << BigInt(bits)) - 1n);
  }

  /** The register with an interrupt's piece; 0 where the machine has none. */
  private wordOf(property: Property, intid: number, pe: number): bigint {
    return this.read(this.registerOf(property, intid), pe) ?? 0n;
  }

  private registerOf(property: Property, intid: number): string {
    const { stem, bits } = arrays[property];
    const block = intid < PRIVATE && this.target.map.gicc === undefined ? "GICR" : "GICD";
    return `${block}_${stem}${Math.floor(intid / (32 / bits))}`;
  }

  private read(name: string, pe: number): bigint | undefined {
    const key = `${name} ${pe}`;
    const known = this.words.get(key);
    if (known !== undefined) return known;
    const member = registerByName(name);
    const value = member && peekRegister(this.target, { name, ...member, pe, its: 0 });
    if (value !== undefined) this.words.set(key, value);
    return value;
  }

  private node(state: InterruptState): DisplayNode {
    const { intid, pe } = state;
    return {
      name: this.nameOf(state),
      value: stateText(state, intid < PRIVATE ? undefined : this.routeText(intid)),
      type: `INTID ${intid}`,
      expression: this.expression("pending", intid, pe),
      children: children(() => this.fields(state)),
    };
  }

  private fields(state: InterruptState): readonly DisplayNode[] {
    const { intid, pe } = state;
    const of = (property: Property, name: string, value: string): DisplayNode => ({
      name,
      value,
      type: this.registerOf(property, intid),
      expression: this.expression(property, intid, pe),
    });
    const bit = (property: "enabled" | "pending" | "active"): DisplayNode =>
      of(property, property, state[property] ? "1" : "0");
    const route = intid < PRIVATE ? undefined : this.routeText(intid);
    return [
      bit("enabled"),
      bit("pending"),
      bit("active"),
      of("priority", "priority", hex(state.priority)),
      of("group1", "group", state.group1 ? "1" : "0"),
      of("edge", "trigger", state.edge ? "edge" : "level"),
      ...(route === undefined ? [] : [{ name: "target", value: route, type: this.routeRegister(intid) }]),
    ];
  }

  /** What the script language calls a piece of an interrupt's state. */
  private expression(property: Property, intid: number, pe: number): string {
    if (pe === 0 && property !== "group1" && property !== "edge") return `${property}[${intid}]`;
    const { bits } = arrays[property];
    const low = (intid % (32 / bits)) * bits;
    const register = this.registerOf(property, intid);
    const index = register.startsWith("GICR") || pe > 0 ? `[${pe}]` : "";
    return `(${register}${index} >> ${low}) & ${hex((1n << BigInt(bits)) - 1n)}`;
  }

  private routeRegister(intid: number): string {
    return this.target.map.gicc === undefined ? `GICD_IROUTER${intid}` : `GICD_ITARGETSR${Math.floor(intid / 4)}`;
  }

  /** Where an SPI goes. */
  private routeText(intid: number): string {
    const route = this.read(this.routeRegister(intid), 0) ?? 0n;
    if (this.target.map.gicc !== undefined) {
      const pes = (route >> BigInt((intid % 4) * 8)) & 0xffn;
      const named = [...Array(8).keys()].filter((pe) => ((pes >> BigInt(pe)) & 1n) === 1n);
      return named.length === 0 ? "no PE" : `PE ${named.join(", ")}`;
    }
    if (((route >> 31n) & 1n) === 1n) return "any PE";
    const affinity = (route & 0xff_ffffn) | (((route >> 32n) & 0xffn) << 24n);
    for (let pe = 0; pe < this.target.cpus; pe++)
      if ((this.read("GICR_TYPER", pe) ?? 0n) >> 32n === affinity) return `PE ${pe}`;
    return `no PE (affinity ${hex(affinity)})`;
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
