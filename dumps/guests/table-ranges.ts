import { FIRST_LPI } from "../../architecture/intids.ts";
import { registerField } from "../captures/frames.ts";
import type { Capture, CaptureReport } from "../captures/index.ts";
import type { Extent } from "../memory.ts";
import type { SavedGuest } from "./guest.ts";

/** INTIDs of LPI tables where no register says how many. */
const USUAL_INTID_BITS = 16;
const MAX_INTID_BITS = 24;

/** Where the tables of a guest's ITS and LPIs are, and its command queue, ascending and joined: what of its memory the GIC reads. */
export function tableRanges(guest: SavedGuest, capture: Capture, { devices, layout }: CaptureReport): Extent[] {
  const ranges: Extent[] = [];
  const { facts } = capture;
  for (const { address, bytes } of facts.tables.values())
    if (bytes !== undefined) ranges.push({ address, length: bytes });
  const device = facts.tables.get("device");
  const entry = layout.entries.itt;
  for (const { address, ittAddress, eventBits } of devices) {
    if (device?.indirect) ranges.push({ address: address - (address % device.pageBytes), length: device.pageBytes });
    if (entry !== undefined) ranges.push({ address: ittAddress, length: 2 ** eventBits * entry.bytes });
  }
  for (const { registers } of guest.itss) {
    const queue = registers.get("GITS_CBASER") ?? 0n;
    const pages = Number(registerField("GITS_CBASER", "Size", queue));
    const address = Number(registerField("GITS_CBASER", "Physical_Address", queue));
    if (registerField("GITS_CBASER", "Valid", queue) === 1n) ranges.push({ address, length: pages * 4096 });
  }
  const intids = 2 ** Math.min(facts.intidBits ?? USUAL_INTID_BITS, MAX_INTID_BITS);
  if (facts.propertyTable !== undefined)
    ranges.push({ address: facts.propertyTable.address, length: Math.max(0, intids - FIRST_LPI) });
  for (const { address } of facts.pendingTables.values()) ranges.push({ address, length: intids / 8 });
  return joined(ranges);
}

function joined(ranges: readonly Extent[]): Extent[] {
  const result: { address: number; length: number }[] = [];
  for (const { address, length } of ranges.toSorted((a, b) => a.address - b.address)) {
    const last = result.at(-1);
    if (last === undefined || address > last.address + last.length) result.push({ address, length });
    else last.length = Math.max(last.length, address + length - last.address);
  }
  return result;
}
