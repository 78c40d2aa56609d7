import type { Window } from "../memory.ts";

/** Between the windows of a dump: more than one of them has, as its addresses begin at 0 again. */
const WINDOW_STEP = 2 ** 40;

interface Placed extends Window {
  origin: bigint;
  lastLine: number;
  /** Address inside the decoder behind the last byte of it. */
  top: number;
  /** Whether it has the address 0. */
  hasZero: boolean;
}

/** Where the lines of a dump are inside the decoder: see {@link Window}. */
export class Placement {
  private readonly windows: Placed[] = [];
  /** Added to a window's own addresses. */
  shift = 0;
  /** Upper bits that all addresses of the window have, and that are kept once: those of kernel addresses. */
  private upper: bigint | undefined;

  get count(): number {
    return this.windows.length;
  }

  /** What is added to the window's addresses to have the dump's. */
  get origin(): bigint {
    return (this.upper ?? 0n) - BigInt(this.shift);
  }

  /** Whether addresses are kept as they are. */
  get isLow(): boolean {
    return this.upper === 0n;
  }

  /** Whether an address begins a table at offset 0 when there is one, or when all others are kernel addresses. */
  startsAgain(high: number, low: number): boolean {
    return high === 0 && low === 0 && this.upper !== undefined && (this.last?.hasZero === true || this.upper !== 0n);
  }

  /** Begins another window. */
  start(upper: bigint, line: number): void {
    const top = this.windows.reduce((highest, window) => Math.max(highest, window.top), 0);
    this.shift = (Math.floor(top / WINDOW_STEP) + 1) * WINDOW_STEP;
    this.upper = upper;
    this.push(line);
  }

  /** Begins the first window, unless there is one. @param high upper 32 bits of the first address */
  begin(high: number, line: number): void {
    if (this.upper !== undefined) return;
    // Kernel addresses: the upper 16 bits are the same on all lines and are kept once.
    this.upper = high < 0x20_0000 ? 0n : BigInt(high >>> 16) << 48n;
    this.push(line);
  }

  private push(line: number): void {
    const { shift, origin } = this;
    this.windows.push({ start: shift, origin, line, lastLine: line, top: shift, hasZero: false });
  }

  private get last(): Placed | undefined {
    return this.windows[this.windows.length - 1];
  }

  /** The place of an address inside the decoder; -1 when it is below all others. */
  place(high: number, low: number): number {
    if (high === 0 && low === 0 && this.last !== undefined) this.last.hasZero = true;
    const upper = high - Number((this.upper ?? 0n) >> 32n);
    return upper < 0 ? -1 : upper * 0x1_0000_0000 + low + this.shift;
  }

  /** Notes that a line holds bytes up to an address inside the decoder. */
  hold(end: number, line: number): void {
    const { last } = this;
    if (last === undefined) return;
    last.top = Math.max(last.top, end);
    last.lastLine = line;
  }

  /** An address inside the decoder as the dump has it. */
  format(address: number): string {
    const window = this.windows.findLast(({ start }) => start <= address);
    return `0x${((window?.origin ?? 0n) + BigInt(address)).toString(16)}`;
  }

  /**
   * All windows, and what is added to the addresses of the first one. Those that begin at 0, and do not hold the base that is said to be
   * theirs, are offsets from it.
   * @param bare lines have no addresses
   * @param baseAt the base of a table that begins in a line
   */
  finish(bare: boolean, baseAt: (line: number) => bigint | undefined): { windows: readonly Window[]; origin: bigint } {
    for (const window of this.windows) {
      const base = baseAt(window.line);
      const isOffset = bare || (window.hasZero && window.origin + BigInt(window.start) === 0n);
      if (base !== undefined && isOffset && (bare || base >= window.origin + BigInt(window.top))) window.origin += base;
    }
    return { windows: this.windows, origin: this.windows[0]?.origin ?? 0n };
  }
}
