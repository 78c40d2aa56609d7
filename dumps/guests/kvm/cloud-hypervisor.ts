import { MAX_PES } from "../../../architecture/bases.ts";
import type { ByteStore } from "../../byte-store.ts";
import { type GuestRegisters, Remarks, type SavedGuest } from "../guest.ts";
import { isObject, type Json, numberOf, parseExact, wordOf, wordsOf } from "./exact-json.ts";
import {
  activeWords,
  DISTRIBUTOR_KINDS,
  INTERFACE_REGISTERS,
  type ListedRegisters,
  listedRegisters,
  REDISTRIBUTOR_LISTS,
  WORDS_OF_32,
  type WordList,
} from "./register-lists.ts";
import { MAX_RANGES, type MemoryRange, vmmGuest } from "./vmm-guest.ts";

/** Nodes of the tree of snapshots at most, and how deep it may be. */
const MAX_NODES = 65_536;
const MAX_DEPTH = 32;
const MAX_WORDS = 1 << 20;
/** Words of a vCPU before those that are by INTID, which follow for all vCPUs in turn. */
const CONTROL_LISTS = 5;
const CONTROL_WORDS = 7;
const INTID_WORDS = 17;
const PRIVATE_INTIDS = 32;

/** Whether a text is the `state.json` of a snapshot of cloud-hypervisor (vm-migration's Snapshot). */
export function isCloudHypervisor(head: string): boolean {
  return /^\s*\{\s*"(?:snapshots|snapshot_data)"\s*:/.test(head);
}

/**
 * Reads the `state.json` of a snapshot: the node `gic-v3-its` wherever it is in the tree, and the ranges of `memory-manager`.
 * @param memory the file `memory-ranges` beside it
 * @returns a sentence when there is no such guest
 */
export function readCloudHypervisor(text: string, memory: ByteStore | undefined): SavedGuest | string {
  const tree = parseExact(text);
  if (!isObject(tree)) return "It is no JSON object.";
  const nodes = new Map<string, Json>();
  const paths: string[] = [];
  collect(tree, [], nodes, paths);
  const remarks = new Remarks();
  const notes = new Remarks();
  const state = nodes.get("gic-v3-its");
  if (state === undefined) return 'It has no "gic-v3-its", the GIC of a guest on KVM.';
  const gic = isObject(state.Kvm) ? state.Kvm : state;
  if (isObject(state.MshvGicV2M))
    return "It is a guest of Microsoft's hypervisor, which saves no registers of the GIC.";
  const others = paths.filter((path) => !/(?:^|\/)(?:gic-v3-its|memory-manager)$/.test(path));
  if (others.length > 0) notes.add("not-taken", undefined, { what: "snapshots", names: others.join(", ") });
  const redistributors = redistributorsOf(listOf(gic, "rdist", remarks), remarks);
  return vmmGuest(
    "cloud-hypervisor snapshot",
    {
      distributor: distributorOf(gic, remarks),
      redistributors,
      cpuInterfaces: interfacesOf(listOf(gic, "icc", remarks), redistributors.length, remarks),
      its: itsOf(gic),
    },
    rangesOf(nodes.get("memory-manager")),
    memory,
    remarks,
    notes,
  );
}

/** The states of all nodes by id, and their paths; the first one of an id counts. */
function collect(node: Json, above: readonly string[], nodes: Map<string, Json>, paths: string[]): void {
  const { snapshots } = node;
  if (above.length > MAX_DEPTH || !isObject(snapshots)) return;
  for (const [id, child] of Object.entries(snapshots)) {
    if (!isObject(child) || paths.length >= MAX_NODES) continue;
    const path = [...above, id];
    const data = isObject(child.snapshot_data) ? child.snapshot_data.state : undefined;
    const state = typeof data === "string" ? parseExact(data) : data;
    if (isObject(state)) paths.push(path.join("/"));
    if (isObject(state) && !nodes.has(id)) nodes.set(id, state);
    collect(child, path, nodes, paths);
  }
}

function listOf(gic: Json, name: string, remarks: Remarks): readonly bigint[] {
  const words = wordsOf(gic[name], MAX_WORDS);
  if (words === undefined) remarks.add("missing-field", undefined, { name: `gic-v3-its.${name}` });
  return words ?? [];
}

function distributorOf(gic: Json, remarks: Remarks): ListedRegisters {
  const words = listOf(gic, "dist", remarks);
  /** Words of each 32 INTIDs. */
  const each = Object.values(WORDS_OF_32).reduce((sum, count) => sum + count, 0);
  const groups = Math.floor((words.length - 1) / each);
  if (words.length !== 1 + groups * each && words.length > 0)
    remarks.add("wrong-count", undefined, {
      name: "dist",
      count: words.length,
      expected: 1 + Math.max(0, groups) * each,
    });
  const lists: WordList[] = [];
  const control = wordOf(gic.gicd_ctlr);
  if (control === undefined) remarks.add("missing-field", undefined, { name: "gic-v3-its.gicd_ctlr" });
  else lists.push({ kind: "CTLR", words: [control] });
  let at = 0;
  for (const kind of DISTRIBUTOR_KINDS) {
    const count = kind === "STATUSR" ? 1 : groups * WORDS_OF_32[kind];
    lists.push({ kind, words: words.slice(at, at + count) });
    at += count;
  }
  return listedRegisters("GICD", "GICD", PRIVATE_INTIDS, lists);
}

function redistributorsOf(words: readonly bigint[], remarks: Remarks): ListedRegisters[] {
  const each = CONTROL_WORDS + INTID_WORDS;
  const cpus = Math.min(Math.floor(words.length / each), MAX_PES);
  if (words.length !== cpus * each)
    remarks.add("wrong-count", undefined, {
      name: "rdist",
      count: words.length,
      expected: cpus * each,
    });
  return Array.from({ length: cpus }, (_, pe) => {
    let at = pe * CONTROL_WORDS;
    const lists = REDISTRIBUTOR_LISTS.map(([kind, count], index): WordList => {
      if (index === CONTROL_LISTS) at = cpus * CONTROL_WORDS + pe * INTID_WORDS;
      const list = { kind, words: words.slice(at, at + count) };
      at += count;
      return list;
    });
    return listedRegisters("GICR", `PE ${pe}`, 0, lists);
  });
}

function interfacesOf(words: readonly bigint[], cpus: number, remarks: Remarks): GuestRegisters[] {
  let at = 0;
  const found = Array.from({ length: cpus }, () => {
    const values = new Map<string, bigint>();
    for (const name of INTERFACE_REGISTERS) {
      if (at < words.length) values.set(name, words[at]);
      at++;
    }
    const count = activeWords(values.get("ICC_CTLR_EL1") ?? 0n);
    for (const group of [0, 1]) {
      for (let word = 0; word < count; word++, at++)
        if (at < words.length) values.set(`ICC_AP${group}R${word}_EL1`, words[at]);
    }
    return values;
  });
  if (at !== words.length) remarks.add("wrong-count", undefined, { name: "icc", count: words.length, expected: at });
  return found;
}

function itsOf(gic: Json): GuestRegisters | undefined {
  const values = new Map<string, bigint>();
  for (const name of ["iidr", "cbaser", "creadr", "cwriter"]) {
    const value = numberOf(gic[`its_${name}`]);
    if (value !== undefined) values.set(`GITS_${name.toUpperCase()}`, value);
  }
  const basers: readonly unknown[] = Array.isArray(gic.its_baser) ? gic.its_baser.slice(0, 8) : [];
  for (const [index, baser] of basers.entries()) {
    const value = numberOf(baser);
    if (value !== undefined) values.set(`GITS_BASER${index}`, value);
  }
  const control = numberOf(gic.its_ctlr);
  if (control !== undefined) values.set("GITS_CTLR", control);
  return values.size === 0 ? undefined : values;
}

function rangesOf(manager: Json | undefined): MemoryRange[] {
  const table = isObject(manager?.memory_ranges) ? manager.memory_ranges.data : undefined;
  if (!Array.isArray(table)) return [];
  return table.slice(0, MAX_RANGES).flatMap((range: unknown): MemoryRange[] => {
    if (!isObject(range)) return [];
    const [address, bytes] = [numberOf(range.gpa), numberOf(range.length)];
    const isSound = address !== undefined && bytes !== undefined && address + bytes < 2n ** 52n;
    return isSound ? [{ address: Number(address), bytes: Number(bytes) }] : [];
  });
}
