import type { InterruptMap, MapDevice, MapEvent } from "../../../dumps/captures/interrupt-map.ts";

/** A line of the map's tree. */
export type MapRow =
  | {
      readonly kind: "device";
      readonly device: MapDevice;
      /** Events that match. */
      readonly events: readonly MapEvent[];
      readonly isOpen: boolean;
      readonly place: number;
      readonly of: number;
    }
  | {
      readonly kind: "event";
      readonly device: MapDevice;
      readonly event: MapEvent;
      readonly place: number;
      readonly of: number;
    };

/** A part of the map that is looked at alone. */
export type MapFacet =
  | { readonly kind: "device"; readonly its: number; readonly id: number }
  | { readonly kind: "collection"; readonly its: number; readonly id: number }
  | { readonly kind: "vpe"; readonly id: number }
  | { readonly kind: "target"; readonly id: MapEvent["target"] };

/** Events of the devices that a text and a facet leave; devices without any are left out, unless nothing is asked for. */
export function matchingEvents(
  { devices }: InterruptMap,
  text: string,
  facet?: MapFacet,
): { readonly device: MapDevice; readonly events: readonly MapEvent[] }[] {
  const tests = text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "")
    .map(testOf);
  const isAll = tests.length === 0 && facet === undefined;
  return devices.flatMap((device) => {
    const events = device.events.filter(
      (event) => (facet === undefined || isOf(facet, device, event)) && tests.every((test) => test(device, event)),
    );
    return events.length > 0 || isAll ? [{ device, events }] : [];
  });
}

/** The tree's lines from the top. @param open whether the events of a device show */
export function mapRows(
  matching: readonly { readonly device: MapDevice; readonly events: readonly MapEvent[] }[],
  open: (device: MapDevice) => boolean,
): MapRow[] {
  return matching.flatMap(({ device, events }, at): MapRow[] => {
    const isOpen = open(device);
    const head: MapRow = { kind: "device", device, events, isOpen, place: at + 1, of: matching.length };
    if (!isOpen) return [head];
    return [
      head,
      ...events.map((event, index): MapRow => ({ kind: "event", device, event, place: index + 1, of: events.length })),
    ];
  });
}

type Test = (device: MapDevice, event: MapEvent) => boolean;

const states: Readonly<Record<string, Test>> = {
  pending: (_device, { pending }) => pending.length > 0,
  enabled: (_device, { enabled }) => enabled === true,
  disabled: (_device, { enabled }) => enabled === false,
  changed: (_device, { changed }) => changed === true,
};

/** Ids by the names that a filter has for them. */
const ids: Readonly<Record<string, (device: MapDevice, event: MapEvent) => number | undefined>> = {
  its: ({ its }) => its,
  device: ({ deviceId }) => deviceId,
  deviceid: ({ deviceId }) => deviceId,
  event: (_device, { eventId }) => eventId,
  eventid: (_device, { eventId }) => eventId,
  lpi: (_device, { intid }) => intid,
  intid: (_device, { intid }) => intid,
  icid: (_device, { icid }) => icid,
  vpe: (_device, { vpe }) => vpe,
  pe: (_device, { target }) => (typeof target === "number" ? target : undefined),
};

/** `pending`, `pe:3`, a number that is any of the ids, or a part of a name. */
function testOf(word: string): Test {
  const state = Object.hasOwn(states, word) ? states[word] : undefined;
  if (state !== undefined) return state;
  const [key, value] = word.split(/[:=]/, 2);
  const number = numberOf(value ?? key);
  const id = value !== undefined && Object.hasOwn(ids, key) ? ids[key] : undefined;
  if (id !== undefined) return (device, event) => number !== undefined && id(device, event) === number;
  const any = [ids.device, ids.event, ids.lpi, ids.icid, ids.pe, ids.vpe];
  return (device, event) =>
    (number !== undefined && any.some((of) => of(device, event) === number)) ||
    (number === undefined && (event.name?.toLowerCase().includes(word) ?? false));
}

function numberOf(text: string): number | undefined {
  return /^(0x[0-9a-f]{1,8}|\d{1,10})$/.test(text) ? Number(text) : undefined;
}

function isOf(facet: MapFacet, device: MapDevice, event: MapEvent): boolean {
  switch (facet.kind) {
    case "device":
      return device.its === facet.its && device.deviceId === facet.id;
    case "collection":
      return device.its === facet.its && event.icid === facet.id;
    case "vpe":
      return event.vpe === facet.id;
    case "target":
      return event.vpe === undefined && event.target === facet.id;
  }
}
