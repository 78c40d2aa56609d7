import { Errno } from "../errno.ts";

/**
 * Whether a device's frames may be placed at an address (Linux vgic-kvm-device.c `vgic_check_iorange`).
 * @param current where they are already; undefined = nowhere
 * @param alignment bytes
 * @param size bytes
 * @returns errno: EEXIST, EINVAL (alignment, wrap), E2BIG (beyond the intermediate physical address space)
 */
export function checkFrame(
  current: number | undefined,
  address: bigint,
  alignment: number,
  size: number,
  ipaBits: number,
): number {
  if (current !== undefined) return Errno.EEXIST;
  if (address % BigInt(alignment) !== 0n || size % alignment !== 0) return Errno.EINVAL;
  if (address + BigInt(size) >= 1n << 64n) return Errno.EINVAL;
  return address + BigInt(size) > 1n << BigInt(ipaBits) ? Errno.E2BIG : Errno.OK;
}
