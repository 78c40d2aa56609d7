import {
  type AttributeGroup,
  attributeGroupByName,
  attributesOf,
  type DeviceType,
  groupsOf,
  kvmDevices,
  type NamedAttribute,
} from "../../architecture/index.ts";
import { type Diagnostic, isProblem } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import type { AttributeStatement, Word } from "../parse/syntax.ts";
import { checkStored } from "./bind-access.ts";
import { bindExpression, type NameTable } from "./bind-expression.ts";
import type { BoundAttribute } from "./bound.ts";
import { resolveOutcomes } from "./outcomes.ts";
import { lazily, suggest } from "./suggest.ts";

const ATTRIBUTE_BITS = 64;

/** Device, group and, where it has a name, attribute of a statement, as far as they exist. */
export function resolveAttribute({ device, group, name }: AttributeStatement): {
  readonly device?: DeviceType;
  readonly group?: AttributeGroup;
  readonly named?: NamedAttribute;
} {
  const type = kvmDevices.find((entry) => entry.type === device.text)?.type;
  const found = type && attributeGroupByName(group.text);
  if (type === undefined || found === undefined || !found.devices.includes(type)) return { device: type };
  const named = attributesOf(found, type).find((entry) => entry.name === name?.text);
  return { device: type, group: found, named };
}

/** A call of the device-attribute API. What the kernel itself refuses is bound: its errno is the answer. */
export function bindAttribute(statement: AttributeStatement, names: NameTable): BoundAttribute | Diagnostic {
  const { verb, number, value } = statement;
  const { device, group, named } = resolveAttribute(statement);
  if (device === undefined) return unknown(statement.device, "KVM", "device", kvmDevices);
  if (group === undefined) return unknown(statement.group, device, "group", groupsOf(device));
  const owner = `${group.name} of ${device}`;
  if (statement.name !== undefined && named === undefined)
    return unknown(statement.name, owner, "attribute", attributesOf(group, device));
  const expected = statement.outcome && resolveOutcomes(statement.outcome);
  if (isProblem(expected)) return expected;
  const numbered = group.attributes !== undefined || group.encodings !== undefined;
  if (numbered && named === undefined && number === undefined)
    return errors.expected(statement.group, "',' and the attr", "nothing");
  const takes = verb !== "has-attr" && group.valueBytes > 0;
  if (verb === "set-attr" && takes && value === undefined)
    return errors.expected(statement.group, "'=' and a value", "nothing");
  if (value !== undefined && !takes) return errors.noValue(value, `${verb} ${device}, ${group.name}`);
  for (const part of [number, value]) {
    const problem = part && bindExpression(part, names);
    if (isProblem(problem)) return problem;
  }
  const wrong =
    (number && checkStored("attr", number, ATTRIBUTE_BITS, names)) ??
    (value && checkStored("VALUE", value, group.valueBytes * 8, names));
  return wrong ?? { kind: "attribute", verb, device, group, named, number, value, expected };
}

function unknown(
  word: Word,
  owner: string,
  what: string,
  known: readonly { readonly name?: string; readonly type?: string }[],
): Diagnostic {
  const all = known.map(({ name, type }) => name ?? type ?? "");
  return errors.unknownAttribute(
    word,
    owner,
    what,
    word.text,
    all.join(", "),
    lazily(() => suggest(word.text, all)),
  );
}
