import { FIRST_LPI, KVM_COLLECTION_NOT_MAPPED } from "../../../architecture/index.ts";
import type { KvmTableAbi } from "../../models/table-abi.ts";
import type { Steps } from "../../pace.ts";
import { Errno } from "../errno.ts";
import { baserAddress, baserBytes, baserIndirect, KVM_PAGE_BYTES } from "./baser.ts";
import { EntryIndex } from "./entry-index.ts";
import {
  cteIcid,
  cteIsValid,
  cteTarget,
  dteEventBits,
  dteIsValid,
  dteItt,
  dteNext,
  iteIcid,
  iteIntid,
  iteIsValid,
  iteNext,
  LEVEL1_ENTRY_BYTES,
  level1IsValid,
  level1Page,
} from "./entry-words.ts";
import { ID_BITS, ItsWord, type KvmItsState } from "./its-state.ts";
import type { FoundEntry, RestoreCheck } from "./restore-refusal.ts";
import { Seek, TableWalk, type WalkedEntries } from "./table-walk.ts";

/** Answer of an entry: minus an errno, 0 = it was the last one, above 0 = distance in ids to the next one to look at. */
type EntryResult = number;

/** End of a scan without a last entry: the chain or the table ended. */
const RAN_OUT = 1;

/**
 * RESTORE_TABLES: guest memory → host structures, in the layout of the table ABI (Linux vgic-its.c `vgic_its_restore_tables_v0`):
 * the collections first, then the devices with their ITTs.
 * @returns 0 or a positive errno
 */
export function* restoreTables(its: KvmItsState): Steps<number> {
  const abi = its.restoreAbi;
  if (abi === undefined) return Errno.EINVAL;
  const vpes = restoreVpes(its, abi);
  if (vpes !== Errno.OK) return vpes;
  const collections = yield* restoreCollections(its, abi);
  if (collections !== Errno.OK) return collections;
  const devices = yield* restoreDevices(its, abi);
  if (devices !== Errno.OK && its.decisions.failedRestoreFrees) yield* its.freeCollections();
  return devices;
}

/** The answer of an entry that fails a check; whoever watches is told. */
function refuse(its: KvmItsState, entry: FoundEntry, errno: number, check: RestoreCheck): EntryResult {
  its.restoreWitness?.refused(entry, errno, check);
  return -errno;
}

/** The answer of a walk that came to the end of its table. */
function ranOut(its: KvmItsState, walk: TableWalk): EntryResult {
  its.restoreWitness?.ended?.(walk.table, walk.passedFrom, walk.end);
  return RAN_OUT;
}

/** The vPE table of a made-up table ABI. There is nothing here that a vPE could become: one that is valid is refused. */
function restoreVpes(its: KvmItsState, abi: KvmTableAbi): number {
  if (abi.vpteBytes === 0 || !its.vpeTableValid) return Errno.OK;
  const { memory } = its;
  const { words } = its.registers;
  const address = baserAddress(words[ItsWord.vpeBaser], words[ItsWord.vpeBaser + 1]);
  const inRam = memory.read64(address);
  // The valid bit is where those of the other tables are.
  if (inRam && memory.hi >>> 31 === 0) return Errno.OK;
  const place = { table: "vPE table", address, passedFrom: address } as const;
  const entry = { ...place, low: memory.lo, high: memory.hi, id: 0, owner: undefined } as const;
  return -refuse(
    its,
    entry,
    inRam ? Errno.EINVAL : Errno.EFAULT,
    inRam ? "the vPE table is empty" : "the entry is in RAM",
  );
}

function* restoreCollections(its: KvmItsState, abi: KvmTableAbi): Steps<number> {
  if (!its.collectionTableValid) return Errno.OK;
  const { pace } = its.memory;
  const { words } = its.registers;
  const base = baserAddress(words[ItsWord.collectionBaser], words[ItsWord.collectionBaser + 1]);
  const bytes = baserBytes(words[ItsWord.collectionBaser]);
  for (let read = 0; read < bytes; read += abi.cteBytes) {
    const result = restoreCte(its, base + read);
    pace.take(1);
    if (pace.due) yield;
    if (result > 0) continue;
    if (result < 0 && its.decisions.failedRestoreFrees) yield* its.freeCollections();
    return -result;
  }
  return Errno.OK;
}

