import type {
  ComparedWith,
  RegisterTableBody,
  TableField,
  TableGroup,
  TableRegister,
} from "../../../debug-adapter/views-protocol.ts";
import type { RegisterLabels } from "../../views/view-texts.ts";
import type { LiveCell, LiveColumn, LiveRow } from "./live-cell.ts";
import { type Radix, valueForms } from "./number-text.ts";

/** What a user has opened, pinned and chosen; kept. */
export interface RegisterLayout {
  /** Ids of groups, and expressions of registers. */
  readonly open: readonly string[];
  readonly pinned: readonly { readonly group: string; readonly expression: string }[];
  /** By expression; absent: hexadecimal, and of fields as they are declared. */
  readonly radix: Readonly<Record<string, Radix>>;
}

/** What a row stands for. */
export type RegisterThing =
  | { readonly kind: "group"; readonly id: string }
  | { readonly kind: "register"; readonly group: string; readonly register: TableRegister }
  | { readonly kind: "field"; readonly field: TableField };

export interface RegisterRow extends LiveRow {
  readonly thing: RegisterThing;
}

/** Id of the group of what is pinned. */
export const PINNED = "pinned";

/** @param compared whether values are compared with others */
export function registerColumns(labels: RegisterLabels, compared = false): LiveColumn[] {
  type Key = "name" | "value" | "base" | "access" | "reset" | "address";
  const column = (key: Key, more: Partial<LiveColumn>): LiveColumn => ({
    key,
    heading: labels[key],
    align: "left",
    width: 12,
    rank: 0,
    sortable: false,
    ...more,
  });
  return [
    column("name", { width: 15, least: 12, fill: true }),
    column("value", { width: 18, least: 10, fill: true }),
    ...(compared ? [column("base", { width: 12, rank: 1, spare: 2, fill: true })] : []),
    column("access", { width: 6, rank: 2, spare: 10 }),
    column("reset", { width: 21, rank: 3, spare: 16 }),
    column("address", { width: 12, rank: 1, spare: 10 }),
  ];
}

/** All rows that are open, from the top. @param searching whether groups are open because something was found in them */
export function registerRows(
  { groups, fields, base }: RegisterTableBody,
  layout: RegisterLayout,
  searching: boolean,
  labels: RegisterLabels,
  watched: ReadonlySet<string>,
): RegisterRow[] {
  const rows: RegisterRow[] = [];
  const open = new Set(layout.open);
  const look = { layout, labels, watched, with: base === undefined ? "" : comparedWith(base, labels) };
  const listed = (group: string, registers: readonly TableRegister[], level: number, below: number): void => {
    const of = registers.length + below;
    const names = group === PINNED ? undefined : shortNames(registers);
    for (const [at, register] of registers.entries()) {
      const key = `${group}/${register.expression}`;
      const isOpen = register.hasFields ? open.has(key) : undefined;
      rows.push(registerRow(register, group, { key, level, place: at + 1, of, isOpen }, look, names));
      if (isOpen !== true) continue;
      const own = fields[register.expression] ?? [];
      for (const [place, field] of own.entries())
        rows.push(
          fieldRow(
            field,
            register,
            { key: `${key}.${field.name}`, level: level + 1, place: place + 1, of: own.length },
            look,
          ),
        );
    }
  };
  const pinned = layout.pinned.flatMap(({ group, expression }) => {
    const found = groups.find(({ id }) => id === group)?.registers?.find((one) => one.expression === expression);
    return found === undefined ? [] : [found];
  });
  const isShown = (group: TableGroup): boolean => !searching || foundIn(groups, group) > 0;
  const top = groups.filter((group) => group.under === undefined && isShown(group));
  const tops = top.length + (pinned.length > 0 && !searching ? 1 : 0);
  if (pinned.length > 0 && !searching) {
    const isOpen = open.has(PINNED);
    rows.push(groupRow(PINNED, [labels.pinned], [String(pinned.length)], { level: 1, place: 1, of: tops, isOpen }));
    if (isOpen) listed(PINNED, pinned, 2, 0);
  }
  for (const [at, group] of top.entries()) {
    const isOpen = searching || open.has(group.id);
    const place = at + 1 + tops - top.length;
    rows.push(
      groupRow(group.id, titleForms(group), summaryForms(group, labels), { level: 1, place, of: tops, isOpen }),
    );
    if (!isOpen) continue;
    const below = groups.filter((one) => one.under === group.id && isShown(one));
    const registers = group.registers ?? [];
    listed(group.id, registers, 2, below.length);
    for (const [index, one] of below.entries()) {
      const isBelowOpen = searching || open.has(one.id);
      const where = { level: 2, place: registers.length + index + 1, of: registers.length + below.length };
      const titles = one.isRest ? [labels.others, labels.othersShort] : [one.title];
      const count = countForms(searching ? (one.registers?.length ?? 0) : one.count, labels);
      rows.push(groupRow(one.id, titles, count, { ...where, isOpen: isBelowOpen }));
      if (isBelowOpen) listed(one.id, one.registers ?? [], 3, 0);
    }
  }
  return rows;
}

