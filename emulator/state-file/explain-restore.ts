import { FIRST_LPI, hex } from "../../architecture/index.ts";
import { Errno, errnoName } from "../kvm/errno.ts";
import { cteIcid, cteTarget, dteEventBits, iteIcid, iteIntid, iteNext } from "../kvm/its/entry-words.ts";
import { restoreTables } from "../kvm/its/its-restore.ts";
import { ID_BITS, ItsWord, type KvmItsState } from "../kvm/its/its-state.ts";
import type { FoundEntry, RestoreCheck, RestoredTable, RestoreWitness } from "../kvm/its/restore-refusal.ts";
import { finish } from "../pace.ts";
import { toBigInt } from "../value64.ts";

/** Why RESTORE_TABLES of a KVM ITS fails: the entry that fails a check, which ends the walk. */
export interface RestoreFault {
  readonly errno: number;
  /** Which check the entry fails. */
  readonly check: RestoreCheck | "the revision is known";
  /** Which table the entry is in; GITS_IIDR when the revision of the tables itself is unknown. */
  readonly table: RestoredTable | "GITS_IIDR";
  /** Guest physical address of the entry; undefined for GITS_IIDR. */
  readonly address: number | undefined;
  /** Value of the entry; undefined when it is not in RAM. */
  readonly entry: bigint | undefined;
  /** DeviceID, and EventID in an ITT; undefined in the collection table. */
  readonly deviceId?: number;
  readonly eventId?: number;
  /** Address that is not RAM, where that is what is wrong: the entry's, or that of its LPI's property byte or pending bit. */
  readonly unreadable: number | undefined;
  /** Field that fails, in the layout's spelling; undefined when the entry cannot be read, or nothing in it is wrong. */
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

/**
 * What makes RESTORE_TABLES fail on the tables that an ITS's registers name: the restore itself is tried and taken back.
 * @returns undefined when it succeeds
 */
export function explainRestoreFailure(its: KvmItsState): RestoreFault | undefined {
  return its.journal.peek(() => watchRestore(its, () => finish(restoreTables(its))).fault);
}

/** Does a restore and watches what makes it fail. @param witness is told of the walk, too */
export function watchRestore<Result>(
  its: KvmItsState,
  restore: () => Result,
  witness: Omit<RestoreWitness, "refused"> = {},
): { readonly result: Result; readonly fault: RestoreFault | undefined } {
  let fault = its.restoreAbi === undefined ? unknownRevision(its) : undefined;
  const refused: RestoreWitness["refused"] = (entry, errno, check) => {
    fault = faultAt(its, entry, errno, check);
  };
  const { met, ended } = witness;
  its.restoreWitness = { refused, ...(met && { met }), ...(ended && { ended }) };
  try {
    return { result: restore(), fault };
  } finally {
    its.restoreWitness = undefined;
  }
}

function unknownRevision(its: KvmItsState): RestoreFault {
  const known = its.decisions.tableAbis.map(({ revision }) => revision).join(", ");
  return {
    errno: Errno.EINVAL,
    check: "the revision is known",
    table: "GITS_IIDR",
    address: undefined,
    unreadable: undefined,
    entry: undefined,
    field: "Revision",
    reason: `revision ${its.registers.words[ItsWord.revision]} of the saved tables is not among ${known}`,
  };
}

function faultAt(its: KvmItsState, entry: FoundEntry, errno: number, check: RestoreCheck): RestoreFault {
  const { table, address, id, low, high, owner } = entry;
  const ids = owner ? { deviceId: owner.deviceId, eventId: id } : table === "device table" ? { deviceId: id } : {};
  const { field, reason } = refusals[check];
  const isRead = check !== "the entry is in RAM";
  const value = isRead ? toBigInt(low, high) : undefined;
  const unreadable = check === "the LPI can be made" ? lpiByte(entry, its).address : isRead ? undefined : address;
  return { errno, check, table, address, entry: value, ...ids, unreadable, field, reason: reason(entry, its) };
}

/** What is said of an entry that fails a check: its field, and what is wrong with it. */
interface Refusal {
  readonly field: string | undefined;
  reason(entry: FoundEntry, its: KvmItsState): string;
}

const refusals: Readonly<Record<RestoreCheck, Refusal>> = {
  "the entry is in RAM": { field: undefined, reason: () => "it is not in RAM" },
  "the vPE table is empty": {
    field: "V",
    reason: () => "a guest of KVM has no vPEs, so the table has to be empty",
  },
  "RDbase is a PE": {
    field: "RDbase",
    reason: ({ low, high }, its) =>
      `there is no PE ${cteTarget(low, high)}; this machine has ${its.redistributors.length}`,
  },
  "the ICID is new": {
    field: "ICID",
    reason: ({ low }) => `ICID ${hex(cteIcid(low))} exists already, by an earlier entry or an earlier restore`,
  },
  "the ICID has a place": {
    field: "ICID",
    reason: ({ low }) => `ICID ${hex(cteIcid(low))} has no place in the table that GITS_BASER1 describes`,
  },
  "the Size is possible": {
    field: "Size",
    reason: ({ low }) => `${dteEventBits(low)} EventID bits are more than the ${ID_BITS} of this ITS`,
  },
  "the DeviceID has 16 bits": {
    field: "next",
    reason: ({ id }) => `the chain leads to DeviceID ${hex(id)}; the emulator holds DeviceIDs of ${ID_BITS} bits`,
  },
  "the DeviceID has a place": {
    field: "next",
    reason: ({ id }) =>
      `the chain leads to DeviceID ${hex(id)}, which has no place in the table that GITS_BASER0 describes`,
  },
  "the pINTID is an LPI": {
    field: "pINTID",
    reason: ({ low, high }) => `INTID ${iteIntid(low, high)} is no LPI; LPIs begin at ${FIRST_LPI}`,
  },
  "next stays in the ITT": {
    field: "next",
    reason: ({ id, high, owner }) =>
      `it leads to EventID ${hex(id + iteNext(high))}; the ITT has ${2 ** (owner?.eventBits ?? 0)} events`,
  },
  "the ICID exists": {
    field: "ICID",
    reason: ({ low }) => `the collection table has no ICID ${hex(iteIcid(low))}`,
  },
  "the EventID has a place": {
    field: "next",
    reason: ({ id }) => `the ITE of EventID ${hex(id)} lies outside the ITT or outside RAM`,
  },
  "the LPI can be made": { field: "pINTID", reason: lpiTable },
  "there is room": { field: undefined, reason: () => "the emulator has no room for what it maps" },
};

function lpiTable(entry: FoundEntry, its: KvmItsState): string {
  const { intid, address, pe } = lpiByte(entry, its);
  return pe === undefined
    ? `the property byte of LPI ${intid} at ${hex(address)} is not in RAM (GICR_PROPBASER)`
    : `the pending bit of LPI ${intid} at ${hex(address)} is not in RAM (GICR_PENDBASER of PE ${pe})`;
}

/** Which of the bytes that a new LPI is read from is not in RAM: that of its pending bit at a PE, or its property byte. */
function lpiByte(
  { low, high }: FoundEntry,
  its: KvmItsState,
): { readonly intid: number; readonly address: number; readonly pe: number | undefined } {
  const intid = iteIntid(low, high);
  const property = its.lpis.propertyTable + intid - FIRST_LPI;
  if (its.memory.read8(property) < 0) return { intid, address: property, pe: undefined };
  const pe = its.tables.collectionTarget(its.tables.findCollection(iteIcid(low)));
  return { intid, address: its.redistributors[pe].pendingTable + (intid >>> 3), pe };
}
