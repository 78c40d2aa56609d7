import { Bank } from "../../journal/bank.ts";
import type { Journal } from "../../journal/journal.ts";

/** List registers that the architecture allows. */
const MAX_LIST_REGISTERS = 16;
/** ICH_AP0R<n>_EL2 and ICH_AP1R<n>_EL2 that the architecture allows. */
export const ACTIVE_PRIORITY_REGISTERS = 4;

/** Words of one set of hypervisor interface registers; list registers take two words. */
export const InterfaceWord = {
  vmcr: 0,
  hcr: 1,
  ap0r: 2,
  ap1r: 2 + ACTIVE_PRIORITY_REGISTERS,
  lr: 2 + 2 * ACTIVE_PRIORITY_REGISTERS,
} as const;

const INTERFACE_WORDS = InterfaceWord.lr + 2 * MAX_LIST_REGISTERS;

const CpuWord = {
  /** First word of what KVM keeps in memory (`struct vgic_v3_cpu_if`), and of the registers themselves. */
  saved: 0,
  hardware: INTERFACE_WORDS,
  usedLrs: 2 * INTERFACE_WORDS,
  /** ICC_CTLR_EL1.PRIbits + 1 and IDbits as user space has lowered them. */
  priorityBits: 2 * INTERFACE_WORDS + 1,
  idBits: 2 * INTERFACE_WORDS + 2,
  inGuest: 2 * INTERFACE_WORDS + 3,
  count: 2 * INTERFACE_WORDS + 4,
} as const;

/** One set of ICH_* registers: those of the CPU, or KVM's copy of them in memory. Values are words as the registers hold them. */
export class InterfaceRegisters {
  private readonly bank: Bank;
  private readonly start: number;

  constructor(bank: Bank, start: number) {
    this.bank = bank;
    this.start = start;
  }

  /** @param word one of {@link InterfaceWord}, plus an index */
  get(word: number): number {
    return this.bank.words[this.start + word];
  }

  set(word: number, value: number): void {
    this.bank.set(this.start + word, value >>> 0);
  }

  /** Low word of a list register: vINTID. */
  lrLow(index: number): number {
    return this.get(InterfaceWord.lr + 2 * index);
  }

  /** High word of a list register: state, HW, group, priority, pINTID. */
  lrHigh(index: number): number {
    return this.get(InterfaceWord.lr + 2 * index + 1);
  }

  /** Whether the first list registers are all 0. @param count how many of them */
  lrsAreZero(count: number): boolean {
    const { words } = this.bank;
    const first = this.start + InterfaceWord.lr;
    for (let word = first; word < first + 2 * count; word++) if (words[word] !== 0) return false;
    return true;
  }

  setLr(index: number, low: number, high: number): void {
    this.set(InterfaceWord.lr + 2 * index, low);
    this.set(InterfaceWord.lr + 2 * index + 1, high);
  }
}

/** The CPU interface of one vCPU as the host keeps it (`struct vgic_cpu`), and the virtual interface of the CPU that runs it. */
export class VirtualCpu {
  readonly saved: InterfaceRegisters;
  readonly hardware: InterfaceRegisters;
  private readonly bank: Bank;

  constructor(journal: Journal) {
    this.bank = new Bank(journal, new Uint32Array(CpuWord.count));
    this.saved = new InterfaceRegisters(this.bank, CpuWord.saved);
    this.hardware = new InterfaceRegisters(this.bank, CpuWord.hardware);
  }

  /** Whether it stays in its guest: what it does meanwhile is no entry of its own. */
  get inGuest(): boolean {
    return this.bank.words[CpuWord.inGuest] !== 0;
  }

  set inGuest(stays: boolean) {
    this.bank.set(CpuWord.inGuest, stays ? 1 : 0);
  }

  /** List registers that the last entry to the guest filled. */
  get usedLrs(): number {
    return this.bank.words[CpuWord.usedLrs];
  }

  set usedLrs(count: number) {
    this.bank.set(CpuWord.usedLrs, count);
  }

  /** Priority bits that ICC_CTLR_EL1 shows to user space. */
  get priorityBits(): number {
    return this.bank.words[CpuWord.priorityBits];
  }

  set priorityBits(bits: number) {
    this.bank.set(CpuWord.priorityBits, bits);
  }

  /** ICC_CTLR_EL1.IDbits as user space sees it. */
  get idBits(): number {
    return this.bank.words[CpuWord.idBits];
  }

  set idBits(bits: number) {
    this.bank.set(CpuWord.idBits, bits);
  }
}
