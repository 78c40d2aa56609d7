import { defaultBases, MAX_PES } from "../architecture/index.ts";
import type { MachineOptions, MemoryMap, RamRange } from "./machine.ts";

/** ITSs of a machine at most: ITS numbers have four bits (GITS_CTLR.ITS_Number). */
const MAX_ITSS = 16;

/**
 * Fills in what a machine's options leave open, with the memory map of QEMU's `virt` machine.
 * @throws RangeError for a number of PEs or ITSs that no machine has
 */
export function defaultMap(
  options: MachineOptions,
  gicrStride: number,
): { map: MemoryMap; ram: readonly RamRange[]; cpus: number } {
  const cpus = options.cpus ?? 4;
  const its = options.its ?? [defaultBases.its];
  const fewest = options.stage === "created" ? 0 : 1;
  if (!Number.isInteger(cpus) || cpus < fewest || cpus > MAX_PES)
    throw new RangeError(`a machine has 1 to ${MAX_PES} PEs`);
  if (its.length > MAX_ITSS) throw new RangeError(`a machine has ${MAX_ITSS} ITSs at most`);
  return {
    map: { gicd: defaultBases.gicd, gicr: defaultBases.gicr, gicrStride, its },
    ram: options.ram ?? [{ base: defaultBases.ram, bytes: defaultBases.ramBytes }],
    cpus,
  };
}
