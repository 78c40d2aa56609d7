import { FIRST_LPI } from "../../architecture/index.ts";
import { Errno, errnoName } from "../kvm/errno.ts";
import { baserAddress, baserBytes, baserIndirect, KVM_PAGE_BYTES, LEVEL1_ENTRY_BYTES } from "../kvm/its/baser.ts";
import { EntryIndex } from "../kvm/its/entry-index.ts";
import { NOT_MAPPED } from "../kvm/its/host-tables.ts";
import { ID_BITS, ItsWord, type KvmItsState } from "../kvm/its/its-state.ts";
import { toNumber } from "../memory/guest-memory.ts";
import type { KvmTableAbi } from "../models/table-abi.ts";

/** Why RESTORE_TABLES of a KVM ITS would fail: the first entry, in the kernel's order of reading, that fails a check. */
export interface RestoreFault {
  readonly errno: number;
  /** Which table the entry is in; GITS_IIDR when the revision of the tables itself is unknown. */
  readonly table: "collection table" | "device table" | "level-1 device table" | "ITT" | "vPE table" | "GITS_IIDR";
  /** Guest physical address of the entry; undefined for GITS_IIDR. */
  readonly address: number | undefined;
  /** Value of the entry; undefined when it is not in RAM. */
  readonly entry: bigint | undefined;
  /** DeviceID, and EventID in an ITT; undefined in the collection table. */
  readonly deviceId?: number;
  readonly eventId?: number;
  /** Field that fails, in the layout's spelling; undefined when the entry cannot be read. */
  readonly field: string | undefined;
  /** What is wrong with it, without the place. */
  readonly reason: string;
}

/** The fault as a sentence with errno, table, entry and field. */
export function restoreFaultText(fault: RestoreFault): string {
  return `${errnoName(fault.errno)}: ${faultSentence(fault)}`;
}

/** The fault as a sentence with table, entry and field. */
export function faultSentence({ table, address, entry, deviceId, eventId, field, reason }: RestoreFault): string {
  if (address === undefined) return `${table}, field ${field}: ${reason}`;
  const device = deviceId === undefined ? "" : ` of DeviceID ${hex(deviceId)}`;
  const event = eventId === undefined ? "" : `, EventID ${hex(eventId)}`;
  const value = entry === undefined ? "" : ` = 0x${entry.toString(16).padStart(16, "0")}`;
  const where = field === undefined ? "" : `, field ${field}`;
  return `the ${table}'s entry${device}${event} at ${hex(address)}${value}${where}: ${reason}`;
}

const hex = (value: number): string => `0x${value.toString(16)}`;

/** A fault is what ends the walk at once; otherwise as the kernel's functions: 0 = the last entry, above 0 = distance to the next. */
type Step = RestoreFault | number;

/** What to do with the entry of an id. */
type Visit = (id: number, address: number, lo: number, hi: number) => Step;

/** Entries to walk: where, how many bytes as the kernel's int has it, how far apart. */
interface Range {
  readonly table: RestoreFault["table"];
  readonly base: number;
  readonly bytes: number;
  readonly stride: number;
  /** Of an ITT. */
  readonly deviceId?: number;
}

/**
 * Walks the tables that an ITS's registers name as RESTORE_TABLES would, without changing anything (Linux vgic-its.c
 * `vgic_its_restore_tables_v0`). @returns what makes it fail, undefined when it succeeds
 */
export function explainRestoreFailure(its: KvmItsState): RestoreFault | undefined {
  const abi = its.restoreAbi;
  if (abi !== undefined) return new RestoreWalk(its, abi).run();
  const known = its.decisions.tableAbis.map(({ revision }) => revision).join(", ");
  return {
    errno: Errno.EINVAL,
    table: "GITS_IIDR",
    address: undefined,
    entry: undefined,
    field: "Revision",
    reason: `revision ${its.registers.words[ItsWord.revision]} of the saved tables is not among ${known}`,
  };
}

class RestoreWalk {
  private readonly its: KvmItsState;
  private readonly abi: KvmTableAbi;
  /** Collections that exist by now, with the PE or -1. */
  private readonly collections = new Map<number, number>();
  /** LPIs that this restore has made so far; an LPI's tables are read once. */
  private readonly lpis = new Set<number>();
  private readonly dtes: EntryIndex;
  private readonly ites: EntryIndex;

  constructor(its: KvmItsState, abi: KvmTableAbi) {
    this.its = its;
    this.abi = abi;
    this.dtes = new EntryIndex(its.memory, (_low, high) => high >>> 31 === 1);
    this.ites = new EntryIndex(its.memory, (low, high) => low >>> 16 !== 0 || (high & 0xffff) !== 0);
    its.tables.forEachCollection((collection) => {
      const target = its.tables.collectionTarget(collection);
      this.collections.set(its.tables.collectionIcid(collection), target === NOT_MAPPED ? -1 : target);
      return true;
    });
  }

