import type { Random } from "../random.ts";
import { frames } from "./arena.ts";
import { deviceOffsets, wordOf } from "./registers.ts";
import { hex, type Step } from "./steps.ts";

/** What a guest consists of, as far as steps are chosen by it. */
export interface GuestShape {
  readonly gic: 2 | 3;
  readonly cpus: number;
  readonly itss: number;
}

const READS = ["IAR0", "HPPIR0", "IAR1", "HPPIR1", "RPR", "PMR", "BPR0", "BPR1", "CTLR", "AP0R0", "AP1R0", "IGRPEN0"];
const WRITES = ["PMR", "BPR0", "BPR1", "CTLR", "AP0R0", "AP1R0", "IGRPEN0", "IGRPEN1", "SGI1R", "SGI0R", "ASGI1R"];
const TIMERS = ["CNTV_CTL_EL0", "CNTV_CVAL_EL0", "CNTV_TVAL_EL0", "CNTP_CTL_EL0", "CNTP_CVAL_EL0", "CNTP_TVAL_EL0"];
/** Now and then a register that a guest does not have, or one that cannot be accessed in that direction. */
const STRANGE = ["ICC_DIR_EL1", "ICC_IAR1_EL1", "ICC_SRE_EL1", "ICH_LR0_EL2", "ICC_EOIR0_EL1", "ICC_AP1R3_EL1", "X"];
/** INTIDs to end: what IARs of few interrupts may have answered. */
const ENDED = [0, 1, 2, 15, 16, 27, 30, 32, 33, 34, 40, 63, 8192, 8193, 8195, 1019, 1020, 1022, 1023, 0xff_ffff];

/** What a guest does: loads, stores and accesses of system registers. */
export class GuestSteps {
  private readonly random: Random;
  private readonly shape: GuestShape;

  constructor(random: Random, shape: GuestShape) {
    this.random = random;
    this.shape = shape;
  }

  /** A vCPU; seldom one that is not there. */
  vcpu(): number {
    return this.random.chance(98) ? this.random.below(this.shape.cpus) : this.shape.cpus;
  }

  private instruction(insn: string, addr: bigint | number, value: bigint | number): Step {
    return { op: "guest", vcpu: this.vcpu(), insn, addr: hex(addr), value: hex(value) };
  }

  /** Takes and ends interrupts. */
  acknowledge(): Step[] {
    const { random } = this;
    if (this.shape.gic === 2) {
      return [
        this.instruction("ldr32", frames.gicc + random.pick([0xc, 0xc, 0x18, 0x14]), 0),
        ...(random.chance(70) ? [this.instruction("str32", frames.gicc + 0x10, this.ended())] : []),
        ...(random.chance(15) ? [this.instruction("str32", frames.gicc + 0x1000, this.ended())] : []),
      ];
    }
    const group = random.chance(80) ? 1 : 0;
    return [
      this.instruction(`read ICC_IAR${group}_EL1`, 0, 0),
      ...(random.chance(70) ? [this.instruction(`write ICC_EOIR${group}_EL1`, 0, this.ended())] : []),
      ...(random.chance(20) ? [this.instruction("write ICC_DIR_EL1", 0, this.ended())] : []),
    ];
  }

  private ended(): number {
    return this.random.pick(ENDED);
  }

  /** A system register. */
  systemRegister(): Step {
    const { random } = this;
    const value = random.chance(60) ? BigInt(random.pick([0, 1, 2, 3, 7, 0x40, 0x80, 0xf8, 0xff])) : random.bits(64);
    return random.weighted<() => Step>([
      [5, () => this.instruction(`read ICC_${random.pick(READS)}_EL1`, 0, 0)],
      [5, () => this.instruction(`write ICC_${random.pick(WRITES)}_EL1`, 0, value)],
      [3, () => this.instruction(`write ICC_SGI1R_EL1`, 0, this.sgi())],
      [1, () => this.instruction(`${random.pick(["read", "write"])} ${random.pick(STRANGE)}`, 0, value)],
      [1, () => this.instruction("write ICC_PMR_EL1=val, ICC_IGRPEN1_EL1=addr", random.below(2), 0xf8)],
    ])();
  }

  timer(): Step {
    const { random } = this;
    const value = random.pick([0n, 1n, 1n, 2n, 3n, 0xffff_ffffn, 1n << 40n, random.bits(64)]);
    return this.instruction(`${random.pick(["read", "write", "write"])} ${random.pick(TIMERS)}`, 0, value);
  }

  private sgi(): bigint {
    const targets = this.random.below(1 << Math.min(this.shape.cpus + 1, 16));
    const all = this.random.chance(15) ? 1n << 40n : 0n;
    return all | (BigInt(this.random.below(16)) << 24n) | BigInt(targets);
  }

  /** A load or store of any width somewhere in a frame, at a register that there is, or elsewhere. */
  frameAccess(): Step {
    const { random, shape } = this;
    const bits = random.pick([32, 32, 32, 8, 16, 64]);
    const offsets = deviceOffsets[shape.gic];
    const [base, among, bytes] = random.weighted<readonly [number, readonly number[], number]>([
      [6, [frames.gicd, offsets.GICD, 0x1_0000]],
      ...(shape.gic === 2
        ? ([[4, [frames.gicc, offsets.GICC, 0x2000]]] as const)
        : ([[5, [frames.gicr + frames.gicrStride * random.below(shape.cpus), offsets.GICR, 0x2_0000]]] as const)),
      ...(shape.itss > 0
        ? ([[4, [random.pick(frames.itss.slice(0, shape.itss)), offsets.GITS, 0x2_0000]]] as const)
        : []),
      [1, [0x0700_0000, [0], 0x1000]],
    ]);
    const within = random.chance(85) ? random.pick(among) : random.below(bytes);
    const inside = random.chance(50) ? 0 : random.below(8);
    const aligned = random.chance(93) ? within + inside - ((within + inside) % (bits / 8)) : within + inside;
    const suffix = bits === 8 ? "b" : bits === 16 ? "h" : String(bits);
    const verb = random.chance(50) ? "ldr" : "str";
    return this.instruction(`${verb}${suffix}`, base + Math.min(aligned, bytes - bits / 8), wordOf(random, bits));
  }
}
