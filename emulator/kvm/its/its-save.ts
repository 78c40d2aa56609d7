import type { Steps } from "../../pace.ts";
import { Errno } from "../errno.ts";
import { baserAddress, baserBytes } from "./baser.ts";
import { cteHigh, cteLow, dteHigh, dteLow, iteHigh, iteLow } from "./entry-words.ts";
import { ItsWord, type KvmItsState } from "./its-state.ts";

/** What SAVE_TABLES or RESTORE_TABLES answered: an errno, or a crash of the host's kernel. */
export type TableResult = { readonly errno: number; readonly crash?: undefined } | { readonly crash: string };

const OK: TableResult = { errno: Errno.OK };

/**
 * SAVE_TABLES: host structures → guest memory, in the layout of the table ABI (Linux vgic-its.c `vgic_its_save_tables_v0`):
 * the devices in order of DeviceID, each with its ITT before its DTE; then the collections in order of creation.
 */
export function* saveTables(its: KvmItsState): Steps<TableResult> {
  const devices = its.deviceTableValid ? yield* saveDevices(its) : OK;
  if (devices.crash !== undefined || devices.errno !== Errno.OK) return devices;
  const collections = its.collectionTableValid ? saveCollections(its) : OK;
  if (collections.crash !== undefined || collections.errno !== Errno.OK) return collections;
  return its.vpeTableValid ? saveVpes(its) : OK;
}

/** The vPE table of a made-up table ABI. A guest of KVM has no vPEs, so what is written is the entry that ends the table. */
function saveVpes({ memory, registers }: KvmItsState): TableResult {
  const { words } = registers;
  const base = baserAddress(words[ItsWord.vpeBaser], words[ItsWord.vpeBaser + 1]);
  return { errno: memory.write64(base, 0, 0) ? Errno.OK : Errno.EFAULT };
}

function* saveDevices(its: KvmItsState): Steps<TableResult> {
  const { tables, decisions } = its;
  const { pace } = its.memory;
  tables.reverseDoubles();
  const list: number[] = [];
  tables.forEachDevice((device) => {
    list.push(device);
    return true;
  });
  const addresses = list.map((device) => its.deviceEntryAddress(tables.deviceId(device)));
  const skip = decisions.unlocatableDeviceOnSave === "skip";
  let nextSaved = -1;
  const nextOf = new Array<number>(list.length);
  for (let at = list.length - 1; at >= 0; at--) {
    nextOf[at] = skip ? nextSaved : at + 1 < list.length ? at + 1 : -1;
    if (addresses[at] >= 0) nextSaved = at;
  }
  for (let at = 0; at < list.length; at++) {
    const device = list[at];
    if (addresses[at] < 0) {
      if (skip) continue;
      return { errno: Errno.EINVAL };
    }
    if (pace.due) yield;
    const itt = saveItt(its, device);
    if (itt.crash !== undefined || itt.errno !== Errno.OK) return itt;
    const id = tables.deviceId(device);
    const next = nextOf[at] < 0 ? 0 : tables.deviceId(list[nextOf[at]]) - id;
    if (!writeDte(its, addresses[at], next, tables.ittAddress(device), tables.eventBits(device))) {
      return { errno: Errno.EFAULT };
    }
  }
  return OK;
}

function writeDte(its: KvmItsState, address: number, next: number, itt: number, eventBits: number): boolean {
  return writeEntry(its, address, its.abi.dteBytes, dteLow(itt, eventBits), dteHigh(itt, next));
}

/** Stands for what happens to lie on the host's stack: "kstack??", so that a dump shows it. */
const STACK = [0x6174_736b, 0x3f3f_6b63];

/**
 * Stores an entry. A wider one than 8 bytes has zeros behind them, or, written from a variable of 8 bytes, what lies behind that.
 * @returns false when it is not RAM
 */
function writeEntry(
  { memory, decisions }: KvmItsState,
  address: number,
  bytes: number,
  lo: number,
  hi: number,
): boolean {
  const [restLo, restHi] = decisions.wideEntryRest === "zero" ? [0, 0] : STACK;
  for (let at = 8; at < bytes; at += 8) if (!memory.write64(address + at, restLo, restHi)) return false;
  return memory.write64(address, lo, hi);
}

function saveItt(its: KvmItsState, device: number): TableResult {
  const { tables, decisions } = its;
  const base = tables.ittAddress(device);
  const events: number[] = [];
  const ites: number[] = [];
  tables.forEachIte(device, (event, ite) => {
    events.push(event);
    ites.push(ite);
    return true;
  });
  const nextOf = new Array<number>(events.length);
  const { iteBytes } = its.abi;
  its.memory.pace.take(events.length + 1);
  let nextMapped = -1;
  for (let at = events.length - 1; at >= 0; at--) {
    nextOf[at] = decisions.iteNextSkipsUnmapped ? nextMapped : at + 1 < events.length ? at + 1 : -1;
    if (tables.iteCollection(ites[at]) !== 0) nextMapped = at;
  }
  for (let at = 0; at < events.length; at++) {
    const address = base + ((events[at] * iteBytes) >>> 0);
    const collection = tables.iteCollection(ites[at]);
    let lo = 0;
    let hi = 0;
    if (collection === 0) {
      if (decisions.iteWithoutCollectionOnSave === "host-crash") {
        const place = `DeviceID 0x${tables.deviceId(device).toString(16)}, EventID 0x${events[at].toString(16)}`;
        return {
          crash: `${decisions.kernel} dereferences NULL here: SAVE_TABLES reads the collection of ${place}, and MAPC V=0 freed it`,
        };
      }
    } else {
      const next = nextOf[at] < 0 ? 0 : events[nextOf[at]] - events[at];
      const intid = its.lpis.intidOf(tables.iteLpi(ites[at]));
      lo = iteLow(intid, tables.collectionIcid(collection));
      hi = iteHigh(intid, next);
    }
    if (!writeEntry(its, address, iteBytes, lo, hi)) return { errno: Errno.EFAULT };
  }
  return OK;
}

function saveCollections(its: KvmItsState): TableResult {
  const { tables, memory, registers } = its;
  const { words } = registers;
  const { cteBytes } = its.abi;
  const base = baserAddress(words[ItsWord.collectionBaser], words[ItsWord.collectionBaser + 1]);
  const bytes = baserBytes(words[ItsWord.collectionBaser]);
  let address = base;
  let errno: number = Errno.OK;
  tables.forEachCollection((collection) => {
    const target = tables.collectionTarget(collection);
    const lo = cteLow(target, tables.collectionIcid(collection));
    if (!writeEntry(its, address, cteBytes, lo, cteHigh(target))) errno = Errno.EFAULT;
    address += cteBytes;
    return errno === Errno.OK;
  });
  if (errno === Errno.OK && address - base !== bytes && !memory.write64(address, 0, 0)) errno = Errno.EFAULT;
  return { errno };
}