  run(): RestoreFault | undefined {
    return this.vpeTable() ?? this.collectionTable() ?? this.deviceTable();
  }

  /** The vPE table of a made-up table ABI, which has to be empty. */
  private vpeTable(): RestoreFault | undefined {
    const { its } = this;
    if (this.abi.vpteBytes === 0 || !its.vpeTableValid) return undefined;
    const { words } = its.registers;
    const address = baserAddress(words[ItsWord.vpeBaser], words[ItsWord.vpeBaser + 1]);
    const at = { table: "vPE table", address } as const;
    const { memory } = its;
    if (!memory.read64(address)) return unreadable(at);
    if (memory.hi >>> 31 === 0) return undefined;
    return fault(
      at,
      memory.lo,
      memory.hi,
      Errno.EINVAL,
      "V",
      "a guest of KVM has no vPEs, so the table has to be empty",
    );
  }

  private collectionTable(): RestoreFault | undefined {
    const { its } = this;
    if (!its.collectionTableValid) return undefined;
    const { words } = its.registers;
    const base = baserAddress(words[ItsWord.collectionBaser], words[ItsWord.collectionBaser + 1]);
    const bytes = baserBytes(words[ItsWord.collectionBaser]);
    for (let read = 0; read < bytes; read += this.abi.cteBytes) {
      const step = this.cte(base + read);
      if (typeof step !== "number") return step;
      if (step === 0) return undefined;
    }
    return undefined;
  }

  private cte(address: number): Step {
    const { its, collections } = this;
    const at = { table: "collection table", address } as const;
    if (!its.memory.read64(address)) return unreadable(at);
    const { lo, hi } = its.memory;
    if (hi >>> 31 === 0) return 0;
    const target = ((lo >>> 16) | (hi << 16)) >>> 0;
    const icid = lo & 0xffff;
    const bad = (errno: number, field: string, reason: string): RestoreFault => fault(at, lo, hi, errno, field, reason);
    if (target !== NOT_MAPPED && !its.hasPe(target)) {
      return bad(Errno.EINVAL, "RDbase", `there is no PE ${target}; this machine has ${its.redistributors.length}`);
    }
    if (collections.has(icid)) {
      return bad(Errno.EEXIST, "ICID", `ICID ${hex(icid)} exists already, by an earlier entry or an earlier restore`);
    }
    if (!its.collectionFits(icid)) {
      if (its.decisions.unfitIcidOnRestore === "skip") return 1;
      return bad(Errno.EINVAL, "ICID", `ICID ${hex(icid)} has no place in the table that GITS_BASER1 describes`);
    }
    collections.set(icid, target === NOT_MAPPED ? -1 : target);
    return 1;
  }

  private deviceTable(): RestoreFault | undefined {
    const { its } = this;
    if (!its.deviceTableValid) return undefined;
    const { words } = its.registers;
    const lo = words[ItsWord.deviceBaser];
    const hi = words[ItsWord.deviceBaser + 1];
    const { dteBytes, iteBytes } = this.abi;
    const { level1Step, level2Step, level2FirstDevice, level2Answer } = its.decisions;
    const level1Bytes = level1Step === "DTE size" ? dteBytes : LEVEL1_ENTRY_BYTES;
    const level2Stride = level2Step === "DTE size" ? dteBytes : iteBytes;
    const devices = KVM_PAGE_BYTES / (level2FirstDevice === "DTE size" ? dteBytes : LEVEL1_ENTRY_BYTES);
    const visit: Visit = (id, address, low, high) => this.dte(id, address, low, high);
    const level1: Visit = (index, _address, low, high) => {
      if (high >>> 31 === 0) return 1;
      const page = toNumber(low & 0xffff_0000, high & 0xf_ffff);
      const range = { table: "device table", base: page, bytes: KVM_PAGE_BYTES, stride: level2Stride } as const;
      const answer = this.scan(range, index * devices, this.dtes, visit);
      return typeof answer !== "number" || level2Answer === "0 ends the walk" ? answer : 1 - answer;
    };
    const range = { base: baserAddress(lo, hi), bytes: baserBytes(lo) };
    const end = baserIndirect(hi)
      ? this.scan({ ...range, table: "level-1 device table", stride: level1Bytes }, 0, this.dtes, level1)
      : this.scan({ ...range, table: "device table", stride: dteBytes }, 0, this.dtes, visit);
    return typeof end === "number" ? undefined : end;
  }

  /** Linux `scan_its_table`; entries that answer 1 are passed over by the index. */
  private scan(range: Range, firstId: number, index: EntryIndex, visit: Visit): Step {
    const { table, base, bytes, stride, deviceId } = range;
    const { memory } = this.its;
    let left = bytes < 0 ? Number.POSITIVE_INFINITY : bytes;
    let id = firstId;
    let address = base;
    for (;;) {
      const skipped = index.next(address, address + left, stride) - address;
      if (skipped > 0 && skipped >= left) return 1;
      id += skipped / stride;
      address += skipped;
      left -= skipped;
      if (!memory.read64(address)) {
        const ids = table === "ITT" ? { deviceId, eventId: id } : table === "device table" ? { deviceId: id } : {};
        return unreadable({ table, address, ...ids });
      }
      const next = visit(id, address, memory.lo, memory.hi);
      if (typeof next !== "number" || next <= 0) return next;
      const step = next * stride;
      if (step >= left) return 1;
      id += next;
      address += step;
      left -= step;
    }
  }

