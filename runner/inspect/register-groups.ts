import { type Register, registerName, registers } from "../../architecture/index.ts";
import type { RegisterLocation } from "../../language/index.ts";
import { peekBus, registerAddress, type Target } from "../target.ts";
import type { RegisterGroup } from "./register-group.ts";
import { systemGroups } from "./system-groups.ts";

/** From here on a frame belongs to another block in the default map of a machine without GICv4. */
const GITS_BYTES = 0x20000;
const SGI_FRAME = 0x10000;

/**
 * Offsets of what people look at first: control, features, queue and tables of an ITS; control, features, wake-up and LPI tables of a
 * redistributor; control and features of the distributor; all that a GICv2 driver uses of a CPU interface. Source: Arm IHI0069
 * chapter 12 and IHI0048B chapter 4, register maps.
 */
const primaryOffsets = {
  GITS: [
    [0x0000, 0x0010],
    [0x0080, 0x0140],
    [0x10040, 0x10044],
  ],
  GICR: [
    [0x0000, 0x0010],
    [0x0014, 0x0018],
    [0x0070, 0x0080],
  ],
  GICD: [[0x0000, 0x000c]],
  GICC: [[0x0000, 0x0040]],
} as const satisfies Record<string, readonly (readonly [from: number, to: number])[]>;

type MappedBlock = keyof typeof primaryOffsets;

/** Members of an array that are listed with the other registers; the distributor's arrays of a register per INTID are longer. */
const LISTED_MEMBERS = 8;

interface BlockMembers {
  readonly primary: readonly Member[];
  readonly secondary: readonly Member[];
}
type Member = Pick<RegisterLocation, "name" | "register" | "index">;

/** By block and generation of the GIC. */
const members = new Map<string, BlockMembers>();
/** A target's frames do not move; with 512 PEs the list is long. */
const known = new WeakMap<Target, readonly RegisterGroup[]>();

/** Groups of a target's registers: ITSs, PEs, distributor, then what lies in no frame, CPU and hypervisor interfaces. */
export function registerGroups(target: Target): readonly RegisterGroup[] {
  const groups = known.get(target) ?? makeGroups(target);
  known.set(target, groups);
  return groups;
}

function makeGroups(target: Target): readonly RegisterGroup[] {
  const groups: RegisterGroup[] = [];
  for (let its = 0; its < target.map.its.length; its++) {
    add(groups, target, "GITS", { id: `GITS${its}`, title: `GITS, ITS ${its}`, kind: "its", number: its });
  }
  const isV2 = target.map.gicc !== undefined;
  for (let pe = 0; isV2 && pe < target.cpus; pe++) {
    add(groups, target, "GICC", { id: `GICC${pe}`, title: `GICC, PE ${pe}`, kind: "cpu-interface", number: pe });
  }
  for (let pe = 0; !isV2 && pe < target.cpus; pe++) {
    add(groups, target, "GICR", { id: `GICR${pe}`, title: `GICR, PE ${pe}`, kind: "redistributor", number: pe });
  }
  if (peekBus(target, target.map.gicd, 4) !== undefined) {
    add(groups, target, "GICD", { id: "GICD", title: "GICD", kind: "distributor", number: 0 });
  }
  groups.push(...systemGroups(target));
  return groups;
}

/** Finds a group by its id. */
export function registerGroup(target: Target, id: string): RegisterGroup | undefined {
  return registerGroups(target).find((group) => group.id === id);
}

function add(
  groups: RegisterGroup[],
  target: Target,
  block: MappedBlock,
  about: Pick<RegisterGroup, "id" | "title" | "kind" | "number">,
): void {
  const { primary, secondary } = membersOf(block, target.map.gicc === undefined ? 3 : 2);
  const place = {
    pe: about.kind === "redistributor" || about.kind === "cpu-interface" ? about.number : 0,
    its: about.kind === "its" ? about.number : 0,
  };
  const located = (list: readonly Member[]): RegisterLocation[] =>
    list.map((member) => ({ ...member, ...place })).filter((location) => answers(target, location));
  groups.push({ ...about, secondary: false, locations: located(primary) });
  const rest = located(secondary);
  if (rest.length === 0) return;
  groups.push({
    ...about,
    id: `${about.id}.more`,
    title: `${about.title}: identification and others`,
    secondary: true,
    locations: rest,
  });
}

/** Whether a register lies in a frame that this target has. */
function answers(target: Target, location: RegisterLocation): boolean {
  const offset = location.register.offset ?? 0;
  if (location.register.block === "GITS" && offset >= GITS_BYTES) return false;
  if (location.register.block === "GICR" && offset >= target.map.gicrStride) return false;
  return registerAddress(target, location) !== undefined;
}

function membersOf(block: MappedBlock, generation: 2 | 3): BlockMembers {
  const key = `${block}${generation}`;
  const found = members.get(key);
  if (found !== undefined) return found;
  const primary: Member[] = [];
  const secondary: Member[] = [];
  for (const register of registers) {
    if (register.block !== block || register.offset === undefined) continue;
    if (register.generation !== undefined && register.generation !== generation) continue;
    const list = isPrimary(block, register.offset) ? primary : secondary;
    if (list === secondary && !isListed(register)) continue;
    const first = register.firstIndex ?? 0;
    for (let index = first; index < first + (register.count ?? 1); index++) {
      list.push({ name: registerName(register, index), register, index });
    }
  }
  const byOffset = (a: Member, b: Member): number => (a.register.offset ?? 0) - (b.register.offset ?? 0);
  const split = { primary: primary.sort(byOffset), secondary: secondary.sort(byOffset) };
  members.set(key, split);
  return split;
}

function isPrimary(block: MappedBlock, offset: number): boolean {
  return primaryOffsets[block].some(([from, to]) => offset >= from && offset < to);
}

/** The registers of extended PPIs and SPIs exist in no model; long arrays are read by name (`GICD_IROUTER32`). */
function isListed(register: Register): boolean {
  if (/<n>E$/.test(register.name)) return false;
  if ((register.offset ?? 0) >= SGI_FRAME && register.block === "GICR") return register.count === undefined;
  return (register.count ?? 1) <= LISTED_MEMBERS;
}
