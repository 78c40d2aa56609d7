import { FIRST_LPI } from "../../architecture/index.ts";
import { Bank } from "../journal/bank.ts";
import type { Journal } from "../journal/journal.ts";
import { toNumber } from "../memory/guest-memory.ts";
import { LpiIndex } from "./lpi-index.ts";
import type { LpiMemory } from "./lpi-memory.ts";
import { TableRange } from "./table-range.ts";

/** SGIs and PPIs of a PE. */
export const PRIVATE_INTIDS = 32;
export const SGIS = 16;
/** Priority of "nothing pending". */
export const IDLE = 0xff;

/** Interrupt groups as QEMU counts them (arm_gicv3_common.h GICV3_G0, GICV3_G1, GICV3_G1NS); they also number the banked registers. */
export const Group = { group0: 0, secureGroup1: 1, group1: 2 } as const;

/** Words of ICC_AP<group>R<n>_EL1 that a group has room for. */
export const ACTIVE_PRIORITY_WORDS = 4;

/** The three words of a remembered "highest priority pending interrupt" from its start on. */
export const BestWord = { intid: 0, priority: 1, group: 2 } as const;

/** Words of one PE's redistributor and CPU interface. 64-bit registers take two, low first. */
export const PeWord = {
  /** Input lines of the PPIs. */
  level: 0,
  ctlr: 1,
  waker: 2,
  propbaser: 3,
  pendbaser: 5,
  vpropbaser: 7,
  vpendbaser: 9,
  group: 11,
  enabled: 12,
  pending: 13,
  active: 14,
  /** 1 = edge-triggered, one bit an INTID. */
  edge: 15,
  groupModifier: 16,
  nsacr: 17,
  /** 32 bytes, one an INTID. */
  priorities: 18,
  /** Best of all, best LPI, best virtual LPI that is resident: {@link BestWord}. */
  best: 26,
  bestLpi: 29,
  bestVirtualLpi: 32,
  /** ICC_CTLR_EL1, Secure and Non-secure. */
  iccCtlr: 35,
  iccPmr: 37,
  /** By {@link Group}. */
  iccBpr: 38,
  iccIgrpen: 41,
  iccCtlrEl3: 44,
  /** ICC_AP<group>R<n>_EL1: four words a {@link Group}. */
  iccApr: 45,
  /** Exception level and security of the PE: see cpu-interface.ts. */
  context: 57,
  /** GICR_INMIR0: one bit an INTID. */
  nmi: 58,
  /** 1 when {@link best} is an NMI. */
  bestNmi: 59,
  /** Bit 63 of ICC_AP<group>R<n>_EL1, at bit 4 {@link Group} + n: see nmi.ts. */
  iccAprNmi: 60,
  count: 61,
} as const;

export const ENABLE_LPIS = 1;
/** GICR_CTLR.CES: EnableLPIs can be cleared. */
const CLEARABLE = 2;
const ASLEEP = 6;
const PRESENT = 0x8000_0000;

/** One PE's redistributor and CPU interface: its registers, and what follows from them. */
export class QemuRedistributor {
  readonly pe: number;
  /** Aff3.Aff2.Aff1.Aff0 as in GICR_TYPER[63:32]. */
  readonly affinity: number;
  private readonly intidBits: number;
  readonly bank: Bank;
  readonly words: Uint32Array;
  readonly lpis: LpiIndex;
  readonly virtualLpis: LpiIndex;
  /** The physical tables, as far as they are in RAM. */
  readonly pendingRange = new TableRange();
  readonly configRange = new TableRange();
  private readonly memory: LpiMemory;

  /** Derived from GICR_CTLR, PROPBASER, PENDBASER, VPROPBASER, VPENDBASER by {@link refresh}. */
  lpisEnabled = false;
  configTable = 0;
  pendingTable = 0;
  /** First INTID beyond the LPIs that the tables have room for. */
  lpiLimit = 0;
  resident = false;
  virtualConfigTable = 0;
  virtualPendingTable = 0;
  virtualLimit = 0;
  /** Whether the tables, physical and virtual, have bytes outside RAM that may read as other than 0. */
  reachesOutside = false;
  virtualReachesOutside = false;

  /** @param options `intidBits`: GICD_TYPER.IDbits + 1 */
  constructor(
    journal: Journal,
    memory: LpiMemory,
    { pe, affinity, intidBits }: { readonly pe: number; readonly affinity: number; readonly intidBits: number },
  ) {
    this.memory = memory;
    this.pe = pe;
    this.affinity = affinity;
    this.intidBits = intidBits;
    this.words = new Uint32Array(PeWord.count);
    const { words } = this;
    words[PeWord.ctlr] = CLEARABLE;
    words[PeWord.waker] = ASLEEP;
    words[PeWord.edge] = 0xffff;
    for (const best of [PeWord.best, PeWord.bestLpi, PeWord.bestVirtualLpi]) words[best + BestWord.priority] = IDLE;
    this.bank = new Bank(journal, words);
    this.lpis = new LpiIndex(memory.ram);
    this.virtualLpis = new LpiIndex(memory.ram);
    this.refresh();
    journal.onRewind(() => {
      this.lpis.invalidate();
      this.virtualLpis.invalidate();
      this.refresh();
    });
  }

