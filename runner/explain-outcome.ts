import { type Command, commandErrorByCode, commandField, errnoName, extractRaw, hex } from "../architecture/index.ts";
import { type Outcome, outcomeDetail, outcomeName } from "../emulator/index.ts";
import type { Target } from "./target.ts";

/** Why a command had no effect: the argument at fault, and a sentence without a full stop. */
export interface Fault {
  /** Name of the argument; undefined when none is to blame. */
  readonly argument: string | undefined;
  readonly sentence: string;
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
export function explainFault(outcome: Outcome, ids: CommandIds, target: Target, its = 0): Fault {
  const code = outcomeDetail(outcome);
  const kind = code & 0xff;
  const error = commandErrorByCode(code);
  const { deviceId, eventId } = ids;
  const tables = target.tables(its);
  if (deviceId !== undefined && (kind === 0x04 || EVENT_KINDS.has(kind)) && tables.device(deviceId) === undefined) {
    return { argument: "DeviceID", sentence: `DeviceID ${hex(deviceId)} is not mapped` };
  }
  if (deviceId !== undefined && eventId !== undefined && (EVENT_KINDS.has(kind) || ICID_KINDS.has(kind))) {
    const fault = eventFault(deviceId, eventId, kind, ids, target, its);
    if (fault !== undefined) return fault;
  }
  if (kind === 0x01 && deviceId !== undefined) {
    return {
      argument: "DeviceID",
      sentence: `DeviceID ${hex(deviceId)} has no place in the device table of GITS_BASER0`,
    };
  }
  if (ICID_KINDS.has(kind) && ids.icid !== undefined) {
    const mapped = tables.collection(ids.icid)?.target !== undefined;
    const what = kind === 0x03 || mapped ? "has no place in the collection table" : "is not mapped to a redistributor";
    return { argument: "ICID", sentence: `ICID ${hex(ids.icid)} ${what}` };
  }
  const summary =
    error === undefined
      ? `error ${hex(code)}`
      : lowerFirst(error.summary.replace(/^[A-Z ]+(or an MSI)?: /, "").replace(/\.$/, ""));
  return { argument: blamed(kind, ids), sentence: summary };
}

function eventFault(
  deviceId: number,
  eventId: number,
  kind: number,
  ids: CommandIds,
  target: Target,
  its: number,
): Fault | undefined {
  const tables = target.tables(its);
  const device = tables.device(deviceId);
  if (device === undefined) return undefined;
  if (eventId >= 2 ** device.eventBits) {
    const last = hex(2 ** device.eventBits - 1);
    return {
      argument: "EventID",
      sentence: `EventID ${hex(eventId)} is beyond the ITT of DeviceID ${hex(deviceId)}, which has events 0x0 to ${last}`,
    };
  }
  const event = tables.event(deviceId, eventId);
  if (ids.raw("pINTID") !== undefined) return undefined;
  if (event === undefined) {
    return { argument: "EventID", sentence: `EventID ${hex(eventId)} of DeviceID ${hex(deviceId)} is not mapped` };
  }
  const { virtual } = event;
  if (virtual !== undefined) {
    // Whether its vPE is mapped is not looked at: what else can be wrong says the error itself.
    if (kind !== UNMAPPED_EVENT) return undefined;
    const sentence = `EventID ${hex(eventId)} of DeviceID ${hex(deviceId)} is a virtual one, of vPEID ${hex(virtual.vpeId)}`;
    return { argument: "EventID", sentence };
  }
  if (event.icid === undefined || tables.collection(event.icid)?.target === undefined) {
    const name = event.icid === undefined ? "its collection" : `ICID ${hex(event.icid)}`;
    return {
      argument: "EventID",
      sentence: `EventID ${hex(eventId)} of DeviceID ${hex(deviceId)} has no target: ${name} is not mapped`,
    };
  }
  return undefined;
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

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text[0].toLowerCase() + text.slice(1) : text;
}
