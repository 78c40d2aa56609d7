import { attributeNumbers, type DeviceType, groupNumbers } from "../../../architecture/index.ts";
import type { Random } from "../random.ts";
import { arena, frames, RAM_BYTES } from "./arena.ts";
import { GuestSteps } from "./guest-steps.ts";
import { HostSteps } from "./host-steps.ts";
import { ItsSteps } from "./its-steps.ts";
import { hex, type Step } from "./steps.ts";

const { ADDR, NR_IRQS, CTRL } = groupNumbers;
const TYPES: readonly (DeviceType | "vfio")[] = ["VGIC_V3", "VGIC_V3", "VGIC_ITS", "VGIC_ITS", "VGIC_V2", "vfio"];
/** Device types of KVM_CREATE_DEVICE by number: VGIC_V2, VGIC_V3, VGIC_ITS, VFIO, and one of another architecture. */
const NUMBERS = [5, 7, 8, 4, 1];

/** A virtual machine that is set up out of order, incompletely or twice. */
export function setup(random: Random): Step[] {
  const hostGic = random.chance(65) ? 3 : 2;
  const cpus = random.chance(90) ? random.below(4) : 9;
  const steps: Step[] = [
    { op: "create_vm", hostGic, ipaBits: random.pick([0, 0, 0, 32, 48]) },
    { op: "memslot", gpa: hex(arena.ram), size: hex(RAM_BYTES) },
  ];
  const order = ordinary(random, hostGic, cpus);
  // Some are left out, some come twice, and some change places.
  for (let at = 0; at < order.length; at++) {
    if (random.chance(12)) continue;
    const other = random.chance(20) ? random.below(order.length) : at;
    [order[at], order[other]] = [order[other], order[at]];
    steps.push(order[at]);
    if (random.chance(10)) steps.push(order[at]);
    if (random.chance(25)) steps.push(anything(random, hostGic, cpus));
  }
  while (random.chance(80)) steps.push(anything(random, hostGic, cpus));
  return steps;
}

function ordinary(random: Random, gic: 2 | 3, count: number): Step[] {
  const v2 = gic === 2 && random.chance(80);
  const set = (dev: string, group: number, attr: bigint, value: bigint | number): Step => ({
    op: "set_attr",
    dev,
    group,
    attr: hex(attr),
    value: hex(value),
  });
  const { ADDR_DIST, ADDR_REDIST, ADDR_ITS, V2_ADDR_DIST, V2_ADDR_CPU, INIT } = attributeNumbers;
  const redistributors = random.chance(50)
    ? [set("gic", ADDR, ADDR_REDIST, place(random, frames.gicr))]
    : [0, 1].map((index) => set("gic", ADDR, attributeNumbers.REDIST_REGION, region(random, index)));
  return [
    random.chance(80)
      ? { op: "create_device", dev: "gic", type: v2 ? "VGIC_V2" : "VGIC_V3" }
      : { op: "KVM_CREATE_IRQCHIP" },
    { op: "create_vcpus", count },
    set("gic", NR_IRQS, 0n, random.pick([32, 64, 64, 96, 1024, 1056, 63])),
    set("gic", ADDR, v2 ? V2_ADDR_DIST : ADDR_DIST, place(random, frames.gicd)),
    ...(v2 ? [set("gic", ADDR, V2_ADDR_CPU, place(random, frames.gicc))] : redistributors),
    set("gic", CTRL, INIT, 0),
    { op: "create_device", dev: "its", type: "VGIC_ITS" },
    set("its", ADDR, ADDR_ITS, place(random, frames.itss[0])),
    set("its", CTRL, INIT, 0),
    { op: "start_vcpu_thread", vcpu: 0 },
    { op: "stop_vcpu_thread", vcpu: 0 },
  ];
}

/** An address: the right one, one that is not aligned, one of another frame, or one beyond what there is. */
function place(random: Random, right: number): bigint {
  const others = [
    frames.gicd,
    frames.gicr,
    frames.itss[0],
    0x0801_0000,
    right + 0x1000,
    right + 4,
    2 ** 40,
    2 ** 40 - 0x1_0000,
  ];
  return random.chance(75) ? BigInt(right) : random.chance(85) ? BigInt(random.pick(others)) : random.bits(52);
}

/** ADDR / REDIST_REGION: [63:52] count, [51:16] base, [15:12] flags, [11:0] index. */
function region(random: Random, index: number): bigint {
  const base = BigInt(frames.gicr + index * 0x10_0000) & ~0xffffn;
  const odd = random.chance(15) ? random.bits(64) : 0n;
  return ((BigInt(random.below(4)) << 52n) | base | BigInt(index)) ^ odd;
}

function anything(random: Random, gic: 2 | 3, cpus: number): Step {
  const shape = { gic, cpus: Math.max(cpus, 1), itss: 1 };
  const host = new HostSteps(random, shape);
  const its = new ItsSteps(random, shape);
  return random.weighted<() => Step>([
    [6, () => host.attribute()],
    [6, () => host.anyAttribute()],
    [3, () => host.levelInfo()],
    [4, () => host.line()],
    [3, () => its.msi()],
    [3, () => its.control()],
    [3, () => its.register()],
    [2, () => host.savePendingTables()],
    [3, () => host.thread()],
    [2, () => host.device()],
    [2, () => new GuestSteps(random, shape).frameAccess()],
    [1, () => new GuestSteps(random, shape).systemRegister()],
    [2, () => ({ op: "create_device_test", type: random.pick(NUMBERS) })],
    [2, () => ({ op: "create_device", dev: random.pick(["gic", "its", "its2"]), type: random.pick(TYPES) })],
    [1, () => ({ op: "KVM_CREATE_IRQCHIP" })],
    [1, () => ({ op: "create_vcpus", count: 1 + random.below(2) })],
    [2, () => ({ op: "KVM_ARM_SET_DEVICE_ADDR", id: hex(random.pick([0, 1, 2, 0x1_0000])), addr: hex(frames.gicd) })],
    [1, () => ({ op: "memslot", gpa: hex(place(random, 0x5000_0000)), size: hex(0x1_0000) })],
  ])();
}
