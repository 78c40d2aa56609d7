import { commandByName, encodeCommand, FIRST_LPI } from "../architecture/index.ts";
import { layout } from "./qemu-board.ts";

/** Commands of a full 1 MiB queue: one place stays free. */
export const QUEUE_COMMANDS = 32767;
const MIX_DEVICES = 1023;
const DEVICES = 1024;
const EVENTS = 32;
const LPIS = 32768;
const ITT_STRIDE = 0x200;

/** Property bytes of LPIs: disabled, and enabled at priority 0xA0. */
export const DISABLED = 0;
export const ENABLED = 0xa1;

/** One measurement: queues that prepare the tables, then the queue that is timed. */
export interface Case {
  readonly name: string;
  /** Property byte of every LPI. */
  readonly property: number;
  readonly prepare: readonly Uint8Array[];
  readonly timed: Uint8Array;
  /** How many times as fast as QEMU the qemu model is to be with its journal off and on. */
  readonly goal: { readonly off: number; readonly on?: number };
}

function command(name: string, fields: Readonly<Record<string, number>> = {}): Uint8Array {
  const found = commandByName(name);
  if (found === undefined) throw new Error(`${name} is not declared`);
  const raw = Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, BigInt(value)]));
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  for (const [word, value] of encodeCommand(found, raw).entries()) view.setBigUint64(word * 8, value, true);
  return bytes;
}

function queue(count: number, make: (index: number) => Uint8Array): Uint8Array {
  const bytes = new Uint8Array(count * 32);
  for (let index = 0; index < count; index++) bytes.set(make(index), index * 32);
  return bytes;
}

export function joined(...queues: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(queues.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of queues) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const ittRaw = (address: number): number => address / 256;
export const mapd = (device: number, itt: number, size = 4): Uint8Array =>
  command("MAPD", { DeviceID: device, Size: size, ITT_addr: ittRaw(itt), V: 1 });
export const mapti = (device: number, event: number, intid: number, icid: number): Uint8Array =>
  command("MAPTI", { DeviceID: device, EventID: event, pINTID: intid, ICID: icid });
export const int = (device: number, event: number): Uint8Array => command("INT", { DeviceID: device, EventID: event });
export const clear = (device: number, event: number): Uint8Array =>
  command("CLEAR", { DeviceID: device, EventID: event });
const movi = (device: number, event: number, icid: number): Uint8Array =>
  command("MOVI", { DeviceID: device, EventID: event, ICID: icid });
const discard = (device: number, event: number): Uint8Array => command("DISCARD", { DeviceID: device, EventID: event });
const itt = (device: number): number => layout.itts + (device % DEVICES) * ITT_STRIDE;

/** ICID n goes to PE n. */
export const collections = queue(layout.cpus, (pe) => command("MAPC", { ICID: pe, RDbase: pe, V: 1 }));
export const devices = queue(DEVICES, (device) => mapd(device, itt(device)));
const events = queue(QUEUE_COMMANDS, (i) => mapti(Math.floor(i / EVENTS), i % EVENTS, FIRST_LPI + (i % LPIS), i & 3));
const mapAll = joined(collections, devices);
const per = (make: (device: number, event: number) => Uint8Array): Uint8Array =>
  queue(QUEUE_COMMANDS, (i) => make(Math.floor(i / EVENTS), i % EVENTS));

/** The mix of one queue: 4 MAPC, then 1023 x (MAPD, 8 MAPTI, 8 INT, 7 MOVI, 8 DISCARD) kind by kind, then 27 SYNC. */
export const mix = joined(
  collections,
  queue(MIX_DEVICES, (device) => mapd(device, itt(device))),
  queue(MIX_DEVICES * 8, (i) => mapti(i >> 3, i & 7, FIRST_LPI + i, i & 3)),
  queue(MIX_DEVICES * 8, (i) => int(i >> 3, i & 7)),
  queue(MIX_DEVICES * 7, (i) => movi(Math.floor(i / 7), i % 7, (i + 1) & 3)),
  queue(MIX_DEVICES * 8, (i) => discard(i >> 3, i & 7)),
  queue(27, () => command("SYNC", { RDbase: 0 })),
);

function single(name: string, prepare: readonly Uint8Array[], timed: Uint8Array, goal: number): Case {
  return { name, property: DISABLED, prepare, timed, goal: { off: goal } };
}

/** The cases that run on QEMU and on the emulator in turn. */
export const cases: readonly Case[] = [
  { name: "mix, LPIs disabled", property: DISABLED, prepare: [], timed: mix, goal: { off: 2, on: 1.6 } },
  { name: "mix, LPIs enabled", property: ENABLED, prepare: [], timed: mix, goal: { off: 100 } },
  single("INT", [mapAll, events], per(int), 1.5),
  single("MAPTI", [mapAll], events, 1.5),
  single(
    "MOVI",
    [mapAll, events],
    per((device, event) => movi(device, event, (event + 1) & 3)),
    1.5,
  ),
  single("DISCARD", [mapAll, events], per(discard), 1.5),
  single(
    "MAPD",
    [],
    queue(QUEUE_COMMANDS, (device) => mapd(device, itt(device))),
    1,
  ),
  single(
    "SYNC",
    [],
    queue(QUEUE_COMMANDS, () => command("SYNC", { RDbase: 0 })),
    1,
  ),
];
