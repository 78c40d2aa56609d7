import { MAX_PES } from "../../../architecture/index.ts";
import { Bank } from "../../journal/bank.ts";
import type { Journal } from "../../journal/journal.ts";
import type { KvmInterrupts } from "../interrupts/interrupts.ts";

/** A timer of a vCPU; the number is its PPI, which is also that of the host's timer (arch_timer.c `default_ppi`). */
export const Timer = { virtual: 27, physical: 30 } as const;
export type TimerPpi = (typeof Timer)[keyof typeof Timer];

/** Who owns the PPIs of the timers, as numbers of devices of the kernel: nobody else can drive them. */
const OWNER = 0xffff_0000;

/** CNTV_CTL_EL0 and CNTP_CTL_EL0. */
const Ctl = { enable: 1, mask: 2, status: 4 } as const;

/**
 * What the counters read. Time stands still in a machine: a timer whose CVAL is not above this has fired when it is enabled, another one
 * never does.
 */
export const COUNTER = 1n << 32n;

/** Words of a timer. */
const Word = { ctl: 0, cvalLow: 1, cvalHigh: 2, level: 3, count: 4 } as const;
const VCPU_WORDS = 1 + 2 * Word.count;

/**
 * The timers of the vCPUs (Linux arch_timer.c), on a host whose kernel runs at EL1 (nVHE): the virtual timer is the hardware's, with
 * its interrupt mapped (HW = 1); KVM emulates the physical one. KVM drives the two PPIs whenever a vCPU is loaded.
 */
export class GuestTimers {
  private readonly interrupts: KvmInterrupts;
  /** A vCPU's words: whether its timers are enabled, then the virtual timer, then the physical one. */
  private readonly bank: Bank;

  constructor(journal: Journal, interrupts: KvmInterrupts) {
    this.interrupts = interrupts;
    this.bank = new Bank(journal, new Uint32Array(8 * VCPU_WORDS), MAX_PES * VCPU_WORDS);
  }

  private at(pe: number, timer: TimerPpi): number {
    return pe * VCPU_WORDS + 1 + (timer === Timer.virtual ? 0 : Word.count);
  }

  private get(pe: number, timer: TimerPpi, word: number): number {
    return this.bank.words[this.at(pe, timer) + word] ?? 0;
  }

  private set(pe: number, timer: TimerPpi, word: number, value: number): void {
    this.bank.ensure((pe + 1) * VCPU_WORDS);
    this.bank.set(this.at(pe, timer) + word, value);
  }

  private enabled(pe: number): boolean {
    return (this.bank.words[pe * VCPU_WORDS] ?? 0) !== 0;
  }

  /** At a vCPU's first run: the PPIs get their owners, that of the virtual timer its physical interrupt (`kvm_timer_enable`). */
  enable(pe: number): void {
    if (this.enabled(pe)) return;
    this.bank.ensure((pe + 1) * VCPU_WORDS);
    this.bank.set(pe * VCPU_WORDS, 1);
    const { hardware } = this.interrupts;
    for (const timer of [Timer.virtual, Timer.physical] as const) {
      hardware.setOwner(this.interrupts.record(pe, timer), OWNER + timer);
    }
    hardware.map(this.interrupts.record(pe, Timer.virtual), Timer.virtual, false);
  }

  /** A vCPU is loaded (`kvm_timer_vcpu_load`): the output of the virtual timer is known anew, of the other one when it has changed. */
  load(pe: number): void {
    if (!this.enabled(pe)) return;
    const { interrupts } = this;
    const record = interrupts.record(pe, Timer.virtual);
    const output = this.output(pe, Timer.virtual);
    this.drive(pe, Timer.virtual, output);
    if (interrupts.hardware.isMapped(record)) {
      interrupts.hardware.setActive(record, interrupts.isActive(record) || output);
      interrupts.hardware.take();
    }
    this.emulate(pe);
  }

  /** Whether {@link load} would change nothing, as when the guest uses no timer. */
  quiet(pe: number): boolean {
    if (!this.enabled(pe)) return true;
    const { interrupts } = this;
    for (const timer of [Timer.virtual, Timer.physical] as const) {
      if ((this.get(pe, timer, Word.ctl) | this.get(pe, timer, Word.level)) !== 0) return false;
    }
    const record = interrupts.record(pe, Timer.virtual);
    return (
      !interrupts.isHigh(record) &&
      !interrupts.isActive(record) &&
      !interrupts.hardware.physical.active(pe, Timer.virtual)
    );
  }

  /** `timer_emulate`. */
  private emulate(pe: number): void {
    const output = this.output(pe, Timer.physical);
    if (output !== (this.get(pe, Timer.physical, Word.level) !== 0)) this.drive(pe, Timer.physical, output);
  }

  /** `kvm_timer_update_irq`. */
  private drive(pe: number, timer: TimerPpi, level: boolean): void {
    this.set(pe, timer, Word.level, level ? 1 : 0);
    this.interrupts.inject(this.interrupts.record(pe, timer), level);
  }

  private output(pe: number, timer: TimerPpi): boolean {
    const ctl = this.get(pe, timer, Word.ctl);
    return (ctl & Ctl.enable) !== 0 && (ctl & Ctl.mask) === 0 && this.fired(pe, timer);
  }

  /** Whether the counter has come to CVAL. */
  private fired(pe: number, timer: TimerPpi): boolean {
    return this.compareValue(pe, timer) <= COUNTER;
  }

  /** CNTx_CTL_EL0. KVM shows ISTATUS of the timer that it emulates also while it is off; the hardware shows 0 then. */
  control(pe: number, timer: TimerPpi): number {
    const ctl = this.get(pe, timer, Word.ctl);
    const shown = timer === Timer.physical || (ctl & Ctl.enable) !== 0;
    return ctl | (shown && this.fired(pe, timer) ? Ctl.status : 0);
  }

  setControl(pe: number, timer: TimerPpi, value: bigint): void {
    this.set(pe, timer, Word.ctl, Number(value & 3n));
    this.changed(pe, timer);
  }

  /** CNTx_CVAL_EL0. */
  compareValue(pe: number, timer: TimerPpi): bigint {
    return (BigInt(this.get(pe, timer, Word.cvalHigh)) << 32n) | BigInt(this.get(pe, timer, Word.cvalLow));
  }

  setCompareValue(pe: number, timer: TimerPpi, value: bigint): void {
    this.set(pe, timer, Word.cvalLow, Number(value & 0xffff_ffffn));
    this.set(pe, timer, Word.cvalHigh, Number((value >> 32n) & 0xffff_ffffn));
    this.changed(pe, timer);
  }

  /** The guest wrote a register: of the virtual timer the line follows at once, the other one is KVM's. */
  private changed(pe: number, timer: TimerPpi): void {
    if (!this.enabled(pe)) return;
    if (timer === Timer.physical) this.emulate(pe);
    else this.interrupts.hardware.physical.setLine(pe, Timer.virtual, this.output(pe, Timer.virtual));
  }
}
