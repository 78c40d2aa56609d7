/**
 * Where the frames and memory of the default machine are, in bytes: the map of QEMU's `virt` board, which the recordings of KVM use as well.
 * Source: QEMU hw/arm/virt.c base_memmap.
 */
export const defaultBases = {
  gicd: 0x0800_0000,
  gicdBytes: 0x1_0000,
  /** GICv2 CPU interface. */
  gicc: 0x0801_0000,
  giccBytes: 0x1_0000,
  /** Control frame of ITS 0; GITS_TRANSLATER is in the next 64 KiB. */
  its: 0x0808_0000,
  itsBytes: 0x2_0000,
  /** RD_base of the first redistributor. */
  gicr: 0x080a_0000,
  /** From one redistributor to the next without VLPI frames (GICv3), and with them (GICv4). */
  gicrStride: 0x2_0000,
  gicrStrideV4: 0x4_0000,
  /** Above the redistributors' first region; those that it has no room for are in another one (VIRT_HIGH_GIC_REDIST2). */
  gicrEnd: 0x0900_0000,
  ram: 0x4000_0000,
  ramBytes: 0x400_0000,
} as const;

/** PEs of a machine at most (KVM: 512 vCPUs; QEMU's `virt`: 512). */
export const MAX_PES = 512;
