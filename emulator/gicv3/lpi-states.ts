import { FIRST_LPI } from "../../architecture/index.ts";
import type { LpiState } from "../machine.ts";
import type { LpiMemory } from "./lpi-memory.ts";
import type { QemuRedistributor } from "./redistributor.ts";

/** What the state of LPIs is read from, where LPIs exist nowhere but in tables in guest memory. */
interface LpiTables {
  readonly lpiMemory: LpiMemory;
  readonly redistributors: readonly QemuRedistributor[];
  /** GICD_TYPER.IDbits + 1. */
  readonly intidBits: number;
}

/** An LPI as the tables have it: of the first PE in whose pending table it is pending, else of PE 0. */
export function lpiState(tables: LpiTables, intid: number): LpiState | undefined {
  if (!Number.isInteger(intid) || intid < FIRST_LPI || intid >= 2 ** tables.intidBits) return undefined;
  const holder = tables.redistributors.find((pe) => isPending(tables.lpiMemory, pe, intid));
  const config = (holder ?? tables.redistributors[0]).lpiConfig(intid);
  return {
    intid,
    target: holder?.pe,
    enabled: (config & 1) !== 0,
    pending: holder !== undefined,
    active: false,
    priority: config & 0xfc,
  };
}

function isPending(memory: LpiMemory, pe: QemuRedistributor, intid: number): boolean {
  if (!pe.lpisEnabled || intid >= pe.lpiLimit) return false;
  const byte = memory.read8(pe.pendingTable + (intid >>> 3));
  return ((byte >>> (intid & 7)) & 1) === 1;
}

/** Whether one of the 32 LPIs from `first` on may be pending. */
function hasPending(memory: LpiMemory, pe: QemuRedistributor, first: number): boolean {
  const word = memory.ram.read32(pe.pendingTable + first / 8);
  return word < 0 ? pe.reachesOutside : word > 0;
}

/** The pending LPIs in order of INTID. */
export function* pendingLpis(tables: LpiTables): Iterable<LpiState> {
  const limit = Math.max(0, ...tables.redistributors.map((pe) => (pe.lpisEnabled ? pe.lpiLimit : 0)));
  for (let first = FIRST_LPI; first < limit; first += 32) {
    const any = tables.redistributors.some(
      (pe) => pe.lpisEnabled && first < pe.lpiLimit && hasPending(tables.lpiMemory, pe, first),
    );
    for (let intid = first; any && intid < first + 32; intid++) {
      const state = lpiState(tables, intid);
      if (state?.pending) yield state;
    }
  }
}
