/** Linux errno numbers that the device-attribute API answers with (include/uapi/asm-generic/errno-base.h). */
export const Errno = {
  OK: 0,
  ENOENT: 2,
  EIO: 5,
  ENXIO: 6,
  E2BIG: 7,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
} as const;

export type ErrnoName = keyof typeof Errno;

const names = new Map<number, ErrnoName>(Object.entries(Errno).map(([name, value]) => [value, name as ErrnoName]));

/** Name of an errno number, or its decimal digits when it has none here. */
export function errnoName(errno: number): string {
  return names.get(errno) ?? String(errno);
}
