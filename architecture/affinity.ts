/** Affinity of a vCPU, a byte a level: 16 PEs an Aff1 (arch/arm64/kvm/sys_regs.c `reset_mpidr` gives Aff0 four bits). */
export function affinityOf(pe: number): number {
  return (pe & 0xf) | (((pe >>> 4) & 0xff) << 8) | (((pe >>> 12) & 0xff) << 16);
}

/** The vCPU id whose affinity KVM makes an affinity of, or -1 when no id gives it. @param affinity Aff3.Aff2.Aff1.Aff0, any uint32 */
export function idOfAffinity(affinity: number): number {
  return peOfAffinity(affinity, 2 ** 20);
}

/** The vCPU with an affinity, or -1. @param affinity Aff3.Aff2.Aff1.Aff0, any uint32 @param pes number of vCPUs */
export function peOfAffinity(affinity: number, pes: number): number {
  const pe = (affinity & 0xf) | (((affinity >>> 8) & 0xff) << 4) | (((affinity >>> 16) & 0xff) << 12);
  return pe < pes && affinityOf(pe) === affinity ? pe : -1;
}
