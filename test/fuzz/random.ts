/** Random numbers that a seed determines (sfc32 by Chris Doty-Humphrey). */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** @param seed and stream: uint32; every pair is a sequence of its own */
  constructor(seed: number, stream: number) {
    this.a = seed >>> 0;
    this.b = stream >>> 0;
    this.c = 0x9e37_79b9;
    for (let round = 0; round < 15; round++) this.uint32();
  }

  uint32(): number {
    const result = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + result;
    return result >>> 0;
  }

  /** 0 .. `bound` - 1. @param bound 1 .. 2^32 */
  below(bound: number): number {
    return Math.floor((this.uint32() / 2 ** 32) * bound);
  }

  /** `least` .. `most`. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True in `percent` of 100 calls. */
  chance(percent: number): boolean {
    return this.uint32() / 2 ** 32 < percent / 100;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)];
  }

  /** A choice by weight. */
  weighted<T>(choices: readonly (readonly [weight: number, choice: T])[]): T {
    let left = this.below(choices.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, choice] of choices) {
      left -= weight;
      if (left < 0) return choice;
    }
    return choices[0][1];
  }

  /** A number of `bits` bits: anything, or few bits set, few bits clear, or close to an end. @param bits 1..64 */
  bits(bits: number): bigint {
    const any = (): bigint => (BigInt(this.uint32()) << 32n) | BigInt(this.uint32());
    const value = this.weighted<() => bigint>([
      [4, any],
      [2, () => any() & any() & any()],
      [2, () => ~(any() & any() & any())],
      [2, () => 1n << BigInt(this.below(bits))],
      [1, () => BigInt(this.below(4))],
      [1, () => ~BigInt(this.below(4))],
    ])();
    return BigInt.asUintN(bits, value);
  }
}
