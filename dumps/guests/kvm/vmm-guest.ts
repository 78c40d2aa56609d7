import { defaultBases } from "../../../architecture/bases.ts";
import type { ByteStore } from "../../byte-store.ts";
import { FileMemory } from "../file-memory.ts";
import { FileRuns } from "../file-runs.ts";
import type { GuestBlock, GuestRegisters, Remarks, SavedGuest } from "../guest.ts";
import type { ListedRegisters } from "./register-lists.ts";

const PAGE = 4096;

/** A range of a guest's RAM; their bytes are one behind the other in the file with the memory. */
export interface MemoryRange {
  readonly address: number;
  readonly bytes: number;
}

/** What the state of a VMM over KVM says of a GICv3. */
export interface VmmGic {
  readonly distributor: ListedRegisters;
  readonly redistributors: readonly ListedRegisters[];
  readonly cpuInterfaces: readonly GuestRegisters[];
  /** Undefined without an ITS. */
  readonly its: GuestRegisters | undefined;
}

/** Ranges of a guest at most. */
export const MAX_RANGES = 4096;

/**
 * A guest of a VMM over KVM.
 * @param memory the file with the memory; undefined when it is not at hand
 */
export function vmmGuest(
  title: string,
  { distributor, redistributors, cpuInterfaces, its }: VmmGic,
  ranges: readonly MemoryRange[],
  memory: ByteStore | undefined,
  remarks: Remarks,
  notes: Remarks,
): SavedGuest {
  const runs = new FileRuns(PAGE);
  const blocks: GuestBlock[] = [];
  let offset = 0;
  for (const [index, { address, bytes }] of ranges.slice(0, MAX_RANGES).entries()) {
    blocks.push({ name: `range ${index}`, bytes, address });
    const held = Math.max(0, Math.min(bytes, (memory?.length ?? 0) - offset));
    runs.addPlain(address, address + held, offset);
    if (memory !== undefined && held < bytes)
      remarks.add("short-memory", undefined, { name: `range ${index}`, bytes, held });
    offset += bytes;
  }
  if (memory === undefined && ranges.length > 0) notes.add("no-memory");
  notes.add("assumed", undefined, { what: "frames" });
  return {
    title,
    machine: undefined,
    owner: "kvm",
    gicVersion: redistributors.length === 0 ? undefined : 3,
    secure: false,
    nmi: false,
    layout: "kvm-rev0",
    distributor: distributor.registers,
    redistributors: redistributors.map(({ registers }) => registers),
    cpuInterfaces,
    contexts: [],
    itss: its === undefined ? [] : [{ base: defaultBases.its, registers: its }],
    writes: [...distributor.writes, ...redistributors.flatMap(({ writes }) => writes)],
    blocks,
    memory: memory === undefined ? new FileMemory(EMPTY, runs.settled()) : new FileMemory(memory, runs.settled()),
    problems: remarks.list(),
    notes: notes.list(),
  };
}

const EMPTY: ByteStore = new Uint8Array();
