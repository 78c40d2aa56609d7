import type { OutsideRange } from "../gicv3/lpi-memory.ts";
import type { Value64 } from "../value64.ts";

/**
 * What lies around RAM and the GIC on QEMU's `virt` machine without images, as far as it has an answer of its own (hw/arm/virt.c
 * base_memmap, extended_memmap; each line was asked of QEMU 7.2.22 and 11.1.3). The other devices (UART, RTC, fw_cfg, virtio) are
 * left out: nothing answers there.
 */

/** The two flash banks (VIRT_FLASH). Without images they read as zero. */
const FLASH_END = 0x0800_0000;
/** With two security states the first bank is in Secure memory alone, which an ITS does not see (virt_flash_map). */
const NON_SECURE_FLASH = 0x0400_0000;

/** PCI configuration space (VIRT_HIGH_PCIE_ECAM; the low one of base_memmap is not mapped beside it): 256 buses. */
const ECAM = 0x40_1000_0000;
const ECAM_BYTES = 0x1000_0000;

/**
 * Configuration space of 00:00.0, the host bridge, which has 256 bytes of the 4096 (hw/pci-host/gpex.c gpex_root_class_init): words that
 * are not zero at reset. Vendor 1b36, device 0008; class 0600; subsystem 1af4:1100.
 */
const BRIDGE_BYTES = 0x100;
const BRIDGE_WORDS: ReadonlyMap<number, number> = new Map([
  [0x00, 0x0008_1b36],
  [0x08, 0x0600_0000],
  [0x2c, 0x1100_1af4],
]);

/**
 * Where no PCI device is: the windows of VIRT_PCIE_MMIO with VIRT_PCIE_PIO and of VIRT_HIGH_PCIE_MMIO (hw/pci-host/gpex.c
 * allow-unmapped-accesses, unassigned_io_ops), and configuration space but for the host bridge (hw/pci/pcie_host.c
 * pcie_mmcfg_data_read). They read as all ones and take every write.
 */
const NO_PCI_DEVICE: readonly OutsideRange[] = [
  { base: 0x1000_0000, bytes: 0x2f00_0000, ones: true },
  { base: ECAM + BRIDGE_BYTES, bytes: ECAM_BYTES - BRIDGE_BYTES, ones: true },
  { base: 0x80_0000_0000, bytes: 0x80_0000_0000, ones: true },
];

/** Where the board may read as other than zeros. */
export const BOARD_RANGES: readonly OutsideRange[] = [
  ...NO_PCI_DEVICE,
  { base: ECAM, bytes: BRIDGE_BYTES, ones: false },
];

/** Redistributors that fill their low region (VIRT_GIC_REDIST) go on here (VIRT_HIGH_GIC_REDIST2). */
export const HIGH_REDISTRIBUTORS = 0x40_0000_0000;
const LOW_REDISTRIBUTORS_BYTES = 0xf6_0000;

/** PEs whose frames are in the low region. */
export function lowRedistributors(stride: number): number {
  return Math.floor(LOW_REDISTRIBUTORS_BYTES / stride);
}

/** The board's answers. */
export class VirtBoard {
  private readonly flash: number;

  /** @param secure whether the machine has two security states */
  constructor(secure: boolean) {
    this.flash = secure ? NON_SECURE_FLASH : 0;
  }

  /** Whether flash is there for a Non-secure access. */
  private isFlash(address: number, bytes: number): boolean {
    return address >= this.flash && address + bytes <= FLASH_END;
  }

  /**
   * @param bytes 1, 2, 4 or 8. PCI takes none that is not aligned: such an access is no answer.
   * @returns false when nothing answers; `into` is 0 then
   */
  read(address: number, bytes: number, into: Value64): boolean {
    into.lo = 0;
    into.hi = 0;
    if (this.isFlash(address, bytes)) return true;
    if (address % bytes !== 0) return false;
    if (isBridge(address)) {
      const offset = address - ECAM;
      const word = BRIDGE_WORDS.get(offset - (offset % 4)) ?? 0;
      into.lo = bytes >= 4 ? word : (word >>> ((offset % 4) * 8)) & (2 ** (bytes * 8) - 1);
      into.hi = bytes === 8 ? (BRIDGE_WORDS.get(offset + 4) ?? 0) : 0;
      return true;
    }
    if (!hasNoPciDevice(address)) return false;
    into.lo = bytes >= 4 ? 0xffff_ffff : 2 ** (bytes * 8) - 1;
    into.hi = bytes === 8 ? 0xffff_ffff : 0;
    return true;
  }

  /**
   * Whether something takes a write. What is written is lost: flash takes it for a command in QEMU, and the host bridge keeps some
   * bits of it.
   */
  takes(address: number, bytes: number): boolean {
    return address % bytes === 0 && (this.isFlash(address, bytes) || isBridge(address) || hasNoPciDevice(address));
  }
}

function isBridge(address: number): boolean {
  return address >= ECAM && address < ECAM + BRIDGE_BYTES;
}

function hasNoPciDevice(address: number): boolean {
  return NO_PCI_DEVICE.some(({ base, bytes }) => address >= base && address < base + bytes);
}
