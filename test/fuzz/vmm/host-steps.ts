import {
  attributeGroups,
  groupNumbers,
  type Register,
  registerAttribute,
  registerByName,
  registerName,
  registers,
} from "../../../architecture/index.ts";
import type { Random } from "../random.ts";
import { arena, ids } from "./arena.ts";
import type { GuestShape } from "./guest-steps.ts";
import { little } from "./its-steps.ts";
import { MOST_MEMBERS, wordOf } from "./registers.ts";
import { hex, type Step } from "./steps.ts";

/** Inputs that are driven: few, so that levels meet. */
const LINES = [16, 20, 23, 31, 32, 33, 34, 35, 36, 40, 47, 63, 64, 95];
const VERBS = ["set_attr", "set_attr", "get_attr", "has_attr"] as const;

/** Registers that have an attribute, by the version of the GIC. */
const reached: Readonly<Record<2 | 3, readonly Register[]>> = { 2: reachedOf(2), 3: reachedOf(3) };

function reachedOf(gic: 2 | 3): readonly Register[] {
  return registers.filter(
    (register) =>
      (register.generation ?? gic) === gic &&
      registerAttribute({ register, index: register.firstIndex ?? 0 }, 0, gic) !== undefined,
  );
}

/** What user space and devices of the host do, but for the ITSs. */
export class HostSteps {
  private readonly random: Random;
  private readonly shape: GuestShape;

  constructor(random: Random, shape: GuestShape) {
    this.random = random;
    this.shape = shape;
  }

  private vcpu(): number {
    return this.random.chance(97) ? this.random.below(this.shape.cpus) : this.shape.cpus;
  }

  /** What makes interrupts and LPIs arrive. */
  boot(): Step[] {
    const steps: Step[] = [];
    const set = (name: string, vcpu: number, value: bigint): void => void steps.push(...this.named(name, vcpu, value));
    if (this.shape.gic === 2) return this.bootV2();
    for (let at = 1; at < 4; at++) set("GICD_IGROUPR", at, 0xffff_ffffn);
    for (let at = 1; at < 4; at++) set("GICD_ISENABLER", at, this.random.bits(32));
    for (let pe = 0; pe < this.shape.cpus; pe++) {
      const pending = arena.pendingTables + 0x1_0000 * (pe % arena.pendingCount);
      steps.push(
        ...this.register("GICR_PROPBASER", pe, BigInt(arena.properties) | 0x78dn),
        ...this.register("GICR_PENDBASER", pe, BigInt(pending) | 0x780n),
        ...this.register("GICR_CTLR", pe, 1n),
        ...this.register("GICR_IGROUPR0", pe, 0xffff_ffffn),
        ...this.register("GICR_ISENABLER0", pe, 0xffff_ffffn),
        guest(pe, "write ICC_PMR_EL1=val, ICC_IGRPEN1_EL1=addr", 1n, 0xf8n),
      );
    }
    return [
      ...steps,
      ...this.register("GICD_CTLR", 0, 0x12n),
      { op: "fill_mem", gpa: hex(arena.properties), len: 0x40, byte: this.random.pick([0xa1, 0xa3, 0x41, 0x01]) },
    ];
  }

  private bootV2(): Step[] {
    const steps: Step[] = [];
    for (let pe = 0; pe < this.shape.cpus; pe++) {
      steps.push(
        ...this.register("GICC_PMR", pe, 0x1fn),
        ...this.register("GICC_CTLR", pe, this.random.pick([1n, 1n, 3n, 0xbn])),
        ...this.named("GICD_ISENABLER", 0, 0xffff_ffffn),
      );
    }
    for (let at = 1; at < 4; at++) steps.push(...this.named("GICD_ISENABLER", at, this.random.bits(32)));
    for (let at = 8; at < 16; at++) steps.push(...this.named("GICD_ITARGETSR", at, this.random.bits(32)));
    return [...steps, ...this.register("GICD_CTLR", 0, 1n)];
  }

  private named(array: string, index: number, value: bigint): Step[] {
    return this.register(`${array}${index}`, 0, value);
  }

  /** Sets a register, of a wide one of the GIC both halves. */
  private register(name: string, pe: number, value: bigint): Step[] {
    const of = registerByName(name);
    const place = of && registerAttribute(of, pe, this.shape.gic);
    if (of === undefined || place === undefined) return [];
    const set = (attr: bigint, half: bigint): Step => ({
      op: "set_attr",
      dev: place.device === "VGIC_ITS" ? "its" : "gic",
      group: place.group.group,
      attr: hex(attr),
      value: hex(half),
    });
    if (of.register.width === 32 || place.group.valueBytes !== 4) return [set(place.attr, value)];
    return [set(place.attr, value & 0xffff_ffffn), set(place.attr + 4n, value >> 32n)];
  }

  /** Any attribute of a register, seldom with a bit of its number changed or a pointer to nowhere. */
  attribute(): Step {
    const { random } = this;
    const register = random.pick(reached[this.shape.gic]);
    const index = (register.firstIndex ?? 0) + random.below(Math.min(register.count ?? 1, MOST_MEMBERS));
    const place = registerAttribute({ register, index }, this.vcpu(), this.shape.gic);
    const noise = random.chance(5) ? 1n << BigInt(random.below(44)) : 0n;
    return {
      op: random.pick(VERBS),
      dev: place?.device === "VGIC_ITS" ? random.pick(["its", "its2"]) : "gic",
      group: place?.group.group ?? 0,
      attr: hex((place?.attr ?? 0n) ^ noise),
      value: hex(wordOf(random, register.width)),
      ...(random.chance(2) ? { bad_user_pointer: true } : {}),
    };
  }

