/** Entries of an ITS's tables. */
export type EntryKind = "device" | "event" | "collection" | "vpe";

/** Told of the entries that an ITS reads and writes, as QEMU's trace events are (hw/intc/trace-events gicv3_its_dte_read and others). */
export interface EntryObserver {
  /** An entry was read. @param ittAddress of an event's table, in bytes @param top third word, of an event's entry only */
  entryRead(kind: EntryKind, id: number, ittAddress: number, lo: number, hi: number, top: number): void;
  /** An entry could not be read (`fault`), or its level-2 page does not exist. */
  entryMissing(kind: EntryKind, id: number, ittAddress: number, fault: boolean): void;
  /** An entry is about to be written; an entry that is not valid is all zeros. */
  entryWritten(kind: EntryKind, id: number, ittAddress: number, lo: number, hi: number, top: number): void;
}

/** Told of what goes on inside a QEMU machine, in the order in which QEMU's own trace tells it. */
export interface QemuObserver extends EntryObserver {
  /** A CPU interface was told of its highest priority pending interrupt (gicv3_cpuif_update). */
  priority(pe: number, intid: number, group: number, priority: number): void;
  /** A redistributor accepted an SGI (gicv3_redist_send_sgi). */
  sgi(pe: number, intid: number): void;
  /** An ITS is about to carry out the command at a byte offset of its queue. */
  command(its: number, queueOffset: number): void;
}