function restoreCte(its: KvmItsState, address: number): EntryResult {
  const { memory, tables } = its;
  const inRam = memory.read64(address);
  const { lo, hi } = memory;
  const found = (): FoundEntry => {
    return { table: "collection table", address, passedFrom: address, low: lo, high: hi, id: 0, owner: undefined };
  };
  const bad = (errno: number, check: RestoreCheck): EntryResult => refuse(its, found(), errno, check);
  if (!inRam) return bad(Errno.EFAULT, "the entry is in RAM");
  if (!cteIsValid(hi)) {
    its.restoreWitness?.ended?.("collection table", address, address + its.abi.cteBytes);
    return 0;
  }
  its.restoreWitness?.met?.(found());
  const target = cteTarget(lo, hi);
  const icid = cteIcid(lo);
  if (target !== KVM_COLLECTION_NOT_MAPPED && !its.hasPe(target)) return bad(Errno.EINVAL, "RDbase is a PE");
  if (tables.findCollection(icid) !== 0) return bad(Errno.EEXIST, "the ICID is new");
  if (!its.collectionFits(icid)) {
    return its.decisions.unfitIcidOnRestore === "skip" ? 1 : bad(Errno.EINVAL, "the ICID has a place");
  }
  const collection = tables.addCollection(icid);
  tables.setCollectionTarget(collection, target);
  return 1;
}

/**
 * Walks a table, asks `visit` of each entry and goes on by as many as it answers.
 * @returns minus an errno, 0 when an entry said it was the last, {@link RAN_OUT} otherwise
 */
function* scan(
  its: KvmItsState,
  walk: TableWalk,
  visit: (entry: FoundEntry) => EntryResult | Steps<EntryResult>,
): Steps<EntryResult> {
  const { pace } = its.memory;
  for (;;) {
    const found = walk.seek();
    if (pace.due) yield;
    if (found === Seek.stopped) continue;
    if (found === Seek.end) return ranOut(its, walk);
    if (found === Seek.fault) return refuse(its, walk, Errno.EFAULT, "the entry is in RAM");
    its.restoreWitness?.met?.(walk);
    const answer = visit(walk);
    const next = typeof answer === "number" ? answer : yield* answer;
    if (next <= 0) return next;
    if (!walk.advance(next)) return RAN_OUT;
  }
}

function* restoreDevices(its: KvmItsState, abi: KvmTableAbi): Steps<number> {
  if (!its.deviceTableValid) return Errno.OK;
  const { words } = its.registers;
  const lo = words[ItsWord.deviceBaser];
  const hi = words[ItsWord.deviceBaser + 1];
  const base = baserAddress(lo, hi);
  const { level2Step: step, level2FirstDevice, level1Step, level2Answer } = its.decisions;
  const level2Step = step === "DTE size" ? abi.dteBytes : abi.iteBytes;
  const level1Stride = level1Step === "DTE size" ? abi.dteBytes : LEVEL1_ENTRY_BYTES;
  const level2Devices = KVM_PAGE_BYTES / (level2FirstDevice === "DTE size" ? abi.dteBytes : LEVEL1_ENTRY_BYTES);
  const validDtes = new EntryIndex(its.memory, (_low, high) => dteIsValid(high));
  const validPages = new EntryIndex(its.memory, (_low, high) => level1IsValid(high));
  const ites: WalkedEntries = {
    table: "ITT",
    stride: abi.iteBytes,
    index: new EntryIndex(its.memory, iteIsValid),
  };
  const visitDte = (entry: FoundEntry): EntryResult | Steps<EntryResult> => restoreDte(its, ites, entry);
  const onPage: WalkedEntries = { table: "device table", stride: level2Step, index: validDtes };
  function* restorePage(page: number, firstId: number): Steps<EntryResult> {
    const answer = yield* scan(its, new TableWalk(its, onPage, page, KVM_PAGE_BYTES, firstId, undefined), visitDte);
    return answer < 0 || level2Answer === "0 ends the walk" ? answer : 1 - answer;
  }
  const visitLevel1 = ({ id, low, high }: FoundEntry): EntryResult | Steps<EntryResult> => {
    if (!level1IsValid(high)) return 1;
    return restorePage(level1Page(low, high), id * level2Devices);
  };
  const first: WalkedEntries = baserIndirect(hi)
    ? { table: "level-1 device table", stride: level1Stride, index: validPages }
    : { table: "device table", stride: abi.dteBytes, index: validDtes };
  const table = new TableWalk(its, first, base, baserBytes(lo), 0, undefined);
  const result = yield* scan(its, table, baserIndirect(hi) ? visitLevel1 : visitDte);
  if (result >= 0) return Errno.OK;
  if (its.decisions.failedRestoreFrees) yield* its.freeDevices();
  return -result;
}

