import { RecordingError } from "./fields.ts";

/** Linux errno values that KVM's device interface answers with (include/uapi/asm-generic/errno-base.h). */
const ERRNO_NAMES: ReadonlyMap<number, string> = new Map([
  [0, "OK"],
  [1, "EPERM"],
  [2, "ENOENT"],
  [4, "EINTR"],
  [5, "EIO"],
  [6, "ENXIO"],
  [7, "E2BIG"],
  [9, "EBADF"],
  [11, "EAGAIN"],
  [12, "ENOMEM"],
  [13, "EACCES"],
  [14, "EFAULT"],
  [16, "EBUSY"],
  [17, "EEXIST"],
  [19, "ENODEV"],
  [22, "EINVAL"],
  [25, "ENOTTY"],
  [28, "ENOSPC"],
]);

/** The recordings' spelling of an errno: "OK" for 0. */
export function errnoName(errno: number): string {
  return ERRNO_NAMES.get(errno) ?? `errno ${errno}`;
}

/** KVM_DEV_ARM_VGIC_GRP_* (Linux arch/arm64/include/uapi/asm/kvm.h). */
const GROUPS: ReadonlyMap<string, number> = new Map([
  ["ADDR", 0],
  ["DIST_REGS", 1],
  ["CPU_REGS", 2],
  ["NR_IRQS", 3],
  ["CTRL", 4],
  ["REDIST_REGS", 5],
  ["CPU_SYSREGS", 6],
  ["LEVEL_INFO", 7],
  ["ITS_REGS", 8],
  ["MAINT_IRQ", 9],
]);

/** The number of an attribute group; recordings write groups without a name as numbers. */
export function groupNumber(group: unknown): number {
  const number = typeof group === "number" ? group : GROUPS.get(String(group));
  if (number === undefined) {
    throw new RecordingError(`"group" ${JSON.stringify(group)} is no attribute group`);
  }
  return number;
}
