import { baserEntryBytes, INDIRECT } from "../gicv3/its-fields.ts";
import { TableRange } from "../gicv3/table-range.ts";
import { toNumber } from "../memory/guest-memory.ts";
import type { QemuDma } from "./dma.ts";
import { LEVEL1_BYTES, level1Address, level1IsValid } from "./table-layout.ts";

/** {@link ItsTable.address} of an entry whose level-2 page does not exist. */
export const ABSENT = -1;
/** {@link ItsTable.address} of an entry whose level-1 entry could not be read. */
export const FAULT = -2;

const PAGE_BYTES = [0x1000, 0x4000, 0x10000, 0x10000];
/** DeviceIDs, ICIDs and vPEIDs have 16 bits. */
const MAX_ENTRIES = 65536;
/** GITS_BASER<n>.Valid, in the high word. */
const VALID = 0x8000_0000;

/**
 * One table of an ITS as GITS_BASER<n> described it when the ITS was last enabled. The entries stay in guest memory; only where they
 * are is kept here.
 */
export class ItsTable {
  /** Entries 0..entries-1 have a place; 0 while the table is not valid. */
  entries = 0;
  /** A flat table that is in RAM. */
  readonly range = new TableRange();
  private base = 0;
  private entryBytes = 0;
  private indirect = false;
  /** Entries of a level-2 page, and level-1 entries of as many bytes as a page has. */
  private perPage = 1;
  private level1PerPage = 1;
  private readonly dma: QemuDma;

  constructor(dma: QemuDma) {
    this.dma = dma;
  }

  /** Takes the table from a GITS_BASER<n> (arm_gicv3_its.c extract_table_params). */
  describe(lo: number, hi: number): void {
    const pageBytes = PAGE_BYTES[(lo >>> 8) & 3];
    const pages = (lo & 0xff) + 1;
    this.entryBytes = baserEntryBytes(hi);
    this.indirect = (hi & INDIRECT) !== 0;
    this.perPage = Math.floor(pageBytes / this.entryBytes);
    this.level1PerPage = pageBytes / LEVEL1_BYTES;
    this.base =
      pageBytes === 0x10000
        ? toNumber(lo & 0xffff_0000, (hi & 0xffff) | (((lo >>> 12) & 0xf) << 16))
        : toNumber(lo & 0xffff_f000, hi & 0xffff);
    const inLevel1 = (pages * pageBytes) / LEVEL1_BYTES;
    // 32-bit arithmetic as in QEMU: a two-level table of a multiple of 64 pages of 64 KiB has no entries.
    const entries = this.indirect
      ? Math.imul(inLevel1, this.perPage) >>> 0
      : Math.floor((pages * pageBytes) / this.entryBytes);
    this.entries = hi >>> 0 >= VALID ? Math.min(entries, MAX_ENTRIES) : 0;
    this.range.place(this.dma.memory, this.base, this.indirect ? 0 : this.entries * this.entryBytes);
  }

  /** Address of an entry; {@link ABSENT} or {@link FAULT} when it has none. @param index below {@link entries} */
  address(index: number): number {
    return this.indirect ? this.indirectAddress(index) : this.base + index * this.entryBytes;
  }

  private indirectAddress(index: number): number {
    const { dma } = this;
    const page = Math.floor(index / this.level1PerPage);
    if (!dma.read64(this.base + page * LEVEL1_BYTES)) return FAULT;
    const { lo, hi } = dma.memory;
    if (!level1IsValid(hi)) return ABSENT;
    return level1Address(lo, hi) + (index % this.perPage) * this.entryBytes;
  }
}
