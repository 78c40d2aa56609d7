import fc from "fast-check";
import { type ModelName, registerName, registerOffset, registers } from "../../../architecture/index.ts";
import { createMachine, type Machine } from "../../../emulator/index.ts";

/** Memory of the tests' machines: nothing overlaps, so that a save loses nothing. */
export const at = {
  ram: 0x4000_0000,
  ramBytes: 0x20_0000,
  queue: 0x4000_0000,
  collectionTable: 0x4001_0000,
  propertyTable: 0x4002_0000,
  deviceTable: 0x4004_0000,
  pendingTables: 0x400c_0000,
  itts: 0x4014_0000,
} as const;

export const CPUS = 3;
const VALID = 1n << 63n;
const DEVICES = 4;
const EVENT_BITS = 5n;

export type Packet = readonly bigint[];
export const mapd = (device: number, valid = true): Packet => [
  0x08n | (BigInt(device) << 32n),
  EVENT_BITS - 1n,
  (valid ? VALID : 0n) | BigInt(at.itts + device * 0x1000),
  0n,
];
export const mapc = (icid: number, pe: number, valid = true): Packet => [
  0x09n,
  0n,
  (valid ? VALID : 0n) | (BigInt(pe) << 16n) | BigInt(icid),
  0n,
];
/** The LPI of an event follows from it, so that no two events share one. */
export const lpiOf = (device: number, event: number): number => 8192 + device * 32 + event;
export const mapti = (device: number, event: number, icid: number, intid = lpiOf(device, event)): Packet => [
  0x0an | (BigInt(device) << 32n),
  BigInt(event) | (BigInt(intid) << 32n),
  BigInt(icid),
  0n,
];
/** INT 3, CLEAR 4, INV 0xC, DISCARD 0xF. */
export const onEvent = (opcode: bigint, device: number, event: number): Packet => [
  opcode | (BigInt(device) << 32n),
  BigInt(event),
  0n,
  0n,
];
export const movi = (device: number, event: number, icid: number): Packet => [
  0x01n | (BigInt(device) << 32n),
  BigInt(event),
  BigInt(icid),
  0n,
];

/** A machine as after a driver's set-up: flat tables, LPIs and ITS on, all LPIs enabled with priorities of their own. */
export function ready(model: ModelName, cpus = CPUS): Machine {
  const machine = createMachine({ model, cpus, ram: [{ base: at.ram, bytes: at.ramBytes }] });
  const { gicr, gicrStride, gicd } = machine.map;
  const its = machine.map.its[0];
  machine.memory.writeBytes(
    at.propertyTable,
    Uint8Array.from({ length: 0x400 }, (_, index) => ((index * 8) & 0xf8) | (index % 7 === 0 ? 2 : 3)),
  );
  machine.write(gicd, 4, 0x12n);
  for (let pe = 0; pe < machine.cpus; pe++) {
    const frame = gicr + pe * gicrStride;
    machine.write(frame + 0x70, 8, BigInt(at.propertyTable) | 0xfn);
    machine.write(frame + 0x78, 8, BigInt(at.pendingTables + pe * 0x1_0000));
    machine.write(frame, 4, 1n);
    machine.writeSystemRegister?.(pe, "ICC_PMR_EL1", 0xf0n);
    machine.writeSystemRegister?.(pe, "ICC_IGRPEN1_EL1", 1n);
  }
  machine.write(its + 0x100, 8, VALID | BigInt(at.deviceTable) | 0x207n);
  machine.write(its + 0x108, 8, VALID | BigInt(at.collectionTable) | 0x200n);
  machine.write(its + 0x80, 8, VALID | BigInt(at.queue) | 0xfn);
  machine.write(its, 4, 1n);
  return machine;
}

/** Queues commands and lets the ITS run them. */
export function submit(machine: Machine, packets: readonly Packet[]): void {
  const its = machine.map.its[0];
  for (const packet of packets) {
    const writer = Number((machine.read(its + 0x88, 8) ?? 0n) & 0xf_ffe0n);
    const bytes = new DataView(new ArrayBuffer(32));
    packet.forEach((word, index) => {
      bytes.setBigUint64(index * 8, word, true);
    });
    machine.memory.writeBytes(at.queue + writer, new Uint8Array(bytes.buffer));
    machine.write(its + 0x88, 8, BigInt((writer + 32) % 0x1_0000));
  }
}

/** Devices 0..3, collections 0..2 on the PEs, a few events. */
export function populate(machine: Machine): void {
  submit(machine, [
    ...Array.from({ length: CPUS }, (_, pe) => mapc(pe, pe)),
    ...Array.from({ length: DEVICES }, (_, device) => mapd(device)),
    ...Array.from({ length: 12 }, (_, number) => mapti(number % DEVICES, number * 2, number % CPUS)),
  ]);
}

