import { FIRST_LPI } from "../../../architecture/index.ts";
import { toNumber } from "../../memory/guest-memory.ts";
import type { KvmTableAbi } from "../../models/table-abi.ts";
import type { Steps } from "../../pace.ts";
import { Errno } from "../errno.ts";
import { baserAddress, baserBytes, baserIndirect, KVM_PAGE_BYTES, LEVEL1_ENTRY_BYTES } from "./baser.ts";
import { EntryIndex } from "./entry-index.ts";
import { NOT_MAPPED } from "./host-tables.ts";
import { ID_BITS, ItsWord, type KvmItsState } from "./its-state.ts";

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

/** The vPE table of a made-up table ABI. There is nothing here that a vPE could become: one that is valid is refused. */
function restoreVpes({ memory, registers, vpeTableValid }: KvmItsState, abi: KvmTableAbi): number {
  if (abi.vpteBytes === 0 || !vpeTableValid) return Errno.OK;
  const { words } = registers;
  if (!memory.read64(baserAddress(words[ItsWord.vpeBaser], words[ItsWord.vpeBaser + 1]))) return Errno.EFAULT;
  return memory.hi >>> 31 === 0 ? Errno.OK : Errno.EINVAL;
}

function* restoreCollections(its: KvmItsState, abi: KvmTableAbi): Steps<number> {
  if (!its.collectionTableValid) return Errno.OK;
  const { pace } = its.memory;
  const { words } = its.registers;
  const base = baserAddress(words[ItsWord.collectionBaser], words[ItsWord.collectionBaser + 1]);
  const bytes = baserBytes(words[ItsWord.collectionBaser]);
  for (let read = 0; read < bytes; read += abi.cteBytes) {
    const result = restoreCte(its, base + read);
    pace.left--;
    if (pace.due) yield;
    if (result > 0) continue;
    if (result < 0 && its.decisions.failedRestoreFrees) yield* its.freeCollections();
    return -result;
  }
  return Errno.OK;
}

function restoreCte(its: KvmItsState, address: number): EntryResult {
  const { memory, tables } = its;
  if (!memory.read64(address)) return -Errno.EFAULT;
  const { lo, hi } = memory;
  if (hi >>> 31 === 0) return 0;
  const target = ((lo >>> 16) | (hi << 16)) >>> 0;
  const icid = lo & 0xffff;
  if (target !== NOT_MAPPED && !its.hasPe(target)) return -Errno.EINVAL;
  if (tables.findCollection(icid) !== 0) return -Errno.EEXIST;
  if (!its.collectionFits(icid)) return its.decisions.unfitIcidOnRestore === "skip" ? 1 : -Errno.EINVAL;
  const collection = tables.addCollection(icid);
  tables.setCollectionTarget(collection, target);
  return 1;
}

/** Bytes of a table that are looked through for a valid entry at a stretch: 1,024 pages. */
const STRETCH_BYTES = 0x40_0000;

/** Answers of {@link TableWalk.seek}. */
const Seek = { entry: 0, end: 1, fault: 2, stopped: 3 } as const;
type Seek = (typeof Seek)[keyof typeof Seek];

/** A walk through a table (`scan_its_table`): an entry is found, and from it the walk goes on by as many entries as it says. */
class TableWalk {
  /** Id and first 8 bytes of the entry that was found. */
  id: number;
  low = 0;
  high = 0;
  private readonly its: KvmItsState;
  private readonly stride: number;
  private readonly index: EntryIndex;
  private address: number;
  private left: number;

  /**
   * @param bytes size as the kernel computes it, in an int: a negative one is a huge unsigned length
   * @param stride bytes from entry to entry
   * @param index of the entries that are more than "look at the next one"
   */
  constructor(its: KvmItsState, base: number, bytes: number, stride: number, firstId: number, index: EntryIndex) {
    this.its = its;
    this.address = base;
    this.left = bytes < 0 ? Number.POSITIVE_INFINITY : bytes;
    this.stride = stride;
    this.id = firstId;
    this.index = index;
  }

  /**
   * Finds the next entry that is to be looked at. Entries that answer "look at the next one" are passed over without being read one by
   * one; the first entry is read even when the kernel's int has overflowed to a size of 0.
   */
  seek(): Seek {
    const { memory } = this.its;
    for (;;) {
      const end = this.address + Math.min(this.left, STRETCH_BYTES);
      const skipped = this.index.next(this.address, end, this.stride) - this.address;
      memory.pace.left -= 1 + skipped / 1024;
      const passed = skipped > 0 && skipped >= Math.min(this.left, STRETCH_BYTES);
      if (passed && skipped >= this.left) return Seek.end;
      this.move(skipped);
      if (passed) {
        if (memory.pace.due) return Seek.stopped;
        continue;
      }
      if (!memory.read64(this.address)) return Seek.fault;
      this.low = memory.lo;
      this.high = memory.hi;
      return Seek.entry;
    }
  }

  /** Goes on from an entry. @param next distance in ids, above 0 @returns false at the end of the table */
  advance(next: number): boolean {
    if (next * this.stride >= this.left) return false;
    this.move(next * this.stride);
    return true;
  }

  private move(bytes: number): void {
    this.id += bytes / this.stride;
    this.address += bytes;
    this.left -= bytes;
  }
}

