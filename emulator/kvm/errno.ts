import { errnoByName, errnoName as nameOf } from "../../architecture/index.ts";

/**
 * Errno numbers that the device-attribute API answers with, OK for success, and those that stay within the kernel: EAGAIN, and
 * ERESTART, with which a long call asks to be made again (see `Pace`).
 */
export const Errno = { OK: 0, EAGAIN: 11, ERESTART: 85, ...errnoByName } as const;

export type ErrnoName = keyof typeof Errno;

/** Name of an errno number, or its decimal digits when it has none here. */
export function errnoName(errno: number): string {
  if (errno === Errno.OK) return "OK";
  if (errno === Errno.ERESTART) return "ERESTART";
  return errno === Errno.EAGAIN ? "EAGAIN" : (nameOf(errno) ?? String(errno));
}
