import { extractRaw } from "../../architecture/field.ts";
import { baserTableBytes, layouts, offsetOf, registerByName } from "../../architecture/index.ts";
import type { EmulatorTarget } from "../emulator-target.ts";

/** What a word of guest memory belongs to. */
export type PlaceLink =
  | "level-1 entry"
  | "DTE"
  | "ITE"
  | "CTE"
  | "VTE"
  | "configuration byte"
  | "pending bit"
  | "memory";

/** A table. */
export interface Place {
  readonly link: PlaceLink;
  readonly address: number;
  readonly length: number;
}

const VALID = 1n << 63n;
const INDIRECT = 1n << 62n;
const TABLES = 8;
/** By GITS_BASER<n>.Type. */
const tableLinks: Readonly<Record<number, PlaceLink>> = { 1: "DTE", 2: "VTE", 4: "CTE" };
/** Physical_Address [47:12] of GITS_BASER<n>. */
const TABLE = 0xffff_ffff_f000n;
/** Physical_Address [51:16] of GICR_PENDBASER. */
export const PENDING_TABLE = 0xf_ffff_ffff_0000n;
const PENDING_BYTES = 0x1_0000;

/** Where the tables of a machine lie at this moment, by its registers. @param device whose ITT is looked for, too */
export function memoryPlaces(target: EmulatorTarget, its: number, device: number | undefined): readonly Place[] {
  const { machine, map } = target;
  if (map.gicc !== undefined) return [];
  const places: Place[] = [];
  const itt = device === undefined ? undefined : machine.tables(its).device(device);
  if (itt !== undefined) {
    const entry = layouts[machine.layout].entries.itt?.bytes ?? 8;
    places.push({ link: "ITE", address: itt.ittAddress, length: 2 ** itt.eventBits * entry });
  }
  for (let table = 0; table < TABLES; table++) {
    const value = machine.read(map.its[its] + offsetOf(`GITS_BASER${table}`), 8) ?? 0n;
    const link = tableLinks[typeOf(value)];
    if ((value & VALID) === 0n || link === undefined) continue;
    const isIndirect = (value & INDIRECT) !== 0n;
    places.push({
      link: isIndirect ? "level-1 entry" : link,
      address: Number(value & TABLE),
      length: baserTableBytes(value),
    });
  }
  for (let pe = 0; pe < target.cpus; pe++) {
    const value = machine.read(map.gicr + pe * map.gicrStride + offsetOf("GICR_PENDBASER"), 8) ?? 0n;
    if ((value & PENDING_TABLE) !== 0n)
      places.push({ link: "pending bit", address: Number(value & PENDING_TABLE), length: PENDING_BYTES });
  }
  return places;
}

/** What a word belongs to. */
export function placeAt(places: readonly Place[], address: number): PlaceLink {
  const found = places.find((place) => address >= place.address && address < place.address + place.length);
  return found?.link ?? "memory";
}

function typeOf(baser: bigint): number {
  const type = registerByName("GITS_BASER0")?.register.fields.find(({ name }) => name === "Type");
  return type === undefined ? 0 : Number(extractRaw(baser, type));
}
