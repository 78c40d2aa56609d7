import type { Subject } from "./subject.ts";

/** One subject of one ITS of a machine. */
export interface Slot<Change> {
  readonly subject: Subject;
  /** Its last change; undefined: none was seen, or it was taken back. */
  last: Change | undefined;
  /** Number of the line's run that has named it last, and whether a command of that maps it. */
  namedBy: number;
  maps: boolean;
}

/** The subjects of one ITS of a machine by their ids, each once. */
export class Slots<Change> {
  private readonly devices = new Map<number, Slot<Change>>();
  private readonly collections = new Map<number, Slot<Change>>();
  private readonly events = new Map<number, Map<number, Slot<Change>>>();
  /** How many there are. */
  size = 0;

  find(subject: Subject): Slot<Change> | undefined {
    switch (subject.kind) {
      case "device":
        return this.devices.get(subject.device);
      case "collection":
        return this.collections.get(subject.icid);
      case "event":
        return this.events.get(subject.device)?.get(subject.event);
    }
  }

  /** The slot of a subject, made where there is none yet. */
  of(subject: Subject): Slot<Change> {
    const known = this.find(subject);
    if (known !== undefined) return known;
    const slot: Slot<Change> = { subject, last: undefined, namedBy: -1, maps: false };
    this.size++;
    if (subject.kind === "device") this.devices.set(subject.device, slot);
    else if (subject.kind === "collection") this.collections.set(subject.icid, slot);
    else {
      const events = this.events.get(subject.device);
      if (events === undefined) this.events.set(subject.device, new Map([[subject.event, slot]]));
      else events.set(subject.event, slot);
    }
    return slot;
  }

  /** Those of events of a device that have changed. */
  *changedEvents(device: number): Iterable<Slot<Change>> {
    for (const slot of this.events.get(device)?.values() ?? []) if (slot.last !== undefined) yield slot;
  }

  /** Those that have changed. */
  *changed(): Iterable<Slot<Change>> {
    for (const slots of [this.devices, this.collections, ...this.events.values()])
      for (const slot of slots.values()) if (slot.last !== undefined) yield slot;
  }

  /** Those of devices that have changed. */
  *changedDevices(): Iterable<Slot<Change>> {
    for (const slot of this.devices.values()) if (slot.last !== undefined) yield slot;
  }

  /** Forgets those that have not changed, or not any more. */
  prune(): void {
    for (const slots of [this.devices, this.collections, ...this.events.values()])
      for (const [id, { last }] of slots) if (last === undefined && slots.delete(id)) this.size--;
    for (const [device, slots] of this.events) if (slots.size === 0) this.events.delete(device);
  }
}
