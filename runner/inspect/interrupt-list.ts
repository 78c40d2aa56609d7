import { intidRange, registerByName, registers } from "../../architecture/index.ts";
import type { LpiState } from "../../emulator/index.ts";
import { peekMany, type Target } from "../target.ts";
import { InterruptRegisters, PRIVATE_INTIDS, type SpiRoute } from "./interrupt-registers.ts";
import { fieldViews } from "./read-register.ts";

/** An event of a device that makes an LPI pending. */
export interface ListedEvent {
  readonly its: number;
  readonly device: number;
  readonly event: number;
  /** Absent: its collection is gone, or it is a virtual one. */
  readonly icid?: number;
  readonly vpe?: number;
}

/** One interrupt at one moment. What is absent it does not have, or the machine does not tell. */
export interface ListedInterrupt {
  readonly kind: "SGI" | "PPI" | "SPI" | "LPI" | "vLPI";
  readonly intid: number;
  /** The PE whose own it is: SGIs and PPIs. */
  readonly pe?: number;
  readonly enabled?: boolean;
  readonly pending?: boolean;
  readonly active?: boolean;
  /** 0 (most urgent) to 255. */
  readonly priority?: number;
  readonly edge?: boolean;
  readonly group?: 0 | 1;
  readonly route?: SpiRoute;
  readonly mapped?: ListedEvent;
}

/** The list register that an interrupt is in. */
export interface UsedListRegister {
  readonly pe: number;
  readonly index: number;
  /** As the architecture names it: "Pending". */
  readonly state: string;
}

/** A name that is the same for the same interrupt at every moment. */
export function interruptKey({ kind, intid, pe, mapped }: ListedInterrupt): string {
  const own = pe === undefined ? "" : `@${pe}`;
  return mapped === undefined
    ? `${kind} ${intid}${own}`
    : `${kind} ${intid} ${mapped.its}/${mapped.device}/${mapped.event}`;
}

/**
 * All interrupts of a target at this moment, by INTID, an own one of each PE after the other; an LPI that several events make pending is
 * there once an event. Looking changes nothing.
 * @param like the list of another moment: LPIs that are as they were there are the same objects
 */
export function listInterrupts(target: Target, like: readonly ListedInterrupt[] = []): readonly ListedInterrupt[] {
  // LPIs first: a read of a register makes KVM enter a guest, and takes what is pending with it.
  return peekMany(target, () => {
    const found = lpis(target, like);
    return [...ofRegisters(target), ...found];
  });
}

function* ofRegisters(target: Target): Iterable<ListedInterrupt> {
  const registers = new InterruptRegisters(target);
  const one = (intid: number, pe: number): ListedInterrupt => {
    const { enabled, pending, active, priority, edge, group1 } = registers.state(intid, pe);
    const isOwn = intid < PRIVATE_INTIDS;
    return {
      kind: intidRange(intid)?.kind as "SGI" | "PPI" | "SPI",
      intid,
      ...(isOwn ? { pe } : {}),
      enabled,
      pending,
      active,
      priority,
      edge,
      group: group1 ? 1 : 0,
      route: isOwn ? { kind: "pes", pes: [pe] } : registers.route(intid),
    };
  };
  for (let intid = 0; intid < PRIVATE_INTIDS; intid++) for (let pe = 0; pe < target.cpus; pe++) yield one(intid, pe);
  const last = PRIVATE_INTIDS + registers.spiCount();
  for (let intid = PRIVATE_INTIDS; intid < last; intid++) yield one(intid, 0);
}

/** States of LPIs by INTID. Most are asked for in the order in which a machine tells them, so that few are searched for. */
class LpiStates {
  private readonly all: readonly LpiState[];
  private readonly target: Target;
  private next = 0;
  /** INTIDs that were asked for out of order. */
  private readonly late = new Set<number>();
  private byIntid: ReadonlyMap<number, LpiState> | undefined;

  constructor(target: Target) {
    this.target = target;
    this.all = [...target.lpis()];
  }

  of(intid: number): LpiState | undefined {
    const { all } = this;
    if (all[this.next]?.intid === intid) return all[this.next++];
    this.byIntid ??= new Map(all.map((state) => [state.intid, state]));
    this.late.add(intid);
    return this.byIntid.get(intid) ?? this.target.lpi(intid);
  }

  /** Those that were not asked for. */
  others(): readonly LpiState[] {
    return this.all.slice(this.next).filter(({ intid }) => !this.late.has(intid));
  }
}

