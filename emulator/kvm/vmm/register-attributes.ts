import type { RegisterAttribute } from "../../../architecture/index.ts";
import type { AttributeValue, KvmDevice } from "../device.ts";
import { Errno } from "../errno.ts";

/** KVM_SET_DEVICE_ATTR of a whole register. @param width of the register in bits @returns errno */
export function setRegister(device: KvmDevice, place: RegisterAttribute, width: number, value: bigint): number {
  const { group, attr } = place;
  if (group.valueBytes * 8 >= width) return device.setAttribute(group.group, attr, value);
  const low = device.setAttribute(group.group, attr, value & 0xffff_ffffn);
  return low === Errno.OK ? device.setAttribute(group.group, attr + 4n, value >> 32n) : low;
}

/** KVM_GET_DEVICE_ATTR of a whole register. */
export function getRegister(device: KvmDevice, place: RegisterAttribute, width: number): AttributeValue {
  const { group, attr } = place;
  const low = device.getAttribute(group.group, attr);
  if (group.valueBytes * 8 >= width || low.errno !== Errno.OK) return low;
  const high = device.getAttribute(group.group, attr + 4n);
  return { errno: high.errno, value: (high.value << 32n) | low.value };
}