/** Registers that a search has found in a group and in those under it. */
function foundIn(groups: readonly TableGroup[], group: TableGroup): number {
  return groups
    .filter(({ id, under }) => id === group.id || under === group.id)
    .reduce((sum, { registers }) => sum + (registers?.length ?? 0), 0);
}

interface Where {
  readonly level: number;
  readonly place: number;
  readonly of: number;
}

interface Look {
  readonly layout: RegisterLayout;
  readonly labels: RegisterLabels;
  readonly watched: ReadonlySet<string>;
  /** What values are compared with. */
  readonly with: string;
}

/** What registers are compared with, for people. */
export function comparedWith({ kind, line, name = "" }: ComparedWith, labels: RegisterLabels): string {
  if (kind === "file") return name;
  if (kind === "before" || line === undefined) return labels.baseBefore;
  return (kind === "here" ? labels.baseHere : labels.baseLine).replace("{0}", String(line));
}

/** @param titles and summaries the longest form first */
function groupRow(
  id: string,
  titles: readonly string[],
  summaries: readonly string[],
  { isOpen, ...where }: Where & { readonly isOpen: boolean },
): RegisterRow {
  return {
    ...where,
    key: id,
    open: isOpen,
    kind: "group",
    thing: { kind: "group", id },
    cells: {
      name: { text: titles[0], forms: titles },
      value: { text: summaries[0], forms: summaries, kind: "muted", title: summaries[0] },
    },
  };
}

/** Names without the prefix that their group says, where all of them have it: `TRANSLATER` under "GITS, ITS 0". */
interface ShortNames {
  readonly prefix: string;
  /** Characters of the longest name: all change together. */
  readonly longest: number;
}

function shortNames(registers: readonly TableRegister[]): ShortNames | undefined {
  const prefix = /^[A-Z]+_/.exec(registers[0]?.name ?? "")?.[0];
  if (prefix === undefined || !registers.every(({ name }) => name.startsWith(prefix))) return undefined;
  return { prefix, longest: Math.max(...registers.map(({ name }) => name.length)) };
}

function registerRow(
  register: TableRegister,
  group: string,
  { key, isOpen, ...where }: Where & { readonly key: string; readonly isOpen: boolean | undefined },
  { layout, labels, watched, with: other }: Look,
  names: ShortNames | undefined,
): RegisterRow {
  const { name, expression, access, address, value, text, reset, previous, summary, settable, width, readEffect } =
    register;
  const { base } = register;
  const unlike = base === undefined ? "" : labels.unlike.replace("{0}", other).replace("{1}", base);
  const radix = layout.radix[expression];
  const unread = readEffect === undefined ? [text ?? ""] : [text ?? "", labels.notRead];
  const forms = value === undefined ? unread : valueForms(value, radix);
  const kinds = [
    value === undefined ? "muted" : "",
    previous === undefined ? "" : "changed",
    value !== undefined && reset !== undefined && value !== reset ? "differs" : "",
    base === undefined ? "" : "unlike",
  ];
  const facts = [
    summary,
    previous === undefined ? "" : labels.before.replace("{0}", previous),
    unlike,
    reset === undefined ? "" : labels.afterReset.replace("{0}", reset),
    readEffect === undefined ? "" : labels.readActs.replace("{0}", readEffect),
    value === undefined ? "" : labels.otherForms,
  ];
  const isPinned = layout.pinned.some((pin) => pin.expression === expression);
  const cell: LiveCell = {
    text: forms[0],
    forms,
    ...(base === undefined ? {} : { said: `${forms[0]}, ${unlike}` }),
    title: [forms[0], ...facts].filter(Boolean).join("\n"),
    kind: kinds.filter(Boolean).join(" "),
    watched: watched.has(expression),
    context: { cellText: value ?? "" },
    ...(settable && value !== undefined ? { control: { kind: "text", value } } : {}),
  };
  return {
    ...where,
    key,
    ...(isOpen === undefined ? {} : { open: isOpen }),
    thing: { kind: "register", group, register },
    context: {
      name: expression,
      pin: key,
      pinned: isPinned,
      ...(value === undefined ? {} : { watch: expression, radix: expression }),
      ...(address === undefined ? {} : { address }),
    },
    cells: {
      name: {
        text: name,
        ...(names === undefined ? {} : { forms: [name, name.slice(names.prefix.length)], needs: [names.longest] }),
        title: `${expression}: ${summary} (${labels.bitsWide.replace("{0}", String(width))})`,
      },
      value: cell,
      ...(base === undefined ? {} : { base: { text: valueForms(base, radix)[0], forms: valueForms(base, radix) } }),
      access: { text: access, kind: "muted" },
      reset: {
        text: reset === undefined ? "" : valueForms(reset)[0],
        forms: reset === undefined ? [""] : valueForms(reset),
        kind: "muted",
      },
      address: { text: address ?? "", kind: "muted" },
    },
  };
}

