import { type Command, commandErrorByCode, commandField, errnoName, extractRaw, hex } from "../architecture/index.ts";
import { type ItsTables, type Outcome, outcomeDetail, outcomeName } from "../emulator/index.ts";
import type { Fault } from "../language/index.ts";
import type { Target } from "./target.ts";

/** Why a command had no effect. */
export interface Explanation {
  /** Name of the argument that is to blame; undefined when none is. */
  readonly argument: string | undefined;
  readonly fault: Fault;
}

/** What of a command or an MSI an explanation needs. */
export interface CommandIds {
  readonly deviceId?: number;
  readonly eventId?: number;
  readonly icid?: number;
  readonly raw: (argument: string) => bigint | undefined;
}

/** Ids of a command packet. */
export function commandIds(command: Command, words: readonly bigint[]): CommandIds {
  const raw = (name: string): bigint | undefined => {
    const field = commandField(command, name);
    return field === undefined ? undefined : extractRaw(words[field.word], field);
  };
  const number = (name: string): number | undefined => {
    const value = raw(name);
    return value === undefined ? undefined : Number(value);
  };
  return { deviceId: number("DeviceID"), eventId: number("EventID"), icid: number("ICID"), raw };
}

/** Kinds of command errors (EE of 0x01CCEE) by what they blame. */
const ICID_KINDS = new Set([0x03, 0x09]);
const UNMAPPED_EVENT = 0x07;
const EVENT_KINDS = new Set([0x05, UNMAPPED_EVENT, 0x10]);

/**
 * Explains a command error by the state that it met. Implementations fold several causes in one code (KVM answers INT to an unmapped
 * device with "unmapped interrupt"), so the tables are looked at, after the command, which changed nothing.
 */
export function explainFault(outcome: Outcome, ids: CommandIds, target: Target, its = 0): Explanation {
  const code = outcomeDetail(outcome);
  const kind = code & 0xff;
  const { deviceId: device, eventId: event, icid } = ids;
  const tables = target.tables(its);
  const of = its === 0 ? {} : { its };
  if (device !== undefined && (kind === 0x04 || EVENT_KINDS.has(kind)) && tables.device(device) === undefined) {
    return { argument: "DeviceID", fault: { kind: "device-not-mapped", ...of, device, event } };
  }
  if (device !== undefined && event !== undefined && (EVENT_KINDS.has(kind) || ICID_KINDS.has(kind))) {
    const fault = eventFault(device, event, kind, ids, tables);
    if (fault !== undefined) return { argument: "EventID", fault: { ...fault, ...of } };
  }
  if (kind === 0x01 && device !== undefined) {
    return { argument: "DeviceID", fault: { kind: "device-without-place", ...of, device } };
  }
  if (ICID_KINDS.has(kind) && icid !== undefined) {
    const mapped = tables.collection(icid)?.target !== undefined;
    const what = kind === 0x03 || mapped ? "collection-without-place" : "collection-not-mapped";
    return { argument: "ICID", fault: { kind: what, ...of, icid } };
  }
  return { argument: blamed(kind, ids), fault: { kind: "command-error", code } };
}

function eventFault(
  device: number,
  event: number,
  kind: number,
  ids: CommandIds,
  tables: ItsTables,
): Fault | undefined {
  const eventBits = tables.device(device)?.eventBits;
  if (eventBits === undefined) return undefined;
  if (event >= 2 ** eventBits) return { kind: "event-beyond-itt", device, event, eventBits };
  if (ids.raw("pINTID") !== undefined) return undefined;
  const state = tables.event(device, event);
  if (state === undefined) return { kind: "event-not-mapped", device, event };
  const { icid, virtual } = state;
  if (virtual !== undefined) {
    // Whether its vPE is mapped is not looked at: what else can be wrong says the error itself.
    return kind === UNMAPPED_EVENT ? { kind: "event-virtual", device, event, vpeId: virtual.vpeId } : undefined;
  }
  const hasTarget = icid !== undefined && tables.collection(icid)?.target !== undefined;
  return hasTarget ? undefined : { kind: "event-without-target", device, event, icid };
}

function blamed(kind: number, ids: CommandIds): string | undefined {
  const candidates: Readonly<Record<number, readonly string[]>> = {
    1: ["DeviceID", "RDbase1"],
    2: ["Size", "RDbase"],
    6: ["pINTID", "Dbell_pINTID"],
    17: ["vPEID"],
    19: ["vINTID"],
    20: ["vPEID"],
  };
  return candidates[kind]?.find((name) => ids.raw(name) !== undefined);
}

/** What the implementation did, as a sentence for users. */
export function effectOf(outcome: Outcome, target: Target): string {
  switch (outcomeName(outcome)) {
    case "ignored":
      return `${target.name} drops the command and goes on.`;
    case "stalled":
      return `${target.name} stops the queue here (GITS_CREADR.Stalled = 1).`;
    default:
      return `${target.name} drops the command without a trace.`;
  }
}

/** A short name of an outcome: `done`, `ignored MAPTI_ID_OOR`, `EFAULT`. */
export function outcomeText(outcome: Outcome): string {
  const detail = outcomeDetail(outcome);
  const name = outcomeName(outcome);
  switch (name) {
    case "done":
      return "done";
    case "ignored":
    case "stalled":
      return detail === 0 ? name : `${name}, ${commandErrorByCode(detail)?.name ?? hex(detail)}`;
    case "silent":
      return detail === 0 ? "silently ignored" : `silently ignored, ${commandErrorByCode(detail)?.name ?? hex(detail)}`;
    case "swallowed":
      return detail === 0 ? "ignored" : `ignored, ${errnoName(detail) ?? detail}`;
    case "unknown":
      return "no such command";
    case "hostCrash":
      return "a crash of the host";
  }
}
