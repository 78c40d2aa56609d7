import { type KernelModelName, modelTitle } from "../../architecture/index.ts";
import type { AddressSpan, CaptureDevice } from "../../dumps/captures/index.ts";
import { placeOfEvent } from "../../dumps/checks/check-entries.ts";
import type { CheckedTables, Finding, Findings, RuleId } from "../../dumps/checks/index.ts";
import { attemptRestore, type ItsTables, type Machine, type RestoreFault } from "../../emulator/index.ts";
import { type RestoredGuest, stateFor } from "./restored-guest.ts";
import { isWithin } from "./spans.ts";
import { MAX_MET, TooMuch, type WalkWatch } from "./walk-watch.ts";

/** Why a kernel does not take the tables. */
export type Refusal =
  | { readonly kind: "entry"; readonly its: number; readonly errno: number; readonly fault: RestoreFault }
  | { readonly kind: "register"; readonly errno: number; readonly register: string; readonly message: string }
  | { readonly kind: "other"; readonly its: number; readonly errno: number };

/** Why it is not known what a kernel does. */
export type Doubt =
  /** The restore reads memory that is not in the capture. */
  | { readonly kind: "memory"; readonly spans: readonly AddressSpan[] }
  /** The restore fails where the capture does not say whether there is RAM. */
  | { readonly kind: "maybe not RAM"; readonly fault: RestoreFault; readonly address: number }
  /** It reads more entries than are followed. */
  | { readonly kind: "too much"; readonly entries: number }
  | { readonly kind: "no machine"; readonly message: string };

/** What a kernel holds after the restore of all ITSs. */
export interface RestoredCounts {
  readonly devices: number;
  readonly events: number;
  readonly collections: number;
}

/** What one kernel does with RESTORE_TABLES. */
export interface ModelVerdict {
  readonly model: KernelModelName;
  readonly title: string;
  /** `refused` is certain even if there is doubt: what is not in the capture can only make it fail earlier. */
  readonly answer: "restored" | "refused" | "unknown";
  /** Of an answer that is unknown: what it would be if all were zero that is not in the capture. */
  readonly refusal: Refusal | undefined;
  readonly doubts: readonly Doubt[];
  /** Undefined unless it is restored. */
  readonly restored: RestoredCounts | undefined;
  /** Where the chains of next do not hold, and what the restore does not read; at most a thousand of each rule. */
  readonly chain: readonly Finding[];
  readonly chainCounts: ReadonlyMap<RuleId, number>;
  /** Events that were read and are not there, because their LPIs belong to other events; at most a thousand. */
  readonly dropped: readonly Finding[];
  /** How many there are. */
  readonly droppedCount: number;
}

/** Events that are dropped of which is told. */
const MAX_DROPPED = 1000;

/**
 * Restores the tables into a kernel's model.
 * @param watches of the restore, by ITS @param chain what they find
 */
export function verdictOf(
  itss: readonly CheckedTables[],
  guest: RestoredGuest,
  model: KernelModelName,
  watches: readonly WalkWatch[],
  chain: Findings,
): ModelVerdict {
  const head = { model, title: modelTitle(model) };
  const nothing = {
    refusal: undefined,
    restored: undefined,
    chain: [],
    chainCounts: new Map(),
    dropped: [],
    droppedCount: 0,
  };
  const unknown = (doubt: Doubt): ModelVerdict => ({ ...head, ...nothing, answer: "unknown", doubts: [doubt] });
  try {
    const attempt = attemptRestore(stateFor(guest, model), (its) => watches[its]);
    if ("failure" in attempt) return unknown({ kind: "no machine", message: attempt.failure.message });
    const spans = watches.flatMap((watch) => watch.unknown);
    const doubts: Doubt[] = spans.length === 0 ? [] : [{ kind: "memory", spans }];
    const refusal = refusalOf(attempt);
    if (refusal !== undefined) {
      const maybe = doubtOf(refusal, guest);
      const answer = maybe === undefined && isCertain(refusal, watches) ? "refused" : "unknown";
      return {
        ...head,
        ...nothing,
        answer,
        refusal: maybe === undefined ? refusal : undefined,
        doubts: maybe === undefined ? doubts : [...doubts, maybe],
        chain: chain.list,
        chainCounts: chain.counts,
      };
    }
    return { ...head, ...nothing, answer: "restored", doubts, ...afterRestore(itss, watches, attempt.machine, chain) };
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return unknown({ kind: "too much", entries: MAX_MET });
  }
}

