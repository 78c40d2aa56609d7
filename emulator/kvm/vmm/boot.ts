import { attributeNumbers, type DeviceType, defaultBases, groupNumbers, hex } from "../../../architecture/index.ts";
import type { MemoryMap, RamRange } from "../../machine.ts";
import { Errno, errnoName } from "../errno.ts";
import { PRIVATE_INTIDS } from "../interrupts/interrupt-record.ts";
import type { KvmVmm } from "./vmm.ts";

/** SPIs of the machine, as QEMU's `virt` machine asks of KVM. */
const SPIS = 256;

/** What a machine is made of. */
export interface Board {
  readonly map: MemoryMap;
  readonly ram: readonly RamRange[];
  readonly cpus: number;
}

/**
 * What a VMM does before the guest's first instruction: memory, vCPUs, the GIC and the ITSs with their attributes.
 * @throws RangeError when the kernel refuses one of the calls
 */
export function createDevices(vmm: KvmVmm, { map, ram, cpus }: Board): void {
  for (const { base, bytes } of ram) check(vmm.addMemslot(BigInt(base), BigInt(bytes)), `RAM at ${hex(base)}`);
  check(vmm.createVcpus(cpus), `${cpus} vCPUs`);
  const { ADDR, CTRL, NR_IRQS } = groupNumbers;
  const { ADDR_DIST, ADDR_REDIST, V2_ADDR_DIST, V2_ADDR_CPU, INIT } = attributeNumbers;
  const v2 = map.gicc !== undefined;
  const gic = create(vmm, v2 ? "VGIC_V2" : "VGIC_V3");
  const places: readonly (readonly [bigint, number, string])[] = v2
    ? [
        [V2_ADDR_DIST, map.gicd, "distributor"],
        [V2_ADDR_CPU, map.gicc ?? defaultBases.gicc, "CPU interfaces"],
      ]
    : [
        [ADDR_DIST, map.gicd, "distributor"],
        [ADDR_REDIST, map.gicr, "redistributors"],
      ];
  check(gic.setAttribute(NR_IRQS, 0n, BigInt(SPIS + PRIVATE_INTIDS)), "the number of INTIDs");
  for (const [attribute, base, name] of places) {
    check(gic.setAttribute(ADDR, attribute, BigInt(base)), `the ${name} at ${hex(base)}`);
  }
  check(gic.setAttribute(CTRL, INIT, 0n), "the GIC");
  for (const _ of map.its) check(create(vmm, "VGIC_ITS").setAttribute(CTRL, INIT, 0n), "the ITS");
}

/** Gives the ITSs their addresses. @throws RangeError when the kernel refuses one */
export function placeItss(vmm: KvmVmm, { its }: MemoryMap): void {
  for (const [index, base] of its.entries()) {
    const device = vmm.device("VGIC_ITS", index);
    const errno = device?.setAttribute(groupNumbers.ADDR, attributeNumbers.ADDR_ITS, BigInt(base)) ?? Errno.ENODEV;
    check(errno, `an ITS at ${hex(base)}`);
  }
}

/** The first KVM_RUN of every vCPU; the very first puts the GIC's frames on the bus. @throws RangeError when they overlap */
export function firstRuns(vmm: KvmVmm): void {
  for (let pe = 0; pe < vmm.vcpus.count; pe++) {
    check(vmm.run(pe), "these addresses of the GIC");
    vmm.stopVcpu(pe);
  }
}

function create(vmm: KvmVmm, type: DeviceType) {
  const { errno, device } = vmm.createDevice(type);
  check(errno, type);
  if (device === undefined) throw new RangeError(`KVM made no ${type}`);
  return device;
}

function check(errno: number, what: string): void {
  if (errno !== Errno.OK) throw new RangeError(`KVM answers ${errnoName(errno)} to ${what}`);
}
