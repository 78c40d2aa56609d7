import fc from "fast-check";
import { commands, registers } from "../../architecture/index.ts";
import type { AccessBytes, Machine } from "../../emulator/index.ts";

/** One thing that software, a device or the host may do to a machine. */
export type Act = (machine: Machine) => void;

const RAM = 0x4000_0000;
/** Small windows keep the machines cheap and the collisions many. */
export const RAM_BYTES = 0x80000;
const QUEUE = RAM;
const DEVICE_TABLE = RAM + 0x20000;
const COLLECTION_TABLE = RAM + 0x10000;
const PROPERTY_TABLE = RAM + 0x30000;
const PENDING_TABLES = RAM + 0x50000;

/** A machine in which commands reach the tables: everything valid and enabled. */
export function enable(machine: Machine): void {
  const its = machine.map.its[0];
  const { gicr, gicrStride } = machine.map;
  for (let pe = 0; pe < machine.cpus; pe++) {
    machine.write(gicr + pe * gicrStride + 0x70, 8, BigInt(PROPERTY_TABLE) | 0xfn);
    machine.write(gicr + pe * gicrStride + 0x78, 8, BigInt(PENDING_TABLES + (pe % 2) * 0x10000));
    machine.write(gicr + pe * gicrStride, 4, 1n);
  }
  machine.memory.fill(PROPERTY_TABLE, 0x1000, 0xa1);
  machine.write(its + 0x80, 8, (1n << 63n) | BigInt(QUEUE) | 0xfn);
  machine.write(its + 0x100, 8, (1n << 63n) | BigInt(DEVICE_TABLE) | 0x200n);
  machine.write(its + 0x108, 8, (1n << 63n) | BigInt(COLLECTION_TABLE) | 0x200n);
  machine.write(its, 4, 1n);
  machine.write(machine.map.gicd, 4, 0x12n);
}

/** Queues packets at GITS_CWRITER and writes it once, whatever the registers hold. */
export function queue(machine: Machine, packets: readonly (readonly bigint[])[]): void {
  const its = machine.map.its[0];
  let writer = Number((machine.read(its + 0x88, 8) ?? 0n) & 0xffe0n);
  for (const packet of packets) {
    const bytes = new Uint8Array(32);
    const view = new DataView(bytes.buffer);
    packet.forEach((word, index) => {
      view.setBigUint64(index * 8, BigInt.asUintN(64, word), true);
    });
    machine.memory.writeBytes(QUEUE + writer, bytes);
    writer = (writer + 32) % 0x10000;
  }
  machine.write(its + 0x88, 8, BigInt(writer));
}

/** Maps five devices, three collections and some events, so that a run begins with something to lose. */
export function populate(machine: Machine): void {
  const packets: bigint[][] = [];
  for (let icid = 0n; icid < 3n; icid++) packets.push([9n, 0n, (1n << 63n) | (icid << 16n) | icid, 0n]);
  for (let device = 0; device < 4; device++) {
    const id = BigInt(device) << 32n;
    packets.push([id | 8n, 4n, (1n << 63n) | BigInt(RAM + 0x40000 + device * 0x400), 0n]);
    for (let event = 0; event < 6; event++) {
      const lpi = BigInt(8192 + device * 6 + event);
      packets.push([id | 0xan, (lpi << 32n) | BigInt(event), BigInt(event % 3), 0n]);
    }
  }
  // One device whose EventIDs reach into the LPIs, for MAPI.
  packets.push([(4n << 32n) | 8n, 13n, (1n << 63n) | BigInt(RAM + 0x60000), 0n], [(4n << 32n) | 0xbn, 8192n, 1n, 0n]);
  queue(machine, packets);
}

/** GICv3 commands often, those that only a GICv4 knows seldom. */
const opcode = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.constantFrom(...commands.filter(({ since }) => since === "v3").map((command) => command.opcode)),
  },
  { weight: 1, arbitrary: fc.constantFrom(...commands.map((command) => command.opcode)) },
);

/** A packet whose ids collide often: few devices, events, LPIs, collections, PEs. */
const likelyPacket: fc.Arbitrary<readonly bigint[]> = fc
  .record({
    opcode,
    device: fc.integer({ min: 0, max: 4 }),
    event: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 33 }) },
      { weight: 1, arbitrary: fc.constantFrom(8192, 8193) },
    ),
    lpi: fc.integer({ min: 8191, max: 8220 }),
    icid: fc.integer({ min: 0, max: 3 }),
    pe: fc.integer({ min: 0, max: 3 }),
    itt: fc.integer({ min: 0, max: 7 }),
    valid: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
  })
  .map(({ opcode, device, event, lpi, icid, pe, itt, valid }) => {
    const v = valid ? 1n << 63n : 0n;
    const target = BigInt(pe) << 16n;
    const dw1 = opcode === 0x08 ? BigInt(event % 7) : BigInt(event) | (BigInt(lpi) << 32n);
    const dw2 = opcode === 0x08 ? v | BigInt(RAM + 0x40000 + itt * 0x400) : v | target | BigInt(icid);
    return [BigInt(opcode) | (BigInt(device) << 32n), dw1, dw2, target];
  });

const anyWord = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const anyPacket: fc.Arbitrary<readonly bigint[]> = fc.tuple(anyWord, anyWord, anyWord, anyWord);

const bytes = fc.constantFrom<AccessBytes[]>(1, 2, 4, 8);
const itsOffsets = registers
  .filter(({ block, offset }) => block === "GITS" && offset !== undefined)
  .map(({ offset }) => offset ?? 0);

/** Values that registers take seriously beside ones that they do not. */
const registerValue = fc.oneof(
  anyWord,
  fc.constantFrom(
    0n,
    1n,
    1n << 63n,
    (1n << 63n) | BigInt(DEVICE_TABLE),
    (3n << 62n) | BigInt(DEVICE_TABLE),
    0x20n,
    0xffe0n,
  ),
);

const acts: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.array(likelyPacket, { maxLength: 12 }).map(
      (packets): Act =>
        (m) =>
          queue(m, packets),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.array(anyPacket, { maxLength: 4 }).map(
      (packets): Act =>
        (m) =>
          queue(m, packets),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 40 })).map(
      ([device, event]): Act =>
        (m) =>
          void m.signalMsi(0, device, event),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...itsOffsets), bytes, registerValue).map(
      ([offset, width, value]): Act =>
        (m) =>
          void m.write(m.map.its[0] + offset, width, value),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0, 0x70, 0x78, 0xa0, 0xb0), bytes, registerValue)
      .map(
        ([pe, offset, width, value]): Act =>
          (m) =>
            void m.write(m.map.gicr + pe * m.map.gicrStride + offset, width, value),
      ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.integer({ min: 0, max: RAM_BYTES / 8 }), anyWord).map(
      ([word, value]): Act =>
        (m) =>
          void m.write(RAM + word * 8, 8, value),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.constantFrom<Act[]>(
      (m) => void m.vmm?.saveTables(0),
      (m) => void m.vmm?.restoreTables(0),
      (m) => void m.vmm?.savePendingTables(),
      (m) => void m.vmm?.resetIts(0),
      enable,
      populate,
    ),
  },
);

/** Any run of acts. */
export const run: fc.Arbitrary<readonly Act[]> = fc.array(acts, { minLength: 1, maxLength: 40 });
