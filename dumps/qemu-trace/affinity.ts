/** PEs that one cluster has on QEMU's virt machine, so that an SGI's target list names each (hw/arm/virt.c). */
const CLUSTER = 16;

/** PE with an affinity (Aff3.Aff2.Aff1.Aff0) on QEMU's virt machine, or undefined when no PE has it. */
export function peOfAffinity(affinity: number): number | undefined {
  const inCluster = affinity & 0xff;
  return inCluster < CLUSTER ? (affinity >>> 8) * CLUSTER + inCluster : undefined;
}

/** Affinity of a PE of QEMU's virt machine. */
export function affinityOfPe(pe: number): number {
  return (Math.floor(pe / CLUSTER) << 8) | (pe % CLUSTER);
}
