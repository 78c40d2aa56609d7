import type { SaidDevice, SaidEvent, SaidLpi } from "./said/said-events.ts";
import type { Source } from "./source.ts";

export type { Source } from "./source.ts";

/** A table as a boot log or a register says where it is. */
export interface TablePlace {
  readonly kind: "device" | "collection" | "vpe";
  readonly address: number;
  /** Two-level: `address` is that of the level-1 table. */
  readonly indirect: boolean;
  /** Bytes of an entry of level 2, or of the flat table, where hardware says it in GITS_BASER<n>.Entry_Size. */
  readonly entryBytes?: number;
  readonly pageBytes: number;
  /** Bytes of the flat table, or of level 1; undefined when nothing says it. */
  readonly bytes: number | undefined;
  /** Where nothing says it: bytes up to the last one that a dump of the table holds. */
  readonly seen?: number;
  readonly source: Source;
}

/** An address, and who says so. */
export interface AddressFact {
  readonly address: number;
  readonly source: Source;
}

/** Addresses `from` up to `to`, which is not among them. */
export interface AddressSpan {
  readonly from: number;
  readonly to: number;
}

/** A line of /proc/interrupts about an interrupt that comes through an ITS, or what /sys/kernel/debug/irq/irqs/N says of one. */
export interface InterruptLine {
  /** Linux's number; undefined where nothing says it. */
  readonly irq: number | undefined;
  /** How often it came, a number a CPU. */
  readonly counts: readonly number[];
  /** `ITS-MSI`, `ITS-PCI-MSI-0000:00:01.0`, … */
  readonly chip: string;
  readonly hwirq: number;
  /** Names of the handlers, or of the device. */
  readonly actions: string;
  /** The LPI, where debugfs tells it. */
  readonly intid?: number;
  /** The one CPU that it goes to, where debugfs tells it. */
  readonly effective?: number;
  readonly source: Source;
}

/** INTID bits of KVM's and QEMU's guests (INTERRUPT_ID_BITS_ITS, GICD_TYPER_IDBITS). */
const USUAL_INTID_BITS = 16;

/** What the files of a capture say beside the bytes of memory. What is found first stays: files come in the order of trust. */
export class CaptureFacts {
  its: AddressFact | undefined;
  readonly tables = new Map<TablePlace["kind"], TablePlace>();
  commandQueue: AddressFact | undefined;
  propertyTable: AddressFact | undefined;
  /** GITS_TYPER.PTA: RDbase is an address, not the number of a PE. Undefined when the register is unknown. */
  targetsAreAddresses: boolean | undefined;
  /** INTID bits of the property table (GICR_PROPBASER.IDbits + 1). */
  intidBits: number | undefined;
  /** Registers that are known, by name; those of a redistributor behind `PE n`. */
  readonly registers = new Map<string, bigint>();
  /** Who says the registers. */
  readonly registerSources = new Map<string, Source>();
  /** Devices and events that files say to be mapped, beside the tables in memory. */
  readonly saidDevices: SaidDevice[] = [];
  readonly saidEvents: SaidEvent[] = [];
  readonly saidLpis: SaidLpi[] = [];
  /** Where RAM is; empty when nothing says it. */
  readonly ram: AddressSpan[] = [];
  /** Bytes of the command queue; undefined when nothing says it. */
  commandQueueBytes: number | undefined;
  /** Of each PE that says it: redistributors that share LPIs have to name one table. */
  readonly propertyTables = new Map<number, AddressFact>();
  /** By PE. */
  readonly pendingTables = new Map<number, AddressFact>();
  /** Redistributor frames by PE. */
  readonly redistributors = new Map<number, AddressFact>();
  readonly interrupts: InterruptLine[] = [];
  /** Level-2 pages of the device table by index, and ITTs by DeviceID, where a list of addresses names them. */
  readonly level2Pages = new Map<number, AddressFact>();
  readonly itts = new Map<number, AddressFact>();

  /** INTIDs that the LPI tables have room for; where nothing says how many, those of 16 bits. */
  get intids(): number {
    return 2 ** (this.intidBits ?? USUAL_INTID_BITS);
  }

  /** How many PEs are known, 0 = nothing says it. */
  get pes(): number {
    return Math.max(0, ...[...this.redistributors.keys(), ...this.pendingTables.keys()].map((pe) => pe + 1));
  }

  /** Sets a register, whatever was known of it. */
  setRegister(name: string, value: bigint, source: Source): void {
    this.registers.set(name, value);
    this.registerSources.set(name, source);
  }

  setTable(place: TablePlace): void {
    if (!this.tables.has(place.kind)) this.tables.set(place.kind, place);
  }
}

/** Sets a fact unless it is known. */
export function learn<Key>(map: Map<Key, AddressFact>, key: Key, fact: AddressFact): void {
  if (!map.has(key)) map.set(key, fact);
}