type Act = (machine: Machine) => void;
const device = fc.integer({ min: 0, max: DEVICES - 1 });
const event = fc.integer({ min: 0, max: 31 });
const icid = fc.integer({ min: 0, max: CPUS - 1 });
const pe = icid;
const offset = fc.constantFrom(0x80, 0x100, 0x180, 0x200, 0x280, 0x300, 0x380, 0xc00);
const word = fc.integer({ min: 0, max: 0xffff_ffff });

/** KVM keeps a pending LPI on its PE's list when its event goes, and no table has it then: such a one does not survive a save. */
const clears = (machine: Machine, id: number): Packet[] =>
  Array.from(machine.tables(0).events(id), ({ eventId }) => onEvent(4n, id, eventId));

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(device, event, icid).map(
    ([d, e, c]): Act =>
      (machine) =>
        submit(machine, [mapti(d, e, c)]),
  ),
  fc.tuple(device, event, icid).map(
    ([d, e, c]): Act =>
      (machine) =>
        submit(machine, [movi(d, e, c)]),
  ),
  fc.tuple(fc.constantFrom(3n, 4n, 0xcn), device, event).map(
    ([opcode, d, e]): Act =>
      (machine) =>
        submit(machine, [onEvent(opcode, d, e)]),
  ),
  fc.tuple(device, event).map(
    ([d, e]): Act =>
      (machine) =>
        submit(machine, [onEvent(4n, d, e), onEvent(0xfn, d, e)]),
  ),
  fc.tuple(device, fc.boolean()).map(
    ([d, valid]): Act =>
      (machine) =>
        submit(machine, [...clears(machine, d), mapd(d, valid)]),
  ),
  fc.tuple(device, event).map(
    ([d, e]): Act =>
      (machine) =>
        void machine.signalMsi(0, d, e),
  ),
  fc.tuple(offset, fc.integer({ min: 1, max: 7 }), word).map(
    ([base, index, value]): Act =>
      (machine) =>
        void machine.write(machine.map.gicd + base + index * 4, 4, BigInt(value)),
  ),
  fc.tuple(pe, offset, word).map(
    ([p, base, value]): Act =>
      (machine) => {
        machine.write(machine.map.gicr + p * machine.map.gicrStride + 0x1_0000 + base, 4, BigInt(value));
      },
  ),
  fc.tuple(fc.integer({ min: 32, max: 287 }), pe).map(
    ([intid, p]): Act =>
      (machine) =>
        void machine.write(machine.map.gicd + 0x6000 + intid * 8, 8, BigInt(p)),
  ),
  fc.tuple(fc.integer({ min: 16, max: 287 }), fc.boolean(), pe).map(
    ([intid, level, p]): Act =>
      (machine) =>
        void machine.setLine?.(intid, level, p),
  ),
  fc
    .tuple(
      pe,
      fc.constantFrom("ICC_PMR_EL1", "ICC_BPR0_EL1", "ICC_BPR1_EL1", "ICC_IGRPEN0_EL1"),
      fc.integer({ min: 0, max: 255 }),
    )
    .map(
      ([p, name, value]): Act =>
        (machine) =>
          void machine.writeSystemRegister?.(p, name, BigInt(value)),
    ),
);

/** What software, devices and lines do to a ready machine without asking for what a save loses. */
export const acts: fc.Arbitrary<readonly Act[]> = fc.array(act, { maxLength: 60 });

/** All that a machine says about itself on its bus, by its system registers and by its tables. */
export function answers(machine: Machine): ReadonlyMap<string, string> {
  const told = new Map<string, string>();
  const { gicd, gicr, gicrStride } = machine.map;
  for (const register of registers) {
    // Which of equally urgent interrupts comes first is the order in which they came, and no save has it.
    if (register.readEffect !== undefined || register.name.startsWith("ICC_HPPIR")) continue;
    for (let index = register.firstIndex ?? 0; index < (register.firstIndex ?? 0) + (register.count ?? 1); index++) {
      const place = registerOffset(register, index);
      const name = registerName(register, index);
      if (register.block === "ICC") {
        for (let pe = 0; pe < machine.cpus; pe++)
          told.set(`${name} ${pe}`, `${machine.readSystemRegister?.(pe, name)}`);
      }
      if (place === undefined) continue;
      const bytes = register.width === 64 ? 8 : 4;
      if (register.block === "GICD") told.set(name, `${machine.read(gicd + place, bytes)}`);
      if (register.block === "GITS") told.set(name, `${machine.read(machine.map.its[0] + place, bytes)}`);
      if (register.block !== "GICR") continue;
      for (let pe = 0; pe < machine.cpus; pe++) {
        told.set(`${name} ${pe}`, `${machine.read(gicr + pe * gicrStride + place, bytes)}`);
      }
    }
  }
  const tables = machine.tables(0);
  told.set("collections", JSON.stringify([...tables.collections()]));
  for (const found of tables.devices()) {
    told.set(`device ${found.deviceId}`, JSON.stringify(found));
    for (const entry of tables.events(found.deviceId)) {
      told.set(`event ${found.deviceId}/${entry.eventId}`, JSON.stringify([entry, machine.lpi(entry.intid)]));
    }
  }
  return told;
}
