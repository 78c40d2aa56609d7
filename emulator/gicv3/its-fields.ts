/** Fields of the ITS's control frame (Arm IHI0069, GITS_*) in the words of 32 bits that all models keep them in. */

/** GITS_BASER<n> registers of the frame. */
export const BASERS = 8;

/** GITS_CTLR.Enabled and Quiescent. */
export const ENABLED = 1;
export const QUIESCENT = 0x8000_0000;

/** Offset of GITS_CWRITER and GITS_CREADR [19:5]. */
export const QUEUE_OFFSET = 0xf_ffe0;

/** GITS_CWRITER.Retry and GITS_CREADR.Stalled. */
export const RETRY = 1;
export const STALLED = 1;

/** GITS_BASER<n>, high word: Valid [63], Indirect [62], Type [58:56], Entry_Size [52:48]. */
export const INDIRECT = 0x4000_0000;
const TYPE_SHIFT = 24;
const ENTRY_SIZE_SHIFT = 16;
const ENTRY_SIZE_MASK = 0x1f;
/** Type and Entry_Size are read-only. */
export const BASER_READ_ONLY_HIGH = (7 << TYPE_SHIFT) | (ENTRY_SIZE_MASK << ENTRY_SIZE_SHIFT);

/** GITS_BASER<n>.Type. */
export const TableType = { device: 1, vpe: 2, collection: 4 } as const;

/** Type and Entry_Size in the high word. @param entryBytes 1 to 32 */
export function baserKind(type: number, entryBytes: number): number {
  return (type << TYPE_SHIFT) | ((entryBytes - 1) << ENTRY_SIZE_SHIFT);
}

/** Bytes of an entry, 1 to 32. */
export function baserEntryBytes(hi: number): number {
  return ((hi >>> ENTRY_SIZE_SHIFT) & ENTRY_SIZE_MASK) + 1;
}

/** Which GITS_BASER<n> is of which table, where tables live in guest memory. */
export const TableIndex = { device: 0, collection: 1, vpe: 2 } as const;
