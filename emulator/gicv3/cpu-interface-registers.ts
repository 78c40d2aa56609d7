import { CBPR, type CpuInterface, EOI_MODE, EOI_MODE_EL3 } from "./cpu-interface.ts";
import type { Distributor } from "./distributor.ts";
import { nmiRegisters } from "./nmi-registers.ts";
import { exceptionLevel, fiqToEl3, irqToEl3, isSecure, KERNEL_CONTEXT, secureBelowEl3 } from "./pe-context.ts";
import { ACTIVE_PRIORITY_WORDS, Group, IDLE, PeWord, type QemuRedistributor } from "./redistributor.ts";
import { type ActivePriorityRegister, ALL_BITS, type SystemRegister } from "./system-register.ts";

/** ICC_CTLR_EL1: A3V, 24 INTID bits; PRIbits comes in below. ICC_CTLR_EL3 has nDS beside. */
const CTLR_FIXED = (1 << 15) | (1 << 11);
const CTLR_PRIBITS_SHIFT = 8;
const NDS = 1 << 17;
/** System register access is always on, bypass is not there. */
const SRE_EL1 = 0x7;
const SRE_HIGHER = 0xf;
/** ICC_CTLR_EL3: CBPR_EL1S, CBPR_EL1NS, EOImode_EL1S, EOImode_EL1NS. */
const EL3_CBPR_S = 1 << 0;
const EL3_CBPR_NS = 1 << 1;
const EL3_EOI_S = 1 << 3;
const EL3_EOI_NS = 1 << 4;

/** The ICC_* system registers by name (arm_gicv3_cpuif.c gicv3_cpuif_reginfo). */
export class CpuInterfaceRegisters {
  private readonly cpu: CpuInterface;
  private readonly distributor: Distributor;
  private readonly registers: ReadonlyMap<string, SystemRegister>;

  /** Bits of ICC_PMR_EL1 that keep what is written. */
  private readonly maskBits: number;

  private readonly keepsNonSecureHalf: boolean;

  /**
   * @param options `priorityMaskHighBits` tells whether ICC_PMR_EL1 keeps bits [31:8], `activePrioritiesKeepNonSecureHalf` whether
   * ICC_AP1R<n>_EL1 keeps the Non-secure half of what Non-secure software writes
   */
  constructor(
    cpu: CpuInterface,
    distributor: Distributor,
    options: { readonly priorityMaskHighBits: boolean; readonly activePrioritiesKeepNonSecureHalf: boolean },
  ) {
    this.cpu = cpu;
    this.keepsNonSecureHalf = options.activePrioritiesKeepNonSecureHalf;
    this.maskBits = (~0 << (8 - cpu.priorityBits)) & (options.priorityMaskHighBits ? ~0 : 0xff);
    this.distributor = distributor;
    const running: SystemRegister = { trap: "both", read: (pe) => this.readRunningPriority(pe) };
    const priorities = [...this.activePriorities()];
    this.registers = new Map<string, SystemRegister>([
      ...this.common(),
      ["ICC_RPR_EL1", running],
      ...this.banked(),
      ...this.el3(),
      ...priorities,
      ...(distributor.hasNmi ? nmiRegisters(cpu, running, priorities) : []),
    ]);
  }

  /** What a PE's CPU interface holds after reset. */
  reset(pe: QemuRedistributor): void {
    const { words } = pe;
    const control = CTLR_FIXED | ((this.cpu.priorityBits - 1) << CTLR_PRIBITS_SHIFT);
    words[PeWord.iccCtlr] = control;
    words[PeWord.iccCtlr + 1] = control;
    words[PeWord.iccCtlrEl3] = control | NDS;
    const least = this.cpu.minimumBinaryPoint;
    words[PeWord.iccBpr + Group.group0] = least;
    words[PeWord.iccBpr + Group.secureGroup1] = least;
    words[PeWord.iccBpr + Group.group1] = least + 1;
    words[PeWord.context] = KERNEL_CONTEXT;
  }

  /** @returns undefined when there is no such register to read, or the access is trapped */
  read(pe: QemuRedistributor, name: string): number | undefined {
    const register = this.reachable(pe, name);
    return register?.read?.(pe);
  }

