import type { KvmDecisions } from "../../models/model.ts";
import { Errno } from "../errno.ts";

/** Frames that are to be placed, in bytes, and the bits of intermediate physical address. */
export interface FrameRange {
  readonly alignment: number;
  readonly bytes: number;
  readonly ipaBits: number;
}

/**
 * Whether a device's frames may be placed at an address (Linux vgic-kvm-device.c `vgic_check_iorange`; until 5.16 `vgic_check_ioaddr`, which
 * looks at the first byte alone and in another order).
 * @param current where they are already; undefined = nowhere
 * @returns errno: EEXIST, EINVAL (alignment, wrap), E2BIG (beyond the intermediate physical address space)
 */
export function checkFrame(
  { frameCheck }: Pick<KvmDecisions, "frameCheck">,
  current: number | undefined,
  address: bigint,
  { alignment, bytes, ipaBits }: FrameRange,
): number {
  const space = 1n << BigInt(ipaBits);
  const aligned = address % BigInt(alignment) === 0n;
  if (frameCheck === "start") {
    if (address >= space) return Errno.E2BIG;
    if (!aligned) return Errno.EINVAL;
    return current === undefined ? Errno.OK : Errno.EEXIST;
  }
  if (current !== undefined) return Errno.EEXIST;
  if (!aligned || bytes % alignment !== 0) return Errno.EINVAL;
  if (address + BigInt(bytes) >= 1n << 64n) return Errno.EINVAL;
  return address + BigInt(bytes) > space ? Errno.E2BIG : Errno.OK;
}
