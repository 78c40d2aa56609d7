import { hex } from "../../architecture/hex.ts";
import { registerByName } from "../../architecture/index.ts";
import { peekRegister, type Target } from "../target.ts";

/** SGIs and PPIs of a PE. */
export const PRIVATE_INTIDS = 32;
/** INTIDs from here on are special; the last SPI is the one before. */
const SPIS_END = 1020;

/** State of an SGI, PPI or SPI as its registers show it. */
export interface InterruptState {
  readonly intid: number;
  /** The PE whose own it is; 0 for SPIs. */
  readonly pe: number;
  readonly enabled: boolean;
  readonly pending: boolean;
  readonly active: boolean;
  readonly group1: boolean;
  readonly edge: boolean;
  /** 0 (most urgent) to 255. */
  readonly priority: number;
}

/** Where an SPI goes: PEs by number, any PE (1 of N), or an affinity that no PE has. */
export type SpiRoute =
  | { readonly kind: "pes"; readonly pes: readonly number[] }
  | { readonly kind: "any" }
  | { readonly kind: "nowhere"; readonly affinity: number };

/** One kind of register with a piece of each interrupt's state. */
const arrays = {
  enabled: { stem: "ISENABLER", bits: 1 },
  pending: { stem: "ISPENDR", bits: 1 },
  active: { stem: "ISACTIVER", bits: 1 },
  group1: { stem: "IGROUPR", bits: 1 },
  edge: { stem: "ICFGR", bits: 2 },
  priority: { stem: "IPRIORITYR", bits: 8 },
} as const;

/** A piece of an interrupt's state that registers hold. */
export type InterruptPiece = keyof typeof arrays;

/**
 * The registers of distributor and redistributors with the state of each SGI, PPI and SPI; looking changes nothing. Each register is read
 * once: an object of this class is for one moment of its target.
 */
export class InterruptRegisters {
  private readonly target: Target;
  private readonly words = new Map<string, bigint>();
  /** The same as numbers, by PE and index: each is asked for by each of its interrupts. */
  private readonly numbers: Readonly<Record<InterruptPiece, number[][]>> = {
    enabled: [],
    pending: [],
    active: [],
    group1: [],
    edge: [],
    priority: [],
  };

  constructor(target: Target) {
    this.target = target;
  }

  /** SPIs that GICD_TYPER.ITLinesNumber says there are. */
  spiCount(): number {
    const lines = Number((this.read("GICD_TYPER", 0) ?? 0n) & 0x1fn);
    return Math.max(Math.min(32 * (lines + 1), SPIS_END) - PRIVATE_INTIDS, 0);
  }

  state(intid: number, pe: number): InterruptState {
    const is = (piece: InterruptPiece): boolean => this.piece(piece, intid, pe) !== 0;
    return {
      intid,
      pe,
      enabled: is("enabled"),
      pending: is("pending"),
      active: is("active"),
      group1: is("group1"),
      edge: (this.piece("edge", intid, pe) & 2) !== 0,
      priority: this.piece("priority", intid, pe),
    };
  }

  /** One bit an interrupt, of the 32 of a register. */
  wordOf(piece: "enabled" | "pending" | "active", intid: number, pe: number): bigint {
    return this.wordOfPiece(piece, intid, pe);
  }

  registerOf(piece: InterruptPiece, intid: number): string {
    const { stem, bits } = arrays[piece];
    return `${this.block(intid)}_${stem}${Math.floor(intid / (32 / bits))}`;
  }

  /** The place of an interrupt's piece in its register: bits from the lowest one. */
  placeOf(piece: InterruptPiece, intid: number): { readonly lsb: number; readonly bits: number } {
    const { bits } = arrays[piece];
    return { lsb: (intid % (32 / bits)) * bits, bits };
  }

  /** A register as the script language names it for a PE: `GICR_ISPENDR0[1]`, `GICD_ISPENDR0@1` of a GICv2. */
  named(register: string, pe: number): string {
    if (pe === 0) return register;
    return register.startsWith("GICR") ? `${register}[${pe}]` : `${register}@${pe}`;
  }

  /** What the script language calls a piece of an interrupt's state. */
  expression(piece: InterruptPiece, intid: number, pe: number): string {
    if (pe === 0 && piece !== "group1" && piece !== "edge") return `${piece}[${intid}]`;
    const { lsb, bits } = this.placeOf(piece, intid);
    const register = this.registerOf(piece, intid);
    const named = register.startsWith("GICR") ? `${register}[${pe}]` : this.named(register, pe);
    return `(${named} >> ${lsb}) & ${hex((1n << BigInt(bits)) - 1n)}`;
  }

  routeRegister(intid: number): string {
    return this.target.map.gicc === undefined ? `GICD_IROUTER${intid}` : `GICD_ITARGETSR${Math.floor(intid / 4)}`;
  }

  /** Where an SPI goes. */
  route(intid: number): SpiRoute {
    const route = this.read(this.routeRegister(intid), 0) ?? 0n;
    if (this.target.map.gicc !== undefined) {
      const pes = (route >> BigInt((intid % 4) * 8)) & 0xffn;
      return { kind: "pes", pes: [...Array(8).keys()].filter((pe) => ((pes >> BigInt(pe)) & 1n) === 1n) };
    }
    if (((route >> 31n) & 1n) === 1n) return { kind: "any" };
    const affinity = (route & 0xff_ffffn) | (((route >> 32n) & 0xffn) << 24n);
    for (let pe = 0; pe < this.target.cpus; pe++)
      if ((this.read("GICR_TYPER", pe) ?? 0n) >> 32n === affinity) return { kind: "pes", pes: [pe] };
    return { kind: "nowhere", affinity: Number(affinity) };
  }

  private block(intid: number): "GICR" | "GICD" {
    return intid < PRIVATE_INTIDS && this.target.map.gicc === undefined ? "GICR" : "GICD";
  }

  private piece(piece: InterruptPiece, intid: number, pe: number): number {
    const { bits } = arrays[piece];
    const perRegister = 32 / bits;
    const ofPe = this.numbers[piece];
    ofPe[pe] ??= [];
    const index = Math.floor(intid / perRegister);
    ofPe[pe][index] ??= Number(this.wordOfPiece(piece, intid, pe));
    return (ofPe[pe][index] >>> ((intid % perRegister) * bits)) & ((1 << bits) - 1);
  }

  /** The register with an interrupt's piece; 0 where the machine has none. */
  private wordOfPiece(piece: InterruptPiece, intid: number, pe: number): bigint {
    return this.read(this.registerOf(piece, intid), pe) ?? 0n;
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
}
