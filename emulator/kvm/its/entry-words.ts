/**
 * Entries of the tables that SAVE_TABLES writes and RESTORE_TABLES reads, as two 32-bit words (Linux vgic.h `KVM_ITS_*`): both do it for
 * thousands of events in one call.
 */

/** Largest distances that the `next` fields hold (`VITS_DTE_MAX_DEVID_OFFSET`, `VITS_ITE_MAX_EVENTID_OFFSET`). */
const DTE_NEXT_MAX = 2 ** 14 - 1;
const ITE_NEXT_MAX = 2 ** 16 - 1;

/** Units of a DTE's ITT_addr, and how many of them its low word has room for. */
const ITT_UNIT = 256;
const ITT_LOW = 2 ** 27;

/** Whether a DTE or CTE is valid, and whether a level-1 entry has a page: bit 63. */
export function isValid(hi: number): boolean {
  return hi >>> 31 === 1;
}

// DTE: 63 V, 62:49 next, 48:5 ITT_addr[51:8], 4:0 EventID bits - 1.

export function dteLow(itt: number, eventBits: number): number {
  return ((((itt / ITT_UNIT) % ITT_LOW) * 32) | (eventBits - 1)) >>> 0;
}

/** @param distance in DeviceIDs to the next entry; 0 = this is the last */
export function dteHigh(itt: number, distance: number): number {
  return (0x8000_0000 | (Math.min(distance, DTE_NEXT_MAX) << 17) | Math.floor(itt / ITT_UNIT / ITT_LOW)) >>> 0;
}

/** Address of the ITT in bytes. */
export function dteItt(lo: number, hi: number): number {
  return ((hi & 0x1ffff) * ITT_LOW + (lo >>> 5)) * ITT_UNIT;
}

export function dteEventBits(lo: number): number {
  return (lo & 0x1f) + 1;
}

export function dteNext(hi: number): number {
  return (hi >>> 17) & DTE_NEXT_MAX;
}

// ITE: 63:48 next, 47:16 pINTID, 15:0 ICID. CTE: 63 V, 51:16 RDbase (32 bits are written), 15:0 ICID.

/** @param number pINTID of an ITE, RDbase of a CTE */
export function numberedLow(number: number, icid: number): number {
  return ((number << 16) | icid) >>> 0;
}

/** @param distance in EventIDs to the next entry; 0 = this is the last */
export function iteHigh(intid: number, distance: number): number {
  return ((Math.min(distance, ITE_NEXT_MAX) << 16) | (intid >>> 16)) >>> 0;
}

export function cteHigh(target: number): number {
  return (0x8000_0000 | (target >>> 16)) >>> 0;
}

export function icidOf(lo: number): number {
  return lo & 0xffff;
}

/** pINTID of an ITE, RDbase of a CTE. */
export function numberOf(lo: number, hi: number): number {
  return ((lo >>> 16) | (hi << 16)) >>> 0;
}

export function iteNext(hi: number): number {
  return hi >>> 16;
}
