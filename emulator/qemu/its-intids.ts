import { FIRST_LPI } from "../../architecture/index.ts";

/** INTIDs have 16 bits (GICD_TYPER.IDbits). */
const INTID_COUNT = 65536;

/** INTIDs of LPIs. */
export function isLpi(intid: number): boolean {
  return intid >= FIRST_LPI && intid < INTID_COUNT;
}
