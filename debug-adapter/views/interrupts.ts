import {
  InterruptRegisters,
  interruptColumns,
  interruptKey,
  type ListedInterrupt,
  listInterrupts,
  queryInterrupts,
  type ScriptRun,
  type UsedListRegister,
  usedListRegisters,
} from "../../runner/index.ts";
import type {
  InterruptPiece,
  InterruptRow,
  InterruptsArguments,
  InterruptsBody,
  TargetBody,
} from "../views-protocol.ts";
import type { Moments } from "./moments.ts";

/** Rows that one request gets at most. */
export const MOST_ROWS = 500;

/** Answers `gic/interrupts`. */
export function interruptsBody(run: ScriptRun, moments: Moments, asked: InterruptsArguments): InterruptsBody {
  const all = interruptsNow(run, moments);
  const changes = changesOf(run, moments);
  const { text, states, descending, from, count } = asked;
  const sort = interruptColumns.find((column) => column === asked.sort) ?? "intid";
  const { found, unknown } = moments.present(`interrupts ${JSON.stringify({ text, states, sort, descending })}`, () =>
    queryInterrupts(all, { text, states, sort, descending }),
  );
  const matching = asked.changed ? found.filter((one) => changes.of(one).length > 0) : found;
  const page = matching.slice(from, from + Math.min(count, MOST_ROWS));
  return {
    total: all.length,
    matching: matching.length,
    counts: moments.present("interrupt counts", () => ({
      pending: all.filter(({ pending }) => pending === true).length,
      active: all.filter(({ active }) => active === true).length,
      enabled: all.filter(({ enabled }) => enabled === true).length,
    })),
    changesKnown: changes.known,
    unknownWords: unknown,
    rows: rowsOf(run, moments, page, changes),
  };
}

/** The list that was made last of a machine: most of what it has is so at the next moment, too. */
const lists = new WeakMap<ScriptRun["target"], readonly ListedInterrupt[]>();

function listed({ target }: ScriptRun): readonly ListedInterrupt[] {
  const list = listInterrupts(target, lists.get(target));
  lists.set(target, list);
  return list;
}

/** All interrupts of the moment. */
export function interruptsNow(run: ScriptRun, moments: Moments): readonly ListedInterrupt[] {
  return moments.present("interrupts", () => listed(run));
}

/** What has changed of interrupts since the stop before. */
export interface InterruptChanges {
  readonly known: boolean;
  of(interrupt: ListedInterrupt): readonly string[];
}

export function changesOf(run: ScriptRun, moments: Moments): InterruptChanges {
  const before = moments.before("interrupts", () => listed(run));
  if (before === undefined) return { known: false, of: () => [] };
  const changed = moments.present("interrupts changed", () => comparison(before, interruptsNow(run, moments)));
  return { known: true, of: (now) => changed.get(now) ?? NOTHING };
}

const NOTHING: readonly string[] = [];

/** What is new or other. Both lists are in the same order, and mostly of the same interrupts: keys are made where they are not. */
function comparison(
  before: readonly ListedInterrupt[],
  now: readonly ListedInterrupt[],
): ReadonlyMap<ListedInterrupt, readonly string[]> {
  const changed = new Map<ListedInterrupt, readonly string[]>();
  let byKey: ReadonlyMap<string, ListedInterrupt> | undefined;
  for (const [at, one] of now.entries()) {
    let then: ListedInterrupt | undefined = before[at];
    if (then === one) continue;
    if (then === undefined || !isSame(then, one)) {
      byKey ??= new Map(before.map((old) => [interruptKey(old), old]));
      then = byKey.get(interruptKey(one));
    }
    const found = then === undefined ? ["new"] : differences(then, one);
    if (found.length > 0) changed.set(one, found);
  }
  return changed;
}

function isSame(one: ListedInterrupt, other: ListedInterrupt): boolean {
  return (
    one.intid === other.intid &&
    one.kind === other.kind &&
    one.pe === other.pe &&
    one.mapped?.device === other.mapped?.device &&
    one.mapped?.event === other.mapped?.event &&
    one.mapped?.its === other.mapped?.its
  );
}

