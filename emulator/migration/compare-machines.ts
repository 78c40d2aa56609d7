import { hex } from "../../architecture/index.ts";
import type { EventState, LpiState, Machine } from "../machine.ts";
import type { RegisterValues, SavedState } from "../state-file/saved-state.ts";

/** One thing in which a destination differs from its source. */
export interface Loss {
  readonly kind: "register" | "collection" | "device" | "event" | "LPI" | "command";
  readonly message: string;
}

const icidOf = (icid: number | undefined): string => (icid === undefined ? "no collection" : `ICID ${hex(icid)}`);
const peOf = (target: number | undefined): string => (target === undefined ? "no PE" : `PE ${target}`);

/** Differences of the registers, by name. */
export function* registerLosses(
  source: Pick<SavedState, "distributor" | "redistributors" | "cpuInterfaces" | "itss">,
  destination: typeof source,
): Iterable<Loss> {
  yield* unitLosses("", source.distributor, destination.distributor);
  for (const [pe, values] of source.redistributors.entries()) {
    yield* unitLosses(` of PE ${pe}`, values, destination.redistributors[pe] ?? new Map());
  }
  for (const [pe, values] of source.cpuInterfaces.entries()) {
    yield* unitLosses(` of PE ${pe}`, values, destination.cpuInterfaces[pe] ?? new Map());
  }
  for (const [its, values] of source.itss.entries()) {
    yield* unitLosses(` of ITS ${its}`, values, destination.itss[its] ?? new Map());
  }
}

function* unitLosses(unit: string, source: RegisterValues, destination: RegisterValues): Iterable<Loss> {
  for (const [name, value] of source) {
    const now = destination.get(name);
    if (now === value) continue;
    const is = now === undefined ? "cannot be read" : `is ${hex(now)}`;
    yield { kind: "register", message: `${name}${unit} ${is}; the source has ${hex(value)}.` };
  }
}

/** Differences of collections, devices and events of all ITSs, and of the LPIs. */
export function* tableLosses(source: Machine, destination: Machine): Iterable<Loss> {
  for (let its = 0; its < source.map.its.length; its++) {
    const of = source.map.its.length === 1 ? "" : ` of ITS ${its}`;
    yield* collectionLosses(source, destination, its, of);
    yield* deviceLosses(source, destination, its, of);
  }
  yield* lpiLosses(source, destination);
}

function* collectionLosses(source: Machine, destination: Machine, its: number, of: string): Iterable<Loss> {
  const [from, to] = [source.tables(its), destination.tables(its)];
  for (const { icid, target } of from.collections()) {
    const found = to.collection(icid);
    const name = `ICID ${hex(icid)}${of}`;
    if (found === undefined) yield { kind: "collection", message: `${name} is missing; it had ${peOf(target)}.` };
    else if (found.target !== target) {
      yield { kind: "collection", message: `${name} has ${peOf(found.target)}; the source has ${peOf(target)}.` };
    }
  }
  for (const { icid } of to.collections()) {
    if (from.collection(icid) === undefined) {
      yield { kind: "collection", message: `ICID ${hex(icid)}${of} exists; the source has none.` };
    }
  }
}

function* deviceLosses(source: Machine, destination: Machine, its: number, of: string): Iterable<Loss> {
  const [from, to] = [source.tables(its), destination.tables(its)];
  for (const device of from.devices()) {
    const { deviceId, ittAddress, eventBits } = device;
    const found = to.device(deviceId);
    const name = `DeviceID ${hex(deviceId)}${of}`;
    const events = [...from.events(deviceId)];
    if (found === undefined) {
      yield {
        kind: "device",
        message: `${name} is missing, with ${events.length} mapped ${events.length === 1 ? "event" : "events"}.`,
      };
      continue;
    }
    if (found.ittAddress !== ittAddress || found.eventBits !== eventBits) {
      const text = `${hex(found.ittAddress)} with ${found.eventBits} EventID bits`;
      const had = `${hex(ittAddress)} with ${eventBits}`;
      yield { kind: "device", message: `${name} has its ITT at ${text}; the source has ${had}.` };
    }
    yield* eventLosses(name, events, [...to.events(deviceId)]);
  }
  for (const { deviceId } of to.devices()) {
    if (from.device(deviceId) === undefined) {
      yield { kind: "device", message: `DeviceID ${hex(deviceId)}${of} exists; the source has none.` };
    }
  }
}

function* eventLosses(
  device: string,
  source: readonly EventState[],
  destination: readonly EventState[],
): Iterable<Loss> {
  const now = new Map(destination.map((event) => [event.eventId, event]));
  for (const event of source) {
    const found = now.get(event.eventId);
    now.delete(event.eventId);
    const name = `EventID ${hex(event.eventId)} of ${device}`;
    const had = eventText(event);
    if (found === undefined) yield { kind: "event", message: `${name} is missing; it was ${had}.` };
    else if (!isSameEvent(found, event)) {
      yield { kind: "event", message: `${name} is ${eventText(found)}; the source has ${had}.` };
    }
  }
  for (const { eventId, intid, virtual } of now.values()) {
    const name = `EventID ${hex(eventId)} of ${device}`;
    const what = virtual === undefined ? "LPI" : "vLPI";
    yield { kind: "event", message: `${name} is mapped, to ${what} ${intid}; the source has no such event.` };
  }
}

function isSameEvent(a: EventState, b: EventState): boolean {
  const sameTarget = a.virtual?.vpeId === b.virtual?.vpeId && a.virtual?.doorbell === b.virtual?.doorbell;
  return a.intid === b.intid && a.icid === b.icid && sameTarget;
}

function eventText({ intid, icid, virtual }: EventState): string {
  if (virtual === undefined) return `LPI ${intid}, ${icidOf(icid)}`;
  const doorbell = virtual.doorbell === undefined ? "no doorbell" : `doorbell LPI ${virtual.doorbell}`;
  return `vLPI ${intid} of vPEID ${hex(virtual.vpeId)}, ${doorbell}`;
}

function* lpiLosses(source: Machine, destination: Machine): Iterable<Loss> {
  for (const was of source.lpis()) {
    const now = destination.lpi(was.intid);
    const name = `LPI ${was.intid}`;
    const loss = (message: string): Loss => ({ kind: "LPI", message: `${name} ${message}.` });
    if (now === undefined) {
      if (was.pending) yield loss("was pending and does not exist: the interrupt is lost");
      continue;
    }
    if (was.pending && !now.pending) yield loss("was pending and is not: the interrupt is lost");
    if (!was.pending && now.pending) yield loss("is pending and was not: an interrupt comes a second time");
    yield* valueLosses(was, now, loss);
  }
  for (const { intid, pending } of destination.lpis()) {
    if (!pending || source.lpi(intid) !== undefined) continue;
    yield { kind: "LPI", message: `LPI ${intid} is pending; the source has no such LPI.` };
  }
}

function* valueLosses(was: LpiState, now: LpiState, loss: (message: string) => Loss): Iterable<Loss> {
  if (was.enabled !== now.enabled) yield loss(now.enabled ? "is enabled and was not" : "was enabled and is not");
  if (was.priority !== now.priority) yield loss(`has priority ${hex(now.priority)} and had ${hex(was.priority)}`);
  if (was.target !== now.target) yield loss(`has ${peOf(now.target)} and had ${peOf(was.target)}`);
}
