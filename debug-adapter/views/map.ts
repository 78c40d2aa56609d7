import type { InterruptMap, MapEvent } from "../../dumps/captures/interrupt-map.ts";
import type { ListedInterrupt, ScriptRun } from "../../runner/index.ts";
import type { MapBody } from "../views-protocol.ts";
import { changesOf, interruptsNow } from "./interrupts.ts";
import type { Moments } from "./moments.ts";

/** Events that a map has at most, as those of captures do. */
const MOST_EVENTS = 65_536;

/** Answers `gic/map`. */
export function mapBody(run: ScriptRun, moments: Moments): MapBody {
  const changes = changesOf(run, moments);
  const devices = new Map<string, { its: number; deviceId: number; events: MapEvent[] }>();
  let room = MOST_EVENTS;
  let leftOut = 0;
  for (const one of interruptsNow(run, moments)) {
    if (one.mapped === undefined) continue;
    if (room-- <= 0) {
      leftOut++;
      continue;
    }
    const { its, device: deviceId } = one.mapped;
    const key = `${its} ${deviceId}`;
    const known = devices.get(key) ?? { its, deviceId, events: [] };
    devices.set(key, known);
    known.events.push(mapEvent(one, one.mapped, changes.of(one).length > 0));
  }
  const sorted = [...devices.values()].sort((a, b) => a.its - b.its || a.deviceId - b.deviceId);
  for (const { events } of sorted) events.sort((a, b) => a.eventId - b.eventId);
  const map: InterruptMap = { devices: sorted, pes: run.target.cpus, leftOut };
  return { model: run.target.title, map, changesKnown: changes.known };
}

/** Events that have not changed, by their interrupts: these are the same objects from moment to moment. */
const unchanged = new WeakMap<ListedInterrupt, MapEvent>();

function mapEvent(one: ListedInterrupt, mapped: NonNullable<ListedInterrupt["mapped"]>, changed: boolean): MapEvent {
  const known = changed ? undefined : unchanged.get(one);
  if (known !== undefined) return known;
  const made = eventOf(one, mapped, changed);
  if (!changed) unchanged.set(one, made);
  return made;
}

function eventOf(
  { intid, route, enabled, priority, pending }: ListedInterrupt,
  { event, icid, vpe }: NonNullable<ListedInterrupt["mapped"]>,
  changed: boolean,
): MapEvent {
  const pe = route?.kind === "pes" ? route.pes[0] : undefined;
  return {
    eventId: event,
    intid,
    ...(icid === undefined ? {} : { icid }),
    ...(vpe === undefined ? {} : { vpe }),
    target: pe ?? (vpe === undefined ? "not mapped" : "unknown"),
    ...(enabled === undefined ? {} : { enabled }),
    ...(priority === undefined ? {} : { priority }),
    pending: pending === true && pe !== undefined ? [pe] : [],
    ...(changed ? { changed } : {}),
  };
}