  private dte(id: number, address: number, lo: number, hi: number): Step {
    const { its } = this;
    if (hi >>> 31 === 0) return 1;
    const eventBits = (lo & 0x1f) + 1;
    const at = { table: "device table", address, deviceId: id } as const;
    const bad = (field: string, reason: string): RestoreFault => fault(at, lo, hi, Errno.EINVAL, field, reason);
    if (its.decisions.restoreChecksEventBits && eventBits > ID_BITS) {
      return bad("Size", `${eventBits} EventID bits are more than the ${ID_BITS} of this ITS`);
    }
    if (its.deviceEntryAddress(id) < 0) {
      return bad(
        "next",
        `the chain leads to DeviceID ${hex(id)}, which has no place in the table that GITS_BASER0 describes`,
      );
    }
    const itt = ((hi & 0x1ffff) * 2 ** 27 + (lo >>> 5)) * 256;
    // The kernel computes the size in an int: 2^28 entries and more overflow it.
    const bytes = (2 ** eventBits * this.abi.iteBytes) | 0;
    const range = { table: "ITT", base: itt, bytes, stride: this.abi.iteBytes, deviceId: id } as const;
    const end = this.scan(range, 0, this.ites, (event, place, low, high) =>
      this.ite({ deviceId: id, eventBits, itt }, event, place, low, high),
    );
    return typeof end === "number" ? (hi >>> 17) & 0x3fff : end;
  }

  private ite(
    device: { deviceId: number; eventBits: number; itt: number },
    event: number,
    address: number,
    lo: number,
    hi: number,
  ): Step {
    const { its, collections } = this;
    const icid = lo & 0xffff;
    const intid = ((lo >>> 16) | (hi << 16)) >>> 0;
    const next = hi >>> 16;
    if (intid === 0) return 1;
    const at = { table: "ITT", address, deviceId: device.deviceId, eventId: event } as const;
    const bad = (errno: number, field: string, reason: string): RestoreFault => fault(at, lo, hi, errno, field, reason);
    if (intid < FIRST_LPI) return bad(Errno.EINVAL, "pINTID", `INTID ${intid} is no LPI; LPIs begin at ${FIRST_LPI}`);
    const events = 2 ** device.eventBits;
    if (event + next >= events) {
      return bad(Errno.EINVAL, "next", `it leads to EventID ${hex(event + next)}; the ITT has ${events} events`);
    }
    const target = collections.get(icid);
    if (target === undefined) return bad(Errno.EINVAL, "ICID", `the collection table has no ICID ${hex(icid)}`);
    const place = device.itt + ((event * this.abi.iteBytes) >>> 0);
    const fits = event < events && (!its.decisions.iteMustBeInRam || its.memory.isBacked(place));
    if (!fits) return bad(Errno.EINVAL, "next", `the ITE of EventID ${hex(event)} lies outside the ITT or outside RAM`);
    return this.lpi(intid, target, bad) ?? next;
  }

  /** A new LPI reads its property byte and its pending bit. */
  private lpi(
    intid: number,
    target: number,
    bad: (errno: number, field: string, reason: string) => RestoreFault,
  ): RestoreFault | undefined {
    const { its, lpis } = this;
    if (lpis.has(intid) || its.lpis.find(intid) !== 0) return undefined;
    const property = its.lpis.propertyTable + intid - FIRST_LPI;
    if (its.memory.read8(property) < 0) {
      return bad(
        Errno.EFAULT,
        "pINTID",
        `the property byte of LPI ${intid} at ${hex(property)} is not in RAM (GICR_PROPBASER)`,
      );
    }
    if (target >= 0) {
      const pending = its.redistributors[target].pendingTable + (intid >>> 3);
      if (its.memory.read8(pending) < 0) {
        return bad(
          Errno.EFAULT,
          "pINTID",
          `the pending bit of LPI ${intid} at ${hex(pending)} is not in RAM (GICR_PENDBASER of PE ${target})`,
        );
      }
    }
    lpis.add(intid);
    return undefined;
  }
}

type Place = Pick<RestoreFault, "table" | "address" | "deviceId" | "eventId">;

function unreadable(at: Place): RestoreFault {
  return { ...at, errno: Errno.EFAULT, entry: undefined, field: undefined, reason: "it is not in RAM" };
}

function fault(at: Place, lo: number, hi: number, errno: number, field: string, reason: string): RestoreFault {
  return { ...at, errno, entry: (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0), field, reason };
}
