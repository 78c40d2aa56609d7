import type { LayoutName } from "../../architecture/layout.ts";
import type { KnownMemory } from "../known-memory.ts";
import type { Extent } from "../memory.ts";

/** Values of registers by name, in the order in which the file has them. */
export type GuestRegisters = ReadonlyMap<string, bigint>;

/** Something about a guest's file that its reader has to know: what is wrong in it, or what of it was not taken. Texts are in guest-text.ts. */
export interface GuestRemark {
  readonly code: GuestRemarkCode;
  /** Offset in the file. */
  readonly offset?: number;
  /** Numbers and names that belong to it. */
  readonly values?: Readonly<Record<string, string | number>>;
}

export type GuestRemarkCode =
  // Of any file
  | "truncated"
  | "too-many"
  | "not-taken"
  | "assumed"
  | "unplaced-memory"
  // Of states of VMMs over KVM
  | "short-memory"
  | "no-memory"
  | "wrong-count"
  | "packed-memory"
  // Of QEMU's stream
  | "unknown-version"
  | "no-description"
  | "bad-description"
  | "unknown-record"
  | "unknown-section"
  | "other-device"
  | "wrong-footer"
  | "no-footer"
  | "wrong-subsection"
  | "wrong-length"
  | "found-again"
  | "compressed-pages"
  | "no-pages"
  | "rdma-pages"
  | "postcopy"
  | "page-outside"
  | "unknown-block"
  | "missing-field"
  | "shifted-arrays"
  | "routes-lost"
  | "devices-skipped";

/** An ITS of a saved guest. */
export interface GuestIts {
  /** Address of its control frame. */
  readonly base: number;
  readonly registers: GuestRegisters;
}

/** What a PE was doing, as far as the GIC asks. */
export interface GuestContext {
  readonly exceptionLevel: number;
  readonly nonSecure: boolean;
  readonly fiqToEl3: boolean;
  readonly irqToEl3: boolean;
  /** SCTLR_EL1.NMI, EL2 and EL3 in bits 0 to 2. */
  readonly sctlrNmi: number;
}

/** A register as it is written when a guest is restored, of one unit: "GICD", "PE 0". */
export interface GuestWrite {
  readonly unit: string;
  readonly name: string;
  readonly value: bigint;
}

/** A block of a guest's RAM. */
export interface GuestBlock {
  readonly name: string;
  readonly bytes: number;
  /** Guest physical address; undefined when nothing tells it. */
  readonly address: number | undefined;
}

/** A guest as another program saved it: registers by name, memory that stays in its file. */
export interface SavedGuest {
  /** What kind of file it is, for people. */
  readonly title: string;
  /** The machine as the program names it: `virt-7.2`. */
  readonly machine: string | undefined;
  /** Whose registers they are: those of QEMU's migration fields, or of KVM's device attributes. */
  readonly owner: "qemu" | "kvm" | "gem5";
  /** Undefined: no GIC was found. */
  readonly gicVersion: 2 | 3 | 4 | undefined;
  /** Two Security states. */
  readonly secure: boolean;
  readonly nmi: boolean;
  /** Layout of its tables in memory. */
  readonly layout: LayoutName;
  readonly distributor: GuestRegisters;
  /** One a PE. */
  readonly redistributors: readonly GuestRegisters[];
  readonly cpuInterfaces: readonly GuestRegisters[];
  /** One a PE, of QEMU; undefined of a PE of which nothing is known. */
  readonly contexts: readonly (GuestContext | undefined)[];
  readonly itss: readonly GuestIts[];
  /** In the order of a restore, where the file shows the order. */
  readonly writes: readonly GuestWrite[];
  readonly blocks: readonly GuestBlock[];
  readonly memory: GuestMemory;
  /** What is wrong in the file. */
  readonly problems: readonly GuestRemark[];
  /** What is in the file and was not taken, and what was taken for granted. */
  readonly notes: readonly GuestRemark[];
}

/** RAM of a saved guest. */
export interface GuestMemory extends KnownMemory {
  /** As {@link KnownMemory.spans}, without what is known to be zero. */
  held(from?: number, limit?: number): Iterable<Extent>;
}

/** Remarks that are kept of one kind; more are counted in the last one. */
const MAX_REMARKS = 50;

/** Collects remarks, a bounded number of each code. */
export class Remarks {
  readonly items: GuestRemark[] = [];
  private readonly counts = new Map<GuestRemarkCode, number>();

  add(code: GuestRemarkCode, offset?: number, values?: GuestRemark["values"]): void {
    const count = (this.counts.get(code) ?? 0) + 1;
    this.counts.set(code, count);
    if (count > MAX_REMARKS) return;
    this.items.push({ code, ...(offset === undefined ? {} : { offset }), ...(values === undefined ? {} : { values }) });
  }

  /** How often a code came, told or not. */
  countOf(code: GuestRemarkCode): number {
    return this.counts.get(code) ?? 0;
  }

  /** The remarks, with how many of a code were not kept. */
  list(): GuestRemark[] {
    return this.items.concat(
      [...this.counts].flatMap(([code, count]): GuestRemark[] =>
        count > MAX_REMARKS ? [{ code: "too-many", values: { what: code, count: count - MAX_REMARKS } }] : [],
      ),
    );
  }
}
