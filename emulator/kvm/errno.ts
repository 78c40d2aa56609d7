import { errnoByName, errnoName as nameOf } from "../../architecture/index.ts";

/** Errno numbers that the device-attribute API answers with, and OK for success. */
export const Errno = { OK: 0, ...errnoByName } as const;

export type ErrnoName = keyof typeof Errno;

/** Name of an errno number, or its decimal digits when it has none here. */
export function errnoName(errno: number): string {
  return errno === Errno.OK ? "OK" : (nameOf(errno) ?? String(errno));
}
