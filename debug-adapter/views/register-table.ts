import { hex } from "../../architecture/hex.ts";
import { extractRaw, fieldsOf } from "../../architecture/index.ts";
import type { RegisterLocation } from "../../language/index.ts";
import {
  allRegisterGroups,
  type FieldView,
  fieldText,
  groupSummary,
  hexWord,
  type IntidGroup,
  intidOfField,
  isWritableField,
  peekMany,
  type RegisterGroup,
  type RegisterReading,
  type RegisterValuesByExpression,
  readRegister,
  readValue,
  registerExpression,
  type ScriptRun,
  type Target,
  valuesOfGroup,
} from "../../runner/index.ts";
import type {
  RegisterTableArguments,
  RegisterTableBody,
  TableField,
  TableGroup,
  TableRegister,
} from "../views-protocol.ts";
import type { ComparisonBase } from "./comparison-base.ts";
import type { Moments } from "./moments.ts";

/** Registers that a search finds at most. */
const MOST_FOUND = 2000;

/** Answers `gic/registerTable`. */
export function registerTableBody(
  run: ScriptRun,
  moments: Moments,
  asked: RegisterTableArguments,
  base?: ComparisonBase,
): RegisterTableBody {
  const { target } = run;
  const wanted = new Set(asked.groups);
  const shown = allRegisterGroups(target).filter(({ id }) => asked.find !== undefined || wanted.has(id));
  const before = new Map(
    shown.map((group) => [
      group.id,
      moments.before(`values of ${group.id}`, () => peekMany(target, () => valuesOfGroup(target, group))),
    ]),
  );
  return peekMany(target, () => tableBody(run, moments, asked, before, base));
}

/** @param before values at the stop before, of the groups that are shown */
function tableBody(
  run: ScriptRun,
  moments: Moments,
  { find, fields: opened }: RegisterTableArguments,
  before: ReadonlyMap<string, RegisterValuesByExpression | undefined>,
  base: ComparisonBase | undefined,
): RegisterTableBody {
  const { target } = run;
  const open = new Set(opened);
  const pending = moments.present("pending LPIs by PE", () => pendingByPe(run));
  const fields: Record<string, readonly TableField[]> = {};
  let room = MOST_FOUND;
  let changesKnown = false;
  const bodyOf = (group: RegisterGroup | IntidGroup): TableGroup => {
    const summary = moments.present(`summary of ${group.id}`, () => groupSummary(target, group, pending));
    const about = aboutGroup(group, summary);
    if (!before.has(group.id)) return about;
    const values = moments.present(`values of ${group.id}`, () => valuesOfGroup(target, group));
    const then = before.get(group.id);
    changesKnown ||= then !== undefined;
    const rows = group.locations.map((location) => rowOf(target, location, values, then, base?.values));
    const matching = find === undefined ? rows : rows.filter((row) => matches(row, find));
    const registers = matching.slice(0, Math.max(room, 0));
    room -= registers.length;
    for (const { expression, previous, base: other } of registers) {
      const location = open.has(expression)
        ? group.locations.find((one) => registerExpression(one) === expression)
        : undefined;
      if (location !== undefined) fields[expression] = openFields(target, location, previous, other);
    }
    return { ...about, registers };
  };
  const groups = allRegisterGroups(target);
  // List registers first: a read of others may make KVM enter a guest, which fills them.
  const isHosts = ({ kind }: RegisterGroup): boolean => kind === "hypervisor";
  const bodies = new Map<RegisterGroup, TableGroup>();
  for (const group of groups.filter(isHosts)) bodies.set(group, bodyOf(group));
  const all = groups.map((group) => bodies.get(group) ?? bodyOf(group));
  return {
    model: target.title,
    changesKnown,
    leftOut: Math.max(-room, 0),
    groups: all,
    fields,
    ...(base === undefined ? {} : { base: base.about }),
  };
}

function aboutGroup(group: RegisterGroup | IntidGroup, summary: TableGroup["summary"]): TableGroup {
  const { id, title, kind, number, secondary, locations } = group;
  const under = "under" in group ? group.under : secondary ? id.replace(/\.more$/, "") : undefined;
  const isRest = secondary && !("under" in group);
  return {
    id,
    title,
    kind,
    number,
    isRest,
    count: locations.length,
    summary,
    ...(under === undefined ? {} : { under }),
  };
}