  /** Bits [63:32] of a register that {@link read} has read. */
  readHigh(pe: QemuRedistributor, name: string): number {
    return this.registers.get(name)?.readHigh?.(pe) ?? 0;
  }

  /** @returns false when there is no such register to write, or the access is trapped */
  write(pe: QemuRedistributor, name: string, lo: number, hi: number): boolean {
    const register = this.reachable(pe, name);
    if (register?.write === undefined) return false;
    register.write(pe, lo >>> 0, hi >>> 0);
    return true;
  }

  private reachable(pe: QemuRedistributor, name: string): SystemRegister | undefined {
    const register = this.registers.get(name);
    if (register === undefined || (register.el3 && !this.cpu.hasEl3)) return undefined;
    if (!this.cpu.hasEl3 || exceptionLevel(pe) === 3) return register;
    const fiq = fiqToEl3(pe);
    const irq = irqToEl3(pe);
    const trapped = { fiq, irq, both: fiq && irq, none: false }[register.trap];
    return trapped ? undefined : register;
  }

  /** Whether the PE sees priorities in the Non-secure way: Group 0 is out of its reach. */
  private nonSecureView(pe: QemuRedistributor): boolean {
    return this.cpu.hasEl3 && !isSecure(pe, true) && fiqToEl3(pe);
  }

  /** Bank of a Group 1 register. */
  private group1(pe: QemuRedistributor): number {
    return secureBelowEl3(pe, this.cpu.hasEl3) ? Group.secureGroup1 : Group.group1;
  }

  private *common(): Iterable<[string, SystemRegister]> {
    const { cpu } = this;
    yield [
      "ICC_PMR_EL1",
      { trap: "both", read: (pe) => this.readPmr(pe), write: (pe, lo, hi) => this.writePmr(pe, lo, hi) },
    ];
    yield ["ICC_IAR0_EL1", { trap: "fiq", read: (pe) => cpu.acknowledge(pe, true) }];
    yield ["ICC_IAR1_EL1", { trap: "irq", read: (pe) => cpu.acknowledge(pe, false) }];
    yield ["ICC_EOIR0_EL1", { trap: "fiq", write: (pe, lo) => cpu.endOfInterrupt(pe, lo, true) }];
    yield ["ICC_EOIR1_EL1", { trap: "irq", write: (pe, lo) => cpu.endOfInterrupt(pe, lo, false) }];
    yield ["ICC_HPPIR0_EL1", { trap: "fiq", read: (pe) => cpu.highestGroup0(pe) }];
    yield ["ICC_HPPIR1_EL1", { trap: "irq", read: (pe) => cpu.highestGroup1(pe) }];
    yield ["ICC_DIR_EL1", { trap: "both", write: (pe, lo) => cpu.deactivateByRegister(pe, lo) }];
    const own = (pe: QemuRedistributor): number => (isSecure(pe, cpu.hasEl3) ? Group.secureGroup1 : Group.group1);
    const other = (pe: QemuRedistributor): number => (isSecure(pe, cpu.hasEl3) ? Group.group1 : Group.secureGroup1);
    yield ["ICC_SGI0R_EL1", { trap: "both", write: (pe, lo, hi) => cpu.sendSgi(pe, Group.group0, lo, hi) }];
    yield ["ICC_SGI1R_EL1", { trap: "both", write: (pe, lo, hi) => cpu.sendSgi(pe, own(pe), lo, hi) }];
    yield ["ICC_ASGI1R_EL1", { trap: "both", write: (pe, lo, hi) => cpu.sendSgi(pe, other(pe), lo, hi) }];
    yield ["ICC_SRE_EL1", { trap: "none", read: () => SRE_EL1, write: () => undefined }];
    yield ["ICC_SRE_EL2", { trap: "none", read: () => SRE_HIGHER, write: () => undefined }];
  }

