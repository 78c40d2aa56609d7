import {
  type AttributeGroup,
  attributeGroupByName,
  attributeGroupByNumber,
  attributesOf,
  type DeviceType,
  groupsOf,
  type KvmDevice,
  kvmDevices,
  type NamedAttribute,
} from "../../architecture/device-attributes.ts";
import { parseValue } from "./value-text.ts";

/** A device by its name (VGIC_V3, V3, KVM_DEV_TYPE_ARM_VGIC_V3) or its code. */
export function deviceNamed(word: string): KvmDevice | undefined {
  const name = word.toUpperCase().replace(/^KVM_DEV_TYPE_ARM_/, "");
  const code = parseValue(word);
  return kvmDevices.find(
    (device) =>
      device.type === name || device.type === `VGIC_${name}` || (code !== undefined && BigInt(device.code) === code),
  );
}

export const deviceNames: readonly string[] = kvmDevices.map(({ type }) => type);

/** A group of a device by its name (REDIST_REGS, KVM_DEV_ARM_VGIC_GRP_REDIST_REGS) or its number. */
export function groupNamed(word: string): AttributeGroup | undefined {
  const number = parseValue(word);
  if (number !== undefined) return number < 256n ? attributeGroupByNumber(Number(number)) : undefined;
  return attributeGroupByName(word.toUpperCase().replace(/^KVM_DEV_ARM_(VGIC_GRP_|ITS_)?/, ""));
}

/** Names of a device's groups. */
export function groupNames(device: DeviceType): string[] {
  return groupsOf(device).map(({ name }) => name);
}

/** A named attribute by its name, with or without the constant's prefix. */
export function attributeNamed(group: AttributeGroup, device: DeviceType, word: string): NamedAttribute | undefined {
  const bare = word
    .toUpperCase()
    .replace(/^KVM_/, "")
    .replace(/^(DEV_ARM_)?(VGIC_|ITS_)?(CTRL_|GRP_)?(V3_)?/, "");
  const upper = word.toUpperCase();
  const list = attributesOf(group, device);
  return (
    list.find(({ name }) => name === upper || name === bare) ??
    list.find(({ name }) => name.endsWith(`_${bare}`)) ??
    list.find(({ name }) => bare.endsWith(`_${name}`))
  );
}
