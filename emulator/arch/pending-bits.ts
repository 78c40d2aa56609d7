import { FIRST_LPI } from "../../architecture/index.ts";
import type { GuestMemory } from "../memory/guest-memory.ts";

/**
 * Sets or clears the bit of an INTID in a pending table. Where there is no memory the bit reads as 0 and a write is lost.
 * @returns whether the bit was the other way
 */
export function setPendingBit(memory: GuestMemory, table: number, intid: number, level: boolean): boolean {
  const address = table + Math.floor(intid / 8);
  const byte = memory.read8(address);
  const bit = 1 << (intid & 7);
  if (byte < 0) return level;
  if (((byte & bit) !== 0) === level) return false;
  memory.write8(address, byte ^ bit);
  return true;
}

/** Whether the bit of an INTID is set in a pending table. */
export function isPending(memory: GuestMemory, table: number, intid: number): boolean {
  const byte = memory.read8(table + Math.floor(intid / 8));
  return byte > 0 && ((byte >>> (intid & 7)) & 1) === 1;
}

/** Whether a pending table has any bit of an LPI set. @param intids that the table has room for, at most 2^16 */
export function anyPending(memory: GuestMemory, table: number, intids: number): boolean {
  memory.pace.take(intids >>> 9);
  for (let offset = FIRST_LPI / 8; offset < intids / 8; offset += 4) {
    if (memory.read32(table + offset) > 0) return true;
  }
  return false;
}

/** Whether an LPI's configuration byte enables it; where there is no memory it does not. */
export function isEnabled(memory: GuestMemory, configTable: number, intid: number): boolean {
  if (intid < FIRST_LPI) return false;
  return (Math.max(0, memory.read8(configTable + intid - FIRST_LPI)) & 1) !== 0;
}

/** Whether a pending table has the bit of an LPI set that its configuration byte enables. @param intids that the tables have room for */
export function anyEnabledPending(memory: GuestMemory, table: number, configTable: number, intids: number): boolean {
  memory.pace.take(intids >>> 9);
  for (let first = FIRST_LPI; first < intids; first += 32) {
    let pending = memory.read32(table + first / 8);
    // -1: no memory there.
    if (pending === -1) continue;
    while (pending !== 0) {
      const bit = 31 - Math.clz32(pending & -pending);
      pending &= pending - 1;
      if (isEnabled(memory, configTable, first + bit)) return true;
    }
  }
  return false;
}
