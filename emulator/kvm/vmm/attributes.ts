import { attributeGroupByName, attributesOf, type DeviceType } from "../../../architecture/index.ts";

/** What an address that is not set reads as. */
export const UNDEFINED_ADDRESS = 0xffff_ffff_ffff_ffffn;

/** Whether a device has an attribute in its group CTRL. */
export function controls(device: DeviceType, attribute: bigint): boolean {
  const group = attributeGroupByName("CTRL");
  return group !== undefined && attributesOf(group, device).some(({ attr }) => BigInt(attr) === attribute);
}
