import { FIRST_LPI } from "../../architecture/index.ts";

/** INTIDs have 16 bits (GICD_TYPER.IDbits). */
const INTID_COUNT = 65536;

/** Doorbell of an event that has none; the doorbell field of a physical event's ITE holds it, too. */
export const NO_DOORBELL = 1023;

/** INTIDs of LPIs. */
export function isLpi(intid: number): boolean {
  return intid >= FIRST_LPI && intid < INTID_COUNT;
}
