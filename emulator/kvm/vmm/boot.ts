import { attributeNumbers, type DeviceType, defaultBases, groupNumbers, hex } from "../../../architecture/index.ts";
import type { MemoryMap, RamRange } from "../../machine.ts";
import { idOfAffinity } from "../affinity.ts";
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
  /** Default: as many as QEMU's `virt` machine asks for. */
  readonly spis?: number | undefined;
  /** Default: those of ids 0, 1, 2… */
  readonly affinities?: readonly number[] | undefined;
}

/**
 * What a VMM makes of a machine before it sets anything: memory, vCPUs, the GIC, the ITSs.
 * @throws RangeError when the kernel refuses one of the calls
 */
export function createMachineParts(vmm: KvmVmm, { map, ram, cpus, affinities }: Board): void {
  for (const { base, bytes } of ram) check(vmm.addMemslot(BigInt(base), BigInt(bytes)), `RAM at ${hex(base)}`);
  for (let pe = 0; pe < cpus; pe++) {
    const id = affinities === undefined ? pe : idOfAffinity(affinities[pe] ?? -1);
    check(vmm.createVcpu(id), `vCPU ${pe} with id ${id}`);
  }
  create(vmm, map.gicc !== undefined ? "VGIC_V2" : "VGIC_V3");
  for (const _ of map.its) create(vmm, "VGIC_ITS");
}

/**
 * What a VMM sets before the guest's first instruction: the attributes of the GIC and of the ITSs, whose addresses come later.
 * @throws RangeError when the kernel refuses one of the calls
 */
export function initialiseDevices(vmm: KvmVmm, { map, spis = SPIS }: Board): void {
  const { ADDR, CTRL, NR_IRQS } = groupNumbers;
  const { ADDR_DIST, ADDR_REDIST, V2_ADDR_DIST, V2_ADDR_CPU, INIT } = attributeNumbers;
  const v2 = map.gicc !== undefined;
  const { gic } = vmm;
  const places: readonly (readonly [bigint, number, string])[] = v2
    ? [
        [V2_ADDR_DIST, map.gicd, "distributor"],
        [V2_ADDR_CPU, map.gicc ?? defaultBases.gicc, "CPU interfaces"],
      ]
    : [
        [ADDR_DIST, map.gicd, "distributor"],
        [ADDR_REDIST, map.gicr, "redistributors"],
      ];
  check(gic.setAttribute(NR_IRQS, 0n, BigInt(spis + PRIVATE_INTIDS)), "the number of INTIDs");
  for (const [attribute, base, name] of places) {
    check(gic.setAttribute(ADDR, attribute, BigInt(base)), `the ${name} at ${hex(base)}`);
  }
  check(gic.setAttribute(CTRL, INIT, 0n), "the GIC");
  for (const its of map.its.keys()) check(vmm.its(its).setAttribute(CTRL, INIT, 0n), "the ITS");
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

function create(vmm: KvmVmm, type: DeviceType): void {
  const { errno, device } = vmm.createDevice(type);
  check(errno, type);
  if (device === undefined) throw new RangeError(`KVM made no ${type}`);
}

function check(errno: number, what: string): void {
  if (errno !== Errno.OK) throw new RangeError(`KVM answers ${errnoName(errno)} to ${what}`);
}
