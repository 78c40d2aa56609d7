import type { ListedInterrupt } from "./interrupt-list.ts";

/** Columns by which interrupts are sorted. */
export const interruptColumns = [
  "intid",
  "kind",
  "pending",
  "active",
  "enabled",
  "priority",
  "trigger",
  "group",
  "target",
  "device",
  "event",
  "icid",
] as const;

export type InterruptColumn = (typeof interruptColumns)[number];

/** Which interrupts are wanted, and in which order. */
export interface InterruptQuery {
  /**
   * Words that must all hold: `pending`, `active`, `enabled`, `disabled`, `sgi`, `ppi`, `spi`, `lpi`, `vlpi`, `edge`, `level`,
   * `device:0x10`, `event:1`, `icid:2`, `pe:3`, `vpe:1`, `its:0`, `intid:8192`, `priority:0xa0`, `group:1`, or a number that is one of
   * an interrupt's numbers.
   */
  readonly text: string;
  /** Only interrupts that are in one of these states; empty: all. */
  readonly states: readonly ("pending" | "active" | "enabled")[];
  readonly sort: InterruptColumn;
  readonly descending: boolean;
}

type Test = (interrupt: ListedInterrupt) => boolean;

/** The interrupts that are wanted. @param words of the text that mean nothing are in `unknown`, and nothing matches them */
export function queryInterrupts(
  all: readonly ListedInterrupt[],
  { text, states, sort, descending }: InterruptQuery,
): { readonly found: readonly ListedInterrupt[]; readonly unknown: readonly string[] } {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const tests = words.map(testOf);
  const unknown = words.filter((_word, at) => tests[at] === undefined);
  if (unknown.length > 0) return { found: [], unknown };
  const inState: Test = (one) => states.length === 0 || states.some((state) => one[state] === true);
  const isAll = words.length === 0 && states.length === 0;
  const found = isAll
    ? [...all]
    : all.filter((one) => inState(one) && tests.every((test) => test === undefined || test(one)));
  if (sort !== "intid") {
    const value = sortValues[sort];
    found.sort((a, b) => order(value(a), value(b), descending) || a.intid - b.intid || (a.pe ?? 0) - (b.pe ?? 0));
  } else if (descending) found.reverse();
  return { found, unknown };
}

type Value = number | string | false | undefined;

const sortValues: Readonly<Record<Exclude<InterruptColumn, "intid">, (interrupt: ListedInterrupt) => Value>> = {
  kind: ({ kind }) => kind,
  pending: ({ pending }) => pending && 0,
  active: ({ active }) => active && 0,
  enabled: ({ enabled }) => enabled && 0,
  priority: ({ priority }) => priority,
  trigger: ({ edge }) => (edge === undefined ? undefined : Number(edge)),
  group: ({ group }) => group,
  target: ({ route, mapped }) => (route?.kind === "pes" ? route.pes[0] : undefined) ?? mapped?.vpe,
  device: ({ mapped }) => mapped?.device,
  event: ({ mapped }) => mapped?.event,
  icid: ({ mapped }) => mapped?.icid,
};

/** What has no value comes last, whichever way round. */
function order(a: Value, b: Value, descending: boolean): number {
  const [hasA, hasB] = [a, b].map((value) => value !== undefined && value !== false);
  if (!hasA || !hasB) return Number(hasB) - Number(hasA);
  const found = (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
  return descending ? -found : found;
}

const states: Readonly<Record<string, Test>> = {
  pending: ({ pending }) => pending === true,
  active: ({ active }) => active === true,
  enabled: ({ enabled }) => enabled === true,
  disabled: ({ enabled }) => enabled === false,
  edge: ({ edge }) => edge === true,
  level: ({ edge }) => edge === false,
  sgi: ({ kind }) => kind === "SGI",
  ppi: ({ kind }) => kind === "PPI",
  spi: ({ kind }) => kind === "SPI",
  lpi: ({ kind }) => kind === "LPI",
  vlpi: ({ kind }) => kind === "vLPI",
};

const isOn = ({ route, pe }: ListedInterrupt, number: number): boolean =>
  pe === number || (route?.kind === "pes" && route.pes.includes(number)) || route?.kind === "any";

const numbers: Readonly<Record<string, (interrupt: ListedInterrupt, number: number) => boolean>> = {
  intid: ({ intid }, number) => intid === number,
  pe: isOn,
  its: ({ mapped }, number) => mapped?.its === number,
  device: ({ mapped }, number) => mapped?.device === number,
  deviceid: ({ mapped }, number) => mapped?.device === number,
  event: ({ mapped }, number) => mapped?.event === number,
  eventid: ({ mapped }, number) => mapped?.event === number,
  icid: ({ mapped }, number) => mapped?.icid === number,
  vpe: ({ mapped }, number) => mapped?.vpe === number,
  priority: ({ priority }, number) => priority === number,
  group: ({ group }, number) => group === number,
};
const anyNumber = [numbers.intid, numbers.device, numbers.event, numbers.icid];

function testOf(word: string): Test | undefined {
  if (Object.hasOwn(states, word)) return states[word];
  const [key, ...rest] = word.split(/[:=]/);
  const number = numberOf(rest.length === 0 ? key : rest.join(":"));
  if (number === undefined) return undefined;
  if (rest.length === 0) return (one) => anyNumber.some((test) => test(one, number));
  const test = Object.hasOwn(numbers, key) ? numbers[key] : undefined;
  return test && ((one) => test(one, number));
}

function numberOf(text: string): number | undefined {
  return /^(0x[0-9a-f]{1,8}|\d{1,10})$/.test(text) ? Number(text) : undefined;
}