function fieldRow(
  field: TableField,
  register: TableRegister,
  { key, ...where }: Where & { readonly key: string },
  { layout, labels, watched, with: other }: Look,
): RegisterRow {
  const { base } = field;
  const unlike = base === undefined ? "" : labels.unlike.replace("{0}", other).replace("{1}", base);
  const { name, expression, msb, lsb, raw, meaning, text, access, summary, changed, differs, settable, intid } = field;
  const range = msb === lsb ? `[${msb}]` : `[${msb}:${lsb}]`;
  const label = intid === undefined ? name : labels.ofIntid.replace("{0}", name).replace("{1}", String(intid));
  const radix = layout.radix[expression];
  const shown =
    radix === undefined
      ? text
      : radix === "hex" || radix === "plain"
        ? meaning
        : valueForms(padded(raw, msb - lsb + 1), radix)[0];
  const value: LiveCell = {
    text: shown,
    forms: [shown, shown.replace(/ \(.*\)$/, "")],
    title: [shown, unlike, summary].filter(Boolean).join("\n"),
    ...(base === undefined ? {} : { said: `${shown}, ${unlike}` }),
    kind: [changed ? "changed" : "", differs ? "differs" : "", base === undefined ? "" : "unlike"]
      .filter(Boolean)
      .join(" "),
    watched: watched.has(expression),
    context: { cellText: shown },
    ...(settable ? { control: controlOf(field) } : {}),
  };
  return {
    ...where,
    key,
    kind: "field",
    thing: { kind: "field", field },
    context: { name: expression, watch: expression, radix: expression },
    cells: {
      name: {
        text: `${label} ${range}`,
        forms: [`${label} ${range}`, `${name} ${range}`, name],
        title: `${expression} ${range}: ${summary}`,
      },
      value,
      ...(base === undefined ? {} : { base: { text: base } }),
      access: { text: access === register.access ? "" : access, kind: "muted" },
    },
  };
}

/** Named values are chosen, others typed; a value without a name is in the list, too. */
function controlOf({ raw, values, text }: TableField): LiveCell["control"] {
  const now = BigInt(raw).toString();
  if (values.length === 0) return { kind: "text", value: text.replace(/ \(.*\)$/, "") };
  const named = values.map(({ value, name }) => ({ value, label: `${value} (${name})` }));
  const choices = values.some(({ value }) => value === now) ? named : [{ value: now, label: now }, ...named];
  return { kind: "choice", value: now, choices };
}

/** A number with all digits of its width. */
function padded(raw: string, bits: number): string {
  return `0x${raw.slice(2).padStart(Math.ceil(bits / 4), "0")}`;
}

/** "GITS, ITS 0", "GITS 0" */
function titleForms({ id, title, number }: TableGroup): readonly string[] {
  const block = id.replace(/\d+$/, "");
  return block === id ? [title] : [title, `${block} ${number}`];
}

/** What a closed group says, the longest form first. */
function summaryForms({ summary, count }: TableGroup, labels: RegisterLabels): readonly string[] {
  const { enabled, waiting, stalled, pending, listRegisters } = summary;
  const parts: string[] = [];
  const short: string[] = [];
  const say = (text: string, shortText = text): void => {
    parts.push(text);
    short.push(shortText);
  };
  if (enabled !== undefined) {
    const what = {
      its: labels.itsName,
      lpis: labels.lpisName,
      group1: labels.group1Name,
      interface: labels.interfaceName,
      timer: labels.timerName,
    }[enabled.what];
    const text = (enabled.on ? labels.isEnabled : labels.isDisabled).replace("{0}", what);
    say(text, enabled.on ? labels.enabled : labels.disabled);
  }
  if (stalled === true) say(labels.stalled);
  if (waiting !== undefined && waiting > 0) say(labels.waiting.replace("{0}", String(waiting)));
  if (pending !== undefined && pending > 0) say(labels.pendingLpis.replace("{0}", String(pending)));
  if (listRegisters === 0) say(labels.noListRegisters, labels.empty);
  else if (listRegisters !== undefined) {
    const used = String(listRegisters);
    say(labels.listRegisters.replace("{0}", used), labels.inUse.replace("{0}", used));
  }
  return parts.length === 0 ? countForms(count, labels) : [parts.join(", "), short.join(", ")];
}

function countForms(count: number, labels: RegisterLabels): readonly string[] {
  return [labels.registersCount.replace("{0}", String(count)), String(count)];
}
