import { defaultBases } from "../../../architecture/bases.ts";
import { commandByName, encodeCommand, offsetOf } from "../../../architecture/index.ts";

/** A write over the bus. */
export interface BusWrite {
  readonly address: number;
  readonly bytes: 1 | 2 | 4 | 8;
  readonly value: bigint;
}

/** Where the guest's tables are; RAM is 16 MiB from 0x40000000 on. */
export const places = {
  queue: 0x4010_0000,
  level1: 0x4011_0000,
  level2: [0x4012_0000, 0x4018_0000],
  collections: 0x4013_0000,
  properties: 0x4014_0000,
  pending: [0x4015_0000, 0x4016_0000],
  itts: { 8: 0x4017_0000, 16: 0x4017_0100, 8193: 0x4017_0200 } as Readonly<Record<number, number>>,
  program: 0x40a0_0000,
  /** Where the program leaves what it read from ICC_IAR1_EL1, or another number that is not 0. */
  acknowledged: 0x40a1_0000,
  /** Where the one of the GICv2 leaves what it read from registers. */
  read: 0x40a2_0000,
} as const;

const INTID_BITS = 16;
const VALID = 1n << 63n;
const INDIRECT = 1n << 62n;
const PAGES_64K = 2n << 8n;

const WAIT = [
  0xd503_207f, // wfi
  0x17ff_ffff, // b . - 4
];

/** ICC_PMR_EL1, ICC_BPR1_EL1 and ICC_IGRPEN1_EL1 are set, one interrupt is acknowledged and stays active; then the PE waits for ever. */
export const programV3: readonly number[] = [
  0xd280_1e00, // mov x0, #0xf0
  0xd518_4600, // msr icc_pmr_el1, x0
  0xd280_0060, // mov x0, #3
  0xd518_cc60, // msr icc_bpr1_el1, x0
  0xd280_0020, // mov x0, #1
  0xd518_cce0, // msr icc_igrpen1_el1, x0
  0xd503_3fdf, // isb
  0xd538_cc01, // mrs x1, icc_iar1_el1
  ...setX0(places.acknowledged),
  0xb900_0001, // str w1, [x0]
  ...WAIT,
];

/** What the program of the GICv2 writes: a PE alone reaches the registers of a GICv2. */
const writesV2: readonly (readonly [string, number])[] = [
  ["GICD_CTLR", 1],
  ["GICD_IPRIORITYR8", 0x8070_6050],
  ["GICD_ITARGETSR8", 0x0201_0201],
  ["GICD_ITARGETSR9", 0x0201_0201],
  ["GICD_ICFGR2", 0x0000_0808],
  ["GICD_ISENABLER0", 0x0800_0000],
  ["GICD_ISENABLER1", 0x0000_0055],
  ["GICD_ISPENDR1", 0x0000_0004],
  ["GICD_SGIR", 0x0002_0003],
  ["GICC_PMR", 0xf0],
  ["GICC_BPR", 3],
  ["GICC_CTLR", 1],
];

/** What it reads back, as the first PE sees it. */
export const readsV2: readonly string[] = [
  "GICD_CTLR",
  ...["IPRIORITYR8", "ITARGETSR8", "ITARGETSR9", "ICFGR2", "ISENABLER0", "ISENABLER1", "ISPENDR0", "ISPENDR1"].map(
    (name) => `GICD_${name}`,
  ),
  ...["GICC_CTLR", "GICC_PMR", "GICC_BPR", "GICC_IAR", "GICC_APR0"],
  "GICD_ISACTIVER1",
];

export const programV2: readonly number[] = [
  ...writesV2.flatMap(([name, value]) => [...setX0(addressV2(name)), ...setX1(value), 0xb900_0001]),
  ...readsV2.flatMap((name, index) => [
    ...setX0(addressV2(name)),
    0xb940_0001, // ldr w1, [x0]
    ...setX0(places.read + 4 * index),
    0xb900_0001, // str w1, [x0]
  ]),
  ...setX0(places.acknowledged),
  0xb900_0000, // str w0, [x0]
  ...WAIT,
];

function addressV2(name: string): number {
  return (name.startsWith("GICC") ? defaultBases.gicc : defaultBases.gicd) + offsetOf(name);
}

function setX0(value: number): number[] {
  return setRegister(0, value);
}

function setX1(value: number): number[] {
  return setRegister(1, value);
}

/** movz and movk. */
function setRegister(register: number, value: number): number[] {
  const low = (0xd280_0000 | ((value & 0xffff) << 5) | register) >>> 0;
  const high = (0xf2a0_0000 | ((value >>> 16) << 5) | register) >>> 0;
  return [low, high];
}

/** Devices of the guest, with the events that are mapped: [EventID, INTID, ICID]. */
export const devices: readonly { readonly id: number; readonly size: number; readonly events: readonly number[][] }[] =
  [
    { id: 0x8, size: 1, events: [[0, 8192, 0]] },
    {
      id: 0x10,
      size: 3,
      events: [
        [0, 8193, 1],
        [5, 8200, 0],
      ],
    },
    { id: 0x2001, size: 5, events: [[17, 9000, 1]] },
  ];

