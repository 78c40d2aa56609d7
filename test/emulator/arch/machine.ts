import { commandByName, commandField, encodeCommand, fieldArgument } from "../../../architecture/index.ts";
import { ArchMachine } from "../../../emulator/arch/machine.ts";
import {
  createMachine,
  type Machine,
  type MachineOptions,
  type Outcome,
  outcomeDetail,
  outcomeName,
  type Remark,
} from "../../../emulator/index.ts";

const RAM = 0x4000_0000;
/** Where the tables of a test machine are; those of ITS n are n * 64 KiB further. */
export const place = {
  ram: RAM,
  ramBytes: 0x30_0000,
  queue: RAM,
  deviceTable: RAM + 0x4_0000,
  collectionTable: RAM + 0x8_0000,
  vpeTable: RAM + 0xc_0000,
  property: RAM + 0x10_0000,
  itts: RAM + 0x12_0000,
  pending: RAM + 0x18_0000,
  vpts: RAM + 0x20_0000,
  virtualProperty: RAM + 0x28_0000,
} as const;

const VALID = 1n << 63n;
const PAGE_64K = 0x200n;
const PROPERTY_BYTES = 65536 - 8192;
/** Enabled, priority 0xA0. */
export const CONFIG = 0xa1;

export const Its = {
  ctlr: 0,
  typer: 8,
  statusr: 0x40,
  umsir: 0x48,
  cbaser: 0x80,
  cwriter: 0x88,
  creadr: 0x90,
  baser: 0x100,
};
export const Gicr = {
  ctlr: 0,
  setlpir: 0x40,
  clrlpir: 0x48,
  propbaser: 0x70,
  pendbaser: 0x78,
  invlpir: 0xa0,
  invallr: 0xb0,
  syncr: 0xc0,
  vpropbaser: 0x2_0070,
  vpendbaser: 0x2_0078,
  vsgir: 0x2_0080,
  vsgipendr: 0x2_0088,
} as const;

/** Field values of a command as a script writes them: addresses whole. */
export type Arguments = Readonly<Record<string, bigint | number>>;
export type CommandLine = readonly [name: string, args: Arguments];

/** The packet of a command. @throws Error for a wrong name */
export function packet([name, args]: CommandLine): readonly bigint[] {
  const command = commandByName(name);
  if (command === undefined) throw new Error(name);
  const raw: Record<string, bigint> = {};
  for (const [key, value] of Object.entries(args)) {
    const field = commandField(command, key);
    if (field === undefined) throw new Error(`${name} ${key}`);
    raw[key] = BigInt(value) / fieldArgument(field, 1n);
  }
  return encodeCommand(command, raw);
}

/** A machine of the strict model with everything set up and enabled, and what a test does with it. */
export class StrictMachine {
  readonly machine: ArchMachine;
  readonly remarks: Remark[] = [];
  readonly outcomes: Outcome[] = [];

  /** @param loaded a machine that is set up already */
  constructor(options: Omit<MachineOptions, "model"> = {}, loaded?: Machine) {
    const ram = [{ base: place.ram, bytes: place.ramBytes }];
    const machine = loaded ?? createMachine({ cpus: 3, ram, ...options, model: "arch" });
    if (!(machine instanceof ArchMachine)) throw new Error("arch is the strict machine");
    this.machine = machine;
    machine.onRemark = (remark) => this.remarks.push(remark);
    machine.onCommand = ({ outcome }) => this.outcomes.push(outcome);
    if (loaded === undefined) this.setUp(machine, options);
  }

  private setUp(machine: ArchMachine, options: Omit<MachineOptions, "model">): void {
    machine.memory.fill(place.property, PROPERTY_BYTES, CONFIG);
    machine.memory.fill(place.virtualProperty, PROPERTY_BYTES, CONFIG);
    for (let pe = 0; pe < machine.cpus; pe++) {
      this.setGicr(pe, Gicr.propbaser, BigInt(place.property) | 0xfn);
      this.setGicr(pe, Gicr.pendbaser, BigInt(place.pending + pe * 0x1_0000));
      this.setGicr(pe, Gicr.ctlr, 1n, 4);
    }
    machine.write(machine.map.gicd, 4, 0x12n);
    for (let its = 0; its < machine.map.its.length; its++) this.enableIts(its, options);
    if (options.gicVersion === 4.1) {
      for (let pe = 0; pe < machine.cpus; pe++) {
        this.setGicr(pe, Gicr.vpropbaser, VALID | (2n << 53n) | BigInt(place.vpeTable));
      }
    }
  }

