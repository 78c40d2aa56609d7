import {
  type AttributeGroupName,
  attributeGroupByName,
  type RegisterMember,
  registerEncoding,
  registerOffset,
} from "../../architecture/index.ts";
import { affinityOf } from "./affinity.ts";
import type { KvmDevice } from "./device.ts";
import { Errno } from "./errno.ts";

/** The attribute by which user space reaches a register: a device's group, and `attr`. */
export interface RegisterAttribute {
  readonly device: "gic" | "its";
  readonly group: number;
  readonly attribute: bigint;
  /** Bits of one access: GICD_ and GICR_ registers of 64 bits take two. */
  readonly width: 32 | 64;
}

const groups: Readonly<Record<string, AttributeGroupName>> = {
  GITS: "ITS_REGS",
  GICD: "DIST_REGS",
  GICR: "REDIST_REGS",
  ICC: "CPU_SYSREGS",
};

/** @returns undefined for a register that a GICv3 guest's devices have no attribute for */
export function registerAttribute({ register, index }: RegisterMember, pe: number): RegisterAttribute | undefined {
  const name = groups[register.block];
  const group = name && attributeGroupByName(name);
  if (group === undefined) return undefined;
  const mpidr = BigInt(affinityOf(pe)) << 32n;
  if (name === "CPU_SYSREGS") {
    const code = registerEncoding(register, index);
    if (code === undefined) return undefined;
    const place = (code.op0 << 14) | (code.op1 << 11) | (code.CRn << 7) | (code.CRm << 3) | code.op2;
    return { device: "gic", group: group.group, attribute: mpidr | BigInt(place), width: 64 };
  }
  const offset = registerOffset(register, index);
  if (offset === undefined) return undefined;
  if (name === "ITS_REGS") return { device: "its", group: group.group, attribute: BigInt(offset), width: 64 };
  const cpu = name === "REDIST_REGS" ? mpidr : 0n;
  return { device: "gic", group: group.group, attribute: cpu | BigInt(offset), width: 32 };
}

/** KVM_SET_DEVICE_ATTR of a whole register. @param width of the register in bits @returns errno */
export function setRegister(device: KvmDevice, place: RegisterAttribute, width: number, value: bigint): number {
  const { group, attribute } = place;
  if (place.width >= width) return device.setAttribute(group, attribute, value);
  const low = device.setAttribute(group, attribute, value & 0xffff_ffffn);
  return low === Errno.OK ? device.setAttribute(group, attribute + 4n, value >> 32n) : low;
}

/** KVM_GET_DEVICE_ATTR of a whole register. */
export function getRegister(
  device: KvmDevice,
  place: RegisterAttribute,
  width: number,
): ReturnType<KvmDevice["getAttribute"]> {
  const low = device.getAttribute(place.group, place.attribute);
  if (place.width >= width || low.errno !== Errno.OK) return low;
  const high = device.getAttribute(place.group, place.attribute + 4n);
  return { errno: high.errno, value: (high.value << 32n) | low.value };
}
