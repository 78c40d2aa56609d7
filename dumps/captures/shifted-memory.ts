import type { KnownMemory } from "../known-memory.ts";
import type { Extent } from "../memory.ts";

/** Memory at other addresses than its own. */
export class ShiftedMemory implements KnownMemory {
  private readonly memory: KnownMemory;
  private readonly shift: number;

  /** @param shift what is added to the memory's own addresses, in bytes */
  constructor(memory: KnownMemory, shift: number) {
    this.memory = memory;
    this.shift = shift;
  }

  get isEmpty(): boolean {
    return this.memory.isEmpty;
  }

  holds(address: number): boolean {
    return this.memory.holds(address - this.shift);
  }

  read(address: number, length: number): Uint8Array | undefined {
    return this.memory.read(address - this.shift, length);
  }

  *spans(from = 0, limit = Number.MAX_SAFE_INTEGER): Generator<Extent> {
    const { shift } = this;
    for (const { address, length } of this.memory.spans(Math.max(0, from - shift), limit - shift))
      yield { address: address + shift, length };
  }
}
