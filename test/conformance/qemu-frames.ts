/** Frames of QEMU's `virt` machine (QEMU 7.2 hw/arm/virt.c base_memmap). */
export const GICD = 0x0800_0000n;
export const GITS = 0x0808_0000n;
export const GICR = 0x080a_0000n;

/** Bytes from one redistributor's frames to the next: a GICv4 one has two 64 KiB frames more. */
export function redistributorStride(gicVersion: 3 | 4): bigint {
  return gicVersion === 4 ? 0x4_0000n : 0x2_0000n;
}
