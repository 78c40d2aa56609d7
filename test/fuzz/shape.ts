import { defaultBases } from "../../architecture/index.ts";

/** What a case's machine is. QEMU's `virt` with 1 GiB of RAM, virtualization on. */
export interface Shape {
  readonly gicVersion: 3 | 4;
  /** PEs. */
  readonly cpus: number;
  /** Two security states; accesses are Non-secure. */
  readonly secure: boolean;
}

export const GICD = defaultBases.gicd;
export const GITS = defaultBases.its;
export const GITS_TRANSLATER = GITS + 0x1_0040;

/** Address of a PE's redistributor frames. */
export function gicr(shape: Shape, pe: number): number {
  return defaultBases.gicr + pe * redistributorBytes(shape);
}

/** Bytes from one PE's redistributor to the next. */
export function redistributorBytes(shape: Shape): number {
  return shape.gicVersion === 4 ? defaultBases.gicrStrideV4 : defaultBases.gicrStride;
}

export const GitsOffset = {
  ctlr: 0,
  iidr: 4,
  typer: 8,
  cbaser: 0x80,
  cwriter: 0x88,
  creadr: 0x90,
  baser: 0x100,
} as const;

export const GicrOffset = {
  ctlr: 0,
  iidr: 4,
  typer: 8,
  waker: 0x14,
  propbaser: 0x70,
  pendbaser: 0x78,
  sgiFrame: 0x1_0000,
  vpropbaser: 0x2_0070,
  vpendbaser: 0x2_0078,
} as const;

/**
 * Memory that a case uses, and that is compared after every batch. All of it is close together so that reading it costs little. What
 * stands where is only where the generator puts it: wrong commands and edits let things overlap.
 */
export const arena = {
  base: 0x5000_0000,
  bytes: 0x2c_0000,
  queues: [0x5000_0000, 0x5001_0000],
  deviceTables: [0x5002_0000, 0x5003_0000],
  collectionTables: [0x5004_0000, 0x5005_0000],
  vpeTables: [0x5006_0000, 0x5007_0000],
  /** Level 2 pages of two-level tables, 64 KiB apart. */
  level2: [0x5008_0000, 0x5009_0000, 0x500a_0000, 0x500b_0000],
  propertyTables: [0x500c_0000, 0x500d_0000],
  /** One a PE, 64 KiB apart; five of them. */
  pendingTables: 0x500e_0000,
  virtualPropertyTables: [0x5013_0000, 0x5014_0000],
  /** One a vPE, 64 KiB apart; eight of them. */
  virtualPendingTables: 0x5015_0000,
  /** One a device, 4 KiB apart. */
  itts: 0x5024_0000,
  ittBytes: 0x1000,
} as const;

/** The last 64 KiB of RAM: tables that begin in RAM and end outside. */
export const ramEnd = { base: 0x7fff_0000, bytes: 0x1_0000 } as const;

/** Memory that is compared. */
export const comparedMemory: readonly { readonly base: number; readonly bytes: number }[] = [arena, ramEnd];

export function inComparedMemory(address: number, bytes: number): boolean {
  return comparedMemory.some((range) => address >= range.base && address + bytes <= range.base + range.bytes);
}