function lpis(target: Target, like: readonly ListedInterrupt[]): ListedInterrupt[] {
  if (target.map.its.length === 0) return [];
  const states = new LpiStates(target);
  const routes = Array.from({ length: target.cpus }, (_, pe): SpiRoute => ({ kind: "pes", pes: [pe] }));
  const found: ListedInterrupt[] = [];
  const first = like.findIndex(({ kind }) => kind === "LPI" || kind === "vLPI");
  const add = (
    intid: number,
    state: LpiState | undefined,
    pe: number | undefined,
    its: number,
    device: number,
    event: number,
    icid: number | undefined,
  ): void => {
    const known = first < 0 ? undefined : like[first + found.length];
    const isAsKnown = known !== undefined && isAsThere(known, intid, state, pe, its, device, event, icid);
    found.push(isAsKnown ? known : lpi(intid, state, pe, routes, { its, device, event, icid }));
  };
  let isSorted = true;
  for (let its = 0; its < target.map.its.length; its++) {
    const tables = target.tables(its);
    const pes = new Map<number, number | undefined>();
    for (const { icid, target: pe } of tables.collections()) pes.set(icid, pe);
    for (const { deviceId: device } of tables.devices()) {
      for (const { eventId: event, intid, icid, virtual } of tables.events(device)) {
        isSorted &&= found.length === 0 || found[found.length - 1].intid <= intid;
        if (virtual !== undefined) {
          found.push({ kind: "vLPI", intid, mapped: { its, device, event, vpe: virtual.vpeId } });
          continue;
        }
        add(intid, states.of(intid), icid === undefined ? undefined : pes.get(icid), its, device, event, icid);
      }
    }
  }
  for (const state of states.others()) {
    isSorted = false;
    found.push(lpi(state.intid, state, state.target, routes, undefined));
  }
  return isSorted ? found : found.sort((a, b) => a.intid - b.intid);
}

/** Whether an LPI of another moment is just what {@link lpi} would make of an event now. */
function isAsThere(
  known: ListedInterrupt,
  intid: number,
  state: LpiState | undefined,
  pe: number | undefined,
  its: number,
  device: number,
  event: number,
  icid: number | undefined,
): boolean {
  const { mapped, route } = known;
  return (
    known.kind === "LPI" &&
    known.intid === intid &&
    mapped !== undefined &&
    mapped.event === event &&
    mapped.device === device &&
    mapped.its === its &&
    mapped.icid === icid &&
    known.pending === state?.pending &&
    known.enabled === state?.enabled &&
    known.priority === state?.priority &&
    (known.active === true) === (state?.active === true) &&
    (route?.kind === "pes" ? route.pes[0] : undefined) === (state?.target ?? pe)
  );
}

/** LPIs are edge-triggered and of Non-secure Group 1, and the architecture gives them no active state: Arm IHI0069, 1.2 and 5.1. */
function lpi(
  intid: number,
  state: LpiState | undefined,
  pe: number | undefined,
  routes: readonly SpiRoute[],
  mapped: ListedEvent | undefined,
): ListedInterrupt {
  const at = state?.target ?? pe;
  const isKnown = state !== undefined;
  // All in one literal: there may be a million, at every stop.
  return {
    kind: "LPI",
    intid,
    enabled: state?.enabled,
    pending: state?.pending,
    active: state?.active === true ? true : undefined,
    priority: state?.priority,
    edge: isKnown ? true : undefined,
    group: isKnown ? 1 : undefined,
    route: at === undefined ? undefined : (routes[at] ?? { kind: "pes", pes: [at] }),
    mapped,
  };
}

/** Which interrupts are in list registers, by PE and INTID as `PE INTID`; empty where the target shows none. */
export function usedListRegisters(target: Target): ReadonlyMap<string, UsedListRegister> {
  const used = new Map<string, UsedListRegister>();
  const isV2 = target.map.gicc !== undefined;
  const register = registers.find(({ name }) => name === (isV2 ? "GICH_LR<n>" : "ICH_LR<n>_EL2"));
  if (register === undefined || target.readHypervisorRegister === undefined) return used;
  const { readHypervisorRegister } = target;
  for (let pe = 0; pe < target.cpus; pe++) {
    for (let index = 0; index < (register.count ?? 1); index++) {
      const name = register.name.replace("<n>", String(index));
      const member = registerByName(name);
      // The host's own look at them; a guest is not entered for it.
      const word = member && readHypervisorRegister.call(target, pe, name);
      if (word === undefined) break;
      if (word === 0n) continue;
      const fields = fieldViews(register.fields, word);
      const state = fields.find((field) => field.name === "State");
      const intid = fields.find((field) => /^(vINTID|VirtualID)$/.test(field.name));
      if (state === undefined || intid === undefined || state.raw === 0n) continue;
      const named = state.field.values?.find(({ value }) => BigInt(value) === state.raw)?.name;
      used.set(`${pe} ${intid.raw}`, { pe, index, state: named ?? state.text });
    }
  }
  return used;
}
