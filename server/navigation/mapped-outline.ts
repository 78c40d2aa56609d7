import { formatValue, statementSpan } from "../../language/index.ts";
import type { MappingChange } from "../../runner/index.ts";
import type { Script } from "../scripts/script.ts";
import type { Entry } from "./outline-entry.ts";

/** An entry that is still being put together. */
interface Draft extends Entry {
  detail: string;
  children: Draft[];
}

/**
 * What lines of a script map, as their machines have carried it out, in the order of the lines: collections, and devices with their
 * events; where several ITSs map something, with the ITS. What a line below unmaps or maps anew says so. Lines that have not run yet
 * are left out.
 * @param most entries and children at most
 */
export function mappedOutline(script: Script, most: number): Entry[] {
  const changes = script.simulation?.mappingsKnown(0)?.all() ?? [];
  const entries: Draft[] = [];
  /** Entries by the change that they show. */
  const shown = new Map<MappingChange, Draft>();
  /** Devices that are mapped at the line that is looked at, by machine and ITS. */
  const devices: Map<number, Draft>[][] = [];
  /** Devices and collections, with the ITS of each. */
  const owned: { readonly entry: Draft; readonly its: number }[] = [];
  for (const change of changes) {
    const { before } = change;
    const ended = before && shown.get(before);
    if (ended !== undefined) ended.detail += `, until line ${change.line + 1}`;
    if (shown.size >= most) continue;
    const { subject, stage } = change;
    devices[stage] ??= [];
    devices[stage][subject.its] ??= new Map();
    const own = devices[stage][subject.its];
    if (subject.kind === "device") own.delete(subject.device);
    if (change.to === undefined) continue;
    const entry = entryOf(script, change);
    if (subject.kind !== "event") owned.push({ entry, its: subject.its });
    shown.set(change, entry);
    if (subject.kind === "device") own.set(subject.device, entry);
    const device = subject.kind === "event" ? own.get(subject.device) : undefined;
    (device?.children ?? entries).push(entry);
  }
  if (owned.some(({ its }) => its > 0))
    for (const { entry, its } of owned) entry.detail = `ITS ${its}, ${entry.detail}`;
  return entries;
}

function entryOf(script: Script, { line, subject, to }: MappingChange): Draft {
  const source = script.document.lines[line];
  const selection = statementSpan(source);
  const draft = (kind: Entry["kind"], name: string, detail: string): Draft => ({
    kind,
    name,
    detail,
    line,
    endLine: line,
    selection,
    children: [],
  });
  switch (subject.kind) {
    case "device": {
      const itt = to?.kind === "device" ? to.ittAddress : 0;
      return draft("device", `DeviceID ${number(subject.device)}`, `ITT ${number(itt)}`);
    }
    case "event": {
      const intid = to?.kind === "event" ? to.intid : 0;
      return draft("event", `EventID ${number(subject.event)}`, `pINTID ${intid}`);
    }
    case "collection": {
      const target = to?.kind === "collection" ? to.target : 0;
      return draft("collection", `ICID ${subject.icid}`, `RDbase ${target}`);
    }
  }
}

function number(value: number): string {
  return formatValue(BigInt(value));
}