  /** An attribute of any group, those that a device does not have among them. */
  anyAttribute(): Step {
    const { random } = this;
    const { group, attributes } = random.pick(attributeGroups);
    const attr = random.chance(70) && attributes ? random.pick(attributes).attr : random.bits(12);
    const value = hex(random.chance(50) ? random.pick([0x40, 0x80, 0x0800_0000, 0x080a_0000]) : wordOf(random, 64));
    return { op: random.pick(VERBS), dev: random.pick(["gic", "its"]), group, attr: hex(attr), value };
  }

  levelInfo(): Step {
    const { random } = this;
    const attr = (BigInt(random.below(this.shape.cpus)) << 32n) | BigInt(32 * random.below(4));
    const { LEVEL_INFO: group } = groupNumbers;
    return { op: random.pick(VERBS), dev: "gic", group, attr: hex(attr), value: hex(wordOf(random, 32)) };
  }

  /** GICD_ISPENDR<n> and its kin, whose bits make interrupts. */
  trigger(): Step {
    const { random } = this;
    const name = random.pick(["ISPENDR", "ICPENDR", "ISACTIVER", "ICACTIVER", "ISENABLER", "ICENABLER", "ICFGR"]);
    const prefix = this.shape.gic === 3 && random.chance(50) ? "GICR" : "GICD";
    const set = this.named(`${prefix}_${name}`, 1 + random.below(3), wordOf(random, 32));
    const own = this.register(`${prefix}_${name}0`, this.vcpu(), wordOf(random, 32));
    return random.pick([...set, ...own, this.line()]);
  }

  line(): Step {
    const { random } = this;
    const intid = random.chance(96) ? random.pick(LINES) : random.below(1100);
    const type = random.chance(95) ? (intid < 32 ? 2 : 1) : random.below(4);
    return { op: "irq_line", irq: hex((type << 24) | (this.vcpu() << 16) | intid), level: random.below(2) };
  }

  savePendingTables(): Step {
    return { op: "set_attr", dev: "gic", group: groupNumbers.CTRL, attr: hex(3) };
  }

  /** Property and pending bits in memory. */
  lpiMemory(): Step {
    const { random } = this;
    const lpi = random.pick(ids.lpis.filter((id) => id >= 8192 && id < 16384));
    if (random.chance(60)) {
      const byte = BigInt(random.pick([0, 1, 2, 3, 0xa0, 0xa1, 0xff]));
      return { op: "write_mem", gpa: hex(arena.properties + lpi - 8192), hex: little(byte, 1) };
    }
    const table = arena.pendingTables + 0x1_0000 * random.below(arena.pendingCount);
    return { op: "write_mem", gpa: hex(table + (lpi >> 3)), hex: little(random.bits(8), 1) };
  }

  /** GICR_CTLR.EnableLPIs and the registers that it fixes, by user space or the guest. */
  lpiRegister(): Step {
    const { random } = this;
    const name = random.pick(["GICR_CTLR", "GICR_CTLR", "GICR_PROPBASER", "GICR_PENDBASER"]);
    const bases: Readonly<Record<string, bigint>> = {
      GICR_CTLR: BigInt(random.below(2)),
      GICR_PROPBASER: BigInt(arena.properties) | BigInt(random.pick([0xd, 0xc, 0xf, 0x3, 0x1f])),
      GICR_PENDBASER: BigInt(arena.pendingTables + 0x1_0000 * random.below(5)) | (random.chance(40) ? 1n << 62n : 0n),
    };
    return random.pick(this.register(name, this.vcpu(), bases[name]));
  }

  thread(): Step {
    const { random } = this;
    return { op: random.chance(60) ? "start_vcpu_thread" : "stop_vcpu_thread", vcpu: this.vcpu() };
  }

  /** A register access of user space in two steps. */
  begunSet(): Step {
    const { random } = this;
    const register = random.pick(reached[this.shape.gic]);
    const reg = registerName(register, register.firstIndex ?? 0);
    if (random.chance(50)) return { op: "step_set" };
    return { op: "begin_set", reg, vcpu: this.vcpu(), its: 0, value: hex(wordOf(random, register.width)) };
  }

  /** A device of the host that has an interrupt of the guest. */
  device(): Step {
    const { random } = this;
    const intid = random.pick([16, 20, 27, 30, 33, 34, 40, 8192]);
    const physical = random.pick([20, 27, 34, 40, 99, 1019, 1020]);
    const vcpu = this.vcpu();
    return random.weighted<Step>([
      [4, { op: "host_map", intid, vcpu, physical, owner: random.below(2), software: random.chance(20) }],
      [1, { op: "host_unmap", intid, vcpu }],
      [1, { op: "host_reset", intid, vcpu }],
      [5, { op: "host_line", physical, vcpu, level: random.chance(50) }],
    ]);
  }
}

function guest(vcpu: number, insn: string, addr: bigint, value: bigint): Step {
  return { op: "guest", vcpu, insn, addr: hex(addr), value: hex(value) };
}