  set(word: number, value: number): void {
    this.bank.set(word, value);
  }

  /** Takes over what the LPI registers say. To be called after each change of one of them. */
  refresh(): void {
    const { words } = this;
    this.lpisEnabled = (words[PeWord.ctlr] & ENABLE_LPIS) !== 0;
    this.configTable = tableAddress(words, PeWord.propbaser, 0xfff);
    this.pendingTable = tableAddress(words, PeWord.pendbaser, 0xffff);
    this.lpiLimit = 2 ** Math.min((words[PeWord.propbaser] & 0x1f) + 1, this.intidBits);
    this.resident = words[PeWord.vpendbaser + 1] >= PRESENT;
    this.virtualConfigTable = tableAddress(words, PeWord.vpropbaser, 0xfff);
    this.virtualPendingTable = tableAddress(words, PeWord.vpendbaser, 0xffff);
    // QEMU keeps the number of INTIDs in 32 bits: IDbits = 31 leaves none.
    this.virtualLimit = (2 ** ((words[PeWord.vpropbaser] & 0x1f) + 1)) >>> 0;
    const limit = this.lpisEnabled ? this.lpiLimit : 0;
    this.lpis.describe(this.pendingTable, this.configTable, limit);
    this.reachesOutside = this.areOutside(this.pendingTable, this.configTable, limit);
    const virtualLimit = this.resident ? this.virtualLimit : 0;
    this.virtualReachesOutside = this.areOutside(this.virtualPendingTable, this.virtualConfigTable, virtualLimit);
    this.virtualLpis.describe(this.virtualPendingTable, this.virtualConfigTable, virtualLimit);
    const { ram } = this.memory;
    this.pendingRange.place(ram, this.pendingTable, this.lpisEnabled ? Math.ceil(this.lpiLimit / 32) * 4 : 0);
    const configBytes = this.lpisEnabled ? Math.max(0, this.lpiLimit - FIRST_LPI) : 0;
    this.configRange.place(ram, this.configTable, configBytes);
  }

  private areOutside(pendingTable: number, configTable: number, limit: number): boolean {
    if (limit <= FIRST_LPI) return false;
    const { memory } = this;
    return memory.reachesOutside(pendingTable, limit / 8) || memory.reachesOutside(configTable, limit - FIRST_LPI);
  }

  /** Limit of vLPIs for the range check of an injection, which QEMU makes in 64 bits. */
  get virtualIntids(): number {
    return 2 ** ((this.words[PeWord.vpropbaser] & 0x1f) + 1);
  }

  /** Priority byte of an SGI or PPI. */
  priority(intid: number): number {
    return (this.words[PeWord.priorities + (intid >>> 2)] >>> ((intid & 3) * 8)) & 0xff;
  }

  setPriority(intid: number, priority: number): void {
    const word = PeWord.priorities + (intid >>> 2);
    const shift = (intid & 3) * 8;
    this.bank.set(word, (this.words[word] & ~(0xff << shift)) | ((priority & 0xff) << shift));
  }

  setBit(word: number, bit: number, value: boolean): void {
    const mask = 1 << bit;
    this.bank.set(word, value ? this.words[word] | mask : this.words[word] & ~mask);
  }

  /** Configuration byte of an LPI as this PE sees it; 0 where nothing answers. */
  lpiConfig(intid: number): number {
    const { configRange } = this;
    const offset = intid - FIRST_LPI;
    if (offset >= 0 && offset < configRange.byteCount) return configRange.view[configRange.firstByte + offset];
    return this.memory.read8(this.configTable + offset);
  }
}

/** Affinity of a PE of the `virt` machine: clusters of 16 PEs, so that each fits a target list (hw/arm/virt.c). */
export function affinityOf(pe: number): number {
  return (pe & 15) | ((pe >>> 4) << 8);
}

/** PE with an affinity, or -1. */
export function peOfAffinity(affinity: number, cpus: number): number {
  const pe = ((affinity >>> 8) << 4) | (affinity & 15);
  return pe < cpus && affinityOf(pe) === affinity ? pe : -1;
}

/** Address bits [51:16] or [51:12] of a table's register. */
function tableAddress(words: Uint32Array, word: number, below: number): number {
  return toNumber(words[word] & ~below, words[word + 1] & 0xf_ffff);
}
