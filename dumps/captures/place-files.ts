import type { TableLayouts } from "../../architecture/layout.ts";
import { architectureLevel1, LEVEL1_ENTRY_BYTES } from "../../architecture/layouts/level1.ts";
import type { Capture } from "./capture.ts";
import { CaptureMemory } from "./capture-memory.ts";
import { EntryReader } from "./entry-reader.ts";
import type { FileRole } from "./file-roles.ts";

/** A capture's memory as a layout places its files, and the files that it does not place. */
export interface Placed {
  readonly memory: CaptureMemory;
  readonly unplaced: readonly string[];
}

/** Memory of a capture with its files at their places. Those of level-2 pages and ITTs may be known by the tables above them alone. */
export function placeFiles(capture: Capture, { entries }: TableLayouts): Placed {
  const { facts } = capture;
  const memory = new CaptureMemory();
  for (const { name, memory: known, shift } of capture.dumps) memory.add(known, name, shift);
  let waiting = capture.floating;
  const place = (address: (role: FileRole) => number | undefined): void => {
    waiting = waiting.filter(({ name, memory: known, role }) => {
      const at = role && address(role);
      if (at !== undefined) memory.add(known, name, at - known.start);
      return at === undefined;
    });
  };
  const table = facts.tables.get("device");
  const { device } = entries;
  if (table === undefined || device === undefined) return { memory, unplaced: waiting.map(({ name }) => name) };
  const level1 = new EntryReader(entries.level1 ?? architectureLevel1, memory);
  const pageAddress = (page: number): number | undefined => {
    const entry = level1.read(table.address + page * LEVEL1_ENTRY_BYTES);
    return entry === undefined || !level1.isValid(entry) ? undefined : level1.field(entry, "page-address");
  };
  if (table.indirect) place((role) => (role.kind === "level2" ? pageAddress(role.page) : undefined));
  const dtes = new EntryReader(device, memory);
  const perPage = Math.floor(table.pageBytes / device.bytes);
  place((role) => {
    if (role.kind !== "itt") return undefined;
    const page = table.indirect ? pageAddress(Math.floor(role.deviceId / perPage)) : table.address;
    if (page === undefined) return undefined;
    const entry = dtes.read(page + (table.indirect ? role.deviceId % perPage : role.deviceId) * device.bytes);
    return entry === undefined || !dtes.isValid(entry) ? undefined : dtes.field(entry, "itt-address");
  });
  return { memory, unplaced: waiting.map(({ name }) => name) };
}
