import { type Block, type Register, registerOffset, registers } from "../../../architecture/index.ts";
import type { Random } from "../random.ts";

/** Members of an array that have an interrupt in them; the others are only more of the same. */
export const MOST_MEMBERS = 70;

function offsetsOf(block: Block, gic: 2 | 3): readonly number[] {
  const own = registers.filter(({ block: of, generation }) => of === block && (generation ?? gic) === gic);
  return own.flatMap((register) => membersOf(register));
}

function membersOf(register: Register): number[] {
  const first = register.firstIndex ?? 0;
  const count = Math.min(register.count ?? 1, MOST_MEMBERS);
  return Array.from({ length: count }, (_, at) => registerOffset(register, first + at) ?? 0);
}

type Frames = Readonly<Record<"GICD" | "GICC" | "GICR" | "GITS", readonly number[]>>;

/** Offsets of all registers by the version of the GIC and the block. */
export const deviceOffsets: Readonly<Record<2 | 3, Frames>> = { 2: framesOf(2), 3: framesOf(3) };

function framesOf(gic: 2 | 3): Frames {
  return {
    GICD: offsetsOf("GICD", gic),
    GICC: offsetsOf("GICC", gic),
    GICR: offsetsOf("GICR", gic),
    GITS: offsetsOf("GITS", gic),
  };
}

/** A value for a register: few bits, all bits, or anything. @param bits 1..64 */
export function wordOf(random: Random, bits: number): bigint {
  const few = random.pick([0n, 1n, 2n, 3n, 0x10n, 0xffn, 0xa0a0_a0a0n, 0xffff_ffffn]);
  return random.chance(40) ? BigInt.asUintN(bits, few) : random.bits(bits);
}
