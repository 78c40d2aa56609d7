import type { ItsTables } from "../../emulator/index.ts";

/** What an ITS maps: a device, an event of a device, a collection. The same ids of two ITSs are two subjects. @property its number of the ITS */
export type Subject =
  | { readonly kind: "device"; readonly its: number; readonly device: number }
  | { readonly kind: "event"; readonly its: number; readonly device: number; readonly event: number }
  | { readonly kind: "collection"; readonly its: number; readonly icid: number };

/** What a subject is mapped to. */
export type Mapped =
  /** @property ittAddress address of the ITT in bytes */
  | { readonly kind: "device"; readonly ittAddress: number; readonly eventBits: number }
  | { readonly kind: "event"; readonly intid: number }
  /** @property target PE number */
  | { readonly kind: "collection"; readonly target: number };

/** A string that is the same for the same subject. */
export function subjectKey(subject: Subject): string {
  switch (subject.kind) {
    case "device":
      return `device ${subject.its} ${subject.device}`;
    case "event":
      return `event ${subject.its} ${subject.device} ${subject.event}`;
    case "collection":
      return `collection ${subject.its} ${subject.icid}`;
  }
}

/** What an ITS has of a subject now; undefined when it is not mapped. @param tables of the subject's ITS */
export function mappedTo(tables: ItsTables, subject: Subject): Mapped | undefined {
  switch (subject.kind) {
    case "device": {
      const state = tables.device(subject.device);
      return state && { kind: "device", ittAddress: state.ittAddress, eventBits: state.eventBits };
    }
    case "event": {
      const state = tables.event(subject.device, subject.event);
      return state && { kind: "event", intid: state.intid };
    }
    case "collection": {
      // KVM knows of a collection that an MAPTI has named and no MAPC has mapped.
      const target = tables.collection(subject.icid)?.target;
      return target === undefined ? undefined : { kind: "collection", target };
    }
  }
}

export function sameMapping(one: Mapped | undefined, other: Mapped | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  switch (one.kind) {
    case "device":
      return other.kind === "device" && one.ittAddress === other.ittAddress && one.eventBits === other.eventBits;
    case "event":
      return other.kind === "event" && one.intid === other.intid;
    case "collection":
      return other.kind === "collection" && one.target === other.target;
  }
}
