import type { OutsideRam, OutsideRange } from "../gicv3/lpi-memory.ts";
import type { GuestMemory } from "../memory/guest-memory.ts";
import { BOARD_RANGES, VirtBoard } from "./virt-board.ts";

/** Device accesses that a table outside RAM makes: the registers of the GIC itself lie in the same address space. */
export interface DeviceAccess {
  /** Frames in which bytes can be read. */
  readonly byteFrames: readonly OutsideRange[];
  /** Reads a device register into `memory.lo`, `memory.hi`. @returns false when no device answers, or it is busy with the present access */
  read(address: number, bytes: 1 | 4 | 8): boolean;
  /** @returns false when no device answers, or it is busy with the present access */
  write(address: number, bytes: 1 | 4 | 8, lo: number, hi: number): boolean;
}

/**
 * Memory as QEMU's ITS and redistributors reach it (dma_as). Nearly always it is RAM; a table can lie elsewhere, and then reads of
 * registers, of the board and of nothing have the answers that they have in QEMU.
 */
export class QemuDma implements OutsideRam {
  readonly memory: GuestMemory;
  readonly board: VirtBoard;
  ranges: readonly OutsideRange[] = BOARD_RANGES;
  private device: DeviceAccess | undefined;

  /** @param secure whether the machine has two security states */
  constructor(memory: GuestMemory, secure: boolean) {
    this.memory = memory;
    this.board = new VirtBoard(secure);
  }

  /** Called by the machine, whose bus it is. */
  connect(device: DeviceAccess): void {
    this.device = device;
    this.ranges = [...BOARD_RANGES, ...device.byteFrames];
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

  /** Reads a byte that is not in RAM. */
  read8(address: number): number {
    return this.readElsewhere(address, 1) ? this.memory.lo : 0;
  }

  private readElsewhere(address: number, bytes: 1 | 4 | 8): boolean {
    return this.board.read(address, bytes, this.memory) || (this.device?.read(address, bytes) ?? false);
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

  /** Writes a byte that is not in RAM. */
  write8(address: number, value: number): void {
    this.writeElsewhere(address, 1, value, 0);
  }

  private writeElsewhere(address: number, bytes: 1 | 4 | 8, lo: number, hi: number): boolean {
    return this.board.takes(address, bytes) || (this.device?.write(address, bytes, lo, hi) ?? false);
  }
}