/** A row with what it was made of: from stop to stop most registers have the values that they had. */
interface MadeRow {
  readonly value: bigint | undefined;
  readonly before: bigint | undefined;
  readonly base: bigint | undefined;
  readonly row: TableRegister;
}

/** A target's registers do not move. */
const made = new WeakMap<RegisterLocation, MadeRow>();
const expressions = new WeakMap<RegisterLocation, string>();

function expressionOf(location: RegisterLocation): string {
  const known = expressions.get(location) ?? registerExpression(location);
  expressions.set(location, known);
  return known;
}

function rowOf(
  target: Target,
  location: RegisterLocation,
  values: RegisterValuesByExpression,
  valuesBefore: RegisterValuesByExpression | undefined,
  valuesOfBase: RegisterValuesByExpression | undefined,
): TableRegister {
  const expression = expressionOf(location);
  const value = values.get(expression);
  const before = valuesBefore?.get(expression);
  const base = valuesOfBase?.get(expression);
  const known = made.get(location);
  if (known !== undefined && known.value === value && known.before === before && known.base === base) return known.row;
  const row = tableRegister(readValue(target, location), before, base);
  made.set(location, { value, before, base, row });
  return row;
}

function tableRegister(view: RegisterReading, then: bigint | undefined, other: bigint | undefined): TableRegister {
  const { name, address, width, access, value, text, resetValue, summary, location, readEffect } = view;
  const fields = value === undefined ? [] : fieldsOf(location.register, value);
  return {
    name,
    expression: expressionOf(location),
    ...(address === undefined ? {} : { address: hex(address) }),
    width,
    access,
    ...(value === undefined ? { text, readEffect } : { value: hexWord(value, width) }),
    ...(resetValue === undefined ? {} : { reset: hexWord(resetValue, width) }),
    ...(then === undefined || then === value ? {} : { previous: hexWord(then, width) }),
    ...(other === undefined || value === undefined || other === value ? {} : { base: hexWord(other, width) }),
    summary,
    hasFields: fields.length > 0,
    settable: fields.some((field) => isWritableField(view, field)),
  };
}

function openFields(
  target: Target,
  location: RegisterLocation,
  previous: string | undefined,
  base: string | undefined,
): TableField[] {
  const view = readRegister(target, location);
  const { access, value = 0n, resetValue } = view;
  const expression = registerExpression(location);
  const difference = previous === undefined ? 0n : value ^ BigInt(previous);
  const fromReset = resetValue === undefined ? 0n : value ^ resetValue;
  return [...view.fields]
    .sort((a, b) => b.msb - a.msb)
    .map((field: FieldView): TableField => {
      const { name, msb, lsb, raw, meaning, text, summary } = field;
      const mask = ((1n << BigInt(msb - lsb + 1)) - 1n) << BigInt(lsb);
      const intid = intidOfField(location, lsb);
      const other = base === undefined ? undefined : extractRaw(BigInt(base), field.field);
      return {
        name,
        expression: `${expression}.${name}`,
        msb,
        lsb,
        raw: hex(raw),
        meaning: hex(meaning),
        text,
        access: field.access ?? access,
        summary,
        values: (field.field.values ?? []).map((one) => ({ value: String(one.value), name: one.name })),
        changed: (difference & mask) !== 0n,
        differs: (fromReset & mask) !== 0n,
        settable: isWritableField(view, field),
        ...(other === undefined || other === raw ? {} : { base: fieldText(field.field, other) }),
        ...(intid === undefined ? {} : { intid }),
      };
    });
}

function matches(
  row: TableRegister,
  { text, differs, changed, base = false }: NonNullable<RegisterTableArguments["find"]>,
): boolean {
  if (base && row.base === undefined) return false;
  if (differs && (row.value === undefined || row.reset === undefined || row.value === row.reset)) return false;
  if (changed && row.previous === undefined) return false;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => {
    if (row.name.toLowerCase().includes(word) || row.expression.toLowerCase().includes(word)) return true;
    if (!/^(0x[0-9a-f_]+|\d+)$/.test(word)) return false;
    const number = BigInt(word.replaceAll("_", ""));
    return [row.address, row.value].some((one) => one !== undefined && BigInt(one) === number);
  });
}

/** How many LPIs are pending on each PE, by its number. */
function pendingByPe({ target }: ScriptRun): readonly number[] {
  const counts: number[] = new Array(target.cpus).fill(0);
  if (target.map.its.length === 0) return counts;
  target.forEachPendingLpi((_intid, pe) => {
    if (pe >= 0) counts[pe]++;
  });
  return counts;
}