type Attempt = Extract<ReturnType<typeof attemptRestore>, { readonly machine: Machine }>;

function refusalOf({ refused, itss }: Attempt): Refusal | undefined {
  if (refused !== undefined) {
    return { kind: "register", errno: refused.errno, register: refused.step, message: refused.message };
  }
  const its = itss.length - 1;
  const last = itss.at(-1);
  if (last === undefined || last.errno === 0) return undefined;
  const { errno, fault } = last;
  return fault === undefined ? { kind: "other", its, errno } : { kind: "entry", its, errno, fault };
}

/**
 * Whether a restore fails whatever stands in the memory that is not known. What an ITT holds does not keep the restore from coming to the
 * next device, nor does a collection; entries of the walk that leads to the one that fails may.
 */
function isCertain(refusal: Refusal, watches: readonly WalkWatch[]): boolean {
  if (refusal.kind !== "entry") return true;
  const { table: failed, check, deviceId } = refusal.fault;
  const { unknownTables, unknownItts } = watches[refusal.its];
  for (const table of unknownTables) {
    if (table === "ITT" && (failed !== "ITT" || deviceId === undefined || !unknownItts.has(deviceId))) continue;
    if (table === "collection table" && failed !== "collection table" && check !== "the ICID exists") continue;
    return false;
  }
  return true;
}

/** Whether the restore fails only because the machine that was made has no RAM where nobody knows whether there is. */
function doubtOf(refusal: Refusal, { ram, state }: RestoredGuest): Doubt | undefined {
  if (refusal.kind !== "entry") return undefined;
  const { fault } = refusal;
  if (fault.check === "there is room") return { kind: "too much", entries: MAX_MET };
  // An entry of an ITT or page elsewhere that is not in RAM makes places of ids invalid, too.
  const address = fault.unreadable ?? (fault.check === "the EventID has a place" ? fault.address : undefined);
  if (address === undefined) return undefined;
  const isRam = ram.length === 0 || isWithin(ram, address, address + 1);
  const isMade = state.shape.ram.some(({ base, bytes }) => base <= address && address < base + bytes);
  return isRam && !isMade ? { kind: "maybe not RAM", fault, address } : undefined;
}

function afterRestore(
  itss: readonly CheckedTables[],
  watches: readonly WalkWatch[],
  machine: Machine,
  chain: Findings,
): Pick<ModelVerdict, "restored" | "chain" | "chainCounts" | "dropped" | "droppedCount"> {
  const dropped: Finding[] = [];
  let droppedCount = 0;
  let devices = 0;
  let events = 0;
  let collections = 0;
  for (const [its, watch] of watches.entries()) {
    const tables = machine.tables(its);
    const byId = new Map(itss[its].report.devices.map((device) => [device.deviceId, device]));
    watch.finish();
    for (const _collection of tables.collections()) collections++;
    for (const { deviceId } of tables.devices()) {
      devices++;
      let count = 0;
      for (const _event of tables.events(deviceId)) count++;
      events += count;
      const missing = (watch.events.get(deviceId)?.length ?? 0) - count;
      droppedCount += missing;
      const device = missing > 0 && dropped.length < MAX_DROPPED ? byId.get(deviceId) : undefined;
      if (device !== undefined) dropped.push(...droppedEvents(device, watch, tables));
    }
  }
  const restored = { devices, events, collections };
  return {
    restored,
    chain: chain.list,
    chainCounts: chain.counts,
    dropped: dropped.slice(0, MAX_DROPPED),
    droppedCount,
  };
}

/** Events of a device that the restore has met and that the kernel does not hold. */
function droppedEvents(device: CaptureDevice, watch: WalkWatch, tables: ItsTables): Finding[] {
  const met = new Set(watch.events.get(device.deviceId));
  return device.events.flatMap((event): Finding[] => {
    if (!met.has(event.eventId) || tables.event(device.deviceId, event.eventId) !== undefined) return [];
    return [{ rule: "L-29-lpi-twice", place: placeOfEvent(device, event) }];
  });
}
