import type { Target } from "../target.ts";
import { type IntidGroup, intidGroups } from "./intid-groups.ts";
import { readWord } from "./read-register.ts";
import type { RegisterGroup } from "./register-group.ts";
import { registerGroups } from "./register-groups.ts";
import { registerExpression } from "./register-nodes.ts";

/** Values of registers by what the script language calls them. */
export type RegisterValuesByExpression = ReadonlyMap<string, bigint>;

/** A target's frames do not move. */
const known = new WeakMap<Target, readonly (RegisterGroup | IntidGroup)[]>();

/** All groups of registers, also those of arrays with some bits an INTID; main groups have those under them behind each. */
export function allRegisterGroups(target: Target): readonly (RegisterGroup | IntidGroup)[] {
  const found = known.get(target);
  if (found !== undefined) return found;
  const byIntid = intidGroups(target);
  const made = registerGroups(target).flatMap((group) => {
    // What is in a group of INTIDs is nowhere else.
    const own = group.secondary
      ? { ...group, locations: group.locations.filter(({ register }) => register.perIntid === undefined) }
      : group;
    const below = byIntid.filter(({ under }) => `${under}.more` === group.id);
    return own.locations.length === 0 ? below : [own, ...below];
  });
  known.set(target, made);
  return made;
}

/** Values of registers that can be read without changing anything. */
export function valuesOfGroup(
  target: Target,
  { locations }: Pick<RegisterGroup, "locations">,
): RegisterValuesByExpression {
  const values = new Map<string, bigint>();
  for (const location of locations) {
    const value = readWord(target, location);
    if (value !== undefined) values.set(registerExpression(location), value);
  }
  return values;
}

/** Values of all registers that can be read without changing anything. */
export function allRegisterValues(target: Target): RegisterValuesByExpression {
  const isHosts = ({ kind }: RegisterGroup): boolean => kind === "hypervisor";
  const groups = allRegisterGroups(target);
  // List registers first: a read of others may make KVM enter a guest, which fills them.
  const ordered = [...groups.filter(isHosts), ...groups.filter((group) => !isHosts(group))];
  return new Map(ordered.flatMap((group) => [...valuesOfGroup(target, group)]));
}