function differences(then: ListedInterrupt, now: ListedInterrupt): readonly string[] {
  const isAsBefore =
    then.pending === now.pending &&
    then.enabled === now.enabled &&
    then.active === now.active &&
    then.priority === now.priority &&
    then.group === now.group &&
    then.edge === now.edge &&
    then.mapped?.icid === now.mapped?.icid &&
    then.mapped?.vpe === now.mapped?.vpe &&
    isSameRoute(then.route, now.route);
  if (isAsBefore) return NOTHING;
  const pieces = (["enabled", "pending", "active", "priority", "group"] as const).filter(
    (piece) => then[piece] !== now[piece],
  );
  return [
    ...pieces,
    ...(then.edge === now.edge ? [] : ["trigger"]),
    ...(isSameRoute(then.route, now.route) ? [] : ["target"]),
    ...(then.mapped?.icid === now.mapped?.icid && then.mapped?.vpe === now.mapped?.vpe ? [] : ["mapping"]),
  ];
}

function isSameRoute(one: ListedInterrupt["route"], other: ListedInterrupt["route"]): boolean {
  if (one?.kind === "pes" && other?.kind === "pes" && one.pes.length === 1 && other.pes.length === 1)
    return one.pes[0] === other.pes[0];
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function rowsOf(
  { target }: ScriptRun,
  moments: Moments,
  page: readonly ListedInterrupt[],
  changes: InterruptChanges,
): InterruptRow[] {
  const registers = new InterruptRegisters(target);
  const used = moments.present("list registers", () => usedListRegisters(target));
  return page.map((one): InterruptRow => {
    const { kind, intid, pe, enabled, pending, active, priority, edge, group, mapped } = one;
    const listRegister = listRegisterOf(one, used);
    return {
      key: interruptKey(one),
      kind,
      intid,
      ...(pe === undefined ? {} : { pe }),
      ...(enabled === undefined ? {} : { enabled }),
      ...(pending === undefined ? {} : { pending }),
      ...(active === undefined ? {} : { active }),
      ...(priority === undefined ? {} : { priority }),
      ...(edge === undefined ? {} : { trigger: edge ? "edge" : "level" }),
      ...(group === undefined ? {} : { group }),
      target: targetOf(one),
      ...(listRegister === undefined ? {} : { listRegister }),
      ...(mapped ?? {}),
      changed: changes.of(one),
      expressions: expressionsOf(one, registers),
      settable: settablePieces(one, target.map.gicc !== undefined),
    };
  });
}

function listRegisterOf(
  { kind, intid, route }: ListedInterrupt,
  used: ReadonlyMap<string, UsedListRegister>,
): UsedListRegister | undefined {
  if (used.size === 0 || kind === "vLPI") return undefined;
  if (route?.kind === "pes") {
    const own = route.pes.map((pe) => used.get(`${pe} ${intid}`)).find((one) => one !== undefined);
    if (own !== undefined || kind === "SGI" || kind === "PPI") return own;
  }
  // It may have moved on while the list register of its former PE still has it.
  return [...used].find(([key]) => key.endsWith(` ${intid}`))?.[1];
}

function targetOf({ route, mapped }: ListedInterrupt): TargetBody {
  if (mapped?.vpe !== undefined) return { kind: "vpe", vpe: mapped.vpe };
  return route ?? { kind: "unmapped" };
}

function expressionsOf(
  { kind, intid, pe = 0 }: ListedInterrupt,
  registers: InterruptRegisters,
): InterruptRow["expressions"] {
  if (kind === "vLPI") return {};
  if (kind === "LPI")
    return { pending: `pending[${intid}]`, enabled: `enabled[${intid}]`, priority: `priority[${intid}]` };
  const of = (piece: Parameters<InterruptRegisters["expression"]>[0]) => registers.expression(piece, intid, pe);
  return {
    enabled: of("enabled"),
    pending: of("pending"),
    active: of("active"),
    priority: of("priority"),
    group: of("group1"),
    trigger: of("edge"),
  };
}

/** Pieces that software has a way to set. */
export function settablePieces({ kind, mapped, enabled }: ListedInterrupt, isV2: boolean): readonly InterruptPiece[] {
  switch (kind) {
    case "vLPI":
      return [];
    // By INT and CLEAR, and by the configuration byte with INV; all of them name the event.
    case "LPI":
      return mapped === undefined || enabled === undefined || mapped.its > 0 ? [] : ["enabled", "pending", "priority"];
    // SGIs are edge-triggered and, in GICv2, pending by source and always enabled where an implementation says so.
    case "SGI":
      return isV2 ? ["enabled", "active", "priority", "group"] : ["enabled", "pending", "active", "priority", "group"];
    default:
      return ["enabled", "pending", "active", "priority", "group", "trigger"];
  }
}
