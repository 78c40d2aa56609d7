import type { GuestMemory } from "../memory/guest-memory.ts";

/** Device accesses that a table outside RAM makes: the registers of the GIC itself lie in the same address space. */
export interface DeviceAccess {
  /** Reads a device register into `memory.lo`, `memory.hi`. @returns false when no device answers, or it is busy with the present access */
  read(address: number, bytes: 4 | 8): boolean;
  /** @returns false when no device answers, or it is busy with the present access */
  write(address: number, bytes: 4 | 8, lo: number, hi: number): boolean;
}

/** The two flash banks of the `virt` machine, [0, 128 MiB): without images they read as zero (QEMU hw/arm/virt.c VIRT_FLASH). */
const FLASH_END = 0x0800_0000;
/** With two security states the first bank is in Secure memory alone, which an ITS does not see (virt_flash_map). */
const NON_SECURE_FLASH = 0x0400_0000;

/**
 * PCI windows of the `virt` machine where no device is: they read as all ones and take every write (QEMU hw/arm/virt.c base_memmap
 * VIRT_PCIE_MMIO with VIRT_PCIE_PIO, extended_memmap VIRT_HIGH_PCIE_MMIO; hw/pci-host/gpex.c allow-unmapped-accesses).
 */
const PCI_WINDOWS = [
  { from: 0x1000_0000, to: 0x3f00_0000 },
  { from: 0x80_0000_0000, to: 0x100_0000_0000 },
] as const;

/** Whether an aligned access reaches a PCI window. Others are refused as devices refuse them. */
function isPci(address: number, bytes: number): boolean {
  return address % bytes === 0 && PCI_WINDOWS.some(({ from, to }) => address >= from && address < to);
}

/**
 * Memory as QEMU's ITS reaches it. Nearly always it is RAM; a table can lie elsewhere, and then reads of registers, of flash and of
 * nothing have the answers that they have in QEMU.
 */
export class QemuDma {
  readonly memory: GuestMemory;
  /** Set by the machine, whose bus it is. */
  device: DeviceAccess | undefined;

  private readonly flash: number;

  /** @param secure whether the machine has two security states */
  constructor(memory: GuestMemory, secure: boolean) {
    this.memory = memory;
    this.flash = secure ? NON_SECURE_FLASH : 0;
  }

  /** Whether flash is there for a Non-secure access. */
  isFlash(address: number, bytes: number): boolean {
    return address >= this.flash && address + bytes <= FLASH_END;
  }

  /** Reads 8 bytes into `memory.lo`, `memory.hi`. @returns false on a bus error; both are 0 then */
  read64(address: number): boolean {
    return this.memory.read64(address) || this.readElsewhere(address, 8);
  }

  /** Reads 4 bytes into `memory.lo`. @returns false on a bus error; it is 0 then */
  read32(address: number): boolean {
    const bytes = this.memory.readBytes(address, 4);
    if (bytes === undefined) return this.readElsewhere(address, 4);
    this.memory.lo = (bytes[0] | (bytes[1] << 8) | (bytes[2] << 16) | (bytes[3] << 24)) >>> 0;
    return true;
  }

  private readElsewhere(address: number, bytes: 4 | 8): boolean {
    this.memory.lo = 0;
    this.memory.hi = 0;
    if (this.isFlash(address, bytes)) return true;
    if (isPci(address, bytes)) {
      this.memory.lo = 0xffff_ffff;
      this.memory.hi = bytes === 8 ? 0xffff_ffff : 0;
      return true;
    }
    return this.device?.read(address, bytes) ?? false;
  }

  /** @returns false on a bus error */
  write64(address: number, lo: number, hi: number): boolean {
    return this.memory.write64(address, lo, hi) || this.writeElsewhere(address, 8, lo, hi);
  }

  /** @returns false on a bus error */
  write32(address: number, value: number): boolean {
    const bytes = new Uint8Array([value, value >>> 8, value >>> 16, value >>> 24]);
    return this.memory.writeBytes(address, bytes) || this.writeElsewhere(address, 4, value, 0);
  }

  private writeElsewhere(address: number, bytes: 4 | 8, lo: number, hi: number): boolean {
    // What is written to flash is lost here; QEMU's flash takes it as a command.
    if (this.isFlash(address, bytes)) return address % bytes === 0;
    return isPci(address, bytes) || (this.device?.write(address, bytes, lo, hi) ?? false);
  }
}