/** @returns its answer at once, or the work that finds it when the pace stops it in the middle of the device's ITT */
function restoreDte(its: KvmItsState, ites: WalkedEntries, entry: FoundEntry): EntryResult | Steps<EntryResult> {
  const { id, low, high } = entry;
  if (!dteIsValid(high)) return 1;
  const { decisions } = its;
  const eventBits = dteEventBits(low);
  const itt = dteItt(low, high);
  if (decisions.restoreChecksEventBits && eventBits > ID_BITS)
    return refuse(its, entry, Errno.EINVAL, "the Size is possible");
  // The emulator's own index holds 16-bit ids; a draft that counts beyond them is stopped here.
  if (id >= 2 ** ID_BITS) return refuse(its, entry, Errno.EINVAL, "the DeviceID has 16 bits");
  if (decisions.restoreChecksDeviceId && its.deviceEntryAddress(id) < 0)
    return refuse(its, entry, Errno.EINVAL, "the DeviceID has a place");
  const device = its.tables.addDevice(id, itt, eventBits);
  if (device === 0) return refuse(its, entry, Errno.ENOMEM, "there is room");
  // The kernel computes the size in an int: 2^28 entries and more overflow it.
  const walk = new TableWalk(its, ites, itt, (2 ** eventBits * ites.stride) | 0, 0, { deviceId: id, eventBits });
  const next = dteNext(high);
  const result = restoreItt(its, device, walk);
  return result === undefined ? restoreRestOfItt(its, device, walk, next) : deviceAnswer(its, device, result, next);
}

function* restoreRestOfItt(its: KvmItsState, device: number, walk: TableWalk, next: number): Steps<EntryResult> {
  for (;;) {
    yield;
    const result = restoreItt(its, device, walk);
    if (result !== undefined) return deviceAnswer(its, device, result, next);
  }
}

function deviceAnswer(its: KvmItsState, device: number, result: EntryResult, next: number): EntryResult {
  if (result >= 0) return next;
  its.freeDevice(device);
  return result;
}

/** Walks an ITT. @returns as {@link scan}; undefined when the pace stops it: it goes on from there */
function restoreItt(its: KvmItsState, device: number, walk: TableWalk): EntryResult | undefined {
  const { pace } = its.memory;
  for (;;) {
    if (pace.due) return undefined;
    const found = walk.seek();
    if (found === Seek.stopped) return undefined;
    if (found === Seek.end) return ranOut(its, walk);
    if (found === Seek.fault) return refuse(its, walk, Errno.EFAULT, "the entry is in RAM");
    its.restoreWitness?.met?.(walk);
    const next = restoreIte(its, device, walk);
    if (next <= 0) return next;
    if (!walk.advance(next)) return RAN_OUT;
  }
}

function restoreIte(its: KvmItsState, device: number, entry: FoundEntry): EntryResult {
  const { tables } = its;
  const { id: event, low, high } = entry;
  const intid = iteIntid(low, high);
  const next = iteNext(high);
  if (intid === 0) return 1;
  if (intid < FIRST_LPI) return refuse(its, entry, Errno.EINVAL, "the pINTID is an LPI");
  if (event + next >= 2 ** tables.eventBits(device)) return refuse(its, entry, Errno.EINVAL, "next stays in the ITT");
  const collection = tables.findCollection(iteIcid(low));
  if (collection === 0) return refuse(its, entry, Errno.EINVAL, "the ICID exists");
  if (!its.eventFits(device, event)) return refuse(its, entry, Errno.EINVAL, "the EventID has a place");
  const target = tables.isMapped(collection) ? tables.collectionTarget(collection) : -1;
  const lpi = its.lpis.acquire(intid, target);
  // An LPI that an ITE before has: this one is dropped.
  if (lpi === -Errno.EEXIST) return next;
  if (lpi < 0) return refuse(its, entry, -lpi, lpi === -Errno.ENOMEM ? "there is room" : "the LPI can be made");
  if (tables.addIte(device, event, lpi, collection) !== 0) return next;
  its.lpis.release(lpi);
  return refuse(its, entry, Errno.ENOMEM, "there is room");
}