  private *banked(): Iterable<[string, SystemRegister]> {
    const point = (pe: QemuRedistributor, group0: boolean): number => this.readBinaryPoint(pe, group0);
    yield [
      "ICC_BPR0_EL1",
      { trap: "fiq", read: (pe) => point(pe, true), write: (pe, lo, hi) => this.writeBinaryPoint(pe, true, lo, hi) },
    ];
    yield [
      "ICC_BPR1_EL1",
      { trap: "irq", read: (pe) => point(pe, false), write: (pe, lo, hi) => this.writeBinaryPoint(pe, false, lo, hi) },
    ];
    yield [
      "ICC_IGRPEN0_EL1",
      {
        trap: "fiq",
        read: (pe) => pe.words[PeWord.iccIgrpen],
        write: (pe, lo) => this.set(pe, PeWord.iccIgrpen, lo & 1),
      },
    ];
    yield [
      "ICC_IGRPEN1_EL1",
      {
        trap: "irq",
        read: (pe) => pe.words[PeWord.iccIgrpen + this.group1(pe)],
        write: (pe, lo) => this.set(pe, PeWord.iccIgrpen + this.group1(pe), lo & 1),
      },
    ];
    yield [
      "ICC_CTLR_EL1",
      {
        trap: "both",
        read: (pe) => pe.words[this.controlWord(pe)],
        write: (pe, lo) => {
          const writable = this.cpu.hasEl3 && !this.distributor.oneSecurityState ? EOI_MODE : EOI_MODE | CBPR;
          const word = this.controlWord(pe);
          this.set(pe, word, (pe.words[word] & ~writable) | (lo & writable));
        },
      },
    ];
  }

  private *el3(): Iterable<[string, SystemRegister]> {
    yield ["ICC_SRE_EL3", { trap: "none", el3: true, read: () => SRE_HIGHER, write: () => undefined }];
    yield [
      "ICC_CTLR_EL3",
      { trap: "none", el3: true, read: readControlEl3, write: (pe, lo) => this.writeControlEl3(pe, lo) },
    ];
    yield [
      "ICC_IGRPEN1_EL3",
      {
        trap: "none",
        el3: true,
        read: (pe) =>
          pe.words[PeWord.iccIgrpen + Group.group1] | (pe.words[PeWord.iccIgrpen + Group.secureGroup1] << 1),
        write: (pe, lo) => {
          pe.set(PeWord.iccIgrpen + Group.group1, lo & 1);
          this.set(pe, PeWord.iccIgrpen + Group.secureGroup1, (lo >>> 1) & 1);
        },
      },
    ];
  }

  /** ICC_AP0R<n>_EL1 and ICC_AP1R<n>_EL1: as many as the preemption bits need. */
  private *activePriorities(): Iterable<[string, ActivePriorityRegister]> {
    const count = 2 ** Math.max(this.cpu.preemptionBits - 5, 0);
    for (let index = 0; index < count; index++) {
      for (const [number, trap] of [
        [0, "fiq"],
        [1, "irq"],
      ] as const) {
        const group = (pe: QemuRedistributor): number => (number === 0 ? Group.group0 : this.group1(pe));
        const word = (pe: QemuRedistributor): number => PeWord.iccApr + group(pe) * ACTIVE_PRIORITY_WORDS + index;
        const writable = (pe: QemuRedistributor): number =>
          group(pe) === Group.group1 && this.cpu.hasEl3 ? this.nonSecurePriorities(index) : ALL_BITS;
        yield [
          `ICC_AP${number}R${index}_EL1`,
          {
            trap,
            index,
            group,
            writable,
            read: (pe) => pe.words[word(pe)],
            write: (pe, lo) => {
              const bits = writable(pe);
              if (bits !== 0) this.set(pe, word(pe), (pe.words[word(pe)] & ~bits) | (lo & bits));
            },
          },
        ];
      }
    }
  }

  /** Bits of ICC_AP1R<index>_EL1 that Non-secure software writes: it cannot claim that one of the Secure half's priorities runs (icc_ap_write). */
  private nonSecurePriorities(index: number): number {
    if (!this.keepsNonSecureHalf) return index < 2 ? 0 : ALL_BITS;
    const first = (0x80 >>> (8 - this.cpu.preemptionBits)) - index * 32;
    return first >= 32 ? 0 : ALL_BITS << Math.max(first, 0);
  }

  private set(pe: QemuRedistributor, word: number, value: number): void {
    pe.set(word, value);
    this.cpu.changed(pe);
  }