  private enableIts(its: number, { gicVersion }: Omit<MachineOptions, "model">): void {
    const table = (base: number): bigint => VALID | PAGE_64K | BigInt(base + its * 0x1_0000);
    this.setIts(Its.cbaser, VALID | BigInt(place.queue + its * 0x1_0000) | 0xfn, its);
    this.setIts(Its.baser, table(place.deviceTable), its);
    this.setIts(Its.baser + 8, table(place.collectionTable), its);
    // GICv4.1 ITSs and redistributors share the vPE table.
    const shared = gicVersion === 4.1 ? its * 0x1_0000 : 0;
    this.setIts(Its.baser + 16, table(place.vpeTable - shared), its);
    this.machine.write(this.machine.map.its[its], 4, 1n);
  }

  setIts(offset: number, value: bigint, its = 0, bytes: 4 | 8 = 8): void {
    this.machine.write(this.machine.map.its[its] + offset, bytes, value);
  }

  its(offset: number, its = 0, bytes: 4 | 8 = 8): bigint {
    return this.machine.read(this.machine.map.its[its] + offset, bytes) ?? -1n;
  }

  setGicr(pe: number, offset: number, value: bigint, bytes: 4 | 8 = 8): void {
    this.machine.write(this.machine.map.gicr + pe * this.machine.map.gicrStride + offset, bytes, value);
  }

  gicr(pe: number, offset: number, bytes: 4 | 8 = 8): bigint {
    return this.machine.read(this.machine.map.gicr + pe * this.machine.map.gicrStride + offset, bytes) ?? -1n;
  }

  /** Queues packets at GITS_CWRITER, moves it once. @returns the outcomes of what was processed */
  run(its: number, packets: readonly (readonly bigint[])[]): Outcome[] {
    const from = this.outcomes.length;
    let writer = Number(this.its(Its.cwriter, its));
    for (const words of packets) {
      words.forEach((word, index) => {
        this.machine.memory.write64(
          place.queue + its * 0x1_0000 + writer + index * 8,
          Number(word & 0xffff_ffffn),
          Number(word >> 32n),
        );
      });
      writer = (writer + 32) % 0x1_0000;
    }
    this.setIts(Its.cwriter, BigInt(writer), its);
    return this.outcomes.slice(from);
  }

  /** Runs commands on ITS 0 and wants them done. @throws Error when one is not */
  done(...lines: readonly CommandLine[]): void {
    this.doneOn(0, ...lines);
  }

  doneOn(its: number, ...lines: readonly CommandLine[]): void {
    const outcomes = this.run(its, lines.map(packet));
    lines.forEach((line, index) => {
      if (outcomes[index] !== 0) throw new Error(`${line[0]}: ${outcomeText(outcomes[index])}`);
    });
  }

  isPending(pe: number, intid: number): boolean {
    return this.bit(place.pending + pe * 0x1_0000, intid);
  }

  bit(table: number, intid: number): boolean {
    return ((this.machine.memory.read8(table + (intid >>> 3)) >>> (intid & 7)) & 1) === 1;
  }

  /** Names of the rules of the remarks since the last call. */
  rules(): string[] {
    return this.remarks.splice(0).map((remark) => (remark.kind === "unpredictable" ? remark.rule : remark.kind));
  }
}

export function outcomeText(outcome: Outcome | undefined): string {
  return outcome === undefined ? "not processed" : `${outcomeName(outcome)} 0x${outcomeDetail(outcome).toString(16)}`;
}

/** Where the ITT and the virtual pending table of a number are. */
export const ittAt = (index: number): number => place.itts + index * 0x1000;
export const vptAt = (vpeId: number): number => place.vpts + vpeId * 0x1_0000;

export const mapc = (ICID: number, RDbase: number): CommandLine => ["MAPC", { ICID, RDbase }];
export const mapd = (DeviceID: number, Size = 4): CommandLine => [
  "MAPD",
  { DeviceID, Size, ITT_addr: ittAt(DeviceID) },
];
export const mapti = (DeviceID: number, EventID: number, pINTID: number, ICID: number): CommandLine => [
  "MAPTI",
  { DeviceID, EventID, pINTID, ICID },
];
export const vmapp = (vPEID: number, RDbase: number, more: Arguments = {}): CommandLine => [
  "VMAPP",
  { vPEID, RDbase, VPT_addr: vptAt(vPEID), VPT_size: 15, ...more },
];
export const vmapti = (
  DeviceID: number,
  EventID: number,
  vPEID: number,
  vINTID: number,
  Dbell_pINTID = 1023,
): CommandLine => ["VMAPTI", { DeviceID, EventID, vPEID, vINTID, Dbell_pINTID }];
