/**
 * Layout of the tables that SAVE_TABLES writes: one revision of KVM's table ABI (GITS_IIDR.Revision, Linux vgic-its.c
 * `struct vgic_its_abi`). An entry's first 8 bytes are the same in all; what a wider one has behind them is zero.
 */
export interface KvmTableAbi {
  /** GITS_IIDR.Revision, 0..15. */
  readonly revision: number;
  /** Bytes of an entry of the device table, of an ITT and of the collection table: 8 or 16. */
  readonly dteBytes: number;
  readonly iteBytes: number;
  readonly cteBytes: number;
  /** Bytes of an entry of the vPE table, which is that of GITS_BASER2; 0 = there is none. No guest of KVM has vPEs: the table is empty. */
  readonly vpteBytes: 0 | 8;
}

/** 8-byte entries: the only layout that there has been. */
export function narrowTables(revision: number): KvmTableAbi {
  return { revision, dteBytes: 8, iteBytes: 8, cteBytes: 8, vpteBytes: 0 };
}

/** A made-up layout with room for vLPIs: 16-byte ITEs and a vPE table, as the review of the ABI revision imagined them. */
export function wideItes(revision: number): KvmTableAbi {
  return { revision, dteBytes: 8, iteBytes: 16, cteBytes: 8, vpteBytes: 8 };
}

/** A made-up layout whose level-2 page of the device table holds half as many devices. */
export function wideDtes(revision: number): KvmTableAbi {
  return { revision, dteBytes: 16, iteBytes: 16, cteBytes: 8, vpteBytes: 8 };
}
