import type { EntryReader } from "./entry-reader.ts";
import type { CaptureFacts, TablePlace } from "./facts.ts";

/** The PE that an RDbase names: its number, or with GITS_TYPER.PTA its redistributor's address in units of 64 KiB. */
export function peOfTarget(target: number, facts: CaptureFacts): number {
  if (facts.targetsAreAddresses !== true) return target;
  for (const [pe, { address }] of facts.redistributors) if (address === target * 0x10000) return pe;
  return target;
}

/** PEs by ICID of a table that is a list, as KVM's: it ends at the first invalid entry. */
export interface PackedTargets {
  readonly targets: ReadonlyMap<number, number>;
  /** Valid entries by ICID, those without a PE among them. */
  readonly entries: ReadonlyMap<number, { readonly address: number; readonly word: bigint }>;
  /** Address of the first entry that is not in the capture, where the list goes on there. */
  readonly unknownFrom: number | undefined;
}

export function packedTargets(table: TablePlace, reader: EntryReader, facts: CaptureFacts): PackedTargets {
  const targets = new Map<number, number>();
  const entries = new Map<number, { address: number; word: bigint }>();
  for (let address = table.address; ; address += reader.layout.bytes) {
    const entry = reader.read(address);
    if (entry === undefined) return { targets, entries, unknownFrom: address };
    if (!reader.isValid(entry)) return { targets, entries, unknownFrom: undefined };
    const icid = reader.field(entry, "icid") ?? 0;
    entries.set(icid, { address, word: entry });
    // A collection without a PE stands in the list, too.
    if (reader.isNamed(entry, "target")) continue;
    targets.set(icid, peOfTarget(reader.field(entry, "target") ?? 0, facts));
  }
}
