import { type Register, registerName, registers } from "../../architecture/index.ts";
import type { RegisterLocation } from "../../language/index.ts";
import type { Target } from "../target.ts";
import { InterruptRegisters, PRIVATE_INTIDS } from "./interrupt-registers.ts";
import type { RegisterGroup } from "./register-group.ts";

/** INTIDs of a group: those of one register with a bit an INTID. */
export const GROUP_INTIDS = 32;

/** Name of an array with a register of 64 bits an SPI. */
const ROUTERS = "GICD_IROUTER<n>";

/** A group of the registers of 32 INTIDs. */
export interface IntidGroup extends RegisterGroup {
  /** Id of the group that it is shown under. */
  readonly under: string;
  readonly firstIntid: number;
}

/**
 * The long arrays with some bits an INTID, 32 INTIDs a group: of the distributor, and of each redistributor. Without a GICv2 the
 * distributor's registers of INTIDs 0 to 31 are the redistributors'.
 */
export function intidGroups(target: Target): readonly IntidGroup[] {
  const known = groupsOf.get(target) ?? makeGroups(target);
  groupsOf.set(target, known);
  return known;
}

/** How many SPIs there are does not change in the life of a machine. */
const groupsOf = new WeakMap<Target, readonly IntidGroup[]>();

function makeGroups(target: Target): readonly IntidGroup[] {
  const isV2 = target.map.gicc !== undefined;
  const last = PRIVATE_INTIDS + new InterruptRegisters(target).spiCount();
  const groups: IntidGroup[] = [];
  for (let pe = 0; !isV2 && pe < target.cpus; pe++)
    groups.push(group(target, "GICR", `GICR${pe}`, "redistributor", pe, 0));
  for (let first = isV2 ? 0 : PRIVATE_INTIDS; first < last; first += GROUP_INTIDS)
    groups.push(group(target, "GICD", "GICD", "distributor", 0, first));
  return groups.filter(({ locations }) => locations.length > 0);
}

function group(
  target: Target,
  block: "GICD" | "GICR",
  under: string,
  kind: RegisterGroup["kind"],
  number: number,
  firstIntid: number,
): IntidGroup {
  const generation = target.map.gicc === undefined ? 3 : 2;
  const locations = registers
    .filter((register) => register.block === block && (register.generation ?? generation) === generation)
    .flatMap((register) => membersOf(register, firstIntid))
    .map((location): RegisterLocation => ({ ...location, pe: number, its: 0 }));
  return {
    id: `${under}.intids${firstIntid}`,
    title: `INTIDs ${firstIntid} to ${firstIntid + GROUP_INTIDS - 1}`,
    kind,
    number,
    secondary: true,
    locations,
    under,
    firstIntid,
  };
}

/** The members of an array that hold something of 32 INTIDs; those of the extended ranges exist in no model. */
function membersOf(register: Register, firstIntid: number): Pick<RegisterLocation, "name" | "register" | "index">[] {
  const { perIntid, firstIndex = 0, count = 1 } = register;
  if (register.name.endsWith("E")) return [];
  const bits = register.name === ROUTERS ? 64 : perIntid?.bits;
  const ownFirst = register.name === ROUTERS ? firstIndex : perIntid?.firstIntid;
  if (bits === undefined || ownFirst === undefined) return [];
  const first = firstIndex + ((firstIntid - ownFirst) * bits) / register.width;
  const length = (GROUP_INTIDS * bits) / register.width;
  return Array.from({ length }, (_, at) => first + at)
    .filter((index) => index >= firstIndex && index < firstIndex + count)
    .map((index) => ({ name: count > 1 ? registerName(register, index) : register.name, register, index }));
}

/** The INTID that a field of a register with some bits an INTID is about; undefined for other registers. */
export function intidOfField(
  { register, index }: Pick<RegisterLocation, "register" | "index">,
  lsb: number,
): number | undefined {
  const { perIntid, firstIndex = 0, width } = register;
  if (register.name === ROUTERS) return index;
  if (perIntid === undefined) return undefined;
  const { bits, firstIntid } = perIntid;
  return firstIntid + ((index - firstIndex) * width) / bits + Math.floor(lsb / bits);
}