  private controlWord(pe: QemuRedistributor): number {
    return PeWord.iccCtlr + (secureBelowEl3(pe, this.cpu.hasEl3) ? 0 : 1);
  }

  private readPmr(pe: QemuRedistributor): number {
    const mask = pe.words[PeWord.iccPmr];
    return this.nonSecureView(pe) ? nonSecurePriority(mask) : mask;
  }

  private writePmr(pe: QemuRedistributor, lo: number, hi: number): void {
    let value = lo;
    if (this.nonSecureView(pe)) {
      if ((pe.words[PeWord.iccPmr] & 0x80) === 0) return;
      value = (hi << 31) | (lo >>> 1) | 0x80;
    }
    this.set(pe, PeWord.iccPmr, value & this.maskBits);
  }

  private readRunningPriority(pe: QemuRedistributor): number {
    const running = this.cpu.runningPriority(pe);
    return this.nonSecureView(pe) ? nonSecurePriority(running) : running;
  }

  /** Register that an access to ICC_BPR<n>_EL1 reaches; `capped` when it only reads BPR0 plus one. */
  private binaryPoint(pe: QemuRedistributor, group0: boolean): { group: number; capped: boolean } {
    if (group0) return { group: Group.group0, capped: false };
    const group = this.group1(pe);
    const level = exceptionLevel(pe);
    const secureCommon = (pe.words[PeWord.iccCtlr] & CBPR) !== 0;
    if (group === Group.secureGroup1 && level !== 3 && secureCommon) return { group: Group.group0, capped: false };
    const common = (pe.words[PeWord.iccCtlr + 1] & CBPR) !== 0;
    if (group === Group.group1 && level < 3 && common) return { group: Group.group0, capped: true };
    return { group, capped: false };
  }

  private readBinaryPoint(pe: QemuRedistributor, group0: boolean): number {
    const { group, capped } = this.binaryPoint(pe, group0);
    const value = pe.words[PeWord.iccBpr + group];
    return capped ? Math.min(value + 1, 7) : value;
  }

  private writeBinaryPoint(pe: QemuRedistributor, group0: boolean, lo: number, hi: number): void {
    const { group, capped } = this.binaryPoint(pe, group0);
    if (capped) return;
    const least = this.cpu.minimumBinaryPoint + (group === Group.group1 ? 1 : 0);
    const value = hi === 0 && lo < least ? least : lo;
    this.set(pe, PeWord.iccBpr + group, value & 7);
  }

  private writeControlEl3(pe: QemuRedistributor, lo: number): void {
    const both = CBPR | EOI_MODE;
    const nonSecure = (lo & EL3_EOI_NS ? EOI_MODE : 0) | (lo & EL3_CBPR_NS ? CBPR : 0);
    const secure = (lo & EL3_EOI_S ? EOI_MODE : 0) | (lo & EL3_CBPR_S ? CBPR : 0);
    pe.set(PeWord.iccCtlr + 1, (pe.words[PeWord.iccCtlr + 1] & ~both) | nonSecure);
    pe.set(PeWord.iccCtlr, (pe.words[PeWord.iccCtlr] & ~both) | secure);
    const own = pe.words[PeWord.iccCtlrEl3];
    this.set(pe, PeWord.iccCtlrEl3, (own & ~EOI_MODE_EL3) | (lo & EOI_MODE_EL3));
  }
}

/** QEMU 7.2 shows the Non-secure CBPR and EOImode in the fields of both states. */
function readControlEl3(pe: QemuRedistributor): number {
  const nonSecure = pe.words[PeWord.iccCtlr + 1];
  let value = pe.words[PeWord.iccCtlrEl3];
  if (nonSecure & EOI_MODE) value |= EL3_EOI_NS | EL3_EOI_S;
  if (nonSecure & CBPR) value |= EL3_CBPR_NS | EL3_CBPR_S;
  return value;
}

/** A priority as Non-secure software sees it: the Non-secure half spread over all, nothing of the Secure half. */
function nonSecurePriority(priority: number): number {
  if ((priority & 0x80) === 0) return 0;
  return priority === IDLE ? IDLE : (priority << 1) & 0xff;
}
