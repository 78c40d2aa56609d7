import { FIRST_LPI } from "../../architecture/index.ts";
import { toNumber } from "../memory/guest-memory.ts";
import type { KvmTableAbi } from "../models/table-abi.ts";
import { baserAddress, baserBytes, baserIndirect, KVM_PAGE_BYTES, LEVEL1_ENTRY_BYTES } from "./baser.ts";
import { EntryIndex } from "./entry-index.ts";
import { Errno } from "./errno.ts";
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
export function restoreTables(its: KvmItsState): number {
  const abi = its.restoreAbi;
  if (abi === undefined) return Errno.EINVAL;
  const vpes = restoreVpes(its, abi);
  if (vpes !== Errno.OK) return vpes;
  const collections = restoreCollections(its, abi);
  if (collections !== Errno.OK) return collections;
  const devices = restoreDevices(its, abi);
  if (devices !== Errno.OK && its.decisions.failedRestoreFrees) its.freeCollections();
  return devices;
}

/** The vPE table of a made-up table ABI. There is nothing here that a vPE could become: one that is valid is refused. */
function restoreVpes({ memory, registers, vpeTableValid }: KvmItsState, abi: KvmTableAbi): number {
  if (abi.vpteBytes === 0 || !vpeTableValid) return Errno.OK;
  const { words } = registers;
  if (!memory.read64(baserAddress(words[ItsWord.vpeBaser], words[ItsWord.vpeBaser + 1]))) return Errno.EFAULT;
  return memory.hi >>> 31 === 0 ? Errno.OK : Errno.EINVAL;
}

function restoreCollections(its: KvmItsState, abi: KvmTableAbi): number {
  if (!its.collectionTableValid) return Errno.OK;
  const { words } = its.registers;
  const base = baserAddress(words[ItsWord.collectionBaser], words[ItsWord.collectionBaser + 1]);
  const bytes = baserBytes(words[ItsWord.collectionBaser]);
  for (let read = 0; read < bytes; read += abi.cteBytes) {
    const result = restoreCte(its, base + read);
    if (result > 0) continue;
    if (result < 0 && its.decisions.failedRestoreFrees) its.freeCollections();
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

/**
 * Walks a table from `base`: reads an entry, asks `visit`, goes on by as many entries as it answers (`scan_its_table`).
 * @param stride bytes from entry to entry
 * @param index of the entries that `visit` answers with 1
 * @param bytes size as the kernel computes it, in an int: a negative one is a huge unsigned length
 * @returns minus an errno, 0 when an entry said it was the last, {@link RAN_OUT} otherwise
 */
function scan(
  its: KvmItsState,
  base: number,
  bytes: number,
  stride: number,
  firstId: number,
  index: EntryIndex,
  visit: (id: number, lo: number, hi: number) => EntryResult,
): EntryResult {
  let left = bytes < 0 ? Number.POSITIVE_INFINITY : bytes;
  let id = firstId;
  let address = base;
  for (;;) {
    // Entries that answer "look at the next one" are passed over without being read one by one. The first entry is read even
    // when the kernel's int has overflowed to a size of 0.
    const skipped = index.next(address, address + left, stride) - address;
    if (skipped > 0 && skipped >= left) return RAN_OUT;
    id += skipped / stride;
    address += skipped;
    left -= skipped;
    if (!its.memory.read64(address)) return -Errno.EFAULT;
    const next = visit(id, its.memory.lo, its.memory.hi);
    if (next <= 0) return next;
    const step = next * stride;
    if (step >= left) return RAN_OUT;
    id += next;
    address += step;
    left -= step;
  }
}

function restoreDevices(its: KvmItsState, abi: KvmTableAbi): number {
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
  const visitDte = (id: number, low: number, high: number): EntryResult => restoreDte(its, abi, ites, id, low, high);
  const visitLevel1 = (index: number, low: number, high: number): EntryResult => {
    if (high >>> 31 === 0) return 1;
    const page = toNumber(low & 0xffff0000, high & 0xfffff);
    const answer = scan(its, page, KVM_PAGE_BYTES, level2Step, index * level2Devices, dtes, visitDte);
    return answer < 0 || level2Answer === "0 ends the walk" ? answer : 1 - answer;
  };
  const result = baserIndirect(hi)
    ? scan(its, base, baserBytes(lo), level1Bytes, 0, dtes, visitLevel1)
    : scan(its, base, baserBytes(lo), abi.dteBytes, 0, dtes, visitDte);
  if (result >= 0) return Errno.OK;
  if (its.decisions.failedRestoreFrees) its.freeDevices();
  return -result;
}

function restoreDte(
  its: KvmItsState,
  abi: KvmTableAbi,
  ites: EntryIndex,
  id: number,
  lo: number,
  hi: number,
): EntryResult {
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
  const bytes = (2 ** eventBits * abi.iteBytes) | 0;
  const result = scan(its, itt, bytes, abi.iteBytes, 0, ites, (event, low, high) =>
    restoreIte(its, device, event, low, high),
  );
  if (result < 0) {
    its.freeDevice(device);
    return result;
  }
  return next;
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
  if (lpi < 0) return lpi;
  if (tables.addIte(device, event, lpi, collection) !== 0) return next;
  its.lpis.release(lpi);
  return -Errno.ENOMEM;
}
