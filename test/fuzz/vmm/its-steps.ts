import { groupNumbers, KVM_MSI_VALID_DEVID } from "../../../architecture/index.ts";
import type { Random } from "../random.ts";
import { arena, frames, ids, near } from "./arena.ts";
import type { GuestShape } from "./guest-steps.ts";
import { hex, type Step } from "./steps.ts";

const VALID = 1n << 63n;
const INDIRECT = 1n << 62n;
const PAGE_64K = 2n << 8n;
const COMMAND_BYTES = 32;
/** Cacheability and shareability as Linux asks for them. */
const ATTRIBUTES = 0xb8n << 56n;

/** Registers of an ITS by offset. */
const Gits = { ctlr: 0, cbaser: 0x80, cwriter: 0x88, creadr: 0x90, baser0: 0x100, baser1: 0x108 } as const;
const TRANSLATER = 0x1_0040;

type Words = readonly [bigint, bigint, bigint, bigint];

/** What is done to an ITS: commands, its registers, its tables in memory, MSIs. */
export class ItsSteps {
  private readonly random: Random;
  private readonly shape: GuestShape;
  /** Where the next command of each queue goes. */
  private readonly writers = [0, 0];
  /** Events that were mapped, as far as is known: most commands and MSIs are about one of them. */
  private readonly mapped: { readonly device: number; readonly event: number }[] = [];

  constructor(random: Random, shape: GuestShape) {
    this.random = random;
    this.shape = shape;
  }

  private id(kind: keyof typeof ids): number {
    return this.random.pick<number>(this.random.chance(85) ? near[kind] : ids[kind]);
  }

  private its(): number {
    return this.random.below(this.shape.itss);
  }

  private device(its: number): string {
    return its === 0 ? "its" : "its2";
  }

  private setRegister(its: number, offset: number, value: bigint): Step {
    const { ITS_REGS: group } = groupNumbers;
    return { op: "set_attr", dev: this.device(its), group, attr: hex(offset), value: hex(value) };
  }

  /** What a driver does at boot. */
  boot(its: number): Step[] {
    const { random } = this;
    const indirect = random.chance(40) ? INDIRECT : 0n;
    const [level1, level2] = [arena.deviceTables[its], arena.level2[its]];
    return [
      this.setRegister(its, Gits.cbaser, VALID | ATTRIBUTES | BigInt(arena.queues[its])),
      this.setRegister(its, Gits.baser0, VALID | ATTRIBUTES | indirect | PAGE_64K | BigInt(level1)),
      this.setRegister(its, Gits.baser1, VALID | ATTRIBUTES | PAGE_64K | BigInt(arena.collectionTables[its])),
      ...(indirect === 0n ? [] : [store(level1, VALID | BigInt(level2))]),
      this.setRegister(its, Gits.ctlr, 1n),
      ...this.queue(its, [
        ...near.collections.map((icid): Words => [9n, 0n, VALID | this.target() | BigInt(icid), 0n]),
        ...near.devices.map((device): Words => [8n | (BigInt(device) << 32n), 4n, VALID | this.itt(), 0n]),
        ...near.events.map(() => this.mapti()),
      ]),
    ];
  }

  /** Up to eight commands, a third of them anything, and the store that starts them. */
  commands(): Step[] {
    const { random } = this;
    return this.queue(
      this.its(),
      Array.from({ length: 1 + random.below(8) }, () => this.command()),
    );
  }

  /** Commands, and the store to GITS_CWRITER by a vCPU in steps, which other steps come between. */
  begunCommands(): Step[] {
    const its = this.its();
    const writes = this.queue(its, [this.command(), this.command()]).slice(0, -1);
    const vcpu = this.random.below(this.shape.cpus);
    return [...writes, { op: "begin_cwriter", vcpu, its, value: this.writers[its] }, this.step()];
  }

  step(): Step {
    return { op: "step_cwriter", vcpu: this.random.below(this.shape.cpus) };
  }

  private queue(its: number, packets: readonly Words[]): Step[] {
    const { random, writers } = this;
    const writes = packets.map((words): Step => {
      const at = writers[its];
      writers[its] = (at + COMMAND_BYTES) % arena.queueBytes;
      return { op: "write_mem", gpa: hex(arena.queues[its] + at), hex: words.map((word) => little(word, 8)).join("") };
    });
    const value = random.chance(99) ? BigInt(writers[its]) : random.bits(20);
    const start: Step = random.chance(50)
      ? this.setRegister(its, Gits.cwriter, value)
      : {
          op: "guest",
          vcpu: random.below(this.shape.cpus),
          insn: random.pick(["str32", "str64"]),
          addr: hex(frames.itss[its] + Gits.cwriter),
          value: hex(value),
        };
    return [...writes, start];
  }

  private command(): Words {
    const { random } = this;
    const words = random.weighted<() => Words>([
      [3, () => this.mapc()],
      [4, () => this.mapd()],
      [9, () => this.mapti()],
      [1, () => [0x0bn | this.ofDevice(), BigInt(this.id("lpis")), this.icid(), 0n]],
      [4, () => this.ofEvent(0x01n, this.icid())],
      [8, () => this.ofEvent(0x03n)],
      [3, () => this.ofEvent(0x04n)],
      [4, () => this.ofEvent(0x0cn)],
      [2, () => this.ofEvent(0x0fn)],
      [2, () => [0x0dn, 0n, this.icid(), 0n]],
      [2, () => [0x0en, 0n, this.target(), this.target()]],
      [1, () => [0x05n, 0n, this.target(), 0n]],
      [1, () => [BigInt(random.below(256)), random.bits(64), random.bits(64), random.bits(64)]],
    ])();
    if (!random.chance(6)) return words;
    const noise = random.below(4);
    return words.map((word, index) => (index === noise ? word ^ (random.bits(64) & ~0xffn) : word)) as unknown as Words;
  }

