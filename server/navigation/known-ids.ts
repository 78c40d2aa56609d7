import { hex } from "../../architecture/index.ts";
import type { Mapping } from "../../runner/index.ts";
import type { Script } from "../scripts/script.ts";
import { mappedAbove } from "./find-mapping.ts";

/** An id that is mapped when a line begins. */
export interface KnownId {
  readonly id: number;
  /** What it is mapped to, for people, with the line that has mapped it. */
  readonly detail: string;
  readonly line: number;
}

export interface KnownIds {
  readonly list: readonly KnownId[];
  /** False when mappings or ids were left out, or the run has not come to the line. */
  readonly complete: boolean;
}

/** Mappings looked at, and ids told, at most: completion has to answer between two keystrokes. */
const MAPPINGS = 20_000;
const IDS = 200;

/**
 * Ids of an argument that are mapped when a line begins, as its machine has them, those first that lines near it have mapped.
 * @param its the ITS whose ids they are; interrupts are those of all ITSs. undefined: it is not known which @param device narrows events to one device
 */
export function knownIds(
  script: Script,
  field: string,
  line: number,
  its: number | undefined,
  device?: number,
): KnownIds {
  const read = readers[field];
  if (read === undefined || (its === undefined && field !== INTERRUPT)) return { list: [], complete: true };
  const log = mappedAbove(script, line);
  if (log === undefined) return { list: [], complete: script.simulation === undefined };
  const list: KnownId[] = [];
  const seen = new Set<number>();
  let looked = 0;
  for (const mapping of log.mappedAt(line)) {
    if (++looked > MAPPINGS || list.length >= IDS) return { list, complete: false };
    const found = field === INTERRUPT || mapping.subject.its === its ? read(mapping, device) : undefined;
    if (found === undefined || seen.has(found.id)) continue;
    seen.add(found.id);
    list.push({ ...found, detail: `${found.detail}, line ${mapping.line + 1}`, line: mapping.line });
  }
  return { list, complete: true };
}

/** The field whose ids are those of interrupts: an LPI is one of the machine, whatever ITS it comes by. */
const INTERRUPT = "INTID";

type Reader = (mapping: Mapping, device: number | undefined) => Pick<KnownId, "id" | "detail"> | undefined;

const readers: Readonly<Record<string, Reader | undefined>> = {
  DeviceID: ({ subject, to }) =>
    subject.kind === "device" && to.kind === "device"
      ? { id: subject.device, detail: `events 0x0 to ${hex(2 ** to.eventBits - 1)}` }
      : undefined,
  EventID: ({ subject, to }, device) =>
    subject.kind === "event" && to.kind === "event" && (device === undefined || subject.device === device)
      ? { id: subject.event, detail: `pINTID ${to.intid} of DeviceID ${hex(subject.device)}` }
      : undefined,
  INTID: ({ subject, to }) =>
    subject.kind === "event" && to.kind === "event"
      ? {
          id: to.intid,
          detail: `EventID ${hex(subject.event)} of DeviceID ${hex(subject.device)}${itsText(subject.its)}`,
        }
      : undefined,
  ICID: ({ subject, to }) =>
    subject.kind === "collection" && to.kind === "collection"
      ? { id: subject.icid, detail: `RDbase ${to.target}` }
      : undefined,
};

/** An ITS where it is to be told apart from the only one that most machines have. */
function itsText(its: number): string {
  return its === 0 ? "" : ` of ITS ${its}`;
}
