import type { ScriptDocument } from "../../language/index.ts";
import { argumentValue, commandName, isMapping } from "./mappings.ts";

/** An id that a line above maps. */
export interface KnownId {
  readonly id: bigint;
  /** What it is mapped to, for people. */
  readonly detail: string;
  readonly line: number;
}

export interface KnownIds {
  readonly list: readonly KnownId[];
  /** False when lines or ids were left out. */
  readonly complete: boolean;
}

/** Lines looked at, and ids told, at most: completion has to answer between two keystrokes. */
const LINES = 20_000;
const IDS = 200;

/** Ids of an argument that lines above `from` map on its machine, nearest first, each once. `device` narrows events to one device. */
export function knownIds(document: ScriptDocument, field: string, from: number, device?: bigint): KnownIds {
  const list: KnownId[] = [];
  const seen = new Set<bigint>();
  const machine = document.machineLines(from);
  const last = Math.max(machine.from, from - LINES);
  for (let line = from - 1; line >= last; line--) {
    const found = readers[field]?.(document, line, device);
    if (found === undefined || seen.has(found.id)) continue;
    seen.add(found.id);
    list.push(found);
    if (list.length >= IDS) return { list, complete: false };
  }
  return { list, complete: last === machine.from };
}

type Reader = (document: ScriptDocument, line: number, device: bigint | undefined) => KnownId | undefined;

const readers: Readonly<Record<string, Reader | undefined>> = {
  DeviceID: (document, index) => {
    const line = document.lines[index];
    if (commandName(line) !== "MAPD") return undefined;
    const id = argumentValue(line, "DeviceID");
    if (id === undefined) return undefined;
    const size = argumentValue(line, "Size");
    const detail = !isMapping(line)
      ? "unmapped"
      : size === undefined
        ? "mapped"
        : `events 0x0 to 0x${(2n ** (size + 1n) - 1n).toString(16)}`;
    return { id, detail: `${detail}, line ${index + 1}`, line: index };
  },
  EventID: (document, index, device) => {
    const line = document.lines[index];
    const name = commandName(line);
    if (name !== "MAPTI" && name !== "MAPI") return undefined;
    const owner = argumentValue(line, "DeviceID");
    const id = argumentValue(line, "EventID");
    if (id === undefined || (device !== undefined && owner !== device)) return undefined;
    const of = owner === undefined ? "" : ` of DeviceID 0x${owner.toString(16)}`;
    const intid = name === "MAPI" ? id : argumentValue(line, "pINTID");
    return { id, detail: `pINTID ${intid ?? "?"}${of}, line ${index + 1}`, line: index };
  },
  ICID: (document, index) => {
    const line = document.lines[index];
    if (commandName(line) !== "MAPC") return undefined;
    const id = argumentValue(line, "ICID");
    if (id === undefined) return undefined;
    const target = isMapping(line) ? `RDbase ${argumentValue(line, "RDbase") ?? "?"}` : "unmapped";
    return { id, detail: `${target}, line ${index + 1}`, line: index };
  },
};