/** LPIs that have come and wait: [DeviceID, EventID]. */
const interrupts: readonly (readonly [number, number])[] = [
  [0x10, 5],
  [0x2001, 17],
];

const { gicd, gicr, gicrStride, its } = defaultBases;

/** What software does to such a machine: SPIs, SGIs and PPIs, redistributors, ITS, commands. The queue's bytes are written before. */
export function* busWrites(commands: number): Generator<BusWrite> {
  const write = (address: number, bytes: BusWrite["bytes"], value: number | bigint): BusWrite => ({
    address,
    bytes,
    value: BigInt(value),
  });
  const gicdAt = (name: string): number => gicd + offsetOf(name);
  yield write(gicdAt("GICD_CTLR"), 4, 0x12);
  yield write(gicdAt("GICD_IGROUPR1"), 4, 0xffff_fff7);
  yield write(gicdAt("GICD_IGROUPR8"), 4, 0xffff_ffff);
  yield write(gicdAt("GICD_ICFGR2"), 4, 0x0000_0808);
  yield write(gicdAt("GICD_IPRIORITYR8"), 4, 0x8070_6050);
  yield write(gicdAt("GICD_IPRIORITYR71"), 4, 0x1020_3040);
  yield write(gicdAt("GICD_ISENABLER1"), 4, 0x0000_0112);
  yield write(gicdAt("GICD_ISENABLER8"), 4, 0x8000_0000);
  yield write(gicdAt("GICD_ISPENDR1"), 4, 0x0000_0110);
  yield write(gicdAt("GICD_ISACTIVER2"), 4, 0x0000_0004);
  yield write(gicdAt("GICD_IROUTER40"), 8, 1);
  yield write(gicdAt("GICD_IROUTER36"), 8, 0);
  for (const [pe, pending] of places.pending.entries()) {
    const frame = gicr + pe * gicrStride;
    yield write(frame + offsetOf("GICR_WAKER"), 4, 0);
    yield write(frame + offsetOf("GICR_PROPBASER"), 8, places.properties + INTID_BITS - 1);
    yield write(frame + offsetOf("GICR_PENDBASER"), 8, pending);
    yield write(frame + offsetOf("GICR_CTLR"), 4, 1);
    yield write(frame + offsetOf("GICR_IGROUPR0"), 4, 0xffff_ffff);
    yield write(frame + offsetOf("GICR_ISENABLER0"), 4, 0x0800_0001 << pe);
    yield write(frame + offsetOf("GICR_IPRIORITYR0"), 4, 0x4030_2010);
    yield write(frame + offsetOf("GICR_ISPENDR0"), 4, 0x0000_0002 << pe);
    yield write(frame + offsetOf("GICR_ICFGR1"), 4, 0x0000_0020);
  }
  yield write(its + offsetOf("GITS_BASER0"), 8, VALID | INDIRECT | PAGES_64K | BigInt(places.level1));
  yield write(its + offsetOf("GITS_BASER1"), 8, VALID | PAGES_64K | BigInt(places.collections));
  yield write(its + offsetOf("GITS_CBASER"), 8, VALID | BigInt(places.queue) | 15n);
  yield write(its + offsetOf("GITS_CTLR"), 4, 1);
  yield write(its + offsetOf("GITS_CWRITER"), 8, commands * 32);
}

/** The commands of the queue. */
export function queue(): Uint8Array {
  const packets: Uint8Array[] = [];
  const submit = (name: string, values: Readonly<Record<string, number>>): void => {
    const command = commandByName(name);
    if (command === undefined) throw new Error(`${name} is no command`);
    const raw = Object.fromEntries(Object.entries(values).map(([field, value]) => [field, BigInt(value)]));
    const words = encodeCommand(command, raw);
    packets.push(new Uint8Array(BigUint64Array.from(words).buffer));
  };
  for (const pe of [0, 1]) submit("MAPC", { ICID: pe, RDbase: pe, V: 1 });
  for (const { id, size, events } of devices) {
    submit("MAPD", { DeviceID: id, Size: size - 1, ITT_addr: places.itts[id] / 256, V: 1 });
    for (const [event, intid, icid] of events)
      submit("MAPTI", { DeviceID: id, EventID: event, pINTID: intid, ICID: icid });
  }
  for (const [id, event] of interrupts) submit("INT", { DeviceID: id, EventID: event });
  const bytes = new Uint8Array(packets.length * 32);
  for (const [index, packet] of packets.entries()) bytes.set(packet, index * 32);
  return bytes;
}

/** LPIs with the bytes of the configuration table: enabled with priorities, but for one. */
export const properties: Readonly<Record<number, number>> = { 8192: 0xa1, 8193: 0x51, 8200: 0xa2, 9000: 0x41 };
