import { type Block, defaultBases } from "../architecture/index.ts";
import type { Target } from "./target.ts";

/** Block of the registers whose frame an address is in. */
export function frameBlockAt(target: Target, address: number): Block | undefined {
  const { gicd, gicc, gicr, gicrStride, its } = target.map;
  const within = (base: number, bytes: number): boolean => address >= base && address < base + bytes;
  if (within(gicd, defaultBases.gicdBytes)) return "GICD";
  if (gicc !== undefined) return within(gicc, defaultBases.giccBytes) ? "GICC" : undefined;
  if (its.some((base) => within(base, defaultBases.itsBytes))) return "GITS";
  return within(gicr, gicrStride * target.cpus) ? "GICR" : undefined;
}

/** Says that memory was meant where a device is, and how a script accesses that. */
export function deviceInsteadOfMemory(address: string, block: string): string {
  return `There is no RAM at ${address}, but a frame of ${block}_ registers. mem8 to mem64 are RAM; write32 and write64 store to a device, read32 and read64 load from it.`;
}
