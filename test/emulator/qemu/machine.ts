import { commandByName, encodeCommand } from "../../../architecture/index.ts";
import { createMachine, type MachineOptions, OutcomeKind } from "../../../emulator/index.ts";
import { QemuMachine } from "../../../emulator/qemu/machine.ts";

/** Where the tests put things, in 4 MiB of RAM. */
export const at = {
  gicd: 0x0800_0000,
  its: 0x0808_0000,
  gicr: 0x080a_0000,
  ram: 0x4000_0000,
  queue: 0x4000_0000,
  deviceTable: 0x4001_0000,
  collectionTable: 0x4002_0000,
  vpeTable: 0x4003_0000,
  properties: 0x4004_0000,
  pending: 0x4006_0000,
  itt: 0x400c_0000,
  virtualPending: 0x4010_0000,
  virtualProperties: 0x4018_0000,
} as const;

export const RAM_BYTES = 0x40_0000;
const VALID = 1n << 63n;
const PAGES_64K = 2n << 8n;
export const CWRITER = at.its + 0x88;
export const CREADR = at.its + 0x90;

export function qemu(options: MachineOptions = {}): QemuMachine {
  const machine = createMachine({
    model: "qemu-7.2",
    cpus: 2,
    ram: [{ base: at.ram, bytes: RAM_BYTES }],
    ...options,
  });
  if (!(machine instanceof QemuMachine)) throw new Error("qemu-7.2 is not QEMU's machine");
  return machine;
}

export function redistributor(machine: QemuMachine, pe: number): number {
  return machine.map.gicr + pe * machine.map.gicrStride;
}

/** An ITS with flat tables and LPIs on, all LPIs enabled at priority 0xA0, distributor and CPU interfaces on. */
export function ready(options: MachineOptions = {}): QemuMachine {
  const machine = qemu(options);
  machine.write(at.gicd, 4, 0x37n);
  machine.memory.fill(at.properties, 0x1_0000, 0xa1);
  for (let pe = 0; pe < machine.cpus; pe++) {
    const frame = redistributor(machine, pe);
    machine.write(frame + 0x70, 8, BigInt(at.properties) | 15n);
    machine.write(frame + 0x78, 8, BigInt(at.pending + pe * 0x1_0000));
    machine.write(frame, 4, 1n);
    machine.writeSystemRegister(pe, "ICC_PMR_EL1", 0xffn);
    machine.writeSystemRegister(pe, "ICC_IGRPEN0_EL1", 1n);
    machine.writeSystemRegister(pe, "ICC_IGRPEN1_EL1", 1n);
  }
  machine.write(at.its + 0x100, 8, VALID | BigInt(at.deviceTable) | PAGES_64K);
  machine.write(at.its + 0x108, 8, VALID | BigInt(at.collectionTable) | PAGES_64K);
  if (options.gicVersion === 4) machine.write(at.its + 0x110, 8, VALID | BigInt(at.vpeTable) | PAGES_64K);
  machine.write(at.its + 0x80, 8, VALID | BigInt(at.queue) | 15n);
  machine.write(at.its, 4, 1n);
  return machine;
}

export type Words = readonly [bigint, bigint, bigint, bigint];

export function command(name: string, fields: Readonly<Record<string, number>> = {}): Words {
  const found = commandByName(name);
  if (found === undefined) throw new Error(`${name} is no command`);
  return encodeCommand(found, Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, BigInt(value)])));
}

/** Puts commands into the queue after those that are there, and lets the ITS run them. @returns the kinds of their outcomes */
export function submit(machine: QemuMachine, ...commands: readonly Words[]): string[] {
  const outcomes: string[] = [];
  const kinds = Object.keys(OutcomeKind);
  machine.onCommand = ({ outcome }) => outcomes.push(kinds[outcome >>> 24]);
  let offset = Number(machine.read(CWRITER, 8) ?? 0n);
  for (const words of commands) {
    for (const [index, word] of words.entries()) machine.write(at.queue + offset + index * 8, 8, word);
    offset = (offset + 32) % 0x1_0000;
  }
  machine.write(CWRITER, 8, BigInt(offset));
  machine.onCommand = undefined;
  return outcomes;
}

export const mapd = (device: number, itt: number = at.itt, size = 4): Words =>
  command("MAPD", { DeviceID: device, Size: size, ITT_addr: itt / 256, V: 1 });
export const mapc = (icid: number, pe: number): Words => command("MAPC", { ICID: icid, RDbase: pe, V: 1 });
export const mapti = (device: number, event: number, intid: number, icid: number): Words =>
  command("MAPTI", { DeviceID: device, EventID: event, pINTID: intid, ICID: icid });
export const trigger = (device: number, event: number): Words => command("INT", { DeviceID: device, EventID: event });

/** Every mutable word of a machine's GIC, and its RAM. */
export function stateOf(machine: QemuMachine): Uint32Array[] {
  const { gic, memory } = machine;
  const parts = [gic.distributor.words, ...gic.redistributors.map(({ words }) => words)];
  for (const its of gic.itss) parts.push(its.state.words);
  for (const { bank } of memory.windows) parts.push(bank.words);
  return parts.map((words) => words.slice());
}
