import { defaultBases } from "../../../architecture/index.ts";

const { ram } = defaultBases;

/** RAM of a guest in bytes: small, because every digest of a machine reads all of it. */
export const RAM_BYTES = 0x10_0000;

/** Where things of a guest are meant to be. ITS 1 has its own queue and tables. */
export const arena = {
  ram,
  queues: [ram, ram + 0x1000],
  queueBytes: 0x1000,
  collectionTables: [ram + 0x1_0000, ram + 0x8_0000],
  properties: ram + 0x2_0000,
  /** 64 KiB a PE; those of PEs from 4 on are shared. */
  pendingTables: ram + 0x3_0000,
  pendingCount: 4,
  deviceTables: [ram + 0xa_0000, ram + 0x9_0000],
  level2: [ram + 0x7_0000, ram + 0xb_0000],
  /** 4 KiB a device. */
  itts: ram + 0xc_0000,
  ittCount: 64,
} as const;

/** Frames of the machines that streams boot. The second ITS is beyond all redistributors. */
export const frames = {
  gicd: defaultBases.gicd,
  gicc: defaultBases.gicc,
  gicr: defaultBases.gicr,
  gicrStride: defaultBases.gicrStride,
  itss: [defaultBases.its, 0x0900_0000],
} as const;

/** Few IDs, so that a step meets what steps before it made. */
export const near = {
  devices: [0, 1, 2, 5],
  events: [0, 1, 2, 3],
  collections: [0, 1, 2],
  lpis: [8192, 8193, 8194, 8195, 8200, 8207],
} as const;

/** More of them, out of range among them. */
export const ids = {
  devices: [0, 1, 2, 2, 2, 5, 100, 4095, 8191, 8200, 65536],
  events: [0, 1, 2, 3, 3, 4, 5, 7, 8, 15, 31, 32, 0xffff_ffff],
  collections: [0, 1, 2, 3, 7, 100, 8191, 8192, 65535],
  lpis: [8192, 8193, 8194, 8195, 8200, 8207, 8223, 16383, 16384, 8191, 0, 1023, 0xffff_ffff],
} as const;
