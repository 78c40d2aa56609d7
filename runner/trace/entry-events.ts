import {
  type CommandWords,
  decodeCommand,
  type EntryLayout,
  extractMeaning,
  extractRaw,
  type Field,
  layoutField,
  layouts,
} from "../../architecture/index.ts";
import { producedEvent, type TraceEvent } from "../../dumps/qemu-trace/event.ts";
import type { EntryKind } from "../../emulator/index.ts";

const layoutOf: Readonly<Record<EntryKind, EntryLayout | undefined>> = {
  device: layouts.qemu.entries.device,
  event: layouts.qemu.entries.itt,
  collection: layouts.qemu.entries.collection,
  vpe: layouts.qemu.entries.vpe,
};

/** The words of an entry of a table as an ITS reads or writes it; third word 0 but for events. */
export interface EntryWords {
  readonly kind: EntryKind;
  /** DeviceID, EventID, ICID or vPEID. */
  readonly id: number;
  /** In bytes, of an event's table. */
  readonly ittAddress: number;
  readonly words: bigint;
}

/** A field of an entry in QEMU's layout. */
function declared({ kind }: EntryWords, name: string): Field {
  const layout = layoutOf[kind];
  const field = layout && layoutField(layout, name);
  if (field === undefined) throw new Error(`the qemu layout has no ${kind} field ${name}`);
  return field;
}

function raw(entry: EntryWords, name: string): bigint {
  return extractRaw(entry.words, declared(entry, name));
}

/** Line of an entry that was read. */
export function readEvent(entry: EntryWords): TraceEvent {
  const { kind, id } = entry;
  const field = (name: string) => raw(entry, name);
  if (kind === "event") return eventEntry("gicv3_its_ite_read", entry);
  const valid = field("V");
  if (kind === "device") {
    // Lines of reads have the ITT's address whole, lines of writes and commands in the units of the field.
    const itt = extractMeaning(entry.words, declared(entry, "ITT_addr"));
    return producedEvent("gicv3_its_dte_read", id, valid, field("Size"), itt);
  }
  if (kind === "collection") return producedEvent("gicv3_its_cte_read", id, valid, field("RDbase"));
  return producedEvent("gicv3_its_vte_read", id, valid, field("VPT_size"), field("VPT_addr"), field("RDbase"));
}

/** Line of an entry that could not be read. */
export function faultEvent(kind: EntryKind, id: number, ittAddress: number): TraceEvent {
  if (kind === "event") return producedEvent("gicv3_its_ite_read_fault", ittAddress, id);
  const name = { device: "dte", collection: "cte", vpe: "vte" }[kind];
  return producedEvent(`gicv3_its_${name}_read_fault`, id);
}

/**
 * Line of an entry that is written. QEMU prints what the command said, even of an entry that it then clears.
 * @param command that writes it
 */
export function writeEvent(entry: EntryWords, command: CommandWords): TraceEvent {
  const { kind, id, words } = entry;
  if (kind === "event") return eventEntry("gicv3_its_ite_write", entry);
  const field = (name: string) => (words === 0n ? argument(command, name) : raw(entry, name));
  const valid = raw(entry, "V");
  if (kind === "device") return producedEvent("gicv3_its_dte_write", id, valid, field("Size"), field("ITT_addr"));
  if (kind === "collection") return producedEvent("gicv3_its_cte_write", id, valid, raw(entry, "RDbase"));
  return producedEvent("gicv3_its_vte_write", id, valid, field("VPT_size"), field("VPT_addr"), field("RDbase"));
}

function eventEntry(name: string, entry: EntryWords): TraceEvent {
  const values = ["V", "type", "INTID", "ICID", "vPEID", "doorbell"].map((field) => raw(entry, field));
  return producedEvent(name, entry.ittAddress, entry.id, ...values);
}

function argument(command: CommandWords, name: string): bigint {
  return decodeCommand(command).values.find(({ field }) => field.name === name)?.raw ?? 0n;
}
