import { parseNumber } from "../../dumps/hex-text/hints.ts";

/** What can be gone to by name. `id`: whatever the shown table's ids are. */
export type Target = "id" | "DeviceID" | "EventID" | "INTID" | "ICID" | "vPEID" | "slot" | "address";

/** A place that a user asks for. */
export interface Wanted {
  readonly target: Target;
  readonly value: bigint;
}

/** Names as people write them, in small letters. */
const NAMES: Readonly<Record<string, Target>> = {
  deviceid: "DeviceID",
  device: "DeviceID",
  dev: "DeviceID",
  d: "DeviceID",
  eventid: "EventID",
  event: "EventID",
  e: "EventID",
  intid: "INTID",
  pintid: "INTID",
  lpi: "INTID",
  i: "INTID",
  icid: "ICID",
  collection: "ICID",
  c: "ICID",
  vpeid: "vPEID",
  vpe: "vPEID",
  slot: "slot",
  command: "slot",
  address: "address",
  addr: "address",
  at: "address",
  "@": "address",
};

/** Reads what a user wants to go to: `0x9`, `DeviceID 0x8`, `event=3`, `lpi 8195`, `@0x40100048`. Undefined: it is nothing of that. */
export function parseGoTo(text: string): Wanted | undefined {
  const match = /^\s*(?:([a-z]+|@)\s*[:=#]?\s*)?(0x[0-9a-f_]+|[\d_]+)\s*$/i.exec(text);
  if (match === null) return undefined;
  const value = parseNumber(match[2]);
  const name = match[1]?.toLowerCase();
  const target = name === undefined ? "id" : Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  return value === undefined || target === undefined ? undefined : { target, value };
}