  private mapc(): Words {
    return [9n, 0n, (this.random.chance(88) ? VALID : 0n) | this.target() | this.icid(), 0n];
  }

  private mapd(): Words {
    const { random } = this;
    const size = BigInt(random.pick([0, 1, 2, 3, 4, 13, 15, 16]));
    return [8n | this.ofDevice(), size, (random.chance(75) ? VALID : 0n) | this.itt(), 0n];
  }

  private itt(): bigint {
    return BigInt(arena.itts + 0x1000 * this.random.below(arena.ittCount));
  }

  private mapti(): Words {
    const pair = { device: this.id("devices"), event: this.id("events") };
    this.mapped.push(pair);
    return [0xan | deviceWord(pair.device), (BigInt(this.id("lpis")) << 32n) | BigInt(pair.event), this.icid(), 0n];
  }

  /** A device and an event of it. */
  private pair(): { readonly device: number; readonly event: number } {
    const { random, mapped } = this;
    if (mapped.length > 0 && random.chance(80)) return random.pick(mapped);
    return { device: this.id("devices"), event: this.id("events") };
  }

  private ofEvent(opcode: bigint, rest = 0n): Words {
    const { device, event } = this.pair();
    return [opcode | deviceWord(device), BigInt(event), rest, 0n];
  }

  private ofDevice(): bigint {
    return deviceWord(this.id("devices"));
  }

  private icid(): bigint {
    return BigInt(this.id("collections"));
  }

  private target(): bigint {
    return BigInt(this.random.below(this.shape.cpus + 1)) << 16n;
  }

  msi(): Step {
    const { random } = this;
    const { device: devid, event: data } = this.pair();
    const near = random.pick([TRANSLATER, TRANSLATER, TRANSLATER, TRANSLATER, 0, 0x1_0000, 0x2_0000]);
    const flags = random.chance(94) ? KVM_MSI_VALID_DEVID : random.pick([0, 2, 3]);
    return { op: "signal_msi", addr: hex(frames.itss[this.its()] + near), devid, data, flags };
  }

  /** A register with a value that may be one for it. */
  register(): Step {
    const { random } = this;
    const its = this.its();
    const [good, other] = [arena.deviceTables[its], random.pick([...arena.level2, 0, arena.ram + 0xf_0000])];
    return random.weighted<() => Step>([
      [3, () => this.setRegister(its, Gits.ctlr, BigInt(random.below(2)))],
      [1, () => this.setRegister(its, Gits.cbaser, VALID | BigInt(arena.queues[its]) | BigInt(random.below(2)))],
      [1, () => this.setRegister(its, Gits.creadr, BigInt(COMMAND_BYTES * random.below(130)))],
      [1, () => this.setRegister(its, Gits.baser0, this.baser(random.chance(70) ? good : other))],
      [
        1,
        () => this.setRegister(its, Gits.baser1, this.baser(random.chance(70) ? arena.collectionTables[its] : other)),
      ],
      [1, () => this.setRegister(its, 4, BigInt(random.pick([0x4b00_043b, 0x4b00_143b, 0x4b00_003b])))],
    ])();
  }

  private baser(table: number): bigint {
    const { random } = this;
    const size = BigInt(random.below(3));
    const valid = random.chance(85) ? VALID : 0n;
    return valid | (random.chance(35) ? INDIRECT : 0n) | PAGE_64K | BigInt(table) | size;
  }

  /** A change of a table in memory. */
  damage(): Step {
    const { random } = this;
    const its = this.its();
    const base = random.pick([
      arena.deviceTables[its] + 8 * random.pick([...ids.devices.filter((id) => id < 8192), 0]),
      arena.level2[its] + 8 * random.pick([0, 1, 2, 5, 100]),
      arena.collectionTables[its] + 8 * random.below(6),
      arena.itts + 0x1000 * random.below(8) + 8 * random.below(9),
    ]);
    const value = random.pick([
      0n,
      random.bits(64),
      VALID | random.bits(63),
      VALID | BigInt(random.below(4)) | (BigInt(random.below(4)) << 16n),
      (BigInt(this.id("lpis")) << 16n) | BigInt(random.below(4)) | (BigInt(random.below(3)) << 48n),
    ]);
    return store(base, value);
  }

  /** CTRL: saves, restores, resets, and numbers that there are none of. */
  control(): Step {
    const { random } = this;
    const attr = random.weighted([
      [8, 1],
      [5, 2],
      [1, 4],
      [1, 0],
      [1, random.pick([3, 5, 99])],
    ]);
    return { op: "set_attr", dev: this.device(this.its()), group: groupNumbers.CTRL, attr: hex(attr) };
  }
}

/** DeviceID in DW0. */
function deviceWord(device: number): bigint {
  return BigInt(device) << 32n;
}

/** Bytes of a number in the order of memory, as hex digits. */
export function little(value: bigint, bytes: number): string {
  let text = "";
  for (let at = 0; at < bytes; at++) text += ((value >> BigInt(8 * at)) & 0xffn).toString(16).padStart(2, "0");
  return text;
}

export function store(address: number, value: bigint): Step {
  return { op: "write_mem", gpa: hex(address), hex: little(value, 8) };
}
