import { Bank } from "../journal/bank.ts";
import type { Journal } from "../journal/journal.ts";
import { Group, PRIVATE_INTIDS, peOfAffinity } from "./redistributor.ts";

/** GICD_CTLR. */
export const Control = {
  enableGroup0: 1 << 0,
  enableGroup1: 1 << 1,
  enableSecureGroup1: 1 << 2,
  affinityRouting: 1 << 4,
  affinityRoutingNonSecure: 1 << 5,
  disableSecurity: 1 << 6,
} as const;

/** The distributor's registers. SPIs only: what belongs to SGIs and PPIs is in the redistributors. */
export class Distributor {
  readonly bank: Bank;
  readonly words: Uint32Array;
  /** INTIDs 0..intids-1 exist as SGIs, PPIs and SPIs. */
  readonly intids: number;
  readonly cpus: number;
  /** PEs by affinity, of a machine whose affinities were chosen. */
  private readonly chosen: ReadonlyMap<number, number> | undefined;
  /** First words of the bitmaps (one bit an INTID), bytes (priority), pairs (IROUTER) and two-bit fields (NSACR). */
  readonly group: number;
  readonly groupModifier: number;
  readonly enabled: number;
  readonly pending: number;
  readonly active: number;
  /** Input lines. */
  readonly level: number;
  readonly edge: number;
  readonly priorities: number;
  readonly nsacr: number;
  readonly irouter: number;
  /** FEAT_GICv3_NMI: GICD_INMIR<n>, of which {@link nmi} is the first word; there are no such words without it. */
  readonly hasNmi: boolean;
  readonly nmi: number;

  /** @param spis multiple of 32 @param secure whether there are two Security states at reset */
  constructor(
    journal: Journal,
    options: {
      spis: number;
      cpus: number;
      secure: boolean;
      nmi: boolean;
      affinities?: readonly number[] | undefined;
    },
  ) {
    this.intids = PRIVATE_INTIDS + options.spis;
    this.cpus = options.cpus;
    this.chosen = options.affinities && new Map(options.affinities.map((affinity, pe) => [affinity, pe]));
    const bitmap = this.intids / 32;
    let next = 1;
    const take = (words: number): number => {
      const start = next;
      next += words;
      return start;
    };
    this.group = take(bitmap);
    this.groupModifier = take(bitmap);
    this.enabled = take(bitmap);
    this.pending = take(bitmap);
    this.active = take(bitmap);
    this.level = take(bitmap);
    this.edge = take(bitmap);
    this.priorities = take(this.intids / 4);
    this.nsacr = take(this.intids / 16);
    this.irouter = take(this.intids * 2);
    this.hasNmi = options.nmi;
    this.nmi = options.nmi ? take(bitmap) : 0;
    this.words = new Uint32Array(next);
    this.words[0] = options.secure
      ? Control.affinityRouting | Control.affinityRoutingNonSecure
      : Control.disableSecurity | Control.affinityRouting;
    this.bank = new Bank(journal, this.words);
  }

  get control(): number {
    return this.words[0];
  }

  /** GICD_CTLR.DS. */
  get oneSecurityState(): boolean {
    return (this.words[0] & Control.disableSecurity) !== 0;
  }

  /** Whether an INTID is an SPI of this distributor. */
  isSpi(intid: number): boolean {
    return intid >= PRIVATE_INTIDS && intid < this.intids;
  }

  setControl(value: number): void {
    this.bank.set(0, value);
  }

  bit(bitmap: number, intid: number): number {
    return (this.words[bitmap + (intid >>> 5)] >>> (intid & 31)) & 1;
  }

  setBit(bitmap: number, intid: number, value: boolean): void {
    const word = bitmap + (intid >>> 5);
    const mask = 1 << (intid & 31);
    this.bank.set(word, value ? this.words[word] | mask : this.words[word] & ~mask);
  }

  priority(intid: number): number {
    return (this.words[this.priorities + (intid >>> 2)] >>> ((intid & 3) * 8)) & 0xff;
  }

  setPriority(intid: number, priority: number): void {
    const word = this.priorities + (intid >>> 2);
    const shift = (intid & 3) * 8;
    this.bank.set(word, (this.words[word] & ~(0xff << shift)) | ((priority & 0xff) << shift));
  }

  /** PE that GICD_IROUTER<n> names, or -1; QEMU has no 1-of-N (GICD_TYPER.No1N = 1) and ignores Interrupt_Routing_Mode. */
  target(intid: number): number {
    const low = this.words[this.irouter + intid * 2];
    const high = this.words[this.irouter + intid * 2 + 1];
    const affinity = ((low & 0xff_ffff) | ((high & 0xff) << 24)) >>> 0;
    return this.chosen === undefined ? peOfAffinity(affinity, this.cpus) : (this.chosen.get(affinity) ?? -1);
  }

  /** Pending or, for a level-triggered one, with its line high: one bit an INTID of word `word`. */
  pendingWord(word: number): number {
    const { words } = this;
    return (words[this.pending + word] | (~words[this.edge + word] & words[this.level + word])) >>> 0;
  }

  /** Those that can be signalled: pending, enabled, not active, their group enabled (arm_gicv3.c gicd_int_pending). */
  signalled(word: number): number {
    const { words } = this;
    const waiting = this.pendingWord(word) & words[this.enabled + word] & ~words[this.active + word];
    if (waiting === 0) return 0;
    return waiting & this.enabledGroups(words[this.group + word], words[this.groupModifier + word]);
  }

  /** Which of 32 interrupts are in groups that GICD_CTLR enables. */
  enabledGroups(group: number, groupModifier: number): number {
    const control = this.words[0];
    const modifier = control & Control.disableSecurity ? 0 : groupModifier;
    let mask = 0;
    if (control & Control.enableGroup1) mask |= group;
    if (control & Control.enableSecureGroup1) mask |= ~group & modifier;
    if (control & Control.enableGroup0) mask |= ~group & ~modifier;
    return mask;
  }

  /** Group that the two group bits of an interrupt mean. */
  groupOf(group: number, groupModifier: number): number {
    if (group !== 0) return Group.group1;
    return this.oneSecurityState || groupModifier === 0 ? Group.group0 : Group.secureGroup1;
  }

  groupOfSpi(intid: number): number {
    return this.groupOf(this.bit(this.group, intid), this.bit(this.groupModifier, intid));
  }
}
