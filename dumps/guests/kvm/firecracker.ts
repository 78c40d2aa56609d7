import { MAX_PES } from "../../../architecture/bases.ts";
import type { ByteStore } from "../../byte-store.ts";
import { type GuestRegisters, Remarks, type SavedGuest } from "../guest.ts";
import {
  DISTRIBUTOR_KINDS,
  INTERFACE_REGISTERS,
  type ListedRegisters,
  listedRegisters,
  REDISTRIBUTOR_LISTS,
  type WordList,
} from "./register-lists.ts";
import { type DebugValue, parseDebug } from "./rust-debug.ts";
import { MAX_RANGES, type MemoryRange, vmmGuest } from "./vmm-guest.ts";

const ROOT = "MicrovmState {";
/** Lists of a distributor: CTLR, then as cloud-hypervisor has them. */
const DISTRIBUTOR = ["CTLR", ...DISTRIBUTOR_KINDS];
const PRIVATE_INTIDS = 32;

/** Whether a text is what `snapshot-editor info-vmstate vm-state` prints. */
export function isFirecracker(head: string): boolean {
  return head.includes(ROOT);
}

/**
 * Reads the state of a Firecracker guest, as its snapshot-editor prints it.
 * @param memory the file with the guest's memory
 * @returns a sentence when there is no such guest
 */
export function readFirecracker(text: string, memory: ByteStore | undefined): SavedGuest | string {
  const tree = parseDebug(text, text.indexOf(ROOT));
  if ("reason" in tree) return `Line ${tree.line}: ${tree.reason}.`;
  const state = field(tree, "vm_state");
  const gic = field(state, "gic");
  if (gic === undefined) return "It has no vm_state.gic.";
  const remarks = new Remarks();
  const notes = new Remarks();
  const taken = new Set(["vm_state"]);
  const others = tree.kind === "struct" ? [...tree.fields.keys()].filter((name) => !taken.has(name)) : [];
  if (others.length > 0) notes.add("not-taken", undefined, { what: "fields", names: others.join(", ") });
  const cpus = listOf(field(gic, "gic_vcpu_states"));
  if (cpus.length > MAX_PES) remarks.add("too-many", undefined, { what: "vCPUs", count: MAX_PES });
  return vmmGuest(
    "Firecracker snapshot",
    {
      distributor: distributorOf(gic, remarks),
      redistributors: cpus.slice(0, MAX_PES).map((cpu, pe) => redistributorOf(cpu, pe, remarks)),
      cpuInterfaces: cpus.slice(0, MAX_PES).map((cpu) => interfaceOf(field(cpu, "icc"), remarks)),
      its: itsOf(field(gic, "its_state")),
    },
    rangesOf(field(state, "memory")),
    memory,
    remarks,
    notes,
  );
}

/** A field of a structure, through `Some(…)`; undefined for `None` and what is not there. */
function field(value: DebugValue | undefined, name: string): DebugValue | undefined {
  const found = value?.kind === "struct" ? value.fields.get(name) : undefined;
  return unwrapped(found);
}

function unwrapped(value: DebugValue | undefined): DebugValue | undefined {
  if (value?.kind === "tuple" && value.items.length === 1) return unwrapped(value.items[0]);
  return value?.kind === "word" && value.text === "None" ? undefined : value;
}

function listOf(value: DebugValue | undefined): readonly DebugValue[] {
  return value?.kind === "list" ? value.items : [];
}

function numberOf(value: DebugValue | undefined): bigint | undefined {
  if (value?.kind !== "word" || !/^(?:0x[0-9a-fA-F]{1,16}|\d{1,20})$/.test(value.text)) return undefined;
  const number = BigInt(value.text);
  return number >> 64n === 0n ? number : undefined;
}

/** The numbers of a register list, `GicRegState { chunks: [ … ] }`. */
function chunksOf(value: DebugValue | undefined, limit: bigint): bigint[] | undefined {
  const numbers = listOf(field(unwrapped(value), "chunks")).map(numberOf);
  return numbers.every((number) => number !== undefined && number < limit) ? (numbers as bigint[]) : undefined;
}

const WORD = 1n << 32n;

function wordLists(
  value: DebugValue | undefined,
  kinds: readonly string[],
  name: string,
  remarks: Remarks,
): WordList[] {
  const lists = listOf(value);
  if (lists.length !== kinds.length)
    remarks.add("wrong-count", undefined, { name, count: lists.length, expected: kinds.length });
  return kinds.flatMap((kind, index): WordList[] => {
    if (index >= lists.length) return [];
    const words = chunksOf(lists[index], WORD);
    if (words !== undefined) return [{ kind, words }];
    remarks.add("missing-field", undefined, { name: `${name}[${index}].chunks` });
    return [];
  });
}

function distributorOf(gic: DebugValue, remarks: Remarks): ListedRegisters {
  return listedRegisters("GICD", "GICD", PRIVATE_INTIDS, wordLists(field(gic, "dist"), DISTRIBUTOR, "dist", remarks));
}

function redistributorOf(cpu: DebugValue, pe: number, remarks: Remarks): ListedRegisters {
  const kinds = REDISTRIBUTOR_LISTS.map(([kind]) => kind);
  return listedRegisters("GICR", `PE ${pe}`, 0, wordLists(field(cpu, "rdist"), kinds, `rdist of vCPU ${pe}`, remarks));
}

function interfaceOf(icc: DebugValue | undefined, remarks: Remarks): GuestRegisters {
  const values = new Map<string, bigint>();
  const take = (list: DebugValue | undefined, names: readonly string[]): void => {
    for (const [index, value] of listOf(list).entries()) {
      const present = unwrapped(value);
      if (index >= names.length || present === undefined) continue;
      const [number] = chunksOf(present, 1n << 64n) ?? [];
      if (number === undefined) remarks.add("missing-field", undefined, { name: `icc ${names[index]}` });
      else values.set(names[index], number);
    }
  };
  take(field(icc, "main_icc_regs"), INTERFACE_REGISTERS);
  const active = [0, 1].flatMap((group) => [0, 1, 2, 3].map((word) => `ICC_AP${group}R${word}_EL1`));
  take(field(icc, "ap_icc_regs"), active);
  return values;
}

function itsOf(its: DebugValue | undefined): GuestRegisters | undefined {
  if (its === undefined) return undefined;
  const values = new Map<string, bigint>();
  for (const name of ["iidr", "cbaser", "creadr", "cwriter"]) {
    const value = numberOf(field(its, name));
    if (value !== undefined) values.set(`GITS_${name.toUpperCase()}`, value);
  }
  for (const [index, baser] of listOf(field(its, "baser")).slice(0, 8).entries()) {
    const value = numberOf(baser);
    if (value !== undefined) values.set(`GITS_BASER${index}`, value);
  }
  const control = numberOf(field(its, "ctlr"));
  if (control !== undefined) values.set("GITS_CTLR", control);
  return values;
}

function rangesOf(memory: DebugValue | undefined): MemoryRange[] {
  return listOf(field(memory, "regions"))
    .slice(0, MAX_RANGES)
    .flatMap((region): MemoryRange[] => {
      const [address, bytes] = [numberOf(field(region, "base_address")), numberOf(field(region, "size"))];
      const isSound = address !== undefined && bytes !== undefined && address + bytes < 2n ** 52n;
      return isSound ? [{ address: Number(address), bytes: Number(bytes) }] : [];
    });
}
