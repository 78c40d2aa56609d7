import { offsetOf, registerByName } from "../../../architecture/registers/index.ts";
import type { Source } from "../facts.ts";
import { ITS_REGISTERS, PE_REGISTERS } from "../frames.ts";

/** A register's value, and the line that said it last. */
export interface SaidValue {
  readonly value: bigint;
  readonly source: Source;
}

/** An access as a trace has it. */
export interface TracedAccess {
  /** In the frame, in bytes. */
  readonly offset: number;
  readonly bytes: number;
  readonly data: bigint;
  readonly isWrite: boolean;
}

/** Bits that are what they are, whatever software writes, of QEMU's ITS and redistributors at reset (hw/intc/arm_gicv3_its.c, arm_gicv3_redist.c). */
const READ_ONLY: Readonly<Record<string, { readonly mask: bigint; readonly value?: bigint }>> = {
  GITS_CTLR: { mask: ~1n, value: 0x8000_0000n },
  GICR_CTLR: { mask: ~1n },
  ...Object.fromEntries(
    Array.from({ length: 8 }, (_, index) => [`GITS_BASER${index}`, { mask: 0x071f_0000_0000_0000n }]),
  ),
};
/** Type and Entry_Size of the tables that each ITS of QEMU has; whether it has others only a read tells. */
const KNOWN_TYPES: Readonly<Record<string, bigint>> = {
  GITS_BASER0: 0x0107_0000_0000_0000n,
  GITS_BASER1: 0x0407_0000_0000_0000n,
};
/** What no software writes. GITS_CREADR moves by the queue: only a read tells it. */
const NOT_WRITTEN: ReadonlySet<string> = new Set(["GITS_TYPER", "GITS_IIDR", "GITS_CREADR"]);
/** What is not taken while GITS_CTLR.Enabled is 1. */
const LOCKED = /^GITS_C?BASER/;

/** Bits of a register that are known. */
interface Known {
  value: bigint;
  mask: bigint;
  source: Source;
}

/** Registers of an ITS or of a redistributor of QEMU, as the accesses of a trace leave them. */
export class TracedRegisters {
  private readonly known = new Map<string, Known>();
  private readonly registers: readonly { readonly name: string; readonly offset: number; readonly bytes: number }[];

  constructor(block: "its" | "redistributor") {
    const widths = block === "its" ? ITS_REGISTERS : PE_REGISTERS;
    this.registers = Object.entries(widths).map(([name, bytes]) => ({ name, offset: offsetOf(name), bytes }));
  }

  /** Whether anything is known. */
  get isEmpty(): boolean {
    return this.known.size === 0;
  }

  /** A register whose bits are all known; undefined otherwise. */
  read(name: string): SaidValue | undefined {
    const found = this.known.get(name);
    const width = BigInt(registerByName(name)?.register.width ?? 64);
    if (found === undefined || found.mask !== (1n << width) - 1n) return undefined;
    return { value: found.value, source: found.source };
  }

  /** Takes an access; what goes to no register of interest, or over the end of one, is passed over. */
  take({ offset, bytes, data, isWrite }: TracedAccess, source: Source): void {
    const register = this.registers.find((one) => offset >= one.offset && offset < one.offset + one.bytes);
    if (register === undefined || offset + bytes > register.offset + register.bytes) return;
    const { name } = register;
    const shift = BigInt((offset - register.offset) * 8);
    let mask = ((1n << BigInt(bytes * 8)) - 1n) << shift;
    const value = (data << shift) & mask;
    const all = (1n << BigInt(register.bytes * 8)) - 1n;
    if (isWrite) {
      if (NOT_WRITTEN.has(name) || (LOCKED.test(name) && this.isEnabled)) return;
      this.seed(name, all, source);
      if (this.isAbsent(name)) return;
      mask &= ~(READ_ONLY[name]?.mask ?? 0n);
      if (name === "GITS_CWRITER") this.known.delete("GITS_CREADR");
      if (name === "GITS_CBASER") this.known.set("GITS_CREADR", { value: 0n, mask: all, source });
    }
    const old = this.known.get(name);
    this.known.set(name, {
      value: ((old?.value ?? 0n) & ~mask) | (value & mask),
      mask: (old?.mask ?? 0n) | mask,
      source,
    });
  }

  private get isEnabled(): boolean {
    const control = this.known.get("GITS_CTLR");
    return control !== undefined && (control.mask & control.value & 1n) === 1n;
  }

  /** Of a register that was not read: what QEMU has in it that software cannot write. */
  private seed(name: string, all: bigint, source: Source): void {
    if (this.known.has(name)) return;
    const fixed = READ_ONLY[name];
    const value = KNOWN_TYPES[name] ?? fixed?.value;
    if (fixed !== undefined && value !== undefined) this.known.set(name, { value, mask: fixed.mask & all, source });
  }

  /** GITS_BASER<n> that is not there reads as 0 and takes nothing; one that was never read may be such a one. */
  private isAbsent(name: string): boolean {
    if (!name.startsWith("GITS_BASER")) return false;
    const known = this.known.get(name);
    const type = READ_ONLY[name].mask;
    return known === undefined || (known.mask & type) !== type || (known.value & type) === 0n;
  }
}