/**
 * Walks a table, asks `visit` of each entry and goes on by as many as it answers.
 * @returns minus an errno, 0 when an entry said it was the last, {@link RAN_OUT} otherwise
 */
function* scan(
  its: KvmItsState,
  walk: TableWalk,
  visit: (id: number, low: number, high: number) => EntryResult | Steps<EntryResult>,
): Steps<EntryResult> {
  const { pace } = its.memory;
  for (;;) {
    const found = walk.seek();
    if (pace.due) yield;
    if (found === Seek.stopped) continue;
    if (found === Seek.end) return RAN_OUT;
    if (found === Seek.fault) return -Errno.EFAULT;
    const answer = visit(walk.id, walk.low, walk.high);
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
  const { level2Step: step, level2FirstDevice: first, level1Step, level2Answer } = its.decisions;
  const level2Step = step === "DTE size" ? abi.dteBytes : abi.iteBytes;
  const level1Bytes = level1Step === "DTE size" ? abi.dteBytes : LEVEL1_ENTRY_BYTES;
  const level2Devices = KVM_PAGE_BYTES / (first === "DTE size" ? abi.dteBytes : LEVEL1_ENTRY_BYTES);
  const dtes = new EntryIndex(its.memory, (_low, high) => high >>> 31 === 1);
  const ites = new EntryIndex(its.memory, (low, high) => low >>> 16 !== 0 || (high & 0xffff) !== 0);
  const visitDte = (id: number, low: number, high: number): EntryResult | Steps<EntryResult> =>
    restoreDte(its, abi, ites, id, low, high);
  function* restorePage(page: number, firstId: number): Steps<EntryResult> {
    const answer = yield* scan(its, new TableWalk(its, page, KVM_PAGE_BYTES, level2Step, firstId, dtes), visitDte);
    return answer < 0 || level2Answer === "0 ends the walk" ? answer : 1 - answer;
  }
  const visitLevel1 = (index: number, low: number, high: number): EntryResult | Steps<EntryResult> => {
    if (high >>> 31 === 0) return 1;
    return restorePage(toNumber(low & 0xffff0000, high & 0xfffff), index * level2Devices);
  };
  const stride = baserIndirect(hi) ? level1Bytes : abi.dteBytes;
  const table = new TableWalk(its, base, baserBytes(lo), stride, 0, dtes);
  const result = yield* scan(its, table, baserIndirect(hi) ? visitLevel1 : visitDte);
  if (result >= 0) return Errno.OK;
  if (its.decisions.failedRestoreFrees) yield* its.freeDevices();
  return -result;
}

/** @returns its answer at once, or the work that finds it when the pace stops it in the middle of the device's ITT */
function restoreDte(
  its: KvmItsState,
  abi: KvmTableAbi,
  ites: EntryIndex,
  id: number,
  lo: number,
  hi: number,
): EntryResult | Steps<EntryResult> {
  if (hi >>> 31 === 0) return 1;
  const eventBits = (lo & 0x1f) + 1;
  const itt = ((hi & 0x1ffff) * 2 ** 27 + (lo >>> 5)) * 256;
  const next = (hi >>> 17) & 0x3fff;
  if (its.decisions.restoreChecksEventBits && eventBits > ID_BITS) return -Errno.EINVAL;
  // The emulator's own index holds 16-bit ids; a draft that counts beyond them is stopped here.
  if (id >= 2 ** ID_BITS) return -Errno.EINVAL;
  if (its.decisions.restoreChecksDeviceId && its.deviceEntryAddress(id) < 0) return -Errno.EINVAL;
  const device = its.tables.addDevice(id, itt, eventBits);
  if (device === 0) return -Errno.ENOMEM;
  const walk = new TableWalk(its, itt, (2 ** eventBits * abi.iteBytes) | 0, abi.iteBytes, 0, ites);
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
    if (found === Seek.end) return RAN_OUT;
    if (found === Seek.fault) return -Errno.EFAULT;
    const next = restoreIte(its, device, walk.id, walk.low, walk.high);
    if (next <= 0) return next;
    if (!walk.advance(next)) return RAN_OUT;
  }
}

function restoreIte(its: KvmItsState, device: number, event: number, lo: number, hi: number): EntryResult {
  const { tables } = its;
  const icid = lo & 0xffff;
  const intid = ((lo >>> 16) | (hi << 16)) >>> 0;
  const next = hi >>> 16;
  if (intid === 0) return 1;
  if (intid < FIRST_LPI) return -Errno.EINVAL;
  if (event + next >= 2 ** tables.eventBits(device)) return -Errno.EINVAL;
  const collection = tables.findCollection(icid);
  if (collection === 0 || !its.eventFits(device, event)) return -Errno.EINVAL;
  const target = tables.isMapped(collection) ? tables.collectionTarget(collection) : -1;
  const lpi = its.lpis.acquire(intid, target);
  // An LPI that an ITE before has: this one is dropped.
  if (lpi === -Errno.EEXIST) return next;
  if (lpi < 0) return lpi;
  if (tables.addIte(device, event, lpi, collection) !== 0) return next;
  its.lpis.release(lpi);
  return -Errno.ENOMEM;
}
