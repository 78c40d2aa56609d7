import { extractRaw, fieldsOf } from "../../architecture/index.ts";
import type { RegisterLocation } from "../../language/index.ts";
import type { Target } from "../target.ts";
import { queueWindow } from "./queue-nodes.ts";
import { readWord } from "./read-register.ts";
import type { RegisterGroup } from "./register-group.ts";

/** What a group of registers comes to, as data; what is absent the group does not tell. */
export interface GroupSummary {
  /** Whether the ITS, LPIs, Group 1 interrupts, the CPU interface or the virtual timer are enabled. */
  readonly enabled?: { readonly what: "its" | "lpis" | "group1" | "interface" | "timer"; readonly on: boolean };
  /** Of an ITS: commands that wait, and whether its queue has stalled. */
  readonly waiting?: number;
  readonly stalled?: boolean;
  /** Of a redistributor: LPIs that are pending on its PE. */
  readonly pending?: number;
  /** Of a hypervisor interface: list registers in use. */
  readonly listRegisters?: number;
}

const switches: Readonly<
  Partial<
    Record<
      RegisterGroup["kind"],
      readonly {
        readonly register: RegExp;
        readonly bit: bigint;
        readonly what: NonNullable<GroupSummary["enabled"]>["what"];
      }[]
    >
  >
> = {
  its: [{ register: /^GITS_CTLR$/, bit: 0n, what: "its" }],
  redistributor: [{ register: /^GICR_CTLR$/, bit: 0n, what: "lpis" }],
  // Bit 1 is Group 1 of the reader's world in every view with affinity routing, and Group 1 of a GICv2.
  distributor: [{ register: /^GICD_CTLR$/, bit: 1n, what: "group1" }],
  "cpu-interface": [
    { register: /^ICC_IGRPEN1_EL1$/, bit: 0n, what: "group1" },
    { register: /^GICC_CTLR$/, bit: 0n, what: "interface" },
  ],
  timer: [{ register: /^CNTV_CTL_EL0$/, bit: 0n, what: "timer" }],
};

/** Where the register of a switch is in a group, by the switch; a group's registers do not move. */
const found = new WeakMap<readonly RegisterLocation[], Map<RegExp, RegisterLocation | undefined>>();

function find(locations: readonly RegisterLocation[], register: RegExp): RegisterLocation | undefined {
  const known = found.get(locations) ?? new Map<RegExp, RegisterLocation | undefined>();
  found.set(locations, known);
  if (!known.has(register))
    known.set(
      register,
      locations.find(({ name }) => register.test(name)),
    );
  return known.get(register);
}

/** What a main group comes to. @param pendingLpis how many are pending on each PE */
export function groupSummary(
  target: Target,
  { kind, number, locations, secondary }: RegisterGroup,
  pendingLpis: readonly number[],
): GroupSummary {
  if (secondary) return {};
  for (const { register, bit, what } of switches[kind] ?? []) {
    const location = find(locations, register);
    const value = location && readWord(target, location);
    if (value === undefined) continue;
    const enabled = { what, on: ((value >> bit) & 1n) === 1n };
    if (kind === "redistributor") return { enabled, pending: pendingLpis[number] ?? 0 };
    const queue = kind === "its" ? queueWindow(target, number) : undefined;
    return queue === undefined ? { enabled } : { enabled, waiting: queue.waiting, stalled: queue.stalled };
  }
  if (kind !== "hypervisor") return {};
  return { listRegisters: locations.filter((location) => isListRegisterInUse(target, location)).length };
}

function isListRegisterInUse(target: Target, location: RegisterLocation): boolean {
  if (!location.name.includes("_LR")) return false;
  const value = readWord(target, location);
  if (value === undefined || value === 0n) return false;
  return fieldsOf(location.register, value).some((field) => field.name === "State" && extractRaw(value, field) !== 0n);
}
