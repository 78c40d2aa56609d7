import type { Arbiter } from "./arbiter.ts";
import type { Distributor } from "./distributor.ts";
import { PeWord, PRIVATE_INTIDS, type QemuRedistributor, SGIS } from "./redistributor.ts";

/**
 * Input line of an SPI, or of a PPI of one PE. A rising edge latches the pending state of an edge-triggered one.
 * @returns false when there is no such input
 */
export function setLine(
  parts: { distributor: Distributor; arbiter: Arbiter; redistributors: readonly QemuRedistributor[] },
  intid: number,
  level: boolean,
  pe: number,
): boolean {
  const { distributor, arbiter } = parts;
  const value = level ? 1 : 0;
  if (distributor.isSpi(intid)) {
    if (distributor.bit(distributor.level, intid) === value) return true;
    distributor.setBit(distributor.level, intid, level);
    if (level && distributor.bit(distributor.edge, intid)) distributor.setBit(distributor.pending, intid, true);
    arbiter.spisChanged(intid, 1);
    return true;
  }
  const redistributor = parts.redistributors[pe];
  if (redistributor === undefined || intid < SGIS || intid >= PRIVATE_INTIDS) return false;
  const { words } = redistributor;
  if (((words[PeWord.level] >>> intid) & 1) === value) return true;
  redistributor.setBit(PeWord.level, intid, level);
  if (level && (words[PeWord.edge] >>> intid) & 1) redistributor.setBit(PeWord.pending, intid, true);
  arbiter.redistributorChanged(redistributor);
  return true;
}
